"""Who is asked in a round, who of them has said nothing, and who hears what happens to it."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from ..models import (
    Comment,
    Event,
    Membership,
    Round,
    Section,
    Thread,
    round_section,
    section_sector,
)
from ..models.person import organisation_sector
from ..rules import policy
from ..rules.vocabulary import EventKind, Reason, Role, RoundAudience
from . import wishes


def asked(round: Round) -> Select:
    """The ids of the people who are asked: whose role covers a section of the round, and by its audience more."""
    return _asked(round, _sections(round))


def organisations(round: Round) -> Select:
    """The ids of the organisations for which somebody is asked."""
    known = Membership.organisation_id.is_not(None)
    return asked(round).with_only_columns(Membership.organisation_id).where(known).distinct()


def silent(round: Round) -> Select:
    """Who of them has said nothing in the round; the city's own people are not waited for."""
    within = Thread.round_id == round.id, Thread.withdrawn_at.is_(None), Thread.addressed
    spoken = (
        select(Comment.author_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(*within, Comment.withdrawn_at.is_(None))
    )
    city = select(Membership.person_id).where(
        Membership.contract_id == round.contract_id, Membership.role.in_(policy.CITY)
    )
    found = asked(round)
    return found.where(Membership.person_id.not_in(spoken), Membership.person_id.not_in(city))


def _sections(round: Round) -> Select:
    return select(round_section.c.section_id).where(round_section.c.round_id == round.id)


def _asked(round: Round, sections: Select) -> Select:
    """Whom the audience of the round means, about these of its sections."""
    voices = select(Membership.person_id).where(
        Membership.contract_id == round.contract_id, Membership.role.in_(policy.VOICES)
    )
    return voices.where(AUDIENCES[round.audience](sections))


def _covered(sections: Select) -> ColumnElement[bool]:
    """`policy.covers` for any of the sections, as SQL."""
    sectors = select(section_sector.c.sector_id).where(section_sector.c.section_id.in_(sections))
    return or_(
        Membership.section_id.in_(sections),
        and_(
            Membership.section_id.is_(None),
            or_(Membership.sector_id.is_(None), Membership.sector_id.in_(sectors)),
        ),
    )


def _organised(sections: Select) -> ColumnElement[bool]:
    """Besides, every member of an organisation that belongs to a sector of the sections."""
    sectors = select(section_sector.c.sector_id).where(section_sector.c.section_id.in_(sections))
    organisations = select(organisation_sector.c.organisation_id).where(
        organisation_sector.c.sector_id.in_(sectors)
    )
    return or_(_covered(sections), Membership.organisation_id.in_(organisations))


AUDIENCES: dict[RoundAudience, Callable[[Select], ColumnElement[bool]]] = {
    RoundAudience.INVITED: _covered,
    RoundAudience.ORGANISATIONS: _organised,
    RoundAudience.PUBLIC: lambda sections: Membership.id.is_not(None),
}


def _concerned(event: Event) -> Select:
    """The sections that the event is about: its own, else all of its round."""
    if event.section_id:
        return select(Section.id).where(Section.id == event.section_id)
    return _sections(event.round)


def _with(*roles: Role) -> Callable[[Event], Select]:
    return lambda event: select(Membership.person_id).where(
        Membership.contract_id == event.contract_id,
        Membership.role.in_(roles),
        _covered(_concerned(event)),
    )


def _owners(event: Event) -> Select:
    return select(Section.owner_id).where(
        Section.id.in_(_concerned(event)), Section.owner_id.is_not(None)
    )


def _speakers(event: Event) -> Select:
    """Who spoke about the sections; when the round is over, who spoke in it."""
    said = Comment.withdrawn_at.is_(None), Comment.shown
    spoken = select(Comment.author_id).join(Thread, Thread.id == Comment.thread_id).where(*said)
    if event.section_id:
        return spoken.where(Thread.section_id == event.section_id)
    return spoken.where(Thread.round_id == event.round_id)


def _voices(event: Event) -> Select:
    return _asked(event.round, _concerned(event))


FINDERS: dict[Reason, Callable[[Event], Select]] = {
    Reason.OWNER: _owners,
    Reason.PEN: _with(Role.EDITOR),
    Reason.COORDINATOR: _with(Role.COORDINATOR),
    Reason.FOLLOWER: wishes.followers,
    Reason.IN_THREAD: _speakers,
    Reason.VOICE: _voices,
}

TOLD = frozenset(
    {
        EventKind.ROUND_OPENED,
        EventKind.ROUND_EXTENDED,
        EventKind.ROUND_CLOSED,
        EventKind.TEXT_CORRECTED,
    }
)


def people(event: Event, reason: Reason) -> Select | None:
    """Whom the reason means where something happened to a round; None where that is no matter of rounds.

    What never opened is nobody's news.
    """
    if event.kind not in TOLD or event.round_id is None:
        return None
    if event.round.opened_at is None:
        return select(Section.owner_id).where(false())
    return FINDERS[reason](event)
