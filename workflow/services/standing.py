"""What of a letter still stands when it is sent: nothing read, withdrawn, taken back, muted, or not for these eyes."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence

from sqlalchemy import String, exists, select, type_coerce
from sqlalchemy.orm import contains_eager, joinedload

from ..db import among, db
from ..models import Digest, Event, ModerationEntry, Notification, Person
from ..rules import policy
from ..rules.audience import UNSTOPPABLE
from ..rules.vocabulary import (
    BuildState,
    EventKind,
    ManifestStep,
    Moderation,
    ModerationAct,
    Reason,
    SignatoryStatus,
    Stance,
)
from . import guest_links, listeners, recipients, reminded, tidings, wishes
from .memory import Memory
from .recipients import Envelope, Recipient
from .tidings import Tiding, Tidings
from .wishes import Wishes


def notifications(person: Person, *conditions) -> list[Notification]:
    """The person's unread notifications under the conditions that may be told now, with all the rows that they name."""
    rows = db.session.scalars(
        select(Notification)
        .join(Notification.event)
        .where(Notification.person_id == person.id, Notification.read_at.is_(None), *conditions)
        .options(contains_eager(Notification.event).options(*tidings.rows(joinedload)))
        .order_by(Event.at.desc(), Event.id.desc())
    ).all()
    kept, reached = wishes.of([person.id])[person.id], recipients.reached(person)
    return [
        row
        for row in rows
        if _reaches(person, reached, row.event.kind)
        and _wished(kept, row.event, row.reason)
        and _true(row.event, person)
    ]


def of_digests(
    ids: Collection[int], happened: Tidings | None = None
) -> list[tuple[Envelope, list[Tiding]]]:
    """The digests in the order of their ids, each with what may be told now, the newest first.

    What many of them tell is read once, and the number of queries does not depend on how many they are. Who may know
    of what is asked each time, of people and roles as they are now.
    """
    happened = happened or Tidings(Memory())
    envelopes = recipients.of_digests(ids)
    rows = _unread(ids)
    known = happened.read({event_id for _, event_id, _ in rows})
    stands = STANDS | {EventKind.REMINDER_DUE: _still_owed(known, envelopes)}
    judged: dict[Hashable, Tiding | None] = {}
    found = defaultdict(list)
    for digest_id, event_id, reason in rows:
        person, tiding = envelopes[digest_id].person, known[event_id]
        key = event_id, reason, _as_whom(person, tiding), person.reached
        if key not in judged:
            told = tidings.told(tiding, Reason(reason), happened.memory)
            true = _reaches(person, person.reached, told.kind) and _true(told.event, person, stands)
            judged[key] = told if true else None
        told = judged[key]
        kept = person.wishes
        if told and (not kept.kept or _wished(kept, told.event, told.reason)):
            found[digest_id].append(told)
    return [(envelopes[digest_id], found[digest_id]) for digest_id in ids]


def _unread(ids: Collection[int]) -> Sequence[tuple[int, int, str]]:
    """(digest, event, reason) of what these digests tell that was not read meanwhile, the newest first."""
    return db.session.execute(
        select(
            Notification.digest_id, Notification.event_id, type_coerce(Notification.reason, String)
        )
        .join(Digest, Digest.id == Notification.digest_id)
        .join(Event, Event.id == Notification.event_id)
        .where(
            among(Digest.id, ids),
            Notification.person_id == Digest.person_id,
            Notification.read_at.is_(None),
        )
        .order_by(Event.at.desc(), Event.id.desc())
    ).all()


def _as_whom(person: Recipient, tiding: Tiding) -> Hashable:
    """One and the same for all who may know the same of it."""
    if person.guest or person.id in tiding.about or tiding.kind in ASKS_WHO:
        return "self", person.id
    return person.group


def _reaches(person: Person | Recipient, reached: bool, kind: EventKind) -> bool:
    return person.active and (reached or kind in UNSTOPPABLE)


def _wished(kept: Wishes, event: Event, reason: Reason) -> bool:
    return event.kind in UNSTOPPABLE or kept.let_hear(event, reason)


Stands = Callable[[Event, Person | Recipient], bool]


def _true(
    event: Event, person: Person | Recipient, stands: Mapping[EventKind, Stands] | None = None
) -> bool:
    if event.kind not in UNSTOPPABLE and not listeners.may_know(person, event):
        return False
    return (stands or STANDS).get(event.kind, _always)(event, person)


def _still_owed(known: Mapping[int, Tiding], envelopes: Mapping[int, Envelope]) -> Stands:
    """Whether a reminder is still true for somebody, asked of all that these letters tell together."""
    reminders = [one.event for one in known.values() if one.kind is EventKind.REMINDER_DUE]
    people = {envelope.person_id for envelope in envelopes.values()}
    owing = reminded.owing_still(reminders, people) if reminders else {}
    return lambda event, person: person.id in owing[event.id]


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


STANDS: dict[EventKind, Stands] = {
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

OF_ITS_READER = frozenset(
    {
        _still_assigned,
        _still_owner,
        _still_member,
        _still_speaks,
        _question_with_him,
        reminded.still_owed,
    }
)
ASKS_WHO = frozenset(kind for kind, stands in STANDS.items() if stands in OF_ITS_READER)
"""Kinds that stay true for one and not for another who holds the same roles."""
