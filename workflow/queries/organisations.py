"""What the page of an organisation answers: who speaks for it, what do we say among ourselves, what is open until
when, what did we submit, and what came back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..db import db
from ..models import (
    Contract,
    Display,
    Membership,
    Organisation,
    Person,
    Section,
    Signatory,
    Thread,
)
from ..rules import policy
from ..rules.policy import GRANTS, Place, covers
from ..rules.vocabulary import (
    Act,
    Mandate,
    OrganisationKind,
    Role,
    SignatoryStatus,
    Stage,
)
from ..services import displays
from . import readings
from .navigation import ContractRef, contract_ref
from .outline import titled
from .said import Said, said_for
from .views import PersonRef, SectionRef, SectorRef, section_ref


@dataclass(frozen=True, slots=True)
class Speaker:
    membership_id: int
    person: PersonRef
    role: Role
    mandate: Mandate
    joined: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A section on which the organisation is asked; `position` is the one it submitted in the round that a remark
    made now belongs to, `among` what waits."""

    section: SectionRef
    closes_at: datetime | None
    days_left: int | None
    position: Said | None
    among: list[Said]
    open: bool


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    id: int
    name: str
    kind: OrganisationKind
    detail: str | None


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """`belongs`: the reader is a member. `submits`: he speaks for it. `delegate` is named where somebody is one."""

    contract: ContractRef
    organisation: OrganisationRef
    sectors: list[SectorRef]
    members: list[Speaker]
    delegate: str | None
    belongs: bool
    submits: bool
    names: bool
    describes: bool
    asked: list[Asked]
    submitted: list[Said]
    signatory_id: int | None
    signature: SignatoryStatus | None


@dataclass(frozen=True, slots=True)
class PositionPage:
    contract: ContractRef
    organisation: OrganisationRef
    section: SectionRef
    language: str
    among: list[Said]
    standing: Said | None
    passages: list[tuple[str, str]]


def page(contract: Contract, organisation: Organisation, person: Person) -> OrganisationPage:
    """Everything about an organisation that this reader may know."""
    members = _members(organisation)
    said = said_for(organisation, person)
    belongs = organisation.id in policy.organisations_of(person, contract.id)
    steering = policy.grants(person, Act.INVITE, Place(contract.id))
    signatory = _signatory(organisation)
    delegate = any(
        m.organisation_id == organisation.id and m.mandate is Mandate.DELEGATE
        for m in person.memberships
    )
    return OrganisationPage(
        contract=contract_ref(contract, person.language),
        organisation=ref(organisation),
        sectors=_sectors(organisation, person.language),
        members=[_speaker(row, organisation) for row in members],
        delegate=next((row.name for row in members if row.mandate is Mandate.DELEGATE), None),
        belongs=belongs,
        submits=policy.speaks_for(person, organisation.id),
        names=steering or delegate,
        describes=steering,
        asked=_asked(contract, members, said, person) if belongs or steering else [],
        submitted=[one for one in said if not one.among],
        signatory_id=signatory.id if signatory else None,
        signature=signatory.status if signatory else None,
    )


def position_page(
    contract: Contract,
    organisation: Organisation,
    section: Section,
    person: Person,
    standing: Thread | None,
) -> PositionPage:
    """What a position can be made of: what members said on the section, and the passages it can be about."""
    said = said_for(organisation, person, section)
    among = [one for one in said if one.among]
    return PositionPage(
        contract=contract_ref(contract, person.language),
        organisation=ref(organisation),
        section=section_ref(section, person.language),
        language=section.language,
        among=among,
        standing=next((one for one in said if standing and one.thread_id == standing.id), None),
        passages=[("", _("The section as a whole")), *_quoted(among), *_blocks(section, person)],
    )


def find(contract: Contract, organisation_id: int) -> Organisation | None:
    """An organisation of the contract with its sectors."""
    query = (
        select(Organisation)
        .where(Organisation.id == organisation_id, Organisation.contract_id == contract.id)
        .options(joinedload(Organisation.sectors))
    )
    return db.session.scalars(query).unique().one_or_none()


def ref(organisation: Organisation) -> OrganisationRef:
    return OrganisationRef(
        organisation.id, organisation.name, organisation.kind, organisation.detail
    )


def _members(organisation: Organisation) -> Sequence[Row]:
    return db.session.execute(
        select(
            Membership.id,
            Membership.contract_id,
            Membership.sector_id,
            Membership.section_id,
            Membership.organisation_id,
            Membership.role,
            Membership.mandate,
            Person.id.label("person_id"),
            Person.name,
            Person.title,
            Person.password_hash.is_not(None).label("joined"),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation.id)
        .order_by(Person.name, Membership.id)
    ).all()


def _speaker(row: Row, organisation: Organisation) -> Speaker:
    return Speaker(
        row.id,
        PersonRef(row.person_id, row.name, organisation.name, row.title),
        row.role,
        row.mandate,
        row.joined,
    )


def _signatory(organisation: Organisation) -> Signatory | None:
    return db.session.scalar(
        select(Signatory).where(Signatory.organisation_id == organisation.id).limit(1)
    )


def _sectors(organisation: Organisation, language: str) -> list[SectorRef]:
    return [
        SectorRef(one.key, titled(one.titles, language), one.colour) for one in organisation.sectors
    ]


def _asked(
    contract: Contract, members: Sequence[Row], said: list[Said], person: Person
) -> list[Asked]:
    """The sections that are open to the organisation now, and those on which its members have spoken."""
    last = (
        select(func.max(Display.id))
        .where(Display.section_id == Section.id)
        .correlate(Section)
        .scalar_subquery()
    )
    sections = db.session.execute(
        select(Section, Display)
        .outerjoin(Display, Display.id == last)
        .where(Section.contract_id == contract.id)
        .order_by(Section.closes_at.is_(None), Section.closes_at, Section.position)
        .options(selectinload(Section.sectors))
    ).all()
    now = clock.now()
    voices = [one for one in members if one.role in GRANTS[Act.COMMENT]]
    found = []
    for section, shown in sections:
        own = [one for one in said if one.section.id == section.id]
        among_members = [one for one in own if one.among]
        asked = section.stage is Stage.CONSULTATION and any(
            covers(one, section.place, Act.COMMENT) for one in voices
        )
        if asked or among_members:
            position = next((one for one in own if one.official and _counts(one, shown, now)), None)
            ends = section.closes_at if asked else None
            left = clock.days_until(ends, person.time_zone) if ends else None
            reference = section_ref(section, person.language)
            takes = Act.COMMENT in policy.acts_at(person, section.place)
            found.append(Asked(reference, ends, left, position, among_members, takes))
    return found


def _counts(position: Said, shown: Display | None, at: datetime) -> bool:
    """Whether the position is the one of the round that a remark made now belongs to: the rule of
    `organisations.position`."""
    if shown and shown.round_id and displays.is_open(shown, at):
        return position.round_id == shown.round_id
    late = shown is not None and not displays.is_open(shown, at)
    return position.round_id is None and position.late is late


def _quoted(among: list[Said]) -> list[tuple[str, str]]:
    return [
        (f"remark:{one.thread_id}", _("The passage of comment %(number)s", number=one.number))
        for one in among
        if one.quote
    ]


def _blocks(section: Section, person: Person) -> list[tuple[str, str]]:
    if section.current is None:
        return []
    plain = section.current.plain
    return [
        (f"block:{block.number}", _cut(plain[block.start : block.end]))
        for block in readings.blocks(section.current, section, person)
        if plain[block.start : block.end].strip()
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:89] + "…"
