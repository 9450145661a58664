"""The answer letter in print: of what it is made, and every word of it in its language."""

from dataclasses import asdict
from importlib.metadata import version

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from .. import dates
from ..labels import label
from ..queries.answer_letter import Entry, Letter
from ..rules.canonical import digest
from ..rules.vocabulary import Audience
from ..typesetting import TEMPLATE_VERSION
from ..typesetting import Letter as Printed
from ..typesetting.letter import Answered


def manifest(letter: Letter) -> dict:
    """The letter by one digest, and with what it is set; as a document it has no sections of its own."""
    return {
        "contract": letter.slug,
        "city": letter.city,
        "title": letter.title,
        "letter": letter.number,
        "addendum": letter.sha256,
        "demo": letter.demo,
        "draft": False,
        "as_of": letter.on.isoformat(),
        "language": letter.language,
        "audience": Audience.PARTICIPANTS.value,
        "pack": [],
        "template": [TEMPLATE_VERSION, f"typst {version('typst')}"],
        "components": [],
        "remarks": {
            "count": len(letter.entries),
            "answered": len(letter.entries),
            "sha256": digest([letter.note, [asdict(entry) for entry in letter.entries]]),
        },
    }


def write(letter: Letter, _manifest_sha256: str) -> Printed:
    """The letter with every word in its language; nothing in it is looked up again."""
    with force_locale(letter.language):
        return {
            "city": letter.city,
            "title": letter.title,
            "kind": _("Answers to the questions of the reviewers"),
            "language": letter.language,
            "date": letter.on.isoformat(),
            "date_words": dates.day(letter.on, letter.language),
            "addressed": [label(body) for body in letter.bodies],
            "addendum": _("Addendum, manifest %(number)s", number=letter.number),
            "manifest": letter.sha256,
            "opening": letter.note,
            "disclaimer": _demo(letter) if letter.demo else "",
            "entries": [_answered(entry, letter.language) for entry in letter.entries],
            "labels": {
                "question": _("Question"),
                "answer": _("The answer"),
                "changed": _("What changed in the text"),
                "added": _("added"),
                "removed": _("removed"),
                "page_of": _("{page} of {pages}"),
                "manifest": _("Manifest"),
            },
        }


def _demo(letter: Letter) -> str:
    return _(
        "Demo data. Nothing in this document is a statement, draft or commitment of the City of %(city)s or of any "
        "real organisation.",
        city=letter.city,
    )


def _answered(entry: Entry, language: str) -> Answered:
    change = entry.change
    return {
        "number": str(entry.number),
        "asked": asked(entry, language),
        "about": f"{entry.code} {entry.title}" if entry.code else _("The contract as a whole"),
        "language": entry.language,
        "quote": entry.quote or "",
        "question": entry.text,
        "answer": entry.answer,
        "changed": between(entry) if change else "",
        "changes": [
            [{"kind": kind, "s": words} for kind, words in pieces]
            for pieces in (change.changes if change else ())
        ],
        "more": (
            ngettext("and %(num)d more change", "and %(num)d more changes", change.more)
            if change and change.more
            else ""
        ),
    }


def asked(entry: Entry, language: str) -> str:
    """Who asks, under which reference, about which item of the checklist, on which day."""
    item = _("checklist item %(number)s", number=entry.checklist) if entry.checklist else ""
    who = " ".join(filter(None, (label(entry.body), entry.reference)))
    return ", ".join(filter(None, (who, item, dates.day(entry.asked_on, language))))


def between(entry: Entry) -> str:
    """From which text to which the changes lead."""
    if entry.read is None:
        return _("Revision %(number)s", number=entry.carried_out_by)
    return _(
        "From revision %(read)s to revision %(carrying)s",
        read=entry.read,
        carrying=entry.carried_out_by,
    )
