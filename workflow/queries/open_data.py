"""The figures of a contract as open data: tables with stable columns, and a description that a machine reads.

Of commitments there is only what everybody may read: of those who have signed, and with their consent. Of the sheets of
actions there is what the reader may see; everybody reads what was on display in public rounds, and no figures besides.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from .. import spreadsheets
from ..db import db
from ..models import (
    Commitment,
    Contract,
    Display,
    Element,
    FigureSet,
    Module,
    Organisation,
    Person,
    Revision,
    Round,
    Section,
    Sector,
    Signatory,
)
from ..rules import open_data, outlines, policy
from ..rules.open_data import Column, Table
from ..rules.policy import Place
from ..rules.text import eyes
from ..rules.text.dialect import fingerprint
from ..rules.text.render import render
from ..rules.vocabulary import RoundAudience, SignatoryStatus, Visibility
from .navigation import ContractRef, contract_ref

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

MADE: Mapping[str, tuple[str, Callable[[Mapping, str, str], Table]]] = {
    "baseline": ("baseline", open_data.baseline),
    "gap": ("target", open_data.gap),
    "indicators": ("indicators", open_data.indicators),
}
"""By the name of a table the set of figures that it is made from."""

STATED_IN = {
    "baseline": "ap.baseline.emissions",
    "gap": "ap.policies.gap",
    "indicators": "ap.indicators.table",
}
"""By the name of a table the element of the template whose section states these figures in its text."""

PORTFOLIO = "ap.portfolio"
"""The module of the template whose sections describe the actions, except those that answer something else only."""

ABOUT_ACTIONS = frozenset({"ap.portfolio.overview", "ap.portfolio.action"})

TITLES = {
    "baseline": _l("Emissions in the base year by source"),
    "gap": _l("From the baseline to the target, by source"),
    "indicators": _l("Indicators and their targets by year"),
    "actions": _l("Actions, as their sheets in the texts describe them"),
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


def page(contract: Contract, tables: list[Table], language: str) -> DataPage:
    """The tables that have any rows."""
    return DataPage(
        contract_ref(contract, language),
        [
            Offered(
                one.name, str(TITLES[one.name]), one.columns, len(one.rows), one.unit, one.source
            )
            for one in tables
        ],
    )


def tables(contract: Contract, person: Person) -> list[Table]:
    """What somebody who reads the contract may compute with."""
    return within(contract, policy.visible_to(person, Place(contract.id)))


def within(contract: Contract, seen: Collection[Visibility]) -> list[Table]:
    """What is there for these eyes."""
    return _filled([*_figures(contract, MADE), _actions(_sheets(contract), seen)], contract)


def public(contract: Contract) -> list[Table]:
    """What everybody may compute with: figures that a text on public display has stated, and what such texts say."""
    shown = _on_display(contract)
    stated = {element.key for section, _text in shown for element in section.elements}
    figures = _figures(contract, [name for name in MADE if STATED_IN[name] in stated])
    return _filled(
        [*figures, _actions([one for one in shown if _is_sheet(one[0])], eyes.EVERYBODY)], contract
    )


def csv(table: Table) -> bytes:
    """The table as CSV in UTF-8; the same figures give the same bytes."""
    headings = [column.name for column in table.columns]
    with spreadsheets.csv_file(spreadsheets.Table(table.name, headings, table.rows)) as file:
        return file.read().removeprefix(BYTE_ORDER_MARK)


def package(contract: Contract, tables: list[Table]) -> dict:
    """The description of all tables, which are files beside it."""
    resources = []
    for table in tables:
        content = csv(table)
        sha256 = hashlib.sha256(content).hexdigest()
        resources.append(open_data.beside(table, f"{table.name}.csv", content, sha256))
    return _package(contract, resources)


def whole(contract: Contract, tables: list[Table]) -> dict:
    """The description of all tables with their rows within."""
    return _package(contract, [open_data.within(table) for table in tables])


def _package(contract: Contract, resources: list[dict]) -> dict:
    return open_data.package(
        contract.slug, contract.title("en"), str(contract.iteration), resources
    )


def _filled(tables: list[Table], contract: Contract) -> list[Table]:
    return [table for table in [*tables, _commitments(contract)] if table.rows]


def _figures(contract: Contract, names: Collection[str]) -> list[Table]:
    sets = {
        one.key: one
        for one in db.session.scalars(select(FigureSet).where(FigureSet.contract_id == contract.id))
    }
    return [
        make(sets[key].figures, sets[key].unit or "", sets[key].source or "")
        for key, make in (MADE[name] for name in names)
        if key in sets
    ]


def _sheets(contract: Contract) -> list[tuple[Section, str]]:
    """The sections that describe actions, with their texts."""
    sections = db.session.scalars(
        select(Section)
        .join(Module, Module.id == Section.module_id)
        .where(
            Section.contract_id == contract.id,
            Module.key == PORTFOLIO,
            ~Section.elements.any(Element.key.not_in(ABOUT_ACTIONS)),
            Section.current_id.is_not(None),
        )
        .order_by(Section.position, Section.id)
        .options(joinedload(Section.current).lazyload("*"), selectinload(Section.sectors))
    )
    return [(section, section.current.markdown) for section in sections]


def _on_display(contract: Contract) -> list[tuple[Section, str]]:
    """The sections that were on display in a public round, with the text that was so last."""
    newest = (
        select(func.max(Display.id))
        .join(Round, Round.id == Display.round_id)
        .where(Round.audience == RoundAudience.PUBLIC, Round.contract_id == contract.id)
        .group_by(Display.section_id)
    )
    rows = db.session.execute(
        select(Section, Revision.markdown)
        .join(Display, Display.section_id == Section.id)
        .join(Revision, Revision.id == Display.revision_id)
        .where(Display.id.in_(newest))
        .order_by(Section.position, Section.id)
        .options(
            selectinload(Section.sectors),
            selectinload(Section.elements),
            joinedload(Section.module),
        )
    )
    return [(section, markdown) for section, markdown in rows]


def _is_sheet(section: Section) -> bool:
    """Whether the section describes an action, or several."""
    answered = {element.key for element in section.elements}
    return section.module.key == PORTFOLIO and answered <= ABOUT_ACTIONS


def _actions(sheets: Sequence[tuple[Section, str]], seen: Collection[Visibility]) -> Table:
    rows = []
    for section, text in sheets:
        markdown = eyes.without(text, seen)
        facts = outlines.facts(render(markdown, language=section.language))
        rows.append(
            [
                section.code,
                section.title(section.language),
                section.language,
                " ".join(sorted(sector.key for sector in section.sectors)),
                *(facts.get(name, "") for name in outlines.LABELS),
                fingerprint(markdown),
            ]
        )
    return open_data.actions(rows)


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
