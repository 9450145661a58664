"""Reviewers' questions: received, put in their place, handed to a colleague, answered; what was sent stays as sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, tuple_

from .. import clock
from ..db import db
from ..models import Contract, Person, Question, Revision, Section
from ..rules import policy, quoting
from ..rules.policy import Place
from ..rules.question_sheet import LAST_ITEM, LONGEST_QUOTE, LONGEST_REFERENCE, LONGEST_TEXT
from ..rules.quoting import Found
from ..rules.refusals import Denied, Invalid
from ..rules.text import anchors
from ..rules.vocabulary import Act, EventKind, ReviewBody
from . import freezing, outbox, wholes
from .locking import locked


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as somebody reads it in a reviewer's letter: `quote` are the words of the text that it is about."""

    body: ReviewBody
    text: str
    asked_on: date
    reference: str = ""
    section: Section | None = None
    quote: str = ""
    checklist: int | None = None
    due_on: date | None = None


def place(question: Question) -> Place:
    """Where acts on the question happen: in its section, else in the contract as a whole."""
    return question.section.place if question.section else Place(question.contract_id)


def reads(person: Person, contract_id: int) -> bool:
    """Whether the person is one of the city's own people in some part of the contract."""
    roles = {m.role for m in person.memberships if m.contract_id == contract_id}
    return not roles.isdisjoint(policy.GRANTS[Act.READ_INTERNAL])


def require_reader(by: Person, contract_id: int) -> None:
    if not reads(by, contract_id):
        raise Denied(Act.READ_INTERNAL, policy.GRANTS[Act.READ_INTERNAL])


def receive(contract: Contract, asked: Asked, *, by: Person) -> Question:
    """Enter a question into the register. One that is there already is given back, so that a double click enters one.

    Raises `Invalid` for values that cannot be taken, and for a reference under which other words stand.
    """
    _require_at(contract, asked.section, by)
    contract = locked(contract)
    asked = checked(contract, asked)
    known = _twin(contract, asked)
    if known:
        return known
    texts = texts_read(contract)
    question = put_down(contract, asked, number=next_number(contract), texts=texts, by=by)
    outbox.record(
        EventKind.QUESTIONS_RECEIVED,
        actor=by,
        contract_id=contract.id,
        section=question.section,
        question=question,
    )
    return question


def put_down(
    contract: Contract, asked: Asked, *, number: int, texts: Mapping[int, Revision], by: Person
) -> Question:
    """The row of a question that was checked, for the verbs that hold the contract and tell of what was received."""
    question = Question(contract_id=contract.id, number=number, entered_by_id=by.id, answer="")
    _fill(question, asked, texts)
    db.session.add(question)
    db.session.flush()
    return question


def correct(question: Question, asked: Asked, *, by: Person) -> Question:
    """Enter a question anew: what was misread, or where it belongs. Its answer stays unless it names a revision of
    another section. Raises like `receive`."""
    policy.require(by, Act.ANSWER_REVIEWERS, place(question))
    contract = locked(question.contract)
    _require_at(contract, asked.section, by)
    question = locked(question)
    _require_unsent(question, "text")
    asked = checked(contract, asked)
    twin = _under(contract, asked.body, asked.reference)
    if twin and twin.id != question.id:
        raise Invalid("reference", "Another question bears this reference.")
    _fill(question, asked, texts_read(contract))
    carrying = question.carried_out_by
    if carrying and carrying.section is not asked.section:
        question.carried_out_by = None
    return question


def assign(question: Question, *, by: Person, to: Person | None) -> Question:
    """Hand a question to a colleague, who hears of it at once; None takes it back."""
    at = place(question)
    policy.require(by, Act.ANSWER_REVIEWERS, at)
    if to and not policy.grants(to, Act.ANSWER_REVIEWERS, at):
        raise Invalid("assignee", "This person may not answer this question.")
    question = locked(question)
    _require_unsent(question, "assignee")
    if question.assignee_id == (to.id if to else None):
        return question
    question.assignee = to
    if to:
        outbox.record(
            EventKind.QUESTION_ASSIGNED,
            actor=by,
            contract_id=question.contract_id,
            section_id=question.section_id,
            question=question,
            person=to,
        )
    return question


def answer(
    question: Question,
    *,
    by: Person,
    text: str,
    carried_out_by: Revision | None = None,
    ready: bool = False,
    seen: str | None = None,
) -> Question:
    """Keep the answer as a draft, or as `ready` for the next letter; nothing leaves the house before that letter.

    `seen` is the version of the answer that the writer saw: another one is not replaced. `carried_out_by` is the
    revision of the section that changes the text as the answer says. Raises `Invalid`.
    """
    policy.require(by, Act.ANSWER_REVIEWERS, place(question))
    question = locked(question)
    _require_unsent(question, "answer")
    text = text.strip()
    _require_later(question, carried_out_by)
    if len(text) > LONGEST_TEXT:
        raise Invalid("answer", "This is too long. Please keep it under 10,000 characters.")
    if ready and not text:
        raise Invalid("answer", "Please write the answer: it goes into the letter.")
    there = question.answer, question.carried_out_by_id, question.answered_at is not None
    if there == (text, carried_out_by.id if carried_out_by else None, ready):
        return question
    if any(there) and question.version != seen:
        raise Invalid(
            "seen",
            "In the meantime another answer was saved; you see it here. Save again to put yours in its place.",
        )
    question.answer, question.carried_out_by = text, carried_out_by
    question.answered_by = by
    question.answered_at = clock.now() if ready else None
    if ready:
        outbox.record(
            EventKind.QUESTION_ANSWERED,
            actor=by,
            contract_id=question.contract_id,
            section_id=question.section_id,
            question=question,
        )
    return question


def checked(contract: Contract, asked: Asked) -> Asked:
    """The question with its words trimmed. Raises `Invalid` for what cannot be taken."""
    text, quote, reference = asked.text.strip(), asked.quote.strip(), _line(asked.reference)
    if not text:
        raise Invalid("text", "Please write what is asked.")
    if len(text) > LONGEST_TEXT:
        raise Invalid("text", "This is too long. Please keep it under 10,000 characters.")
    if len(quote) > LONGEST_QUOTE:
        raise Invalid("quote", "This is too long. Please quote at most 5,000 characters.")
    if len(reference) > LONGEST_REFERENCE:
        raise Invalid("reference", "This is too long. Please keep it under 60 characters.")
    if asked.section and asked.section.contract_id != contract.id:
        raise Invalid("section", "This section belongs to another contract.")
    if quote and not asked.section:
        raise Invalid("section", "Please choose the section that these words stand in.")
    if asked.checklist is not None and not 1 <= asked.checklist <= LAST_ITEM:
        raise Invalid("checklist", "The items of the checklist are counted from 1 to 99.")
    if asked.due_on and asked.due_on < asked.asked_on:
        raise Invalid("due_on", "The answer cannot be due before the question was asked.")
    return Asked(
        asked.body,
        text,
        asked.asked_on,
        reference,
        asked.section,
        quote,
        asked.checklist,
        asked.due_on,
    )


def next_number(contract: Contract) -> int:
    """The number of the next question; whoever asks holds the contract."""
    last = select(func.max(Question.number)).where(Question.contract_id == contract.id)
    return (db.session.scalar(last) or 0) + 1


def texts_read(contract: Contract) -> dict[int, Revision]:
    """By section the text that the reviewers have before them: as it was sealed, else as it stands."""
    manifest = freezing.in_force(contract)
    listed = wholes.sections_of(manifest.content) if manifest else ()
    sealed = [(one["id"], one["revision"]) for one in listed]
    rows = db.session.scalars(
        select(Revision)
        .join(Section, Section.id == Revision.section_id)
        .where(
            Section.contract_id == contract.id,
            or_(
                Revision.id == Section.current_id,
                tuple_(Revision.section_id, Revision.number).in_(sealed),
            ),
        )
        .order_by(Revision.number.desc())
    )
    return {revision.section_id: revision for revision in rows}


def _fill(question: Question, asked: Asked, texts: Mapping[int, Revision]) -> None:
    """What is asked, anchored in the text that the reviewers read where it has the quoted words once."""
    moved = question.section_id != (asked.section.id if asked.section else None)
    question.body, question.reference = asked.body, asked.reference
    question.text, question.checklist = asked.text, asked.checklist
    question.asked_on, question.due_on = asked.asked_on, asked.due_on
    if not moved and question.id and (question.quote or "") == asked.quote:
        return
    question.section = asked.section
    read = texts.get(asked.section.id) if asked.section else None
    question.revision = read
    at = quoting.spot(asked.quote, read.plain if read else "")
    passage = anchors.selector(read.plain, at.start, at.end) if at.found is Found.PASSAGE else None
    question.quote = passage.exact if passage else asked.quote or None
    question.prefix = passage.prefix if passage else None
    question.suffix = passage.suffix if passage else None
    question.start = passage.start if passage else None
    question.end = passage.end if passage else None


def _require_later(question: Question, carrying: Revision | None) -> None:
    """What carries an answer out is a text of the section after the one that was asked about."""
    if carrying is None:
        return
    if carrying.section_id != question.section_id:
        raise Invalid("revision_number", "This revision belongs to another section.")
    if question.revision and carrying.number <= question.revision.number:
        raise Invalid(
            "revision_number",
            "The question was asked on this text. Please name the later revision that carries it out.",
        )


def _twin(contract: Contract, asked: Asked) -> Question | None:
    """The question that says the same already. Raises `Invalid` where its reference stands for other words."""
    if asked.reference:
        known = _under(contract, asked.body, asked.reference)
        if known and known.text != asked.text:
            raise Invalid("reference", "Another question bears this reference.")
        return known
    return db.session.scalar(
        select(Question).where(
            Question.contract_id == contract.id,
            Question.body == asked.body,
            Question.reference == "",
            Question.text == asked.text,
            Question.asked_on == asked.asked_on,
        )
    )


def _under(contract: Contract, body: ReviewBody, reference: str) -> Question | None:
    if not reference:
        return None
    return db.session.scalar(
        select(Question).where(
            Question.contract_id == contract.id,
            Question.body == body,
            Question.reference == reference,
        )
    )


def _require_at(contract: Contract, section: Section | None, by: Person) -> None:
    at = section.place if section else Place(contract.id)
    policy.require(by, Act.ANSWER_REVIEWERS, at)


def _require_unsent(question: Question, field: str) -> None:
    if question.addendum_id:
        raise Invalid(field, "The answer to this question has been sent; it stays as it was sent.")


def _line(words: str) -> str:
    return " ".join(words.split())
