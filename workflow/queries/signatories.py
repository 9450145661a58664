"""What the list of signatories answers: who signs, how far is each, and what do they promise together?

Sums are sums of what the reader may read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from ..db import db
from ..models import Commitment, Contract, Manifest, Organisation, Person, Sector, Signatory
from ..models.person import organisation_sector
from ..rules import policy, signing
from ..rules.policy import Place
from ..rules.signing import Hold
from ..rules.vocabulary import Act, OrganisationKind, SignatoryStatus
from ..services import freezing
from . import signatory_filters, signatory_sight
from .board import Choice
from .navigation import ContractRef, contract_ref
from .outline import titled, today_of
from .signatory_filters import EARLIER, Asked
from .views import Pages, SectorRef

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A signatory in the list. Who signs and `due_on`, while its signature is awaited, are empty for whoever may not
    read it."""

    id: int
    name: str
    kind: OrganisationKind
    invented: bool
    sectors: list[SectorRef]
    status: SignatoryStatus
    hold: Hold | None
    manifest: int | None
    sha256: str | None
    signed_on: date | None
    representative: str
    office: str
    letter: bool
    due_on: date | None
    overdue: bool
    promises: int
    tonnes: float | None
    euros: float | None


@dataclass(frozen=True, slots=True)
class Sums:
    signatories: int = 0
    promises: int = 0
    tonnes: float = 0.0
    euros: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.signatories + other.signatories,
            self.promises + other.promises,
            self.tonnes + other.tonnes,
            self.euros + other.euros,
        )


@dataclass(frozen=True, slots=True)
class SignatoriesPage:
    """`in_force` is the number of the manifest that can be signed now; `keeps`: the reader keeps the list; `whole`: he
    reads also what may not be published. `statuses` are (value, label, how many, chosen)."""

    contract: ContractRef
    keeps: bool
    whole: bool
    in_force: int | None
    lines: list[Line]
    statuses: list[tuple[str, str, int, bool]]
    total: Sums
    sums: Sums
    filters: dict[str, list[Choice]]
    words: str
    args: dict[str, str]
    pages: Pages


def page(
    contract: Contract, person: Person, wanted: Mapping[str, str], *, page: int = 1
) -> SignatoriesPage:
    """A page of the list as this reader asked for it, in a number of queries that does not grow."""
    asked = signatory_filters.asked(contract, person, wanted)
    parts = _parts(contract, person, asked)
    total = sum((sums for key, sums in parts.items() if key != EARLIER), Sums())
    sums = parts.get(asked.status, Sums()) if asked.status else total
    rows = db.session.execute(
        rows_of(contract, person, asked).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    sectors = _sectors([row.organisation_id for row in rows], person.language)
    where = {"slug": contract.slug, **asked.args}
    in_force = _in_force(contract)
    return SignatoriesPage(
        contract=contract_ref(contract, person.language),
        keeps=policy.grants(person, Act.SIGN_OFF, Place(contract.id)),
        whole=signatory_sight.reads_all(person, contract.id),
        in_force=in_force.number if in_force else None,
        lines=[_line(row, in_force, person, sectors) for row in rows],
        statuses=[
            (value, text, parts.get(value, Sums()).signatories, value == asked.status)
            for value, text in asked.known["status"]
        ],
        total=total,
        sums=sums,
        filters={
            name: [Choice(value, text, asked.chosen.get(name) == value, None) for value, text in of]
            for name, of in asked.known.items()
        },
        words=asked.words,
        args=asked.args,
        pages=Pages(page, PER_PAGE, sums.signatories, "signatories.index", where),
    )


def rows_of(contract: Contract, person: Person, asked: Asked) -> Select:
    """The signatories that fit, in the order of their names, each with the sums of what it promises."""
    promised = signatory_sight.promised(person, contract.id)
    return (
        select(
            Signatory,
            Signatory.organisation_id,
            Organisation.name,
            Organisation.kind,
            Organisation.level,
            Organisation.legal_form,
            Organisation.invented,
            Manifest.number.label("manifest"),
            Manifest.sha256,
            promised.c.promises,
            promised.c.tonnes,
            promised.c.euros,
        )
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .outerjoin(Manifest, Manifest.id == Signatory.manifest_id)
        .outerjoin(promised, promised.c.signatory_id == Signatory.id)
        .where(Signatory.contract_id == contract.id, *asked.conditions, *asked.standing)
        .order_by(func.lower(Organisation.name), Signatory.id)
    )


def commitments_of(
    contract: Contract, person: Person, *conditions: ColumnElement[bool]
) -> dict[int, list[tuple[Commitment, Sector | None]]]:
    """By signatory what it promises and for which sector, as far as the person reads it."""
    found: dict[int, list[tuple[Commitment, Sector | None]]] = {}
    for commitment, sector in db.session.execute(
        select(Commitment, Sector)
        .join(Signatory, Signatory.id == Commitment.signatory_id)
        .outerjoin(Sector, Sector.id == Commitment.sector_id)
        .where(
            Signatory.contract_id == contract.id,
            signatory_sight.told(person, contract.id),
            *conditions,
        )
        .order_by(Commitment.id)
    ):
        found.setdefault(commitment.signatory_id, []).append((commitment, sector))
    return found


def _in_force(contract: Contract) -> Row | None:
    """Id and number of the manifest that can be signed."""
    return db.session.execute(
        select(Manifest.id, Manifest.number)
        .join(Contract, Contract.id == Manifest.contract_id)
        .where(Contract.id == contract.id, Manifest.id == freezing.IN_FORCE)
    ).one_or_none()


def _parts(contract: Contract, person: Person, asked: Asked) -> dict[str, Sums]:
    """The sums by status; whoever signed an earlier state is among the signed ones, and counted again apart."""
    promised = signatory_sight.promised(person, contract.id)
    earlier = case((signatory_filters.earlier(contract), 1), else_=0).label("earlier")
    found: dict[str, Sums] = {}
    for row in db.session.execute(
        select(
            Signatory.status,
            earlier,
            func.count(Signatory.id).label("signatories"),
            func.coalesce(func.sum(promised.c.promises), 0).label("promises"),
            func.coalesce(func.sum(promised.c.tonnes), 0.0).label("tonnes"),
            func.coalesce(func.sum(promised.c.euros), 0.0).label("euros"),
        )
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .outerjoin(promised, promised.c.signatory_id == Signatory.id)
        .where(Signatory.contract_id == contract.id, *asked.conditions)
        .group_by(Signatory.status, earlier)
    ):
        sums = Sums(row.signatories, int(row.promises), row.tonnes, row.euros)
        for key in (row.status.value, *([EARLIER] if row.earlier else [])):
            found[key] = found.get(key, Sums()) + sums
    return found


def _sectors(ids: list[int], language: str) -> dict[int, list[SectorRef]]:
    found: dict[int, list[SectorRef]] = {}
    for row in db.session.execute(
        select(organisation_sector.c.organisation_id, Sector.key, Sector.titles, Sector.colour)
        .join(Sector, Sector.id == organisation_sector.c.sector_id)
        .where(organisation_sector.c.organisation_id.in_(ids))
        .order_by(Sector.position)
    ):
        sector = SectorRef(row.key, titled(row.titles, language), row.colour)
        found.setdefault(row.organisation_id, []).append(sector)
    return found


def _line(
    row: Row, in_force: Row | None, person: Person, sectors: dict[int, list[SectorRef]]
) -> Line:
    one = row.Signatory
    hold = signing.held(one.status, one.manifest_id, in_force.id if in_force else None)
    reads = signatory_sight.reads(person, one)
    named = reads or one.may_publish
    awaited = one.status in signing.UNSIGNED or hold is Hold.EARLIER
    due_on = one.due_on if reads and awaited else None
    return Line(
        id=one.id,
        name=row.name,
        kind=row.kind,
        invented=row.invented,
        sectors=sectors.get(row.organisation_id, []),
        status=one.status,
        hold=hold,
        manifest=row.manifest,
        sha256=row.sha256,
        signed_on=one.signed_on,
        representative=one.representative if named else "",
        office=one.office if named else "",
        letter=named and one.letter_key is not None,
        due_on=due_on,
        overdue=due_on is not None and due_on < today_of(person),
        promises=row.promises or 0,
        tonnes=row.tonnes,
        euros=row.euros,
    )
