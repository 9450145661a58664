"""The desk: remarks handed to colleagues, answers drafted in private and published together."""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import joinedload

from .. import clock
from ..db import db
from ..models import AnswerDraft, Contract, Person, Revision, Round, Section, Thread
from ..queries.visibility import within_reach
from ..rules import gate, policy
from ..rules.lifecycle import stages_for
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, Disposition, EventKind
from . import outbox, threads
from .locking import locked


def draft(
    thread: Thread,
    *,
    by: Person,
    disposition: Disposition,
    text: str = "",
    carried_out_by: Revision | None = None,
    duplicate_of: Thread | None = None,
    seen: str | None = None,
) -> AnswerDraft:
    """Keep an answer that nobody but the city's own people sees until it is published.

    `seen` is the version of the draft that the writer saw; a colleague's other one is not replaced.

    What is asked of a published answer is asked of a draft, except that an accepted remark may name the revision that
    carries it out later. Raises `Invalid`.
    """
    policy.require(by, Act.ANSWER, thread.section.place)
    thread = locked(thread)
    if thread.withdrawn_at:
        raise Invalid("answer", "This remark was withdrawn by its author.")
    kept = _draft_of(thread) or AnswerDraft(thread_id=thread.id)
    if kept.by_id not in (None, by.id) and kept.version != seen:
        raise Invalid(
            "seen",
            "In the meantime a colleague drafted another answer; you see it here. Save again to put yours in its "
            "place.",
        )
    position = threads.checked_position(
        thread,
        disposition=disposition,
        text=text,
        carried_out_by=carried_out_by,
        duplicate_of=duplicate_of,
    )
    kept.disposition = position.disposition
    kept.answer = position.text
    kept.carried_out_by_id = position.carried_out_by_id
    kept.duplicate_of_id = position.duplicate_of_id
    kept.by = by
    kept.saved_at = clock.now()
    db.session.add(kept)
    return kept


def draft_many(
    remarks: Collection[Thread],
    *,
    by: Person,
    disposition: Disposition,
    text: str = "",
    carried_out: bool = False,
    duplicate_of: Thread | None = None,
    seen: Mapping[int, str] | None = None,
) -> list[AnswerDraft]:
    """Draft the same answer for several remarks; the one that the others repeat is passed over.

    `carried_out` names for each remark the text of its section as it stands now; `seen` are the versions of the drafts
    that the writer saw, by the remark's id.
    """
    return [
        draft(
            thread,
            by=by,
            disposition=disposition,
            text=text,
            carried_out_by=thread.section.current if carried_out else None,
            duplicate_of=duplicate_of,
            seen=(seen or {}).get(thread.id),
        )
        for thread in _chosen(remarks)
        if thread is not duplicate_of
    ]


def discard(thread: Thread, *, by: Person) -> None:
    """Throw a draft away; the remark waits for an answer again."""
    policy.require(by, Act.ANSWER, thread.section.place)
    db.session.execute(delete(AnswerDraft).where(AnswerDraft.thread_id == thread.id))


def assign(remarks: Collection[Thread], *, by: Person, to: Person | None) -> None:
    """Hand remarks to a colleague, who hears of it at once; None takes them back from whoever had them."""
    for thread in _chosen(remarks):
        section = thread.section
        policy.require(by, Act.ANSWER, section.place)
        if to and not policy.grants(to, Act.ANSWER, section.place):
            raise Invalid("assignee", "This person may not answer remarks on each of the sections.")
        thread = locked(thread)
        if thread.assignee_id == (to.id if to else None):
            continue
        thread.assignee = to
        if to:
            outbox.record(
                EventKind.REMARK_ASSIGNED,
                actor=by,
                contract_id=section.contract_id,
                section=section,
                thread=thread,
                person=to,
            )


def publish(
    contract: Contract,
    *,
    by: Person,
    round: Round | None = None,
    remarks: Collection[Thread] | None = None,
) -> list[Thread]:
    """Give all drafted answers that the person may give, or those of one round or of some remarks, all or none.

    Raises `Invalid` when there is nothing to publish, or when an accepted remark does not name the revision that
    carries it out.
    """
    drafts = db.session.scalars(_publishable(contract, by, round, remarks)).unique().all()
    if not drafts:
        raise Invalid("drafts", "There is no draft to publish.")
    if any(lacks_revision(draft) for draft in drafts):
        raise Invalid(
            "drafts",
            "An accepted remark has to name the revision that carries it out. Please name it in each of these drafts "
            "before you publish.",
        )
    answered = [_give(draft, by) for draft in drafts]
    at = clock.now()
    for answered_round in {thread.round for thread in answered if thread.round}:
        answered_round.answers_published_at = at
    return answered


def lacks_revision(draft: AnswerDraft) -> bool:
    """Whether the draft promises a text that it does not name."""
    promised = gate.promises(draft.thread.kind, draft.disposition)
    return promised and draft.carried_out_by_id is None


def _give(draft: AnswerDraft, by: Person) -> Thread:
    return threads.answer(
        draft.thread,
        by=by,
        disposition=draft.disposition,
        text=draft.answer,
        carried_out_by=db.session.get(Revision, draft.carried_out_by_id or 0),
        duplicate_of=db.session.get(Thread, draft.duplicate_of_id or 0),
    )


def _publishable(
    contract: Contract, by: Person, round: Round | None, remarks: Collection[Thread] | None
) -> Select:
    """The drafts in an order that all publishers share, so that two at once wait for each other."""
    query = (
        select(AnswerDraft)
        .join(Thread, Thread.id == AnswerDraft.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .where(
            Section.contract_id == contract.id,
            Section.stage.in_(stages_for(Act.ANSWER)),
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            within_reach(by, Act.ANSWER),
        )
        .order_by(Thread.id)
        .options(joinedload(AnswerDraft.thread))
    )
    if round is not None:
        query = query.where(Thread.round_id == round.id)
    if remarks is not None:
        query = query.where(Thread.id.in_([thread.id for thread in remarks]))
    return query


def _draft_of(thread: Thread) -> AnswerDraft | None:
    return db.session.scalar(
        select(AnswerDraft)
        .where(AnswerDraft.thread_id == thread.id)
        .execution_options(populate_existing=True)
    )


def _chosen(remarks: Collection[Thread]) -> list[Thread]:
    if not remarks:
        raise Invalid("threads", "Please select at least one remark.")
    return sorted(remarks, key=lambda thread: thread.id)
