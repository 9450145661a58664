"""The figures of a contract as open data: tables with stable columns, and a description that a machine reads.

Of commitments there is only what everybody may read: of those who have signed, and with their consent.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from .. import spreadsheets
from ..db import db
from ..models import Commitment, Contract, FigureSet, Organisation, Sector, Signatory
from ..rules import open_data
from ..rules.open_data import Column, Table
from ..rules.vocabulary import SignatoryStatus
from .navigation import ContractRef, contract_ref

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

MADE: Mapping[str, tuple[str, Callable[[Mapping, str, str], Table]]] = {
    "baseline": ("baseline", open_data.baseline),
    "gap": ("target", open_data.gap),
    "indicators": ("indicators", open_data.indicators),
}
"""By the name of a table the set of figures that it is made from."""

TITLES = {
    "baseline": _l("Emissions in the base year by source"),
    "gap": _l("From the baseline to the target, by source"),
    "indicators": _l("Indicators and their targets by year"),
    "commitments": _l("Commitments of those who have signed, as far as they agreed to be named"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class DataPage:
    contract: ContractRef
    tables: list[Offered]


def page(contract: Contract, language: str) -> DataPage:
    """The tables that have any rows."""
    return DataPage(
        contract_ref(contract, language),
        [
            Offered(
                one.name, str(TITLES[one.name]), one.columns, len(one.rows), one.unit, one.source
            )
            for one in tables(contract)
        ],
    )


def tables(contract: Contract) -> list[Table]:
    sets = {
        one.key: one
        for one in db.session.scalars(select(FigureSet).where(FigureSet.contract_id == contract.id))
    }
    made = [
        make(sets[key].figures, sets[key].unit or "", sets[key].source or "")
        for key, make in MADE.values()
        if key in sets
    ]
    return [table for table in [*made, _commitments(contract)] if table.rows]


def csv(table: Table) -> bytes:
    """The table as CSV in UTF-8; the same figures give the same bytes."""
    headings = [column.name for column in table.columns]
    with spreadsheets.csv_file(spreadsheets.Table(table.name, headings, table.rows)) as file:
        return file.read().removeprefix(BYTE_ORDER_MARK)


def package(contract: Contract) -> dict:
    """The description of all tables as a Frictionless data package."""
    resources = []
    for table in tables(contract):
        content = csv(table)
        sha256 = hashlib.sha256(content).hexdigest()
        resources.append(open_data.described(table, f"{table.name}.csv", content, sha256))
    return {
        "$schema": PROFILE,
        "name": contract.slug,
        "title": contract.title("en"),
        "version": str(contract.iteration),
        "resources": resources,
    }


def _commitments(contract: Contract) -> Table:
    rows = db.session.execute(
        select(Organisation.name, Commitment, Sector.key)
        .select_from(Commitment)
        .join(Signatory, Signatory.id == Commitment.signatory_id)
        .join(Organisation, Organisation.id == Signatory.organisation_id)
        .outerjoin(Sector, Sector.id == Commitment.sector_id)
        .where(
            Signatory.contract_id == contract.id,
            Signatory.status == SignatoryStatus.SIGNED,
            Commitment.may_publish,
        )
        .order_by(Organisation.name, Commitment.id)
    )
    return open_data.commitments(
        [
            name,
            one.tier.value,
            one.text,
            sector or "",
            one.tonnes_per_year,
            one.investment_eur,
            one.by_year,
        ]
        for name, one, sector in rows
    )
