"""Remarks that make the same point: proposed by their words, put together by people, answered once."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from .. import clock
from ..db import db
from ..models import Comment, Contract, Person, Section, Thread, ThreadGroup
from ..queries.visibility import readable, within_reach
from ..rules import policy, similarity
from ..rules.lifecycle import stages_for
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, RemarkKind

Said = aliased(Comment)

MOST_COMPARED = 2_000
"""More open remarks than this are compared in the order they came, the oldest first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Remarks that may make the same point, the clearest first; `score` from 0 to 100."""

    thread_ids: tuple[int, ...]
    score: float


def similar(contract: Contract, *, by: Person) -> list[Proposal]:
    """Open remarks that nobody has grouped yet and that seem to say the same, as far as the person may answer them."""
    first = (
        select(func.min(Said.id))
        .where(Said.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Thread.id, Comment.text, Thread.quote)
        .join(Section, Section.id == Thread.section_id)
        .join(Comment, Comment.id == first)
        .where(
            Section.contract_id == contract.id,
            Section.stage.in_(stages_for(Act.ANSWER)),
            Thread.unanswered,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.kind != RemarkKind.SUPPORT,
            Thread.group_id.is_(None),
            within_reach(by, Act.ANSWER),
            readable(by),
        )
        .order_by(Thread.id)
        .limit(MOST_COMPARED)
    )
    said = [similarity.Said(key, text, quote or "") for key, text, quote in rows]
    return [Proposal(found.keys, found.score) for found in similarity.groups(said)]


def put_together(
    contract: Contract, remarks: Collection[Thread], *, by: Person, title: str
) -> ThreadGroup:
    """Say that these remarks make the same point. What was in another group moves over; an empty group goes."""
    for thread in remarks:
        policy.require(by, Act.ANSWER, thread.section.place)
        if thread.section.contract_id != contract.id:
            raise Invalid("threads", "These remarks belong to different contracts.")
    title = title.strip()
    if len(remarks) < 2:
        raise Invalid("threads", "A group needs at least two remarks. Please select them.")
    if not title:
        raise Invalid("title", "Please say in a few words what these remarks have in common.")
    if len(title) > 200:
        raise Invalid("title", "This is too long. Please keep it under 200 characters.")
    group = ThreadGroup(
        contract_id=contract.id, title=title, made_by_id=by.id, created_at=clock.now()
    )
    db.session.add(group)
    db.session.flush()
    _move(remarks, group.id)
    _clear_away(contract)
    return group


def take_apart(group: ThreadGroup, *, by: Person) -> None:
    """Dissolve a group; its remarks, drafts and answers stay as they are."""
    for thread in group.threads:
        policy.require(by, Act.ANSWER, thread.section.place)
    _move(group.threads, None)
    db.session.execute(delete(ThreadGroup).where(ThreadGroup.id == group.id))


def _move(remarks: Collection[Thread], group_id: int | None) -> None:
    db.session.execute(
        update(Thread)
        .where(Thread.id.in_([thread.id for thread in remarks]))
        .values(group_id=group_id, lock=Thread.lock + 1)
        .execution_options(synchronize_session="fetch")
    )


def _clear_away(contract: Contract) -> None:
    used = select(Thread.group_id).where(Thread.group_id.is_not(None))
    db.session.execute(
        delete(ThreadGroup).where(
            ThreadGroup.contract_id == contract.id, ThreadGroup.id.not_in(used)
        )
    )
