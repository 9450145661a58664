"""The figures of a contract as tables with stable columns: what each column means, in which unit, for which year.

Names of tables and columns are for machines and never change; a column that a contract has no figure for is empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

Cell = str | int | float | None


class Kind(StrEnum):
    """What stands in a column, in the words of a Frictionless table schema."""

    TEXT = "string"
    NUMBER = "number"
    WHOLE = "integer"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """`unit` is that of its amounts where no column names one; `source` says where the figures are from."""

    name: str
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    unit: str = ""
    source: str = ""


SECTOR = Column("sector", Kind.TEXT, "Source of emissions, by the key of the template")
UNIT = Column("unit", Kind.TEXT, "Unit of the amounts in this row")

BASELINE = (
    Column("year", Kind.YEAR, "Base year"),
    SECTOR,
    Column("scope1", Kind.NUMBER, "Direct emissions"),
    Column("scope2", Kind.NUMBER, "Emissions of energy from the grid"),
    Column("scope3", Kind.NUMBER, "Other emissions beyond the boundary"),
    Column("total", Kind.NUMBER, "Sum of the scopes as printed"),
    UNIT,
)
GAPS = {
    "baseline": "Emissions in the base year",
    "reduction_target": "Reduction aimed at",
    "by_existing_plans": "Reduction by plans that exist",
    "gap": "What is left for the contract",
    "by_ccc_actions": "Reduction by the actions of the contract",
    "residual": "Emissions that remain",
}
GAP = (
    Column("year", Kind.YEAR, "Target year"),
    SECTOR,
    *(Column(name, Kind.NUMBER, about) for name, about in GAPS.items()),
    UNIT,
)
INDICATORS = (
    Column("number", Kind.WHOLE, "Number of the indicator"),
    Column("name", Kind.TEXT, "What is measured"),
    SECTOR,
    Column("year", Kind.YEAR, "Year of the target"),
    Column("target", Kind.NUMBER, "Value aimed at"),
    UNIT,
)
ACTIONS = (
    Column("code", Kind.TEXT, "Code of the section that describes the action"),
    Column("title", Kind.TEXT, "Title of the section, in its own language"),
    Column("language", Kind.TEXT, "Language of the words in this row"),
    Column(
        "sectors", Kind.TEXT, "Sectors of the contract, by their keys, with spaces between them"
    ),
    Column("type", Kind.TEXT, "Type of the action, as written in its sheet"),
    Column("field_of_action", Kind.TEXT, "Field of action, as written"),
    Column("lever", Kind.TEXT, "Systemic levers, as written"),
    Column("responsible", Kind.TEXT, "Who is responsible, as written"),
    Column("scale", Kind.TEXT, "Scale and addressed entities, as written"),
    Column("reduction", Kind.TEXT, "Estimated reduction, as written"),
    Column("cost", Kind.TEXT, "Total cost, as written"),
    Column("sha256", Kind.TEXT, "Hash of the text that this was read from"),
)
COMMITMENTS = (
    Column("organisation", Kind.TEXT, "Who commits"),
    Column("tier", Kind.TEXT, "Weight of the commitment"),
    Column("text", Kind.TEXT, "What is committed to"),
    Column("sector", Kind.TEXT, "Sector of the contract, by its key"),
    Column("tonnes_per_year", Kind.NUMBER, "Tonnes CO2e saved a year"),
    Column("investment_eur", Kind.NUMBER, "Investment in euros"),
    Column("by_year", Kind.YEAR, "Until when"),
)


def baseline(figures: Mapping, unit: str, source: str) -> Table:
    unit = _text(figures.get("unit")) or unit
    year = _number(figures.get("base_year"))
    rows = [
        [
            year,
            _text(one.get("sector")),
            *(_number(one.get(name)) for name in ("scope1", "scope2", "scope3", "total")),
            unit,
        ]
        for one in _rows(figures.get("by_source_sector"))
    ]
    if rows:
        rows.append([year, "total", None, None, None, _number(figures.get("total")), unit])
    return Table("baseline", BASELINE, rows, unit, source)


def gap(figures: Mapping, unit: str, source: str) -> Table:
    unit = _text(figures.get("unit")) or unit
    named = [_text(name) for name in figures.get("columns") or ()]
    rows = []
    for one in _rows(figures.get("rows")):
        values = dict(zip(named, one.get("values") or (), strict=False))
        amounts = [_number(values.get(name)) for name in GAPS]
        rows.append([_number(figures.get("year")), _text(one.get("sector")), *amounts, unit])
    return Table("gap", GAP, rows, unit, source)


def indicators(figures: Mapping, unit: str, source: str) -> Table:
    rows = [
        [
            _number(one.get("no")),
            _text(one.get("name")),
            _text(one.get("sector")),
            int(year),
            _number(target),
            _text(one.get("unit")),
        ]
        for one in _rows(figures.get("rows"))
        for year, target in _targets(one.get("targets"))
    ]
    return Table("indicators", INDICATORS, rows, unit, source)


def commitments(rows: Iterable[Sequence[Cell]]) -> Table:
    return Table("commitments", COMMITMENTS, [list(row) for row in rows])


def actions(rows: Iterable[Sequence[Cell]]) -> Table:
    return Table("actions", ACTIONS, [list(row) for row in rows])


def beside(table: Table, path: str, content: bytes, sha256: str) -> dict:
    """The table as a resource of a Frictionless data package whose rows are in a file beside it."""
    return {
        **_named(table),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256}",
        **_described(table),
    }


def within(table: Table) -> dict:
    """The table as a resource that holds its rows itself, each as an object."""
    return {**_named(table), "format": "json", **_described(table), "data": objects(table)}


def objects(table: Table) -> list[dict[str, Cell]]:
    """The rows, each with its values by the names of the columns."""
    names = [one.name for one in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def package(name: str, title: str, version: str, resources: list[dict]) -> dict:
    """The tables with their descriptions as a Frictionless data package."""
    return {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "version": version,
        "resources": resources,
    }


def _named(table: Table) -> dict:
    return {"name": table.name, "type": "table"}


def _described(table: Table) -> dict:
    told = {
        "schema": {
            "fields": [
                {"name": one.name, "type": one.kind.value, "description": one.about}
                for one in table.columns
            ],
            "missingValues": [""],
        },
    }
    return told | ({"sources": [{"title": table.source}]} if table.source else {})


def _rows(listed: object) -> list[Mapping]:
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _targets(listed: object) -> Iterator[tuple[str, object]]:
    if isinstance(listed, Mapping):
        yield from sorted(
            (year, target) for year, target in listed.items() if str(year).isdecimal()
        )


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
