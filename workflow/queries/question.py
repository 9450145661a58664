"""One reviewers' question: what is asked about which words, what became of them, and the answer as it stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Contract, Person, Question, Section
from ..rules import policy
from ..rules.text import anchors, judging
from ..rules.text.redline import Redline, redline
from ..rules.vocabulary import Act, AnchorStatus, QuestionState
from ..services import questions
from .board import Known
from .navigation import ContractRef, contract_ref
from .outline import titled, today_of
from .questions import Line, colleagues, readable, rows_of
from .questions import line as line_of
from .visibility import within_reach


@dataclass(frozen=True, slots=True)
class Passage:
    """The quoted words, and what became of them since: `now` where they read differently today. Without a status the
    text that was read does not have them, or has them more than once."""

    quote: str
    status: AnchorStatus | None
    now: str | None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`version` says which answer the page shows; `change` is what the revision that carries it out changed since the
    text that was read."""

    contract: ContractRef
    question: Line
    passage: Passage | None
    current: int | None
    change: Redline | None
    may_answer: bool
    colleagues: Known
    assignee_id: int | None
    version: str
    entered_by: str
    entered_at: datetime
    frozen: bool

    @property
    def open(self) -> bool:
        return self.may_answer and self.question.state is not QuestionState.SENT


def find(contract: Contract, person: Person, number: int) -> Question | None:
    """The question of that number, if it is for this person to read."""
    return (
        db.session.scalars(
            select(Question)
            .outerjoin(Section, Section.id == Question.section_id)
            .where(Question.contract_id == contract.id, Question.number == number, readable(person))
            .options(
                joinedload(Question.contract),
                joinedload(Question.section).options(
                    joinedload(Section.current), joinedload(Section.contract)
                ),
                joinedload(Question.revision),
                joinedload(Question.carried_out_by),
                joinedload(Question.assignee).lazyload(Person.memberships),
                joinedload(Question.entered_by).lazyload(Person.memberships),
            )
        )
        .unique()
        .one_or_none()
    )


def show(question: Question, person: Person) -> QuestionPage:
    row = db.session.execute(rows_of([Question.id == question.id])).one()
    at = questions.place(question)
    current = question.section.current if question.section else None
    return QuestionPage(
        contract=contract_ref(question.contract, person.language),
        question=line_of(row, person.language, today_of(person)),
        passage=passage(question),
        current=current.number if current else None,
        change=change(question),
        may_answer=policy.grants(person, Act.ANSWER_REVIEWERS, at),
        colleagues=colleagues(question.contract),
        assignee_id=question.assignee_id,
        version=question.version,
        entered_by=question.entered_by.name,
        entered_at=question.created_at,
        frozen=question.contract.frozen_id is not None,
    )


def passage(question: Question) -> Passage | None:
    """Where the quoted words are today, followed from the text that was read."""
    if not question.quote:
        return None
    current = question.section.current if question.section else None
    if question.start is None or current is None:
        return Passage(question.quote, None, None)
    read = question.revision.plain
    selector = anchors.selector(read, question.start, question.end)
    [found] = anchors.carry(read, current.plain, [selector])
    placed = judging.judged(question.quote, current.plain, found)
    now = current.plain[placed.start : placed.end] if placed.start is not None else None
    return Passage(
        question.quote, placed.status, now if placed.status is AnchorStatus.EDITED else None
    )


def change(question: Question) -> Redline | None:
    """What changed in the text from what the reviewers read to the revision that carries the answer out."""
    if question.carried_out_by is None:
        return None
    read = question.revision.plain if question.revision else ""
    return redline(read, question.carried_out_by.plain)


def places(contract: Contract, person: Person) -> Known:
    """The sections about which this person may enter questions."""
    rows = db.session.execute(
        select(Section.id, Section.code, Section.titles)
        .where(Section.contract_id == contract.id, within_reach(person, Act.ANSWER_REVIEWERS))
        .order_by(Section.position, Section.id)
    )
    return [(str(key), f"{code} {titled(of, person.language)}") for key, code, of in rows]
