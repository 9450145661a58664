"""The figures of a contract as the home page draws them: emissions by source, and the way from baseline to rest."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from .. import packs
from ..db import db
from ..models import Contract, FigureSet

GREY = "#47514f"
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class SourceRow:
    key: str
    label: str
    value: float
    share: float
    colour: str


@dataclass(frozen=True, slots=True)
class Emissions:
    base_year: int
    unit: str
    total: float
    rows: list[SourceRow]
    source: str | None


@dataclass(frozen=True, slots=True)
class GapStep:
    """`kind` is where the bar starts: `total` and `rest` at nothing, `cut` where the step before it ended."""

    label: str
    value: float
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    unit: str
    steps: list[GapStep]
    source: str | None


def of(
    contract: Contract, colours: dict[str, str], language: str
) -> tuple[Emissions | None, Gap | None]:
    """Both drawings; one whose figures are missing or incomplete is None. `colours` are those of the sectors."""
    sets = {
        one.key: one
        for one in db.session.scalars(
            select(FigureSet).where(
                FigureSet.contract_id == contract.id, FigureSet.key.in_(("baseline", "target"))
            )
        )
    }
    baseline, target = sets.get("baseline"), sets.get("target")
    base_year = contract.base_year or (baseline.figures.get("base_year") if baseline else None)
    return (
        _emissions(baseline, colours, _source_names(contract, language)),
        _gap(target, base_year, contract.target_year),
    )


def _source_names(contract: Contract, language: str) -> dict[str, str]:
    """What the pack calls the sources of emissions. A contract may be older than every pack that is left."""
    try:
        pack = packs.load(contract.pack, contract.pack_version)
    except packs.UnknownPack:
        return {}
    return {source.key: source.title.to(language) for source in pack.emission_sources}


def _emissions(
    baseline: FigureSet | None, colours: dict[str, str], names: dict[str, str]
) -> Emissions | None:
    figures = baseline.figures if baseline else {}
    total, given = figures.get("total"), figures.get("by_source_sector")
    if not total or not given:
        return None
    rows = [
        SourceRow(
            row["sector"],
            names.get(row["sector"]) or row.get("label", row["sector"]),
            row["total"],
            row["total"] / total,
            colours.get(row["sector"], GREY),
        )
        for row in given
        if row.get("total") is not None
    ]
    rows.sort(key=lambda row: row.value, reverse=True)
    return Emissions(
        figures.get("base_year"), figures.get("unit") or "", total, rows, baseline.source
    )


def _gap(target: FigureSet | None, base_year: int | None, target_year: int) -> Gap | None:
    figures = target.figures if target else {}
    rows = {row["sector"]: row["values"] for row in figures.get("rows", ())}
    total = dict(zip(figures.get("columns", ()), rows.get(TOTAL, ()), strict=False))
    steps = [
        (_("Emissions in %(year)s", year=base_year or ""), "baseline", "total"),
        (_("Saved by plans already made"), "by_existing_plans", "cut"),
        (_("Saved by this contract"), "by_ccc_actions", "cut"),
        (_("Left in %(year)s", year=target_year), "residual", "rest"),
    ]
    if any(total.get(column) is None for _label, column, _kind in steps):
        return None
    return Gap(
        figures.get("unit") or "",
        [GapStep(label, total[column], kind) for label, column, kind in steps],
        target.source,
    )
