"""Who is asked about which sections, and who was heard on them, as plain rows: in four queries, however many they are.

Who is asked and who is heard is the rule in `hearing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from ..db import db
from ..models import Contract, Membership, Organisation, Person, Section, Sector, section_sector
from ..models.person import organisation_sector
from ..rules.policy import Place
from ..rules.vocabulary import OrganisationKind, Stage
from . import hearing
from .outline import titled


@dataclass(slots=True)
class Asked:
    """An organisation while the page is put together."""

    id: int
    name: str
    kind: OrganisationKind
    sectors: set[str] = field(default_factory=set)
    members: list = field(default_factory=list)
    sections: list = field(default_factory=list)
    heard: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Spot:
    """A section that organisations are asked about."""

    id: int
    code: str
    title: str
    stage: Stage
    closes_at: datetime | None
    sectors: dict[int, tuple[str, str]]
    contract_id: int

    @property
    def place(self) -> Place:
        return Place(self.contract_id, self.id, frozenset(self.sectors), self.stage)


def silent_until(organisation: Organisation) -> datetime | None:
    """When the next of the open sections closes on which the organisation is asked and silent; None: on none."""
    contract = db.session.get_one(Contract, organisation.contract_id)
    open_ones = [one for one in sections_of(contract, "en") if one.stage is Stage.CONSULTATION]
    organisations = organisations_of(contract)
    ask(organisations.values(), open_ones)
    hear(contract, organisations, open_now=True)
    asked = organisations[organisation.id]
    ends = [one.closes_at for one in asked.sections if one.id not in asked.heard and one.closes_at]
    return min(ends, default=None)


def sections_of(contract: Contract, language: str) -> list[Spot]:
    """All sections in the order of the contract, with their sectors."""
    rows = db.session.execute(
        select(
            Section.id,
            Section.code,
            Section.titles,
            Section.stage,
            Section.closes_at,
            Sector.id.label("sector_id"),
            Sector.key,
            Sector.titles.label("sector_titles"),
        )
        .outerjoin(section_sector, section_sector.c.section_id == Section.id)
        .outerjoin(Sector, Sector.id == section_sector.c.sector_id)
        .where(Section.contract_id == contract.id)
        .order_by(Section.position, Section.id, Sector.position)
    )
    found: dict[int, Spot] = {}
    for row in rows:
        title = titled(row.titles, language)
        one = found.setdefault(
            row.id,
            Spot(
                row.id,
                row.code,
                title,
                row.stage,
                row.closes_at,
                {},
                contract.id,
            ),
        )
        if row.sector_id is not None:
            one.sectors[row.sector_id] = (row.key, titled(row.sector_titles, language))
    return list(found.values())


def organisations_of(contract: Contract) -> dict[int, Asked]:
    """All organisations, with their sectors and with the members who may comment."""
    found: dict[int, Asked] = {}
    for row in db.session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind, Sector.key)
        .outerjoin(organisation_sector, organisation_sector.c.organisation_id == Organisation.id)
        .outerjoin(Sector, Sector.id == organisation_sector.c.sector_id)
        .where(Organisation.contract_id == contract.id)
        .order_by(Organisation.name, Organisation.id)
    ):
        one = found.setdefault(row.id, Asked(row.id, row.name, row.kind))
        if row.key:
            one.sectors.add(row.key)
    for row in db.session.execute(
        select(
            Membership.contract_id,
            Membership.organisation_id,
            Membership.sector_id,
            Membership.section_id,
            Membership.mandate,
            Person.name,
            Person.signed_in_at,
            (Person.active & Person.password_hash.is_not(None)).label("reached"),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.contract_id == contract.id,
            Membership.organisation_id.is_not(None),
            Membership.role.in_(hearing.VOICES),
        )
        .order_by(Person.name)
    ):
        found[row.organisation_id].members.append(row)
    return found


def ask(organisations: Iterable[Asked], sections: list[Spot]) -> None:
    """Whom each section asks: organisations with a member whose membership covers it."""
    places = [(section, section.place) for section in sections]
    for one in organisations:
        one.sections = [section for section, place in places if hearing.asks(place, one.members)]


def hear(contract: Contract, organisations: dict[int, Asked], *, open_now: bool) -> None:
    """On which sections each was heard, in the round that is open now or ever."""
    for section_id, organisation_id in hearing.heard(contract.id, open_now=open_now):
        organisations[organisation_id].heard.add(section_id)
