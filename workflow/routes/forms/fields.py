"""Fields that more than one form uses."""

from wtforms import HiddenField, IntegerField, StringField
from wtforms.widgets import HiddenInput

from .refusals import Form

__all__ = ["Form", "Line", "RowId", "Token", "stripped", "without_nul"]


class RowId(IntegerField):
    """The id of a row, hidden in the page; empty means none."""

    widget = HiddenInput()

    def process_formdata(self, valuelist):
        if valuelist and not valuelist[0]:
            self.data = None
            return
        super().process_formdata(valuelist)

    def post_validate(self, form, validation_stopped):
        if self.data is not None and not 0 < self.data < 2**31:
            self.errors = [*self.errors, self.gettext("Not a valid integer value.")]


def stripped(value: str | None) -> str | None:
    """Text without the characters that no database keeps (NUL) and without blanks around it."""
    return value.replace("\x00", "").strip() if value else value


def without_nul(value: str | None) -> str | None:
    return value.replace("\x00", "") if value else value


class Line(StringField):
    """One line of text."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, filters=[stripped], **kwargs)


class Token(HiddenField):
    """A random word made with the form, so that sending it twice does it once."""
