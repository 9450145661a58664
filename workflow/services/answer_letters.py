"""Answers leave the house together: one letter and the dated addendum with the changed text, in one act."""

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Contract, Manifest, Person, Question
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid, Outdated
from ..rules.vocabulary import Act
from . import freezing
from .locking import locked


def issue(
    contract: Contract, chosen: Mapping[int, str], *, by: Person, note: str, seen: str | None = None
) -> Manifest:
    """Send the chosen answers with an addendum to what was signed or submitted; nothing of them changes afterwards.

    `chosen` says by the numbers of their questions which answers, as they are sent; `seen` is the hash of the texts, as
    `by` looked at them. The note opens the letter and is sealed with it. A repeated click returns the addendum that it
    made. Raises `Denied`, `Outdated` when a question, an answer or a text has changed since, `Blocked` while a text is
    not approved, or `Invalid`.
    """
    policy.require(by, Act.FREEZE, Place(contract.id))
    contract = locked(contract)
    questions = _held(contract, chosen)
    if not questions:
        raise Invalid("chosen", "Please choose at least one answer.")
    sent = {question.addendum_id for question in questions}
    if len(sent) == 1 and None not in sent:
        return questions[0].addendum
    if any(not _stands(question, chosen) for question in questions):
        raise Outdated(Act.ANSWER_REVIEWERS)
    if freezing.amended(contract) is None:
        raise Invalid(
            "chosen",
            "Answers go out with an addendum to what was signed or submitted in this iteration. Nothing was yet.",
        )
    addendum = freezing.freeze(
        contract, by=by, seen=seen, note=note, answers=[_sealed(one) for one in questions]
    )
    for question in questions:
        question.addendum = addendum
    return addendum


def _held(contract: Contract, chosen: Mapping[int, str]) -> list[Question]:
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.contract_id == contract.id, Question.number.in_(chosen))
            .order_by(Question.number)
            .options(joinedload(Question.carried_out_by))
            .with_for_update(of=Question)
            .execution_options(populate_existing=True)
        )
    )


def _stands(question: Question, chosen: Mapping[int, str]) -> bool:
    """Whether question and answer are those that were looked at, ready and not sent."""
    waits = question.answered_at is not None and question.addendum_id is None
    return waits and question.as_sent == chosen[question.number]


def _sealed(question: Question) -> dict:
    """What the addendum seals of an answer: the hashes of its words and of the text that carries it out."""
    carrying = question.carried_out_by
    return {
        "number": question.number,
        "asked_by": question.body.value,
        "reference": question.reference,
        "question": sha256(question.text.encode()).hexdigest(),
        "answer": sha256(question.answer.encode()).hexdigest(),
        "carried_out_by": carrying.sha256 if carrying else None,
    }
