"""The forms by which suggestions are taken over and remarks put back in their place."""

import re

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from .fields import Form, Line, RowId

RANGE = re.compile(r"(\d{1,8})-(\d{1,8})")


class Chosen(SelectMultipleField):
    """The ids of what was ticked; which of them may be taken is for the verb to say."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, coerce=int, validate_choice=False, choices=[], **kwargs)


class AcceptForm(Form):
    take = Chosen()
    seen = RowId()


class PlaceForm(Form):
    """A passage of the current text: two offsets of a selection, or the range of the paragraph that was named."""

    ALIASES = {"start": "paragraph"}
    revision = RowId()
    paragraph = Line(_l("The passage"))
    start = IntegerField(validators=[Optional(), NumberRange(0, 10_000_000)])
    end = IntegerField(validators=[Optional(), NumberRange(0, 10_000_000)])

    @property
    def range(self) -> tuple[int | None, int | None]:
        found = RANGE.fullmatch(self.paragraph.data or "")
        return (int(found[1]), int(found[2])) if found else (self.start.data, self.end.data)
