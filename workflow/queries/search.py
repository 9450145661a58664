"""What the search page answers: where in this contract do these words stand, in the texts and in what people said?

Everything is filtered as on the pages themselves: remarks by their visibility, texts block by block.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..labels import who
from ..models import Comment, Contract, Person, Revision, Section, Thread
from ..rules.text import eyes
from . import readings
from .navigation import ContractRef, contract_ref
from .views import Pages, SectionRef, section_ref
from .visibility import readable

PER_PAGE = 20
MAX_WORDS = 8
AROUND = 90
ESCAPE = "\\"

Excerpt = list[tuple[str, bool]]
"""Pieces of text, each with whether it is one of the words that were looked for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A section whose text holds all the words."""

    section: SectionRef
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Saying:
    """Something that was said in a thread."""

    section: SectionRef
    thread_id: int
    number: int
    author: str
    at: datetime
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class SearchPage:
    contract: ContractRef
    asked: str
    passages: list[Passage]
    sayings: list[Saying]
    pages: Pages


def search(contract: Contract, person: Person, *, asked: str, page: int = 1) -> SearchPage:
    """Texts and remarks that hold all the words of `asked`, upper and lower case alike."""
    words = asked.casefold().split()[:MAX_WORDS]
    total = _total(contract, person, words) if words else 0
    arguments = {"slug": contract.slug, "q": asked}
    return SearchPage(
        contract=contract_ref(contract, person.language),
        asked=asked,
        passages=_passages(contract, person, words) if words and page == 1 else [],
        sayings=_sayings(contract, person, words, page) if words else [],
        pages=Pages(page, PER_PAGE, total, "search.show", arguments),
    )


def _passages(contract: Contract, person: Person, words: list[str]) -> list[Passage]:
    rows = db.session.scalars(
        select(Section)
        .join(Revision, Revision.id == Section.current_id)
        .where(Section.contract_id == contract.id, *_holds(Revision.plain, words))
        .options(joinedload(Section.current).lazyload(Revision.author))
        .order_by(Section.position)
    )
    found = ((section, _text(section, person)) for section in rows)
    return [
        Passage(section_ref(section, person.language), _excerpt(text, words))
        for section, text in found
        if all(word in text.casefold() for word in words)
    ]


def _text(section: Section, person: Person) -> str:
    """The plain text as far as the person may read it."""
    if eyes.restricted(section.current.markdown):
        return readings.rendered(section.current, section, person).plain
    return section.current.plain


def _total(contract: Contract, person: Person, words: list[str]) -> int:
    return db.session.scalar(_said(select(func.count(Comment.id)), contract, person, words))


def _sayings(contract: Contract, person: Person, words: list[str], page: int) -> list[Saying]:
    rows = db.session.execute(
        _said(select(Comment, Thread, Section, Person.name), contract, person, words)
        .join(Person, Person.id == Comment.author_id)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [
        Saying(
            section=section_ref(section, person.language),
            thread_id=thread.id,
            number=thread.number,
            author=who(name),
            at=comment.created_at,
            excerpt=_excerpt(comment.text, words),
        )
        for comment, thread, section, name in rows
    ]


def _said(query, contract: Contract, person: Person, words: list[str]):
    return (
        query.join(Thread, Thread.id == Comment.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .where(
            Section.contract_id == contract.id,
            readable(person),
            Comment.withdrawn_at.is_(None),
            Comment.shown,
            *_holds(Comment.text, words),
        )
    )


def _holds(column, words: list[str]) -> list[ColumnElement[bool]]:
    """Each word somewhere in the column; signs that mean something to LIKE are taken as typed."""
    patterns = (re.sub(r"([%_\\])", r"\\\1", word) for word in words)
    return [and_(column.ilike(f"%{pattern}%", escape=ESCAPE)) for pattern in patterns]


def _excerpt(text: str, words: list[str]) -> Excerpt:
    """The surroundings of the first word, in pieces, with every word that was looked for marked."""
    folded = text.casefold()
    first = min((at for word in words if (at := folded.find(word)) >= 0), default=0)
    begin, end = max(0, first - AROUND), min(len(text), first + 2 * AROUND)
    piece = (
        ("… " if begin else "")
        + " ".join(text[begin:end].split())
        + (" …" if end < len(text) else "")
    )
    pattern = re.compile(
        "|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE
    )
    pieces: Excerpt = []
    last = 0
    for match in pattern.finditer(piece):
        pieces += [(piece[last : match.start()], False), (match[0], True)]
        last = match.end()
    return [(text, marked) for text, marked in [*pieces, (piece[last:], False)] if text]
