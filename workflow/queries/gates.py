"""The gate of an approval in sentences: what is as it should be, what is not, and where to go to mend it."""

from collections.abc import Callable, Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..labels import quoted
from ..models import Section
from ..rules import gate
from ..rules.refusals import Blocker
from ..rules.vocabulary import Act
from .views import Check

SENTENCES: dict[str, tuple[Callable[[], str], Callable[[int], str]]] = {
    "text": (
        lambda: _("The section has a text"),
        lambda count: _("The section has no text yet"),
    ),
    "objections": (
        lambda: _("No blocking objection is open"),
        lambda count: ngettext(
            "%(num)s blocking objection is open", "%(num)s blocking objections are open", count
        ),
    ),
    "answers": (
        lambda: _("Every remark has an answer"),
        lambda count: ngettext(
            "%(num)s remark has no answer", "%(num)s remarks have no answer", count
        ),
    ),
    "carried_out": (
        lambda: _("Every accepted remark names the revision that carries it out"),
        lambda count: ngettext(
            "%(num)s accepted remark does not name the revision that carries it out",
            "%(num)s accepted remarks do not name the revision that carries them out",
            count,
        ),
    ),
    "elements": (
        lambda: _("Every required element is answered or does not apply"),
        lambda count: ngettext(
            "%(num)s required element is open", "%(num)s required elements are open", count
        ),
    ),
    "leftovers": (
        lambda: _("No template instruction or gap is left in the text"),
        lambda count: ngettext(
            "%(num)s leftover stands in the text", "%(num)s leftovers stand in the text", count
        ),
    ),
    "pictures": (
        lambda: _("Every picture says in words what it shows"),
        lambda count: ngettext(
            "%(num)s picture does not say in words what it shows",
            "%(num)s pictures do not say in words what they show",
            count,
        ),
    ),
    "references": (
        lambda: _("Every reference leads to something, and every label is there once"),
        lambda count: ngettext(
            "%(num)s reference leads to nothing, or its label is there twice",
            "%(num)s references lead to nothing, or their labels are there twice",
            count,
        ),
    ),
    "charts": (
        lambda: _("Every chart is one that there is"),
        lambda count: ngettext(
            "%(num)s chart is not known; there are baseline and gap",
            "%(num)s charts are not known; there are baseline and gap",
            count,
        ),
    ),
    "objecting": (
        lambda: _("Nobody who is asked objects"),
        lambda count: ngettext("%(num)s person objects", "%(num)s people object", count),
    ),
    "positions": (
        lambda: _("Every step of approval has its positions"),
        lambda count: ngettext(
            "%(num)s step of approval waits for positions",
            "%(num)s steps of approval wait for positions",
            count,
        ),
    ),
    "asked": (
        lambda: _("Nobody is being asked about a text"),
        lambda count: ngettext(
            "%(num)s section is open for comments or in review",
            "%(num)s sections are open for comments or in review",
            count,
        ),
    ),
    "approved": (
        lambda: _("Every section is approved"),
        lambda count: ngettext(
            "%(num)s section is not approved yet", "%(num)s sections are not approved yet", count
        ),
    ),
    "stale": (
        lambda: _("Every approval is of the text as it stands"),
        lambda count: ngettext(
            "%(num)s section reads otherwise than it was approved",
            "%(num)s sections read otherwise than they were approved",
            count,
        ),
    ),
    "contents": (
        lambda: _("There is a text to freeze"),
        lambda count: _("There is no text to freeze yet"),
    ),
    "four_eyes": (
        lambda: _("Somebody else wrote the text than approves it"),
        lambda count: _("Somebody who did not write this text has to approve it, too"),
    ),
}
"""A condition of the gate as a sentence when it holds, and when it does not."""


def sentences(key: str, count: int) -> tuple[str, str]:
    met, unmet = SENTENCES[key]
    return met(), unmet(count)


def checks(section: Section, facts: gate.Facts, *, edits: bool) -> list[Check]:
    """The gate of the approval as sentences, met and unmet, each with where to go to mend it; to the editor only for
    who `edits` the section now."""
    broken = {blocker.key: blocker for blocker in gate.blockers(Act.APPROVE, facts)}
    where = _where(section)
    return [_check(key, broken.get(key), where, edits) for key in gate.GATES[Act.APPROVE]]


def blockers(section: Section, facts: gate.Facts) -> list[Check]:
    """What of it is unmet."""
    return unmet(gate.blockers(Act.APPROVE, facts), _where(section), edits=True)


def unmet(blockers: Iterable[Blocker], where: dict, *, edits: bool) -> list[Check]:
    """The same sentences for pages of many sections; `where` are a slug and a section_id."""
    return [_check(blocker.key, blocker, where, edits) for blocker in blockers]


def _where(section: Section) -> dict:
    return {"slug": section.contract.slug, "section_id": section.id}


def _check(key: str, blocker: Blocker | None, where: dict, edits: bool) -> Check:
    met, unmet = SENTENCES[key]
    return Check(
        key=key,
        label=unmet(blocker.count) if blocker else met(),
        ok=blocker is None,
        detail=", ".join(quoted(text) for text in blocker.details[:5]) if blocker else None,
        links=_ways(key, where, edits) if blocker else [],
        blocks=[act for act, keys in gate.GATES.items() if key in keys],
    )


def _ways(key: str, where: dict, edits: bool) -> list[tuple[str, str]]:
    """Where one goes to mend it."""
    keys = [key, "leftovers"] if key == "references" else [key]
    ways = [WAYS[one] for one in keys if one in WAYS]
    return [
        (str(words), url_for(endpoint, **where, **more))
        for words, endpoint, more in ways
        if edits or endpoint != EDITOR
    ]


EDITOR = "sections.edit"


WAYS = {
    "text": (_l("Write the text"), EDITOR, {}),
    "objections": (_l("Show what is open"), "sections.show", {"show": "open"}),
    "answers": (_l("Show what is open"), "sections.show", {"show": "open"}),
    "carried_out": (_l("Show the answers"), "sections.show", {"show": "answered"}),
    "elements": (_l("Show the elements"), "sections.show", {"_anchor": "elements"}),
    "leftovers": (_l("Mend the text"), EDITOR, {}),
    "pictures": (_l("Mend the text"), EDITOR, {}),
    "charts": (_l("Mend the text"), EDITOR, {}),
    "references": (_l("Show it in the text"), "sections.show", {"_anchor": "lost-1"}),
    "objecting": (_l("Read the positions"), "sections.review", {"_anchor": "positions"}),
    "positions": (_l("See who is asked"), "sections.review", {"_anchor": "positions"}),
}
