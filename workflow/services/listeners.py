"""Whom a reason means: one query of person ids for each reason, and whether a person may know of an event at all."""

from collections.abc import Callable

from sqlalchemy import Select, false, select

from ..models import (
    Comment,
    Digest,
    Document,
    Event,
    Membership,
    Notification,
    Person,
    Position,
    Signatory,
    Thread,
)
from ..rules import approval, policy
from ..rules.audience import INTERNAL, MODERATED, OF_ONES_WORDS
from ..rules.policy import Actor, Place
from ..rules.vocabulary import Act, EventKind, Reason, Role, SignatoryStatus, Visibility
from . import asked, knowing, reminded, wishes

ROLES: dict[Reason, frozenset[Role]] = {
    Reason.JUDGE: frozenset({Role.APPROVER, Role.REVIEWER}),
    Reason.PEN: frozenset({Role.EDITOR}),
    Reason.COORDINATOR: frozenset({Role.COORDINATOR}),
    Reason.VOICE: policy.VOICES,
    Reason.MODERATOR: policy.GRANTS[Act.MODERATE],
}
"""Reasons that a role gives, wherever its membership covers the place of the event."""


def place_of(event: Event) -> Place | None:
    """Where it happened: a section, else the contract, else nowhere (a forgotten password)."""
    if event.section:
        return event.section.place
    return Place(event.contract_id) if event.contract_id else None


def may_know(actor: Actor, event: Event) -> bool:
    """Whether a person may read what the event is about. Asked when it is told and again when it is sent.

    Who takes no part in the contract hears of his own remark: a guest, and who has an account since, as long as
    everybody may read it.
    """
    place, thread = place_of(event), event.thread
    own = thread is not None and thread.author_id == actor.id
    own = own or (event.kind in OF_ONES_WORDS and event.person_id == actor.id)
    if place is None:
        return False
    outside = own and (actor.guest or knowing.on_display(event))
    if not outside and not policy.grants(actor, Act.READ, place):
        return False
    if event.kind in INTERNAL or event.question_id:
        return policy.grants(actor, Act.READ_INTERNAL, place)
    if thread is None:
        return True
    if event.kind in MODERATED:
        said_to_city = thread.visibility is not Visibility.ORGANISATION
        return said_to_city and policy.grants(actor, Act.MODERATE, place)
    shown = thread.shown and (event.comment is None or event.comment.shown)
    return own or (
        shown
        and policy.may_read(
            actor,
            place,
            author_id=thread.author_id,
            visibility=thread.visibility,
            organisation_id=thread.organisation_id,
        )
    )


def people(event: Event, reason: Reason) -> Select:
    """The ids of the people whom the reason means."""
    of_round = asked.people(event, reason)
    return FINDERS[reason](event) if of_round is None else of_round


def _one(person_id: int | None) -> Select:
    return select(Person.id).where(Person.id == person_id)


def _named(event: Event) -> Select:
    return _one(event.person_id)


def _assigned(event: Event) -> Select:
    return reminded.owing(event) if event.reminder_id else _named(event)


def _delegates(event: Event) -> Select:
    """Who speaks for the organisation that the event, or its reminder, is about; of a manifest, for every signatory."""
    if event.reminder_id:
        return reminded.speaking(event)
    speakers = select(Membership.person_id).where(
        Membership.contract_id == event.contract_id,
        Membership.mandate.in_(reminded.SPEAKERS),
    )
    if event.kind in CAN_BE_SIGNED:
        return speakers.where(Membership.organisation_id.in_(_signing(event.contract_id)))
    organisation = event.organisation_id or (event.signatory and event.signatory.organisation_id)
    return speakers.where(Membership.organisation_id == organisation)


CAN_BE_SIGNED = frozenset({EventKind.CONTRACT_FROZEN, EventKind.ADDENDUM_ISSUED})
"""What signatories wait for: from then on there is something to sign."""


def _signing(contract_id: int) -> Select:
    """The organisations that sign or have signed."""
    return select(Signatory.organisation_id).where(
        Signatory.contract_id == contract_id, Signatory.status != SignatoryStatus.WITHDRAWN
    )


def _participants(event: Event) -> Select:
    """Whoever takes part in the contract, in whatever role and part of it."""
    return select(Membership.person_id).where(Membership.contract_id == event.contract_id)


def _members(event: Event) -> Select:
    """Who belongs to the organisation that the event is about; who is named in its position hears of that already."""
    return select(Membership.person_id).where(
        Membership.contract_id == event.contract_id,
        Membership.organisation_id.is_not(None),
        Membership.organisation_id == event.organisation_id,
        Membership.person_id.not_in(_ids_named(event)),
    )


def _authors(event: Event) -> Select:
    """Who made the remark; for a new text, whose remarks it carries out, if they were answered before.

    Who is answered together with the text hears of it by that answer.
    """
    if event.kind in OF_ONES_WORDS:
        return _one(event.person_id)
    if event.thread_id:
        return _one(event.thread.author_id)
    return select(Thread.author_id).where(
        Thread.carried_out_by_id == event.revision_id,
        Thread.withdrawn_at.is_(None),
        Thread.shown,
        Thread.answered_at < event.at,
    )


def _speakers(event: Event) -> Select:
    """Who spoke in the thread; for a step of the section, in any of its threads."""
    said = Comment.withdrawn_at.is_(None), Comment.shown
    spoken = select(Comment.author_id).join(Thread).where(*said)
    if event.thread_id:
        return spoken.where(Thread.id == event.thread_id)
    return spoken.where(Thread.section_id == event.section_id)


def _owner(event: Event) -> Select:
    return _one(event.section.owner_id if event.section else None)


def _followers(event: Event) -> Select:
    """Who follows a place of the event; members of an organisation hear of its position as members."""
    following = wishes.followers(event)
    if event.kind is not EventKind.REMARK_MADE or not event.thread.official:
        return following
    members = select(Membership.person_id).where(
        Membership.organisation_id == event.thread.organisation_id
    )
    return following.where(following.selected_columns[0].not_in(members))


def _mentioned(event: Event) -> Select:
    """Who is named in what was said."""
    return select(Person.id).where(Person.id.in_(_ids_named(event)))


def _ids_named(event: Event) -> list[int]:
    return [person_id for person_id, _ in event.comment.named or ()] if event.comment else []


def _requester(event: Event) -> Select:
    return select(Document.requested_by_id).where(Document.id == event.document_id)


def _with(reason: Reason) -> Callable[[Event], Select]:
    """People with a role of the reason whose membership covers the place (`policy.covers`, as SQL)."""

    def find(event: Event) -> Select:
        place = place_of(event)
        if place is None:
            return select(Person.id).where(false())
        return select(Membership.person_id).where(
            Membership.role.in_(ROLES[reason]), knowing.reaching(place)
        )

    return find


def _positioned(event: Event) -> Select:
    """Who had agreed to the text that the event's revision replaced."""
    return select(Position.person_id).where(
        Position.revision_id == event.revision.base_id, Position.stance.in_(approval.AGREEING)
    )


def _told(event: Event) -> Select:
    """Who has a letter already of the step that the event takes back."""
    return (
        select(Notification.person_id)
        .join(Event, Event.id == Notification.event_id)
        .join(Digest, Digest.id == Notification.digest_id)
        .where(Event.decision_id == event.decision.undoes_id, Digest.sent_at.is_not(None))
    )


FINDERS: dict[Reason, Callable[[Event], Select]] = {
    Reason.INVITED: _named,
    Reason.ASSIGNED: _assigned,
    Reason.DELEGATE: _delegates,
    Reason.MEMBER: _members,
    Reason.PARTICIPANT: _participants,
    Reason.POSITIONED: _positioned,
    Reason.TOLD: _told,
    Reason.CHAIN: reminded.coordinating,
    Reason.MENTIONED: _mentioned,
    Reason.AUTHOR: _authors,
    Reason.IN_THREAD: _speakers,
    Reason.OWNER: _owner,
    Reason.FOLLOWER: _followers,
    Reason.REQUESTER: _requester,
} | {reason: _with(reason) for reason in ROLES}
