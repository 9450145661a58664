"""The form of what a city's documents bear."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField

from ...queries.compiled import Bears
from .fields import Form, Line


class ImprintForm(Form):
    ALIASES = {"picture": "logo"}

    logo = FileField(
        _l("Logo"),
        description=_l("PNG, JPEG or WebP, at most 10 MB. It is printed up to 62 mm wide."),
        render_kw={"accept": "image/png,image/jpeg,image/webp"},
    )
    alt = Line(
        _l("What the logo shows"),
        description=_l(
            "Read aloud to those who do not see it, such as “Coat of arms of Ljubljana”."
        ),
    )
    without_logo = BooleanField(_l("Without a logo from now on"))
    colour = Line(
        _l("Colour"),
        description=_l(
            "Of titles and marks, such as #0b5d5b, dark enough to be read on white paper. Empty for the usual one."
        ),
    )
    grant = Line(
        _l("Number of the grant agreement"),
        description=_l("Stands in the disclaimer, such as 101036519. Empty if there is none."),
    )

    @classmethod
    def of(cls, bears: Bears) -> "ImprintForm":
        """As it is now."""
        return cls(formdata=None, alt=bears.logo_alt, colour=bears.colour or "", grant=bears.grant)
