"""Following and muting a place; what waits to be mailed keeps to a new wish at once."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import contains_eager, selectinload

from .. import clock
from ..db import db
from ..models import (
    Contract,
    Event,
    Membership,
    Notification,
    Person,
    Round,
    Section,
    Sector,
    Subscription,
    Thread,
)
from ..rules import policy
from ..rules import wishes as rules
from ..rules.audience import UNSTOPPABLE
from ..rules.policy import Place
from ..rules.refusals import Denied
from ..rules.vocabulary import Act, Rhythm, Wish, WishScope
from . import notices, upserts, wishes

SCOPES: dict[type, WishScope] = {
    Contract: WishScope.CONTRACT,
    Sector: WishScope.SECTOR,
    Section: WishScope.SECTION,
    Thread: WishScope.THREAD,
}


def keep(place: Contract | Sector | Section | Thread, *, by: Person, wish: Wish | None) -> None:
    """Keep what the person wishes to hear of the place; without a wish it is as usual there."""
    _must_read(place, by)
    key = {"person_id": by.id, f"{SCOPES[type(place)]}_id": place.id}
    if wish is None:
        db.session.execute(delete(Subscription).filter_by(**key))
    else:
        fresh = {"wish": wish, "created_at": clock.now()}
        upserts.put(Subscription, key, fresh, change={"wish": wish})
    repace(by)


def join(membership: Membership) -> None:
    """Whoever joins hears of the places that his role is about as `JOINING` says, if he has not spoken of them."""
    wishes_of_role = rules.JOINING.get(membership.role, {})
    for scope, place_id in _about(membership):
        if scope in wishes_of_role:
            key = {"person_id": membership.person_id, f"{scope}_id": place_id}
            fresh = {"wish": wishes_of_role[scope], "created_at": clock.now()}
            upserts.keep(Subscription, key, fresh)


def _about(membership: Membership) -> list[tuple[WishScope, int]]:
    """The section or sectors of the membership, those of its organisation among them; else the contract."""
    if membership.section_id is not None:
        return [(WishScope.SECTION, membership.section_id)]
    sectors = {membership.sector_id} - {None}
    if not sectors and membership.organisation:
        sectors = {sector.id for sector in membership.organisation.sectors}
    if sectors:
        return [(WishScope.SECTOR, sector_id) for sector_id in sorted(sectors)]
    return [(WishScope.CONTRACT, membership.contract_id)]


def _must_read(place: Contract | Sector | Section | Thread, person: Person) -> None:
    match place:
        case Contract():
            policy.require(person, Act.READ, Place(place.id))
        case Sector():
            policy.require(person, Act.READ, Place(place.contract_id))
        case Section():
            policy.require(person, Act.READ, place.place)
        case Thread():
            policy.require(person, Act.READ, place.section.place)
            readable = policy.may_read(
                person,
                place.section.place,
                author_id=place.author_id,
                visibility=place.visibility,
                organisation_id=place.organisation_id,
            )
            if not readable:
                raise Denied(Act.READ, policy.GRANTS[Act.READ])


def repace(person: Person) -> None:
    """Let what waits to be mailed to the person be due by the wishes as they are now; what was never to be mailed
    stays in the inbox."""
    now, kept = clock.now(), wishes.of([person.id])[person.id]
    told: dict[tuple[Rhythm, datetime | None], list[int]] = defaultdict(list)
    for one in _waiting(person):
        own = rules.rhythm(kept.about(one.event), person.rhythm)
        rhythm = rules.pace(one.event.kind, one.reason, own)
        since = max(one.event.at, now - notices.burst()) if rhythm is Rhythm.IMMEDIATE else now
        due_at = notices.due_at(since, replace(person.preference, rhythm=rhythm))
        told[rhythm, due_at].append(one.id)
    for (rhythm, due_at), ids in told.items():
        db.session.execute(
            update(Notification)
            .where(Notification.id.in_(ids))
            .values(rhythm=rhythm, due_at=due_at)
        )


def _waiting(person: Person) -> list[Notification]:
    return db.session.scalars(
        select(Notification)
        .join(Notification.event)
        .where(
            Notification.person_id == person.id,
            Notification.digest_id.is_(None),
            Notification.read_at.is_(None),
            Notification.due_at.is_not(None),
            Event.kind.not_in(UNSTOPPABLE),
        )
        .options(
            contains_eager(Notification.event).options(
                selectinload(Event.section), selectinload(Event.round).selectinload(Round.sections)
            )
        )
    ).all()
