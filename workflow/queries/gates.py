"""The gate of an approval in sentences: what is as it should be, what is not, and where to go to mend it."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ..labels import quoted
from ..models import Section
from ..rules import gate
from ..rules.vocabulary import Act
from .views import Check


def sentences(key: str, count: int) -> tuple[str, str]:
    """A condition of the gate as a sentence when it holds, and when it does not."""
    return {
        "text": (_("The section has a text"), _("The section has no text yet")),
        "objections": (
            _("No blocking objection is open"),
            ngettext(
                "%(num)s blocking objection is open", "%(num)s blocking objections are open", count
            ),
        ),
        "answers": (
            _("Every remark has an answer"),
            ngettext("%(num)s remark has no answer", "%(num)s remarks have no answer", count),
        ),
        "carried_out": (
            _("Every accepted remark names the revision that carries it out"),
            ngettext(
                "%(num)s accepted remark does not name the revision that carries it out",
                "%(num)s accepted remarks do not name the revision that carries them out",
                count,
            ),
        ),
        "elements": (
            _("Every required element is answered or does not apply"),
            ngettext(
                "%(num)s required element is open", "%(num)s required elements are open", count
            ),
        ),
        "leftovers": (
            _("No template instruction or gap is left in the text"),
            ngettext(
                "%(num)s leftover stands in the text", "%(num)s leftovers stand in the text", count
            ),
        ),
        "objecting": (
            _("Nobody who is asked objects"),
            ngettext("%(num)s person objects", "%(num)s people object", count),
        ),
        "positions": (
            _("Every step of approval has its positions"),
            ngettext(
                "%(num)s step of approval waits for positions",
                "%(num)s steps of approval wait for positions",
                count,
            ),
        ),
        "asked": (
            _("Nobody is being asked about a text"),
            ngettext(
                "%(num)s section is open for comments or in review",
                "%(num)s sections are open for comments or in review",
                count,
            ),
        ),
        "approved": (
            _("Every section is approved"),
            ngettext(
                "%(num)s section is not approved yet",
                "%(num)s sections are not approved yet",
                count,
            ),
        ),
        "stale": (
            _("Every approval is of the text as it stands"),
            ngettext(
                "%(num)s section reads otherwise than it was approved",
                "%(num)s sections read otherwise than they were approved",
                count,
            ),
        ),
        "contents": (_("There is a text to freeze"), _("There is no text to freeze yet")),
        "four_eyes": (
            _("Somebody else wrote the text than approves it"),
            _("Only people who wrote this text approve it so far; somebody else has to as well"),
        ),
    }[key]


def checks(section: Section, facts: gate.Facts) -> list[Check]:
    """The gate of the approval as sentences, met and unmet, each with where to go to mend it."""
    broken = {blocker.key: blocker for blocker in gate.blockers(Act.APPROVE, facts)}
    where = {"slug": section.contract.slug, "section_id": section.id}
    ways = {
        "text": (_("Write the text"), url_for("sections.edit", **where)),
        "objections": (_("Show what is open"), url_for("sections.show", show="open", **where)),
        "answers": (_("Show what is open"), url_for("sections.show", show="open", **where)),
        "carried_out": (_("Show the answers"), url_for("sections.show", show="answered", **where)),
        "elements": (_("Show the elements"), url_for("sections.show", _anchor="elements", **where)),
        "leftovers": (_("Mend the text"), url_for("sections.edit", **where)),
        "objecting": (
            _("Read the positions"),
            url_for("sections.review", _anchor="positions", **where),
        ),
        "positions": (
            _("See who is asked"),
            url_for("sections.review", _anchor="positions", **where),
        ),
    }
    found = []
    for key in gate.GATES[Act.APPROVE]:
        blocker = broken.get(key)
        well, ill = sentences(key, blocker.count if blocker else 0)
        found.append(
            Check(
                key=key,
                label=ill if blocker else well,
                ok=blocker is None,
                detail=", ".join(quoted(text) for text in blocker.details[:5]) if blocker else None,
                links=[ways[key]] if blocker and key in ways else [],
                blocks=[act for act, keys in gate.GATES.items() if key in keys],
            )
        )
    return found
