"""The manifests of a contract: each with what became of it, and who relies on it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..models import Contract, Manifest, ManifestEntry, Person, SignatoryEntry
from ..rules.vocabulary import ManifestKind, ManifestStep, ReviewBody, SignatoryStatus, Whole
from ..services import wholes


@dataclass(frozen=True, slots=True)
class EntryView:
    """What became of a manifest, once."""

    step: ManifestStep
    at: datetime
    by: str
    reason: str
    body: ReviewBody | None
    on: date | None


@dataclass(frozen=True, slots=True)
class ManifestView:
    """A manifest; `signed` is how often it was signed, `frozen` whether the contract stands still under it."""

    number: int
    kind: ManifestKind
    iteration: int
    content: dict
    sha256: str
    at: datetime
    by: str
    note: str
    supersedes: int | None
    frozen: bool
    signed: int
    entries: list[EntryView]

    @property
    def answers(self) -> int:
        """How many answers to reviewers went out with it."""
        return len(self.content.get(wholes.ADDENDUM, {}).get("answers", ()))

    @property
    def relied_on(self) -> bool:
        handed_in = any(entry.step is ManifestStep.SUBMITTED for entry in self.entries)
        return bool(self.signed or self.answers) or handed_in


def find(contract: Contract, number: int) -> Manifest | None:
    return db.session.scalar(
        select(Manifest).where(Manifest.contract_id == contract.id, Manifest.number == number)
    )


def history(contract: Contract) -> list[ManifestView]:
    """Every manifest, newest first, in one query."""
    signed = (
        select(func.count())
        .select_from(SignatoryEntry)
        .where(
            SignatoryEntry.manifest_id == Manifest.id,
            SignatoryEntry.to_status == SignatoryStatus.SIGNED,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Manifest, signed)
        .where(Manifest.contract_id == contract.id)
        .order_by(Manifest.number.desc())
        .options(
            joinedload(Manifest.by).lazyload(Person.memberships),
            joinedload(Manifest.supersedes).load_only(Manifest.number),
            joinedload(Manifest.entries).joinedload(ManifestEntry.by).lazyload(Person.memberships),
        )
    ).unique()
    return [_view(manifest, count, contract) for manifest, count in rows]


def state(contract: Contract, manifests: list[ManifestView]) -> Whole:
    """Where the contract as a whole stands, read off its manifests."""
    relied_on = [one for one in manifests if one.relied_on]
    if contract.frozen_id:
        return Whole.RELIED_ON if any(one.frozen for one in relied_on) else Whole.FROZEN
    if not relied_on:
        return Whole.OPEN
    here = any(one.iteration == contract.iteration for one in relied_on)
    return Whole.ADDENDUM if here else Whole.ITERATION


def _view(manifest: Manifest, signed: int, contract: Contract) -> ManifestView:
    return ManifestView(
        number=manifest.number,
        kind=manifest.kind,
        iteration=manifest.iteration,
        content=manifest.content,
        sha256=manifest.sha256,
        at=manifest.at,
        by=manifest.by.name,
        note=manifest.note,
        supersedes=manifest.supersedes.number if manifest.supersedes else None,
        frozen=manifest.id == contract.frozen_id,
        signed=signed,
        entries=[
            EntryView(one.step, one.at, one.by.name, one.reason, one.body, one.on)
            for one in manifest.entries
        ],
    )
