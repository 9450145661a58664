"""The forms of rounds: what is planned, and what is changed while a round runs."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from ...labels import label
from ...rules.vocabulary import RoundAudience
from .fields import Form, Line, RowId, without_nul


def in_our_time(form: Form, field: DateField) -> None:
    """A year that was typed in two digits, or one too many, is no reason to open a round at once."""
    if field.data and not 2000 <= field.data.year <= 2200:
        raise ValidationError(_l("Please give the year in four digits."))


class PlanForm(Form):
    title = Line(_l("Name of the round"), validators=[Length(max=200)])
    audience = RadioField(_l("Who is asked"), default=RoundAudience.INVITED.value)
    opens_at = DateTimeLocalField(
        _l("Opens"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[Optional(), in_our_time],
    )
    closes_at = DateField(_l("Open until the end of"), validators=[Optional(), in_our_time])
    announcement = TextAreaField(
        _l("Announcement"), validators=[Length(max=4000)], filters=[without_nul]
    )
    component = SelectField(_l("Part"), validate_choice=False)
    sector = SelectField(_l("Sector"), validate_choice=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.audience.choices = [(one.value, label(one)) for one in RoundAudience]


class ExtendForm(Form):
    closes_at = DateField(_l("Open until the end of"), validators=[InputRequired(), in_our_time])
    reason = TextAreaField(_l("Reason"), validators=[Length(max=4000)], filters=[without_nul])


class CloseForm(Form):
    reason = TextAreaField(_l("Reason"), validators=[Length(max=4000)], filters=[without_nul])


class CorrectForm(Form):
    markdown = TextAreaField(_l("Text"), filters=[without_nul])
    base = RowId()
    reason = TextAreaField(
        _l("What was wrong, and why it is corrected now"),
        validators=[Length(max=4000)],
        filters=[without_nul],
    )


class LengthForm(Form):
    days = IntegerField(
        _l("Days that a public round lasts at least"),
        validators=[InputRequired(), NumberRange(1, 365)],
    )
