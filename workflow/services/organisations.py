"""Organisations that take part in a contract, and the positions that their delegates submit."""

from collections.abc import Sequence

from sqlalchemy import and_, select, update

from .. import clock
from ..db import db
from ..models import Contract, Organisation, Person, Revision, Section, Thread
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind, OrganisationKind, RemarkKind, Visibility
from . import displays, threads
from .locking import locked

SAID_ALOUD = (Visibility.PUBLIC, Visibility.PARTICIPANTS)
"""Who may read the position of an organisation."""


def named(
    contract: Contract,
    name: str,
    *,
    by: Person,
    kind: OrganisationKind = OrganisationKind.OTHER,
) -> Organisation:
    """The organisation of that name, entered when the contract does not know it yet; case does not matter."""
    policy.require(by, Act.INVITE, Place(contract.id))
    name = " ".join(name.split())
    if not 1 <= len(name) <= 200:
        raise Invalid("organisation", "Please give a name of at most 200 characters.")
    entered = select(Organisation).where(Organisation.contract_id == contract.id)
    known = next(
        (one for one in db.session.scalars(entered) if one.name.casefold() == name.casefold()), None
    )
    if known:
        return known
    organisation = Organisation(contract_id=contract.id, name=name, kind=kind)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def describe(
    organisation: Organisation, *, by: Person, kind: OrganisationKind, detail: str = ""
) -> Organisation:
    """Say of which kind an organisation is, and in its own words what it does."""
    policy.require(by, Act.INVITE, Place(organisation.contract_id))
    detail = " ".join(detail.split())
    if len(detail) > 300:
        raise Invalid("detail", "This is too long. Please keep it under 300 characters.")
    organisation.kind, organisation.detail = kind, detail or None
    return organisation


def position(organisation: Organisation, section: Section) -> Thread | None:
    """The position of the organisation on the section in the round that a remark made now belongs to."""
    round_id, late = displays.for_remark(section, clock.now())
    without_round = and_(Thread.round_id.is_(None), Thread.late.is_(late))
    return db.session.scalar(
        select(Thread)
        .where(
            Thread.section_id == section.id,
            Thread.organisation_id == organisation.id,
            Thread.official,
            Thread.withdrawn_at.is_(None),
            Thread.round_id == round_id if round_id else without_round,
        )
        .order_by(Thread.id.desc())
        .limit(1)
    )


def submit(
    organisation: Organisation,
    section: Section,
    *,
    by: Person,
    revision: Revision,
    kind: RemarkKind,
    text: str,
    remarks: Sequence[Thread] = (),
    amends: Thread | None = None,
    start: int | None = None,
    end: int | None = None,
    visibility: Visibility = Visibility.PARTICIPANTS,
    language: str | None = None,
    token: str | None = None,
) -> Thread:
    """Say what the organisation thinks of the section; `remarks` are what its members said among themselves.

    There is one position for each organisation, section and round. Another one is refused unless it `amends` the one
    that stands: that is withdrawn, and the new one takes its place. A `token` seen before returns what it made.
    """
    section = locked(section)
    policy.require(by, Act.COMMENT, section.place)
    again = threads.made_by(token)
    if again:
        return again.thread
    if (
        not policy.speaks_for(by, organisation.id)
        or section.contract_id != organisation.contract_id
    ):
        raise Invalid("text", "Only the delegate of an organisation submits its position.")
    if visibility not in SAID_ALOUD:
        raise Invalid("visibility", "The position of an organisation is read by all who take part.")
    for remark in remarks:
        _may_be_taken_up(remark, organisation, section)
    standing = position(organisation, section)
    if amends and amends is not standing:
        raise Invalid("text", "The position that this one amends no longer stands.")
    if standing and standing is not amends:
        raise Invalid(
            "text",
            "Your organisation has submitted a position on this section already. Amend that one.",
        )
    thread = threads.put_down(
        section,
        by=by,
        revision=revision,
        kind=kind,
        text=text,
        start=start,
        end=end,
        organisation=organisation,
        visibility=visibility,
        language=language,
        token=token,
    )
    if thread.visibility not in SAID_ALOUD:
        raise Invalid("passage", "This passage is only for the city. Please choose another one.")
    thread.official = True
    if amends:
        _take_up_again(amends, thread)
        threads.take_back(amends, by=by)
    for remark in remarks:
        remark.consolidated = thread
    comment = thread.comments[0]
    threads.record(EventKind.REMARK_MADE, thread, by, comment=comment)
    threads.record(
        EventKind.POSITION_SUBMITTED, thread, by, comment=comment, organisation=organisation
    )
    return thread


def _may_be_taken_up(remark: Thread, organisation: Organisation, section: Section) -> None:
    among = remark.visibility is Visibility.ORGANISATION and remark.withdrawn_at is None
    if not among or (remark.section_id, remark.organisation_id) != (section.id, organisation.id):
        raise Invalid("remarks", "Please choose among what your members said on this section.")


def _take_up_again(before: Thread, after: Thread) -> None:
    """What went into the earlier position goes into the one that takes its place."""
    db.session.execute(
        update(Thread)
        .where(Thread.consolidated_id == before.id)
        .values(consolidated_id=after.id, lock=Thread.lock + 1)
        .execution_options(synchronize_session="fetch")
    )
