"""The words with which a round is announced when nobody has written others."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from .. import clock, dates
from ..models import Contract, Section

MOST = 12


def announcement(
    contract: Contract, sections: Sequence[Section], closes_at: datetime | None
) -> str:
    """Which city asks about which sections until when on its clock, and how to take part; in the writer's language."""
    codes = [one.code for one in sections[:MOST]]
    if more := len(sections) - len(codes):
        codes.append(ngettext("and %(num)d more", "and %(num)d more", more))
    paragraphs = [
        ngettext(
            "%(city)s asks for your comments on %(num)d section of its climate contract: %(codes)s.",
            "%(city)s asks for your comments on %(num)d sections of its climate contract: %(codes)s.",
            len(sections),
            city=contract.city,
            codes=", ".join(codes),
        )
    ]
    if closes_at:
        at = dates.moment(clock.local(closes_at, contract.time_zone), get_locale())
        paragraphs.append(
            _("You can comment until %(moment)s. The text does not change until then.", moment=at)
        )
    paragraphs.append(
        _(
            "Open a section, mark the words that you mean, and write what you think; or comment on the section as a "
            "whole. Every comment is answered, and you hear what became of yours."
        )
    )
    return "\n\n".join(paragraphs)
