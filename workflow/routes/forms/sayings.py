"""What WTForms itself says when it finds a value wanting, translated from our own catalogue like everything else."""

from flask_babel import get_domain, lazy_ngettext
from flask_babel import lazy_gettext as _l

SAYINGS = (
    _l("This field is required."),
    _l("Not a valid choice."),
    _l("Invalid Choice: could not coerce."),
    _l("Not a valid integer value."),
    _l("Not a valid date value."),
    _l("Number must be at least %(min)s."),
    _l("Number must be at most %(max)s."),
    _l("Number must be between %(min)s and %(max)s."),
    lazy_ngettext(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
        1,
    ),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        1,
    ),
    _l("Field must be between %(min)d and %(max)d characters long."),
)
"""Listed for the catalogue; nothing reads this tuple."""


class Sayings:
    """The translations of a form. WTForms fills in the numbers afterwards, so nothing is filled in here."""

    def gettext(self, string: str) -> str:
        return get_domain().get_translations().gettext(string)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return get_domain().get_translations().ngettext(singular, plural, number)
