"""The letter by which answers leave the house: question, answer, and what changed in the text, for the reviewers' eyes.

The page and the PDF are made from this, so that neither can say what the other does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import Contract, Manifest, Person, Question, Revision, Section
from ..rules import policy
from ..rules.policy import Place
from ..rules.text import eyes
from ..rules.text.redline import Redline, redline
from ..rules.text.render import render
from ..rules.vocabulary import Act, Audience, ReviewBody
from ..services import freezing, wholes
from .compilation import READS
from .navigation import ContractRef, contract_ref
from .permits import Permit, permit

SEEN = READS[Audience.PARTICIPANTS]
"""Reviewers read what those who take part read; what is for the city's own eyes is in no letter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer. `read` and `carried_out_by` are revision numbers; `change` is what the text says
    otherwise since the reviewers read it. `version` says which answer to which question it is."""

    number: int
    body: ReviewBody
    reference: str
    checklist: int | None
    asked_on: date
    section_id: int | None
    code: str
    title: str
    language: str
    quote: str | None
    text: str
    answer: str
    read: int | None
    carried_out_by: int | None
    change: Redline | None
    version: str


@dataclass(frozen=True, slots=True)
class Letter:
    """`number`, `sha256` and `on` are those of the addendum that it went out with, None while it is written."""

    slug: str
    city: str
    title: str
    language: str
    demo: bool
    number: int | None
    sha256: str | None
    on: date | None
    note: str
    entries: tuple[Entry, ...]

    @property
    def bodies(self) -> list[ReviewBody]:
        """To whom it is written."""
        asked = {entry.body for entry in self.entries}
        return [body for body in ReviewBody if body in asked]


@dataclass(frozen=True, slots=True)
class ComposePage:
    """`seen` is the hash of the texts as they would be sealed, `amends` the number of the manifest that is amended,
    None where there is none; `changed` are the codes of sections with other texts."""

    contract: ContractRef
    letter: Letter
    act: Permit
    amends: int | None
    blockers: int
    changed: list[str]
    seen: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    contract: ContractRef
    letter: Letter
    may_compile: bool
    inside: bool


def compose(contract: Contract, person: Person) -> ComposePage:
    found, base = wholes.read(contract), freezing.amended(contract)
    changes = wholes.changes(base.content, found.content) if base else []
    return ComposePage(
        contract=contract_ref(contract, person.language),
        letter=written(contract, person),
        act=permit(person, Act.FREEZE, Place(contract.id)),
        amends=base.number if base else None,
        blockers=len(found.blockers),
        changed=[code for code, _old, _new in changes],
        seen=found.sha256,
    )


def find(contract: Contract, number: int) -> Manifest | None:
    """The addendum of that number, if answers went out with it."""
    answered = exists().where(Question.addendum_id == Manifest.id)
    return db.session.scalar(
        select(Manifest).where(
            Manifest.contract_id == contract.id, Manifest.number == number, answered
        )
    )


def show(addendum: Manifest, person: Person) -> LetterPage:
    contract = addendum.contract
    return LetterPage(
        contract=contract_ref(contract, person.language),
        letter=issued(addendum, language=person.language),
        may_compile=policy.grants(person, Act.COMPILE, Place(contract.id)),
        inside=policy.grants(person, Act.READ_INTERNAL, Place(contract.id)),
    )


def issued(addendum: Manifest, *, language: str) -> Letter:
    """The letter as it went out with this addendum: nothing that it is made of changes any more."""
    contract = addendum.contract
    return Letter(
        slug=contract.slug,
        city=contract.city,
        title=contract.title(language),
        language=language,
        demo=contract.demo,
        number=addendum.number,
        sha256=addendum.sha256,
        on=clock.day_of(addendum.at, contract.time_zone),
        note=addendum.note,
        entries=entries([Question.addendum_id == addendum.id], language=language),
    )


def written(contract: Contract, person: Person) -> Letter:
    """The letter as it would go out with everything that is answered and not sent."""
    waits = [
        Question.contract_id == contract.id,
        Question.answered_at.is_not(None),
        Question.addendum_id.is_(None),
    ]
    return Letter(
        slug=contract.slug,
        city=contract.city,
        title=contract.title(person.language),
        language=person.language,
        demo=contract.demo,
        number=None,
        sha256=None,
        on=None,
        note="",
        entries=entries(waits, language=person.language),
    )


def entries(conditions: Iterable[ColumnElement[bool]], *, language: str) -> tuple[Entry, ...]:
    """The questions under these conditions, those of one body together."""
    asked = db.session.scalars(_asked(conditions)).all()
    bodies = list(ReviewBody)
    changes: dict[tuple[int | None, int], Redline] = {}
    return tuple(
        _entry(question, language, changes)
        for question in sorted(asked, key=lambda one: (bodies.index(one.body), one.number))
    )


def _asked(conditions: Iterable[ColumnElement[bool]]) -> Select:
    return (
        select(Question)
        .where(*conditions)
        .options(
            joinedload(Question.section).lazyload(Section.sectors),
            joinedload(Question.revision),
            joinedload(Question.carried_out_by),
        )
    )


def _entry(
    question: Question, language: str, changes: dict[tuple[int | None, int], Redline]
) -> Entry:
    section, read, carrying = question.section, question.revision, question.carried_out_by
    return Entry(
        number=question.number,
        body=question.body,
        reference=question.reference,
        checklist=question.checklist,
        asked_on=question.asked_on,
        section_id=question.section_id,
        code=section.code if section else "",
        title=section.title(language) if section else "",
        language=section.language if section else language,
        quote=question.quote if quotable(question) else None,
        text=question.text,
        answer=question.answer,
        read=read.number if read else None,
        carried_out_by=carrying.number if carrying else None,
        change=_change(read, carrying, changes) if carrying else None,
        version=question.as_sent,
    )


def quotable(question: Question) -> bool:
    """Whether the quoted words are in the text that reviewers read; words without a place are their own."""
    read = question.revision
    if question.start is None or not eyes.restricted(read.markdown):
        return True
    whole = render(read.markdown, language=question.section.language)
    return eyes.narrowed(whole, question.start, question.end) in SEEN


def _change(
    read: Revision | None, carrying: Revision, changes: dict[tuple[int | None, int], Redline]
) -> Redline:
    """Questions about one section are often carried out by one revision."""
    key = read.id if read else None, carrying.id
    if key not in changes:
        changes[key] = redline(_plain(read) if read else "", _plain(carrying))
    return changes[key]


def _plain(revision: Revision) -> str:
    if not eyes.restricted(revision.markdown):
        return revision.plain
    return render(eyes.without(revision.markdown, SEEN), language="en").plain
