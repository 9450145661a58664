"""What of a letter still stands when it is sent: nothing read, withdrawn, taken back, muted, or not for these eyes."""

from collections import defaultdict
from collections.abc import Callable, Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ..db import db
from ..models import (
    Comment,
    Decision,
    Digest,
    Document,
    Event,
    ModerationEntry,
    Notification,
    Person,
    Revision,
    Round,
    Section,
    Signatory,
    SignatoryEntry,
    Thread,
)
from ..rules import policy
from ..rules.audience import UNSTOPPABLE
from ..rules.vocabulary import (
    BuildState,
    EventKind,
    ManifestStep,
    Moderation,
    ModerationAct,
    Rhythm,
    SignatoryStatus,
    Stance,
)
from . import guest_links, listeners, reminded, seats, wishes
from .wishes import Wishes


def notifications(person: Person, *conditions) -> list[Notification]:
    """The person's unread notifications under the conditions that may be told now, with all the rows that they name."""
    rows = db.session.scalars(
        select(Notification)
        .join(Notification.event)
        .where(Notification.person_id == person.id, Notification.read_at.is_(None), *conditions)
        .options(contains_eager(Notification.event).options(*_rows(joinedload)))
        .order_by(Event.at.desc(), Event.id.desc())
    ).all()
    kept = wishes.of([person.id])[person.id]
    return [row for row in rows if _wanted(row, person, kept) and _true(row.event, person)]


def of_digests(ids: Collection[int]) -> list[tuple[Digest, list[Notification]]]:
    """The digests in the order of their ids, each with what may be told now, the newest first.

    What many of them tell is read once, and the number of queries does not depend on how many they are.
    """
    digests = db.session.scalars(
        select(Digest).where(Digest.id.in_(ids)).options(joinedload(Digest.person))
    ).unique()
    by_id = {digest.id: digest for digest in digests}
    people = {digest.person_id for digest in by_id.values()}
    found, kept, known = defaultdict(list), wishes.of(people), {}
    seats_of = {digest.person_id: seats.without_name(digest.person) for digest in by_id.values()}

    def may_know(person: Person, event: Event) -> bool:
        """Asked once for all who hold the same roles in the same places, but for what bears their names."""
        me, thread = person.id, event.thread
        mine = me == event.person_id or (thread is not None and thread.author_id == me)
        key = event.id, me if mine or person.guest else seats_of[me]
        if key not in known:
            known[key] = listeners.may_know(person, event)
        return known[key]

    for row in db.session.scalars(
        select(Notification)
        .where(
            Notification.person_id.in_(people),
            Notification.read_at.is_(None),
            Notification.digest_id.in_(ids),
        )
        .options(selectinload(Notification.event).options(*_rows(selectinload)))
    ):
        person = by_id[row.digest_id].person
        if _wanted(row, person, kept[person.id]) and _true(row.event, person, may_know):
            found[row.digest_id].append(row)
    for told in found.values():
        told.sort(key=lambda row: (row.event.at, row.event_id), reverse=True)
    return [(by_id[digest_id], found[digest_id]) for digest_id in ids]


def _rows(load: Callable) -> list:
    """How the rows that events name are read: all in one query for one person, in one query each for many."""

    def name(relation):
        return load(relation).lazyload(Person.memberships)

    return [
        name(Event.actor),
        name(Event.person),
        load(Event.contract),
        load(Event.section).options(joinedload(Section.contract)),
        load(Event.thread).options(
            name(Thread.author), joinedload(Thread.organisation), joinedload(Thread.duplicate_of)
        ),
        load(Event.comment).undefer(Comment.hidden_because),
        load(Event.decision).joinedload(Decision.undone_by),
        load(Event.position),
        load(Event.revision).load_only(Revision.number, Revision.summary),
        load(Event.document).load_only(Document.state),
        load(Event.reminder),
        load(Event.round).selectinload(Round.sections),
        load(Event.organisation),
        load(Event.signatory).options(
            joinedload(Signatory.organisation), joinedload(Signatory.contract)
        ),
        load(Event.signatory_entry).joinedload(SignatoryEntry.manifest),
        load(Event.question),
        load(Event.hook),
        load(Event.manifest),
    ]


def _wanted(notification: Notification, person: Person, kept: Wishes) -> bool:
    event = notification.event
    if not person.active:
        return False
    if event.kind in UNSTOPPABLE:
        return True
    if person.mail_suspended_at is not None or person.rhythm is Rhythm.OFF:
        return False
    if not (person.is_active or person.guest):
        return False
    return kept.let_hear(event, notification.reason)


def _true(event: Event, person: Person, may_know: Callable = listeners.may_know) -> bool:
    if event.kind not in UNSTOPPABLE and not may_know(person, event):
        return False
    return STANDS.get(event.kind, _always)(event, person)


def _always(event: Event, person: Person) -> bool:
    return True


def _still_said(event: Event, person: Person) -> bool:
    return event.thread.withdrawn_at is None and event.comment.withdrawn_at is None


def _still_answered(event: Event, person: Person) -> bool:
    return event.thread.withdrawn_at is None and event.thread.disposition is not None


def _still_contested(event: Event, person: Person) -> bool:
    return event.thread.withdrawn_at is None and event.thread.contested


def _still_assigned(event: Event, person: Person) -> bool:
    return event.thread.withdrawn_at is None and event.thread.assignee_id == person.id


def _still_owner(event: Event, person: Person) -> bool:
    return event.section.owner_id == person.id


def _still_member(event: Event, person: Person) -> bool:
    return event.contract_id in {membership.contract_id for membership in person.memberships}


def _still_speaks(event: Event, person: Person) -> bool:
    return policy.speaks_for(person, event.organisation_id)


def _link_works(event: Event, person: Person) -> bool:
    return guest_links.works(event.guest_link)


def _still_ready(event: Event, person: Person) -> bool:
    return event.document.state is BuildState.DONE


def _still_failed(event: Event, person: Person) -> bool:
    return event.document.state is BuildState.FAILED


def _still(*states: Moderation) -> Callable[[Event, Person], bool]:
    """Whether the words are in one of these states, and were not taken back."""

    def stands(event: Event, person: Person) -> bool:
        comment = event.comment
        taken_back = event.thread.withdrawn_at or comment.withdrawn_at
        return taken_back is None and comment.moderation in states

    return stands


def _still_asked(act: ModerationAct) -> Callable[[Event, Person], bool]:
    """Whether a flag or an appeal still waits for a moderator."""

    def stands(event: Event, person: Person) -> bool:
        if event.thread.withdrawn_at or event.comment.withdrawn_at:
            return False
        waits = exists().where(
            ModerationEntry.comment_id == event.comment_id,
            ModerationEntry.act == act,
            ModerationEntry.settled_at.is_(None),
        )
        return db.session.scalar(select(waits))

    return stands


def _not_undone(event: Event, person: Person) -> bool:
    return event.decision is None or event.decision.undone_by is None


def _still_frozen(event: Event, person: Person) -> bool:
    return not any(entry.step is ManifestStep.LIFTED for entry in event.manifest.entries)


def _still_open(event: Event, person: Person) -> bool:
    return event.round.closed_at is None


def _still_his(event: Event, person: Person) -> bool:
    return event.position.stance is not Stance.NONE


def _question_with_him(event: Event, person: Person) -> bool:
    return event.question.assignee_id == person.id and event.question.answered_at is None


def _question_answered(event: Event, person: Person) -> bool:
    return event.question.answered_at is not None


def _still_invited(event: Event, person: Person) -> bool:
    return event.signatory.status is not SignatoryStatus.WITHDRAWN


def _still_given_up(event: Event, person: Person) -> bool:
    return event.hook.given_up_at is not None


STANDS: dict[EventKind, Callable[[Event, Person], bool]] = {
    EventKind.PERSON_INVITED: _still_member,
    EventKind.SECTION_ASSIGNED: _still_owner,
    EventKind.REMARK_MADE: _still_said,
    EventKind.REPLY_MADE: _still_said,
    EventKind.REMARK_ANSWERED: _still_answered,
    EventKind.POSITION_SUBMITTED: _still_said,
    EventKind.MANDATE_GIVEN: _still_speaks,
    EventKind.GUEST_LINK_SENT: _link_works,
    EventKind.REMARK_ASSIGNED: _still_assigned,
    EventKind.ANSWER_CONTESTED: _still_contested,
    EventKind.GUEST_REMARKED: _still(Moderation.UNCONFIRMED),
    EventKind.REMARK_HELD: _still(Moderation.HELD),
    EventKind.REMARK_RELEASED: _still(Moderation.SHOWN),
    EventKind.REMARK_HIDDEN: _still(Moderation.HIDDEN),
    EventKind.APPEAL_DECIDED: _still(Moderation.SHOWN, Moderation.HIDDEN),
    EventKind.REMARK_FLAGGED: _still_asked(ModerationAct.FLAG),
    EventKind.HIDING_APPEALED: _still_asked(ModerationAct.APPEAL),
    EventKind.CONSULTATION_CLOSED: _not_undone,
    EventKind.REVIEW_REQUESTED: _not_undone,
    EventKind.CHANGES_REQUESTED: _not_undone,
    EventKind.SECTION_APPROVED: _not_undone,
    EventKind.SECTION_REOPENED: _not_undone,
    EventKind.ROUND_OPENED: _still_open,
    EventKind.CONTRACT_FROZEN: _still_frozen,
    EventKind.ADDENDUM_ISSUED: _still_frozen,
    EventKind.POSITION_TAKEN: _still_his,
    EventKind.QUESTION_ASSIGNED: _question_with_him,
    EventKind.QUESTION_ANSWERED: _question_answered,
    EventKind.SIGNATORY_INVITED: _still_invited,
    EventKind.REMINDER_DUE: reminded.still_owed,
    EventKind.DOCUMENT_READY: _still_ready,
    EventKind.DOCUMENT_FAILED: _still_failed,
    EventKind.HOOK_GIVEN_UP: _still_given_up,
}
"""What has to be true still; a kind that is not listed stays true once it happened."""
