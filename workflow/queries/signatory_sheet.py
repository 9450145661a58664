"""The list of signatories as rows of a file: one for each commitment, one for whoever promised nothing yet."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import Row

from ..db import db
from ..labels import label
from ..models import Commitment, Contract, Person, Sector, Signatory
from ..spreadsheets import Cell
from . import signatories, signatory_sight
from .outline import titled
from .signatory_filters import Asked


def headings() -> list[str]:
    return [
        _("Organisation"),
        _("Kind of organisation"),
        _("Level"),
        _("Legal form"),
        _("Status"),
        _("Signed on"),
        _("Manifest"),
        _("Name of the person who signs"),
        _("Position"),
        _("Commitment"),
        _("Tier"),
        _("Tonnes of CO₂e saved a year"),
        _("Cost in euros"),
        _("By which year"),
        _("Sector"),
        _("May be published"),
    ]


def rows(contract: Contract, person: Person, asked: Asked) -> Iterator[list[Cell]]:
    """What this reader may read of the signatories that were asked for."""
    promised = signatories.commitments_of(contract, person)
    for row in db.session.execute(signatories.rows_of(contract, person, asked)).all():
        first = _signatory(row, person)
        for commitment, sector in promised.get(row.Signatory.id, [(None, None)]):
            yield [*first, *_commitment(commitment, sector, person.language)]


def _signatory(row: Row, person: Person) -> list[Cell]:
    one: Signatory = row.Signatory
    named = one.may_publish or signatory_sight.reads(person, one)
    return [
        row.name,
        label(row.kind),
        row.level,
        row.legal_form,
        label(one.status),
        one.signed_on.isoformat() if one.signed_on else None,
        row.manifest,
        one.representative if named else None,
        one.office if named else None,
    ]


def _commitment(one: Commitment | None, sector: Sector | None, language: str) -> list[Cell]:
    if one is None:
        return [None] * 7
    return [
        one.text,
        label(one.tier),
        _number(one.tonnes_per_year),
        _number(one.investment_eur),
        one.by_year,
        titled(sector.titles, language) if sector else None,
        _("yes") if one.may_publish else _("no"),
    ]


def _number(value: float | None) -> Cell:
    """A number as spreadsheets take it whole, else as text with a point."""
    if value is None:
        return None
    return int(value) if value.is_integer() else str(value)
