"""The forms by which a contract is frozen, and by which it moves on from there."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from ...labels import LABELS
from ...rules.vocabulary import ReviewBody
from .fields import Form, without_nul


class FreezeForm(Form):
    """`seen` is the hash of the list that was looked at."""

    seen = HiddenField()
    note = TextAreaField(
        _l("What the addendum is about"), validators=[Length(max=4000)], filters=[without_nul]
    )


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), validators=[Length(max=4000)], filters=[without_nul])


class SubmitForm(Form):
    body = SelectField(
        _l("Submitted to"),
        choices=[SelectChoice(one.value, LABELS[ReviewBody][one]) for one in ReviewBody],
    )
    on = DateField(_l("On"), validators=[InputRequired()])


class OpenForm(ReasonForm):
    """A reason, and the sections that are ticked."""

    ALIASES = {"sections": "reason"}
