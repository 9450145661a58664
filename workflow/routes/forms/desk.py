"""The forms of the desk: the same answer for many, a colleague, a group, what to publish."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from .fields import Form, Line, without_nul
from .threads import AnswerForm


class ManyForm(AnswerForm):
    """The same answer for all that are selected."""

    revision_number = None
    seen = None
    carried_out = BooleanField(_l("The current text of each section carries it out"))


class HandForm(Form):
    assignee = SelectField(_l("Hand to"), validators=[Optional()])

    @classmethod
    def offering(cls, colleagues: list[tuple[str, str]], **values) -> "HandForm":
        """The form with the people who may answer."""
        form = cls(**values)
        form.assignee.choices = [("", _l("Nobody")), *colleagues]
        return form


class GroupForm(Form):
    title = Line(
        _l("What they have in common"),
        validators=[
            InputRequired(_l("Please say in a few words what these remarks have in common.")),
            Length(max=200),
        ],
    )


class ContestForm(Form):
    contest = TextAreaField(
        _l("What is wrong with the answer"),
        validators=[
            InputRequired(_l("Please say what is wrong with the answer: the city reads it.")),
            Length(max=4_000),
        ],
        filters=[without_nul],
    )
