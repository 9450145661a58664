"""What the pages of one signatory show: where it stands, what it promises, who signs, and what lacks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from ..db import db
from ..models import (
    Commitment,
    Contract,
    Manifest,
    Organisation,
    Person,
    Sector,
    Signatory,
    SignatoryEntry,
)
from ..rules import policy, signing
from ..rules.signing import Hold, Party
from ..rules.vocabulary import SignatoryStatus, Tier
from ..services import freezing, wholes
from ..services import signatories as verbs
from . import organisations, redline, signatories, signatory_sight
from .navigation import ContractRef, contract_ref
from .organisations import OrganisationRef
from .outline import titled, today_of
from .redline import Change
from .views import PersonRef, SectorRef, person_ref, sector_ref


@dataclass(frozen=True, slots=True)
class Promise:
    id: int
    text: str
    tier: Tier
    tonnes: float | None
    euros: float | None
    by_year: int | None
    sector: SectorRef | None
    may_publish: bool


@dataclass(frozen=True, slots=True)
class ManifestRef:
    id: int
    number: int
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the record; `content` is what was signed besides the manifest."""

    at: datetime
    by: PersonRef
    city: bool
    from_status: SignatoryStatus | None
    to_status: SignatoryStatus
    reason: str
    manifest: ManifestRef | None
    letter_key: str | None
    new_letter: bool
    content: dict | None


@dataclass(frozen=True, slots=True)
class SignatoryPage:
    """`reads`: the reader reads all of it; `speaks` and `keeps` say for whom he takes steps. `seen` is the last step,
    `lock` the version of the row. `reworked`: the contract is not frozen now. `steps` are (status, whether a reason is
    asked for), without signing."""

    contract: ContractRef
    id: int
    organisation: OrganisationRef
    invented: bool
    sectors: list[SectorRef]
    status: SignatoryStatus
    hold: Hold | None
    signed: ManifestRef | None
    signed_on: date | None
    in_force: ManifestRef | None
    reworked: bool
    representative: str
    office: str
    may_publish: bool
    letter: Letter | None
    due_on: date | None
    overdue: bool
    promises: list[Promise]
    tonnes: float
    euros: float
    record: list[Step]
    changes: list[Change]
    reads: bool
    speaks: bool
    keeps: bool
    open: bool
    steps: list[tuple[SignatoryStatus, bool]]
    may_sign: bool
    seen: int | None
    lock: int

    @property
    def acts(self) -> bool:
        return self.speaks or self.keeps

    @property
    def lacks(self) -> list[str]:
        """What has to be there before it can be signed, in the order of the wizard."""
        by_letter = self.keeps and not self.speaks
        found = {
            "promises": not self.promises,
            "who": not self.representative,
            "letter": by_letter and self.letter is None,
            "manifest": self.in_force is None,
        }
        return [name for name, lacking in found.items() if lacking]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A signature that is waited for, and what the organisation can do about it now: prepare, sign or renew."""

    id: int
    name: str
    what: str
    due_on: date | None


def awaited(contract: Contract, person: Person) -> list[Awaited]:
    """The signatures that are awaited of the organisations that the person speaks for; whoever speaks for none costs
    no question."""
    return awaited_in([contract], person)[contract.id]


def awaited_in(contracts: Collection[Contract], person: Person) -> dict[int, list[Awaited]]:
    """The same in several contracts, in one query."""
    spoken = spoken_for(person, {contract.id for contract in contracts})
    return of_person(awaited_of(contracts, spoken), contracts, person)


def spoken_for(person: Person, contract_ids: Collection[int]) -> set[int]:
    """The organisations of these contracts that the person speaks for."""
    return {
        one
        for key in contract_ids
        for one in policy.organisations_of(person, key)
        if policy.speaks_for(person, one)
    }


def of_person(
    awaited: Collection[tuple[int, int, Awaited]], contracts: Collection[Contract], person: Person
) -> dict[int, list[Awaited]]:
    """By contract what of all this is awaited of organisations that the person speaks for."""
    found: dict[int, list[Awaited]] = {contract.id: [] for contract in contracts}
    spoken = spoken_for(person, found)
    for contract_id, organisation_id, one in awaited:
        if organisation_id in spoken:
            found[contract_id].append(one)
    return found


def awaited_of(
    contracts: Collection[Contract], organisations: Collection[int]
) -> list[tuple[int, int, Awaited]]:
    """The signatures that are awaited of these organisations, each after the ids of its contract and organisation, in
    one query, and in none when there are no organisations."""
    if not organisations:
        return []
    found = []
    rows = db.session.execute(
        select(Signatory, Organisation.name, freezing.IN_FORCE)
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .join(Contract, Contract.id == Signatory.contract_id)
        .where(
            Signatory.contract_id.in_([contract.id for contract in contracts]),
            Signatory.organisation_id.in_(organisations),
        )
        .order_by(Organisation.name)
    )
    for one, name, in_force in rows:
        hold = signing.held(one.status, one.manifest_id, in_force)
        if one.status in signing.UNSIGNED:
            what = "sign" if in_force else "prepare"
        elif hold is Hold.EARLIER:
            what = "renew"
        else:
            continue
        awaited = Awaited(one.id, name, what, one.due_on)
        found.append((one.contract_id, one.organisation_id, awaited))
    return found


def find(contract: Contract, signatory_id: int) -> Signatory | None:
    """A signatory of the contract, with its organisation and its manifest."""
    return db.session.scalars(
        select(Signatory)
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .where(Signatory.id == signatory_id, Signatory.contract_id == contract.id)
        .options(
            contains_eager(Signatory.organisation).selectinload(Organisation.sectors),
            joinedload(Signatory.manifest),
        )
    ).one_or_none()


def page(contract: Contract, signatory: Signatory, person: Person) -> SignatoryPage:
    """Everything about a signatory that this reader may know."""
    reads = signatory_sight.reads(person, signatory)
    parties = verbs.parties(person, signatory)
    promises = promises_of(contract, signatory, person)
    in_force = freezing.in_force(contract)
    hold = signing.held(signatory.status, signatory.manifest_id, in_force.id if in_force else None)
    named = reads or signatory.may_publish
    steps = signing.steps(signatory.status, parties)
    entries = _entries(signatory)
    awaited = signatory.status in signing.UNSIGNED or hold is Hold.EARLIER
    return SignatoryPage(
        contract=contract_ref(contract, person.language),
        id=signatory.id,
        organisation=organisations.ref(signatory.organisation),
        invented=signatory.organisation.invented,
        sectors=[sector_ref(one, person.language) for one in signatory.organisation.sectors],
        status=signatory.status,
        hold=hold,
        signed=_manifest(signatory.manifest),
        signed_on=signatory.signed_on,
        in_force=_manifest(in_force),
        reworked=contract.frozen_id is None,
        representative=signatory.representative if named else "",
        office=signatory.office if named else "",
        may_publish=signatory.may_publish,
        letter=_letter(signatory) if named else None,
        due_on=signatory.due_on if awaited and reads else None,
        overdue=bool(awaited and signatory.due_on and signatory.due_on < today_of(person)),
        promises=promises,
        tonnes=sum(one.tonnes or 0 for one in promises),
        euros=sum(one.euros or 0 for one in promises),
        record=_record(entries, signatory) if reads else [],
        changes=changes(signatory.manifest, in_force) if hold is Hold.EARLIER else [],
        reads=reads,
        speaks=Party.ORGANISATION in parties,
        keeps=Party.CITY in parties,
        open=signatory.status in signing.UNSIGNED,
        steps=[
            (one, (signatory.status, one) in signing.NEEDS_REASON)
            for one in steps
            if one is not SignatoryStatus.SIGNED
        ],
        may_sign=SignatoryStatus.SIGNED in steps
        and in_force is not None
        and hold is not Hold.CURRENT,
        seen=entries[-1].id if entries else None,
        lock=signatory.lock,
    )


def promises_of(contract: Contract, signatory: Signatory, person: Person) -> list[Promise]:
    """What the signatory promises, as far as the person reads it."""
    found = signatories.commitments_of(contract, person, Signatory.id == signatory.id)
    return [
        promise(commitment, sector, person.language)
        for commitment, sector in found.get(signatory.id, [])
    ]


def changes(old: Manifest, new: Manifest) -> list[Change]:
    """The sections whose texts differ between two manifests."""
    lists = (list(wholes.sections_of(one.content)) for one in (old, new))
    return redline.compared(*lists)[0]


def sectors(contract: Contract, person: Person) -> list[tuple[str, str]]:
    """The sectors that a commitment may be for: ids with labels."""
    rows = db.session.execute(
        select(Sector.id, Sector.titles)
        .where(Sector.contract_id == contract.id)
        .order_by(Sector.position)
    )
    return [(str(key), titled(titles, person.language)) for key, titles in rows]


def promise(one: Commitment, sector: Sector | None, language: str) -> Promise:
    return Promise(
        one.id,
        one.text,
        one.tier,
        one.tonnes_per_year,
        one.investment_eur,
        one.by_year,
        SectorRef(sector.key, titled(sector.titles, language), sector.colour) if sector else None,
        one.may_publish,
    )


def _manifest(manifest: Manifest | None) -> ManifestRef | None:
    if manifest is None:
        return None
    return ManifestRef(manifest.id, manifest.number, manifest.sha256, manifest.at)


def _letter(signatory: Signatory) -> Letter | None:
    if signatory.letter_key is None:
        return None
    return Letter(signatory.letter_key, signatory.letter_name or "")


def _entries(signatory: Signatory) -> list[SignatoryEntry]:
    return list(
        db.session.scalars(
            select(SignatoryEntry)
            .where(SignatoryEntry.signatory_id == signatory.id)
            .order_by(SignatoryEntry.id)
            .options(joinedload(SignatoryEntry.by), joinedload(SignatoryEntry.manifest))
        ).unique()
    )


def _record(entries: list[SignatoryEntry], signatory: Signatory) -> list[Step]:
    """The lines, the newest first; each says whether it brought a letter that the one before had not."""
    found, known = [], None
    for one in entries:
        belongs = signatory.organisation_id in {m.organisation_id for m in one.by.memberships}
        found.append(
            Step(
                at=one.at,
                by=person_ref(one.by),
                city=not belongs,
                from_status=one.from_status,
                to_status=one.to_status,
                reason=one.reason,
                manifest=_manifest(one.manifest),
                letter_key=one.letter_key,
                new_letter=one.letter_key is not None and one.letter_key != known,
                content=one.content,
            )
        )
        known = one.letter_key
    return found[::-1]
