"""The forms of the board: the name of a view, and the date of submission."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired, Length, Optional

from .fields import Form, Line


class ViewForm(Form):
    name = Line(
        _l("Name of the view"),
        validators=[
            InputRequired(_l("Please give the view a name.")),
            Length(max=80, message=_l("Please keep the name under 80 characters.")),
        ],
    )


class SubmissionForm(Form):
    submit_on = DateField(_l("Submission date"), validators=[Optional()])
