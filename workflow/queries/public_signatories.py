"""Who has signed, for somebody without an account: as far as it may be published."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from ..db import db
from ..models import Contract, Signatory
from ..rules.vocabulary import SignatoryStatus
from . import signatories
from .navigation import ContractRef
from .public import Visitor
from .signatories import Line, Sums
from .signatory import Promise, promise
from .views import Pages


@dataclass(frozen=True, slots=True)
class PublicPage:
    contract: ContractRef
    signed: list[tuple[Line, list[Promise]]]
    sums: Sums
    words: str
    pages: Pages


def page(
    contract: Contract, language: str, wanted: Mapping[str, str], *, page: int = 1
) -> PublicPage:
    """Those who have signed, in the order of their names, a page at a time."""
    asked = {"status": SignatoryStatus.SIGNED.value, "q": wanted.get("q", "")}
    visitor = Visitor(language, contract.time_zone)
    listed = signatories.page(contract, visitor, asked, page=page)
    ids = [line.id for line in listed.lines]
    promised = signatories.commitments_of(contract, visitor, Signatory.id.in_(ids))
    where = {"slug": contract.slug, "q": listed.words}
    return PublicPage(
        contract=listed.contract,
        signed=[
            (line, [promise(one, sector, language) for one, sector in promised.get(line.id, [])])
            for line in listed.lines
        ],
        sums=listed.sums,
        words=listed.words,
        pages=Pages(
            page, signatories.PER_PAGE, listed.sums.signatories, "public.signatories", where
        ),
    )


def count(contract: Contract) -> int:
    """How many have signed."""
    return db.session.scalar(
        select(func.count(Signatory.id)).where(
            Signatory.contract_id == contract.id, Signatory.status == SignatoryStatus.SIGNED
        )
    )


def with_letter(contract: Contract, signatory_id: int) -> Signatory | None:
    """A signatory that has signed and whose letter may be published."""
    return db.session.scalar(
        select(Signatory).where(
            Signatory.id == signatory_id,
            Signatory.contract_id == contract.id,
            Signatory.status == SignatoryStatus.SIGNED,
            Signatory.may_publish,
            Signatory.letter_key.is_not(None),
        )
    )
