"""The remarks that follow the texts of a document, in print: each with its answer, every word in its language."""

from collections import Counter
from datetime import datetime

from flask_babel import gettext as _

from .. import clock, dates
from ..labels import label
from ..queries.compiled import Chapter, Compilation, Remark, Utterance
from ..rules.vocabulary import Audience, Disposition, RemarkKind
from ..typesetting.document import Annex, RemarksOnSection, Reply
from ..typesetting.document import Remark as PrintedRemark

NOTES = {
    Audience.PUBLIC: lambda: _(
        "Every public comment on the sections, with the answer of the city."
    ),
    Audience.PARTICIPANTS: lambda: _(
        "Every comment that is shared with those who take part, with the answer of the city."
    ),
    Audience.CITY: lambda: _(
        "Every comment, also those that only the city may read. This copy is not for passing on."
    ),
}


def write(given: Compilation) -> Annex:
    """The language is in force already."""
    commented = [chapter for chapter in given.chapters() if chapter.remarks]
    return {
        "note": NOTES[given.audience](),
        "counts": _counts(commented),
        "sections": [_on(chapter, given) for chapter in commented],
    }


def _counts(commented: list[Chapter]) -> list[dict]:
    """How many remarks got which answer, in the order of the vocabulary."""
    given = Counter(
        remark.disposition
        for chapter in commented
        for remark in chapter.remarks
        if remark.disposition or _asks_for_an_answer(remark)
    )
    words = [(label(one), given[one]) for one in Disposition if given[one]]
    if given[None]:
        words.append((_("Not yet answered"), given[None]))
    return [{"word": word, "count": count} for word, count in words]


def _on(chapter: Chapter, given: Compilation) -> RemarksOnSection:
    return {
        "code": chapter.code,
        "title": chapter.title,
        "remarks": [_remark(remark, given) for remark in chapter.remarks],
    }


def _remark(remark: Remark, given: Compilation) -> PrintedRemark:
    return {
        "id": str(remark.thread_id),
        "number": str(remark.number),
        "kind": remark.kind.value,
        "kind_word": label(remark.kind),
        "author": _author(remark.said),
        "organisation": remark.said.organisation or "",
        "date": _day(remark.said.at, given),
        "at": remark.said.at.isoformat(),
        "answered_at": remark.answered_at.isoformat() if remark.answered_at else "",
        "replacement": remark.replacement,
        "quote": remark.quote or "",
        "text": remark.said.text,
        "language": remark.language,
        "replies": [_reply(said, given) for said in remark.replies],
        "disposition": remark.disposition.value if remark.disposition else "",
        "disposition_word": label(remark.disposition),
        "answer": remark.answer,
        "answered_by": _answered_by(remark, given),
        "awaited": _asks_for_an_answer(remark),
    }


def _reply(said: Utterance, given: Compilation) -> Reply:
    return {
        "author": _author(said),
        "organisation": said.organisation or "",
        "date": _day(said.at, given),
        "at": said.at.isoformat(),
        "text": said.text,
    }


def _author(said: Utterance) -> str:
    return said.author or ("" if said.organisation else _("A participant"))


def _answered_by(remark: Remark, given: Compilation) -> str:
    if not remark.answered_at:
        return ""
    parts = (remark.answered_by, _day(remark.answered_at, given))
    return "  ·  ".join(filter(None, parts))


def _asks_for_an_answer(remark: Remark) -> bool:
    return remark.kind is not RemarkKind.SUPPORT


def _day(at: datetime, given: Compilation) -> str:
    """The day it was in the city."""
    return dates.day(clock.day_of(at, given.time_zone), given.language)
