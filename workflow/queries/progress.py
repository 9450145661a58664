"""What the page of progress answers: will we make it to the submission date, and which sector lags behind?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Contract, Milestone, Person, Round
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, Stage
from . import outline, timeline
from .navigation import ContractRef, contract_ref
from .outline import SectionLine
from .readiness import named_round
from .timeline import Picture

LOOKS_BACK = timedelta(days=14)
"""What is older is history, unless it is overdue."""


class Kind(StrEnum):
    """What stands on the way to submission."""

    TODAY = "today"
    MILESTONE = "milestone"
    OPENS = "opens"
    CLOSES = "closes"
    DUE = "due"
    SUBMISSION = "submission"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day; `days` from today on, negative when it has passed."""

    day: date
    kind: Kind
    text: str
    days: int
    url: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class SectorLine:
    """A sector with its sections by stage; `key` None: all sections together."""

    key: str | None
    label: str
    colour: str | None
    stages: list[tuple[Stage, int]]
    total: int

    @property
    def approved(self) -> int:
        return dict(self.stages)[Stage.APPROVED]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    contract: ContractRef
    submit_on: date | None
    days: int | None
    total: int
    lacking: int
    marks: list[Mark]
    picture: Picture
    sectors: list[SectorLine]
    may_plan: bool


def progress(contract: Contract, person: Person) -> ProgressPage:
    """The way to submission in three queries, however long it is."""
    lines = outline.lines(contract, person)
    today = outline.today_of(person)
    marks = [Mark(today, Kind.TODAY, _("Today"), 0)]
    marks += _milestones(contract, today)
    marks += _rounds(contract, person, today)
    marks += _due(contract, lines, today)
    if contract.submit_on:
        days = (contract.submit_on - today).days
        marks.append(Mark(contract.submit_on, Kind.SUBMISSION, _("Submission"), days))
    marks.sort(key=lambda mark: (mark.day, list(Kind).index(mark.kind)))
    return ProgressPage(
        contract=contract_ref(contract, person.language),
        submit_on=contract.submit_on,
        days=(contract.submit_on - today).days if contract.submit_on else None,
        total=len(lines),
        lacking=sum(line.section.stage is not Stage.APPROVED for line in lines),
        marks=marks,
        picture=timeline.drawn(marks),
        sectors=_sectors(lines),
        may_plan=policy.grants(person, Act.ASSIGN, Place(contract.id)),
    )


def _milestones(contract: Contract, today: date) -> Iterator[Mark]:
    rows = db.session.execute(
        select(Milestone.on, Milestone.label)
        .where(Milestone.contract_id == contract.id, Milestone.on >= today - LOOKS_BACK)
        .order_by(Milestone.on, Milestone.id)
    )
    for row in rows:
        yield Mark(row.on, Kind.MILESTONE, row.label, (row.on - today).days)


def _rounds(contract: Contract, person: Person, today: date) -> Iterator[Mark]:
    """When rounds open that are planned, and when those close that are not over."""
    rows = db.session.execute(
        select(Round.number, Round.title, Round.opens_at, Round.opened_at, Round.closes_at)
        .where(Round.contract_id == contract.id, Round.closed_at.is_(None))
        .order_by(Round.closes_at, Round.number)
    )
    for row in rows:
        name = named_round(row.number, row.title)
        url = url_for("rounds.show", slug=contract.slug, number=row.number)
        if row.opened_at is None:
            opens = clock.day_of(row.opens_at, person.time_zone)
            text = _("%(round)s opens", round=name)
            yield Mark(opens, Kind.OPENS, text, (opens - today).days, url)
        closes = clock.day_of(row.closes_at, person.time_zone)
        text = _("%(round)s closes", round=name)
        yield Mark(closes, Kind.CLOSES, text, (closes - today).days, url, closes < today)


def _due(contract: Contract, lines: Iterable[SectionLine], today: date) -> Iterator[Mark]:
    """Days on which sections are due that are not approved yet."""
    found: dict[date, list[SectionLine]] = {}
    for line in lines:
        if line.due and line.section.stage is not Stage.APPROVED:
            found.setdefault(line.due, []).append(line)
    for day, some in sorted(found.items()):
        text = (
            _("%(code)s is due", code=some[0].section.code)
            if len(some) == 1
            else ngettext("%(num)s section is due", "%(num)s sections are due", len(some))
        )
        url = url_for("board.show", slug=contract.slug, sort="due")
        yield Mark(day, Kind.DUE, text, (day - today).days, url, day < today)


def _sectors(lines: list[SectionLine]) -> list[SectorLine]:
    """Each sector, and all together first; a section of two sectors counts in both."""
    found: dict[str, tuple] = {}
    for line in lines:
        for sector in line.sectors:
            found.setdefault(sector.key, (sector, []))[1].append(line)
    every = SectorLine(None, _("All sections"), None, outline.by_stage(lines), len(lines))
    return [every] + [
        SectorLine(sector.key, sector.label, sector.colour, outline.by_stage(some), len(some))
        for sector, some in found.values()
    ]
