"""What the people page answers: who takes part, for which organisation, invited, signed in?"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, ScalarSelect, case, func, literal, select, union_all

from ..db import db
from ..labels import label
from ..models import (
    Contract,
    Membership,
    Organisation,
    Person,
    Section,
    Sector,
    Thread,
)
from ..models.person import organisation_sector
from ..rules import policy
from ..rules.policy import GRANTS, Place
from ..rules.vocabulary import Act, Mandate, Role
from .navigation import ContractRef, contract_ref
from .outline import titled
from .permits import Permit, permits, why_not
from .views import Pages, PersonRef, SectorRef
from .visibility import readable

PER_PAGE = 200
CITY, ORGANISATIONS, INDIVIDUALS = range(3)
"""The order of the groups: the city's own people, organisations, people who speak for themselves."""


@dataclass(frozen=True, slots=True)
class Member:
    """One role of a person; `remarks` are those made in their own name."""

    membership_id: int
    person: PersonRef
    email: str | None
    mail_suspended_at: datetime | None
    role: Role
    scope: str
    invited_at: datetime
    joined_at: datetime | None
    last_seen: datetime | None
    remarks: int
    mandate: Mandate
    acts: dict[str, Permit]


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation with its people. The city itself has no id, those who speak for themselves have 0."""

    id: int | None
    name: str
    kind: str
    sectors: list[SectorRef]
    members: list[Member]
    remarks: int

    @property
    def lacks_delegate(self) -> bool:
        """Whether members take part, and none of those listed here is the delegate."""
        speaks = {member.mandate for member in self.members}
        return bool(self.id and self.members) and Mandate.DELEGATE not in speaks


@dataclass(frozen=True, slots=True)
class Totals:
    people: int
    organisations: int
    pending: int


@dataclass(frozen=True, slots=True)
class InviteOptions:
    """What the invitation form offers: values with their labels."""

    roles: list[Role]
    organisations: list[tuple[str, str]]
    scopes: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    contract: ContractRef
    acts: dict[str, Permit]
    organisations: list[Org]
    totals: Totals
    pages: Pages
    options: InviteOptions | None


def index(contract: Contract, person: Person, *, page: int = 1) -> PeoplePage:
    """Everybody who takes part, by organisation, in a number of queries that does not grow."""
    acts = permits(person, Place(contract.id))
    totals, memberships = _totals(contract)
    members: dict[tuple[int, int | None], list[Member]] = {}
    for row in _members(contract, person, page):
        member = _member(row, contract, person, acts[Act.INVITE])
        members.setdefault((row.group, row.organisation_id), []).append(member)
    organisations = _organisations(contract, person)
    return PeoplePage(
        contract=contract_ref(contract, person.language),
        acts=acts,
        organisations=_grouped(organisations, members, contract, person.language, first=page == 1),
        totals=totals,
        pages=Pages(page, PER_PAGE, memberships, "people.index", {"slug": contract.slug}),
        options=_options(contract, person, organisations) if acts[Act.INVITE].allowed else None,
    )


def _group() -> ColumnElement[int]:
    return case(
        (Membership.organisation_id.is_not(None), ORGANISATIONS),
        (Membership.role.in_(GRANTS[Act.READ_INTERNAL]), CITY),
        else_=INDIVIDUALS,
    )


def _members(contract: Contract, person: Person, page: int) -> list[Row]:
    group = _group()
    spoken = _remarks(
        person,
        Thread.author_id == Membership.person_id,
        Thread.organisation_id.is_(None),
        Section.contract_id == contract.id,
    )
    return db.session.execute(
        select(
            Membership.id,
            Membership.role,
            Membership.mandate,
            Membership.created_at,
            Membership.organisation_id,
            group.label("group"),
            Person.id.label("person_id"),
            Person.name,
            Person.title,
            Person.email,
            Person.mail_suspended_at,
            Person.password_hash.is_not(None).label("joined"),
            Person.signed_in_at,
            Organisation.name.label("organisation"),
            Sector.titles.label("sector_titles"),
            Section.code,
            spoken.label("remarks"),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Sector, Sector.id == Membership.sector_id)
        .outerjoin(Section, Section.id == Membership.section_id)
        .where(Membership.contract_id == contract.id)
        .order_by(group, Organisation.name, Person.name, Membership.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()


def _member(row: Row, contract: Contract, person: Person, may_invite: Permit) -> Member:
    language, steering = person.language, may_invite.allowed
    scope = _("Whole contract")
    if row.code:
        scope = row.code
    elif row.sector_titles:
        scope = titled(row.sector_titles, language)
    return Member(
        membership_id=row.id,
        person=PersonRef(row.person_id, row.name, row.organisation, row.title),
        email=row.email if steering or row.person_id == person.id else None,
        mail_suspended_at=row.mail_suspended_at if steering else None,
        role=row.role,
        scope=scope,
        invited_at=row.created_at,
        joined_at=(row.signed_in_at or row.created_at) if row.joined else None,
        last_seen=row.signed_in_at if steering else None,
        remarks=row.remarks,
        mandate=row.mandate,
        acts={
            "resend": may_invite if not row.joined else Permit(Act.INVITE, False, who=True),
            "remove": _may_remove(row, contract, person, may_invite),
        },
    )


def _may_remove(row: Row, contract: Contract, person: Person, may_invite: Permit) -> Permit:
    if not may_invite.allowed:
        return may_invite
    if row.person_id == person.id:
        return Permit(Act.INVITE, False, _("You cannot remove yourself."), who=True)
    if row.role is Role.ADMIN and not _is_admin(person, contract):
        return Permit(Act.INVITE, False, why_not(Act.INVITE), who=True)
    return may_invite


def _remarks(person: Person, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many remarks that this reader may read fit the conditions, for each row of the query around it."""
    return (
        select(func.count())
        .select_from(Thread)
        .join(Section, Section.id == Thread.section_id)
        .where(*conditions, Thread.withdrawn_at.is_(None), readable(person))
        .correlate(Organisation, Membership)
        .scalar_subquery()
    )


def _organisations(contract: Contract, person: Person) -> list[Row]:
    """All organisations, one row for each of their sectors, with the remarks that this reader may read."""
    remarks = _remarks(person, Thread.organisation_id == Organisation.id)
    spoken_for = select(Membership.id).where(Membership.organisation_id == Organisation.id).exists()
    return db.session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            remarks.label("remarks"),
            spoken_for.label("spoken_for"),
            Sector.key,
            Sector.titles,
            Sector.colour,
        )
        .outerjoin(organisation_sector, organisation_sector.c.organisation_id == Organisation.id)
        .outerjoin(Sector, Sector.id == organisation_sector.c.sector_id)
        .where(Organisation.contract_id == contract.id)
        .order_by(Organisation.name, Organisation.id, Sector.position)
    ).all()


def _grouped(
    rows: list[Row],
    members: dict[tuple[int, int | None], list[Member]],
    contract: Contract,
    language: str,
    *,
    first: bool,
) -> list[Org]:
    """The groups of one page; on the first also organisations that nobody speaks for yet."""
    found: dict[int, Org] = {}
    for row in rows:
        speakers = members.get((ORGANISATIONS, row.id), [])
        if row.id not in found and (speakers or (first and not row.spoken_for)):
            found[row.id] = Org(row.id, row.name, label(row.kind), [], speakers, row.remarks)
        if row.id in found and row.key:
            sector = SectorRef(row.key, titled(row.titles, language), row.colour)
            found[row.id].sectors.append(sector)
    groups = list(found.values())
    if city := members.get((CITY, None)):
        groups.insert(0, Org(None, contract.city, _("city"), [], city, _said(city)))
    if individuals := members.get((INDIVIDUALS, None)):
        groups.append(Org(0, _("In their own name"), "", [], individuals, _said(individuals)))
    return groups


def _said(members: list[Member]) -> int:
    """The remarks of a group in which one person may have several roles."""
    return sum({member.person.id: member.remarks for member in members}.values())


def _totals(contract: Contract) -> tuple[Totals, int]:
    """How many people and organisations take part, and how many memberships there are to page through."""
    waiting = case((Person.password_hash.is_(None), Person.id))
    row = db.session.execute(
        select(
            func.count(func.distinct(Membership.person_id)),
            func.count(func.distinct(Membership.organisation_id)),
            func.count(func.distinct(waiting)),
            func.count(Membership.id),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.contract_id == contract.id)
    ).one()
    return Totals(*row[:3]), row[3]


def _options(contract: Contract, person: Person, organisations: list[Row]) -> InviteOptions:
    """The roles, organisations and places that this person may invite into."""
    sectors = select(
        literal("sector").label("what"), Sector.id, literal("").label("code"), Sector.titles
    ).where(Sector.contract_id == contract.id)
    sections = select(literal("section"), Section.id, Section.code, Section.titles).where(
        Section.contract_id == contract.id
    )
    places = db.session.execute(union_all(sectors, sections)).all()
    admin = _is_admin(person, contract)
    return InviteOptions(
        roles=[role for role in Role if admin or role is not Role.ADMIN],
        organisations=list({str(row.id): row.name for row in organisations}.items()),
        scopes=[
            ("contract", _("Whole contract")),
            *(
                (f"{what}:{key}", f"{code} {titled(titles, person.language)}".strip())
                for what, key, code, titles in sorted(places, key=_sectors_first)
            ),
        ],
    )


def _sectors_first(place: Row) -> tuple[bool, str, int]:
    return place.what != "sector", place.code, place.id


def _is_admin(person: Person, contract: Contract) -> bool:
    return Role.ADMIN in policy.roles_at(person, Place(contract.id))
