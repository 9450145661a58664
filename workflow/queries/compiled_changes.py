"""What a document of changes compares with: a frozen list of texts, and how each of the changed sections read in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from ..db import db
from ..models import Contract, Manifest, Revision
from ..services import wholes
from .redline import compared


@dataclass(frozen=True, slots=True)
class Before:
    """How a section read; `revision` is None where the list did not hold it. `listed` says whether it is held now."""

    revision: int | None
    sha256: str | None
    markdown: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Since:
    """The manifest that is compared with, and by section what has another text now."""

    number: int
    sha256: str
    at: datetime
    before: dict[int, Before]


def numbers(contract: Contract) -> list[int]:
    """The manifests that changes can be told from, newest first; not the one that the contract is frozen under."""
    return list(
        db.session.scalars(
            select(Manifest.number)
            .where(
                Manifest.contract_id == contract.id,
                Manifest.id.is_distinct_from(contract.frozen_id),
            )
            .order_by(Manifest.number.desc())
        )
    )


def since(contract: Contract, number: int, sealed: Manifest | None) -> Since:
    """The texts of the manifest against those that stand now, or are frozen now."""
    manifest = db.session.scalars(
        select(Manifest).where(Manifest.contract_id == contract.id, Manifest.number == number)
    ).one()
    after = list(wholes.sections_of(sealed.content)) if sealed else wholes.current(contract)
    changes, _same = compared(list(wholes.sections_of(manifest.content)), after)
    texts = _texts({change.id: change.old for change in changes if change.old is not None})
    before = {}
    for change in changes:
        text = texts.get(change.id)
        before[change.id] = Before(
            revision=text.number if text else None,
            sha256=text.sha256 if text else None,
            markdown=text.markdown if text else "",
            listed=change.new is not None,
        )
    return Since(manifest.number, manifest.sha256, manifest.at, before)


def _texts(wanted: dict[int, int]) -> dict[int, Revision]:
    """By section the revision of this number."""
    if not wanted:
        return {}
    found = db.session.scalars(
        select(Revision).where(
            or_(
                *(
                    and_(Revision.section_id == section, Revision.number == number)
                    for section, number in wanted.items()
                )
            )
        )
    )
    return {text.section_id: text for text in found}
