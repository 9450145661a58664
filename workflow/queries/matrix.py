"""The response matrix of a round: what was said, by whom, what the city answered and which text carries it out.

One question tells the rows of the page and of the files, so that they never differ. The public variant holds what
everyone may read, and no person's name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from ..db import db
from ..labels import label
from ..models import (
    Contract,
    Organisation,
    Person,
    Section,
    Sector,
    Thread,
    section_sector,
)
from ..rules.vocabulary import Disposition, OrganisationKind, RemarkKind, Visibility
from . import responses
from .navigation import ContractRef, contract_ref
from .outline import titled
from .responses import Line
from .rounds import RoundRef, within
from .views import Choice, Pages
from .visibility import readable

PER_PAGE = 50
AT_ONCE = 200
"""How many rows a file is made of at a time."""

OPEN = "open"


@dataclass(frozen=True, slots=True)
class MatrixPage:
    contract: ContractRef
    round: RoundRef
    public: bool
    rows: list[Line]
    filters: dict[str, list[Choice]]
    filtered: bool
    args: dict[str, str]
    pages: Pages


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the matrix: the conditions of the filters that are known, and their values for addresses."""

    conditions: list[ColumnElement[bool]]
    args: dict[str, str]


FITS = {
    "section": lambda value: Thread.section_id == int(value),
    "sector": lambda value: Thread.section_id.in_(
        select(section_sector.c.section_id).where(section_sector.c.sector_id == int(value))
    ),
    "kind": lambda value: Thread.kind == RemarkKind(value),
    "stakeholder": lambda value: Thread.organisation_id.in_(
        select(Organisation.id).where(Organisation.kind == OrganisationKind(value))
    ),
    "disposition": lambda value: (
        Thread.disposition.is_(None) if value == OPEN else Thread.disposition == Disposition(value)
    ),
}


def matrix(
    contract: Contract,
    person: Person,
    asked: RoundRef,
    *,
    public: bool,
    wanted: Mapping[str, str],
    page: int = 1,
) -> MatrixPage:
    """A page of the matrix as this reader may see it; `wanted` are the values of the filters."""
    conditions = told(contract, person, asked, public)
    known = _known(contract, person, conditions)
    chosen = _chosen(known, wanted)
    total = db.session.scalar(
        select(func.count())
        .select_from(Thread)
        .join(Section, Section.id == Thread.section_id)
        .where(*conditions, *chosen.conditions)
    )
    rows = db.session.execute(
        responses.rows_of([*conditions, *chosen.conditions], public=public)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    args = chosen.args | ({"variant": "public"} if public else {})
    where = {"slug": contract.slug, "number": asked.number, **args}
    return MatrixPage(
        contract=contract_ref(contract, person.language),
        round=asked,
        public=public,
        rows=[responses.line(row, person.language, public=public) for row in rows],
        filters={
            name: [Choice(value, text, chosen.args.get(name) == value, None) for value, text in of]
            for name, of in known.items()
        },
        filtered=bool(chosen.args),
        args=args,
        pages=Pages(page, PER_PAGE, total, "matrix.show", where),
    )


def lines(
    contract: Contract,
    person: Person,
    asked: RoundRef,
    *,
    public: bool,
    wanted: Mapping[str, str],
) -> Iterator[Line]:
    """All rows for a file, fetched a few at a time."""
    conditions = told(contract, person, asked, public)
    chosen = _chosen(_known(contract, person, conditions), wanted)
    rows = db.session.execute(
        responses.rows_of([*conditions, *chosen.conditions], public=public),
        execution_options={"yield_per": AT_ONCE},
    )
    for row in rows:
        yield responses.line(row, person.language, public=public)


def told(
    contract: Contract, person: Person, asked: RoundRef, public: bool
) -> list[ColumnElement[bool]]:
    """What the variant tells this reader; withdrawn words never leave."""
    return [
        Section.contract_id == contract.id,
        within(asked),
        Thread.withdrawn_at.is_(None),
        Thread.addressed,
        Thread.visibility == Visibility.PUBLIC if public else readable(person),
    ]


def _chosen(known: dict[str, list[tuple[str, str]]], wanted: Mapping[str, str]) -> Asked:
    args = {
        name: wanted[name] for name, options in known.items() if wanted.get(name) in dict(options)
    }
    return Asked([FITS[name](value) for name, value in args.items()], args)


def _known(
    contract: Contract, person: Person, conditions: list[ColumnElement[bool]]
) -> dict[str, list[tuple[str, str]]]:
    """The values that a filter may take, each with its label: of the sections only those with something to tell."""
    language = person.language
    spoken = (
        select(Thread.section_id).join(Section, Section.id == Thread.section_id).where(*conditions)
    )
    sections = db.session.execute(
        select(Section.id, Section.code, Section.titles)
        .where(Section.id.in_(spoken))
        .order_by(Section.position, Section.id)
    )
    sectors = db.session.execute(
        select(Sector.id, Sector.titles)
        .where(Sector.contract_id == contract.id)
        .order_by(Sector.position)
    )
    return {
        "section": [(str(key), f"{code} {titled(of, language)}") for key, code, of in sections],
        "sector": [(str(key), titled(titles, language)) for key, titles in sectors],
        "kind": [(kind.value, label(kind)) for kind in RemarkKind],
        "stakeholder": [(kind.value, label(kind)) for kind in OrganisationKind],
        "disposition": [
            (OPEN, _("No answer yet")),
            *((one.value, label(one)) for one in Disposition),
        ],
    }
