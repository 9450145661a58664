"""The form under the moderators' queue: what is done with the ticked comments, and why."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, Length

from .fields import Form, without_nul

ACTS = ("release", "hide", "dismiss", "restore", "uphold")


class DecisionForm(Form):
    act = HiddenField(validators=[AnyOf(ACTS, message=_l("Please choose what to do."))])
    reason = TextAreaField(
        _l("Reason"),
        validators=[Length(max=1_000)],
        filters=[without_nul],
        description=_l("Needed to hide something: everybody reads it in the place of the words."),
    )
