"""Who may know of an event, as SQL about `Person`: `listeners.may_know` once more, for thousands at once.

A test holds the two against each other, over every kind of event and every kind of person.
"""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from ..models import Event, Membership, Person
from ..rules import policy
from ..rules.audience import INTERNAL, MODERATED, OF_ONES_WORDS
from ..rules.policy import Place
from ..rules.vocabulary import Act, Visibility


def reaching(place: Place) -> ColumnElement[bool]:
    """`policy.covers`, for what no membership grants by itself in the whole contract."""
    here = Membership.sector_id.is_(None)
    if place.sector_ids:
        here = or_(here, Membership.sector_id.in_(place.sector_ids))
    reach = and_(Membership.section_id.is_(None), here)
    if place.section_id is not None:
        reach = or_(reach, Membership.section_id == place.section_id)
    return and_(Membership.contract_id == place.contract_id, reach)


def granted(act: Act, place: Place) -> ColumnElement[bool]:
    """`policy.grants`, for the person of the row."""
    wide = act in policy.CONTRACT_WIDE
    reach = Membership.contract_id == place.contract_id if wide else reaching(place)
    return exists().where(
        Membership.person_id == Person.id, Membership.role.in_(policy.GRANTS[act]), reach
    )


def may_know(event: Event, place: Place | None) -> ColumnElement[bool]:
    """`listeners.may_know`, for the person of the row."""
    if place is None:
        return false()
    own = _own(event)
    outside = own if on_display(event) else and_(own, Person.guest)
    return and_(or_(granted(Act.READ, place), outside), _open(event, place, own))


def on_display(event: Event) -> bool:
    """Whether everybody may read what was said, on the public page of the section."""
    thread, comment = event.thread, event.comment
    return bool(thread and thread.on_display and (comment is None or comment.shown))


def _own(event: Event) -> ColumnElement[bool]:
    ids = {event.thread.author_id} if event.thread else set()
    if event.kind in OF_ONES_WORDS:
        ids.add(event.person_id)
    return Person.id.in_(ids - {None})


def _open(event: Event, place: Place, own: ColumnElement[bool]) -> ColumnElement[bool]:
    thread = event.thread
    if event.kind in INTERNAL or event.question_id:
        return granted(Act.READ_INTERNAL, place)
    if thread is None:
        return true()
    if event.kind in MODERATED:
        inside = thread.visibility is Visibility.ORGANISATION
        return false() if inside else granted(Act.MODERATE, place)
    if not (thread.shown and (event.comment is None or event.comment.shown)):
        return own
    return or_(own, _readable(event, place))


def _readable(event: Event, place: Place) -> ColumnElement[bool]:
    """`policy.may_read`, of a remark that somebody else made, for whoever may read in the contract."""
    match event.thread.visibility:
        case Visibility.PUBLIC | Visibility.PARTICIPANTS:
            return true()
        case Visibility.CITY:
            return granted(Act.READ_INTERNAL, place)
        case Visibility.ORGANISATION:
            return exists().where(
                Membership.person_id == Person.id,
                Membership.contract_id == place.contract_id,
                Membership.organisation_id == event.thread.organisation_id,
            )
