"""Fields that more than one form uses."""

from babel.numbers import format_decimal, get_decimal_symbol
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import HiddenField, IntegerField, StringField
from wtforms.widgets import HiddenInput

from ...rules import numbers
from .refusals import Form

__all__ = ["Form", "Line", "Number", "RowId", "Token", "number_fault", "stripped", "without_nul"]


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


class Number(StringField):
    """A number as the reader's language writes it; empty is None. What cannot be read stays in the field."""

    def process_formdata(self, valuelist):
        self.typed = stripped(valuelist[0]) if valuelist else None
        self.data = None
        if not self.typed:
            return
        try:
            self.data = numbers.read(self.typed, decimal=get_decimal_symbol(get_locale()))
        except (numbers.Ambiguous, numbers.Unreadable) as fault:
            raise ValueError(number_fault(fault)) from fault

    def _value(self) -> str:
        if self.data is None:
            return getattr(self, "typed", None) or ""
        return format_decimal(self.data, locale=get_locale())


def number_fault(fault: numbers.Ambiguous | numbers.Unreadable) -> str:
    """What is wrong with a number, and how it could be written instead."""
    if isinstance(fault, numbers.Unreadable):
        return _(
            "This is not read as a number. Please write digits only, such as %(example)s.",
            example=format_decimal(18_500_000, locale=get_locale()),
        )
    smaller, larger = (format_decimal(one, locale=get_locale()) for one in fault.readings)
    return _(
        "Is this %(smaller)s, or %(larger)s? Please write %(plain)s if you mean the larger one.",
        smaller=smaller,
        larger=larger,
        plain=f"{fault.readings[1]:.0f}",
    )
