"""The forms by which people agree to a text, and say who has to."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ...labels import LABELS
from ...rules import policy
from ...rules.vocabulary import Act, Role, Stance
from .fields import Form, Line, RowId, without_nul


class PositionForm(Form):
    stance = RadioField(
        _l("Your position"),
        choices=[SelectChoice(stance.value, LABELS[Stance][stance]) for stance in Stance],
        validators=[InputRequired()],
    )
    seen = RowId()
    text = TextAreaField(_l("Why"), validators=[Length(max=4000)], filters=[without_nul])


class StepForm(Form):
    """One step; named people go before the role."""

    title = Line(_l("What is this step called"), validators=[InputRequired(), Length(max=120)])
    order = IntegerField(_l("When"), validators=[InputRequired(), NumberRange(1, 9)], default=1)
    quorum = IntegerField(
        _l("How many have to agree"), validators=[InputRequired(), NumberRange(1, 50)], default=1
    )
    role = SelectField(
        _l("Everybody with the role"),
        choices=[
            SelectChoice("", "–"),
            *(
                SelectChoice(role.value, LABELS[Role][role])
                for role in Role
                if role in policy.GRANTS[Act.TAKE_POSITION]
            ),
        ],
        validators=[Optional()],
    )
    people = SelectMultipleField(_l("Or only these people"), coerce=int)
