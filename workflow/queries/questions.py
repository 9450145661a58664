"""The register of reviewers' questions: who asked what, until when, before whom it lies, what was answered and sent.

One question tells the rows of the page, of the files and of the API, so that they never differ.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, and_, case, func, not_, select, true
from sqlalchemy.orm import aliased

from ..db import db
from ..labels import label
from ..models import Contract, Manifest, Membership, Person, Question, Revision, Section
from ..rules import policy
from ..rules.policy import GRANTS, Place
from ..rules.vocabulary import Act, QuestionState, ReviewBody
from .board import Choice, Known
from .navigation import ContractRef, answers_in, contract_ref
from .outline import titled, today_of
from .views import Pages, SectionRef
from .visibility import internal_at

PER_PAGE = 40
AT_ONCE = 200
ME, NOBODY, WHOLE = "me", "nobody", "whole"

Assignee = aliased(Person)
Writer = aliased(Person)
Read = aliased(Revision)
Carrying = aliased(Revision)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the register. `read` and `carried_out_by` are revision numbers, `letter` the number of the addendum."""

    number: int
    body: ReviewBody
    reference: str
    checklist: int | None
    text: str
    section: SectionRef | None
    section_language: str | None
    read: int | None
    quote: str | None
    asked_on: date
    due_on: date | None
    overdue: bool
    assignee: str | None
    state: QuestionState
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    carried_out_by: int | None
    letter: int | None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    contract: ContractRef
    rows: list[Line]
    states: list[Choice]
    filters: dict[str, list[Choice]]
    filtered: bool
    args: dict[str, str]
    may_answer: bool
    may_send: bool
    answered: int
    pages: Pages


SENT = Question.addendum_id.is_not(None)
ANSWERED = and_(Question.answered_at.is_not(None), not_(SENT))
WAITING = and_(Question.answered_at.is_(None), not_(SENT))

STATES: dict[str, ColumnElement[bool]] = {
    "waiting": WAITING,
    "drafted": and_(WAITING, Question.answer != ""),
    "answered": ANSWERED,
    "sent": SENT,
    "all": true(),
}
"""Where a question stands in the register; the first is what the register shows unasked."""

FILTERS: dict[str, Callable[[str, Person], ColumnElement[bool]]] = {
    "body": lambda value, person: Question.body == ReviewBody(value),
    "section": lambda value, person: (
        Question.section_id.is_(None) if value == WHOLE else Question.section_id == int(value)
    ),
    "assignee": lambda value, person: (
        Question.assignee_id.is_(None)
        if value == NOBODY
        else Question.assignee_id == (person.id if value == ME else int(value))
    ),
}

ORDER = (
    Question.answered_at.is_not(None),
    Question.due_on.is_(None),
    Question.due_on,
    Question.number,
)


def register(
    contract: Contract, person: Person, asked: Mapping[str, str], page: int = 1
) -> RegisterPage:
    """A page of the register as this person asked for it; what is not known of `asked` is passed over."""
    options = _options(contract, person)
    chosen = _chosen(options, asked)
    state = _state(asked)
    conditions = _conditions(contract, person, chosen)
    counts = _counts(conditions)
    args = chosen | ({"state": state} if state != next(iter(STATES)) else {})
    rows = db.session.execute(
        rows_of(conditions)
        .where(STATES[state])
        .order_by(*ORDER)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    today = today_of(person)
    return RegisterPage(
        contract=contract_ref(contract, person.language),
        rows=[line(row, person.language, today) for row in rows],
        states=[
            Choice(key, text, key == state, counts[key]) for key, text in _state_words().items()
        ],
        filters={
            name: [Choice(value, text, chosen.get(name) == value, None) for value, text in known]
            for name, known in options.items()
        },
        filtered=bool(chosen),
        args=args,
        may_answer=answers_in(person, contract.id),
        may_send=policy.grants(person, Act.READ_INTERNAL, Place(contract.id)),
        answered=counts["answered"],
        pages=Pages(
            page, PER_PAGE, counts[state], "questions.index", {"slug": contract.slug, **args}
        ),
    )


def lines(contract: Contract, person: Person, asked: Mapping[str, str]) -> Iterator[Line]:
    """All rows for a file, fetched a few at a time."""
    conditions = _conditions(contract, person, _chosen(_options(contract, person), asked))
    rows = db.session.execute(
        rows_of(conditions).where(STATES[_state(asked)]).order_by(*ORDER),
        execution_options={"yield_per": AT_ONCE},
    )
    today = today_of(person)
    for row in rows:
        yield line(row, person.language, today)


def rows_of(conditions: list[ColumnElement[bool]]) -> Select:
    """The question for rows of the register under these conditions on `Question` and `Section`."""
    return (
        select(
            Question,
            Section.id.label("section_id"),
            Section.code,
            Section.titles,
            Section.stage,
            Section.language,
            Read.number.label("read"),
            Carrying.number.label("carrying"),
            Manifest.number.label("letter"),
            Assignee.name.label("assignee"),
            Writer.name.label("writer"),
        )
        .outerjoin(Section, Section.id == Question.section_id)
        .outerjoin(Read, Read.id == Question.revision_id)
        .outerjoin(Carrying, Carrying.id == Question.carried_out_by_id)
        .outerjoin(Manifest, Manifest.id == Question.addendum_id)
        .outerjoin(Assignee, Assignee.id == Question.assignee_id)
        .outerjoin(Writer, Writer.id == Question.answered_by_id)
        .where(*conditions)
    )


def line(row: Row, language: str, today: date) -> Line:
    question = row.Question
    section = None
    if row.section_id:
        section = SectionRef(row.section_id, row.code, titled(row.titles, language), row.stage)
    waits = question.answered_at is None
    return Line(
        number=question.number,
        body=question.body,
        reference=question.reference,
        checklist=question.checklist,
        text=question.text,
        section=section,
        section_language=row.language,
        read=row.read,
        quote=question.quote,
        asked_on=question.asked_on,
        due_on=question.due_on,
        overdue=waits and question.due_on is not None and question.due_on < today,
        assignee=row.assignee,
        state=question.state,
        answer=question.answer,
        answered_by=row.writer,
        answered_at=question.answered_at,
        carried_out_by=row.carrying,
        letter=row.letter,
    )


def readable(person: Person) -> ColumnElement[bool]:
    """The condition on `Question`, outer-joined with its `Section`."""
    return internal_at(person, Question.contract_id, Question.section_id)


def colleagues(contract: Contract) -> Known:
    """Everybody who may answer reviewers somewhere in the contract."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.contract_id == contract.id,
            Membership.role.in_(GRANTS[Act.ANSWER_REVIEWERS]),
            Person.active,
        )
        .distinct()
    ).all()
    return [(str(key), name) for key, name in sorted(rows, key=lambda row: row[1].casefold())]


def _conditions(
    contract: Contract, person: Person, chosen: dict[str, str]
) -> list[ColumnElement[bool]]:
    fits = [FILTERS[name](value, person) for name, value in chosen.items()]
    return [Question.contract_id == contract.id, readable(person), *fits]


def _chosen(options: dict[str, Known], asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked[name] for name, known in options.items() if asked.get(name) in dict(known)}


def _state(asked: Mapping[str, str]) -> str:
    return asked.get("state") if asked.get("state") in STATES else next(iter(STATES))


def _counts(conditions: list[ColumnElement[bool]]) -> dict[str, int]:
    """How many questions stand in each state, under the other filters."""
    counted = [func.count(case((state, 1))).label(key) for key, state in STATES.items()]
    query = select(*counted).select_from(Question)
    joined = query.outerjoin(Section, Section.id == Question.section_id)
    row = db.session.execute(joined.where(*conditions)).one()
    return dict(zip(STATES, row, strict=True))


def _options(contract: Contract, person: Person) -> dict[str, Known]:
    """The values that each filter may take, each with its label; of the sections those that are asked about."""
    asked_about = select(Question.section_id).where(Question.contract_id == contract.id)
    sections = db.session.execute(
        select(Section.id, Section.code, Section.titles)
        .where(Section.id.in_(asked_about), internal_at(person, Section.contract_id, Section.id))
        .order_by(Section.position, Section.id)
    )
    named = [(str(key), f"{code} {titled(of, person.language)}") for key, code, of in sections]
    return {
        "body": [(body.value, label(body)) for body in ReviewBody],
        "section": [(WHOLE, _("The contract as a whole")), *named],
        "assignee": [(ME, _("Me")), (NOBODY, _("Nobody")), *colleagues(contract)],
    }


def _state_words() -> dict[str, str]:
    return {
        "waiting": _("Waiting for an answer"),
        "drafted": _("Drafted"),
        "answered": _("Answered, not sent"),
        "sent": _("Sent"),
        "all": _("All"),
    }
