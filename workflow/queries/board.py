"""What the board answers: which sections are in which stage, who owes what, what blocks approval, who is silent?"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from .. import clock
from ..labels import label
from ..models import Contract, Person
from ..rules import gate, policy
from ..rules.refusals import Blocker
from ..rules.vocabulary import Act, Stage
from ..services import gatekeeping, positions, seats
from ..services.gatekeeping import Voted
from ..services.positions import Ballot
from . import gates, hearing, next_step, outline, sorting
from .navigation import ContractRef, contract_ref
from .next_step import Case, Next
from .outline import SectionLine
from .sorting import Column
from .views import Check, Choice, Known, SectionRef, SectorRef
from .visibility import Reader

NOBODY = "nobody"
FILTERS = ("component", "sector", "stage", "owner", "only")


class Row(NamedTuple):
    """`open` are remarks that still ask something of the city: `unanswered` ones, and accepted ones not carried out.

    `days` is for how long the section has been in its stage, `silent` None where no round is open. Rows are keys of
    what was drawn of them; sentences are made only when one is drawn.
    """

    slug: str
    section: SectionRef
    component: str
    module: str
    sectors: tuple[SectorRef, ...]
    owner: str | None
    due: date | None
    overdue: bool
    closes_at: datetime | None
    days_left: int | None
    days: int
    since: date
    remarks: int
    open: int
    unanswered: int
    blocking: int
    silent: int | None
    blockers: tuple[Blocker, ...]
    step: Next
    about: int
    may: bool
    edits: bool

    @property
    def hindrances(self) -> list[Check]:
        """What blocks approval, each with where it is mended."""
        where = {"slug": self.slug, "section_id": self.section.id}
        return gates.unmet(self.blockers, where, edits=self.edits)

    @property
    def todo(self) -> str:
        return next_step.words(self.step, self.about)

    @property
    def way(self) -> str | None:
        """Where the next step is taken, for whoever may."""
        return next_step.way(self.step, self.slug, self.section.id) if self.may else None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """`args` are the parts of the address that mean something; `groups` has one without a name when it is sorted."""

    contract: ContractRef
    groups: tuple[tuple[str | None, tuple[Row, ...]], ...]
    columns: tuple[Column, ...]
    filters: tuple[tuple[str, tuple[Choice, ...]], ...]
    args: tuple[tuple[str, str], ...]
    stages: tuple[tuple[Stage, int], ...]
    total: int
    shown: int

    @property
    def rows(self) -> list[Row]:
        return [row for _name, rows in self.groups for row in rows]

    @property
    def filtered(self) -> bool:
        return any(name in FILTERS for name, _value in self.args)

    @property
    def sorted(self) -> bool:
        return any(name == "sort" for name, _value in self.args)

    @property
    def query(self) -> str:
        return urlencode(self.args)

    def choices(self, name: str) -> tuple[Choice, ...]:
        return dict(self.filters)[name]

    def but(self, *names: str, **instead: str) -> str:
        """The address of the board as it is, but without these parts, or with others."""
        args = {name: value for name, value in self.args if name not in names} | instead
        return _address("board.show", self.contract.slug, args)

    def file(self, kind: str) -> str:
        """The address of exactly this as a file."""
        return _address(f"board.as_{kind}", self.contract.slug, dict(self.args))


def _address(endpoint: str, slug: str, args: Mapping[str, str]) -> str:
    address = url_for(endpoint, slug=slug)
    return f"{address}?{urlencode(args)}" if args else address


def board(contract: Contract, person: Person, asked: Mapping[str, str]) -> BoardPage:
    """The board as this reader asked for it; unknown filters and values are passed over."""
    lines = outline.lines(contract, person, judged=True)
    options = {name: of(lines, person) for name, of in OPTIONS.items()}
    chosen = {
        name: asked[name] for name, known in options.items() if asked.get(name) in dict(known)
    }
    values = [{name: of(line, person) for name, of in VALUES.items()} for line in lines]
    shown = [
        line
        for line, of in zip(lines, values, strict=True)
        if all(value in of[name] for name, value in chosen.items())
    ]
    rows = _rows(contract, person, lines, shown)
    order = sorting.order(asked)
    return BoardPage(
        contract=contract_ref(contract, person.language),
        groups=_groups(sorting.arranged(rows, order), whole=order is not None),
        columns=sorting.columns(order),
        filters=tuple(
            (name, _choices(name, known, values, chosen)) for name, known in options.items()
        ),
        args=tuple({**chosen, **sorting.arguments(order)}.items()),
        stages=tuple(outline.by_stage(lines)),
        total=len(lines),
        shown=len(rows),
    )


def _choices(
    name: str, known: Known, values: list[dict], chosen: Mapping[str, str]
) -> tuple[Choice, ...]:
    counts = Counter(value for of in values for value in of[name])
    return tuple(
        Choice(value, text, chosen.get(name) == value, counts[value]) for value, text in known
    )


def _groups(rows: list[Row], *, whole: bool) -> tuple[tuple[str | None, tuple[Row, ...]], ...]:
    """By component in the order of the contract; sorted, the rows stand together."""
    if whole:
        return ((None, tuple(rows)),) if rows else ()
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.component, []).append(row)
    return tuple((name, tuple(some)) for name, some in groups.items())


def _components(lines: list[SectionLine], person: Person) -> Known:
    return list({line.component_key: line.component for line in lines}.items())


def _sectors(lines: list[SectionLine], person: Person) -> Known:
    return list({one.key: one.label for line in lines for one in line.sectors}.items())


def _stages(lines: list[SectionLine], person: Person) -> Known:
    return [(stage.value, label(stage)) for stage in Stage]


def _owners(lines: list[SectionLine], person: Person) -> Known:
    owners = {str(line.owner.id): line.owner.name for line in lines if line.owner}
    known = sorted(owners.items(), key=lambda owner: sorting.alphabetical(owner[1]))
    if any(line.owner is None for line in lines):
        known.append((NOBODY, _("Nobody yet")))
    return known


def _only(lines: list[SectionLine], person: Person) -> Known:
    return [
        ("mine", _("Mine")),
        ("blocked", _("Blocked by an objection")),
        ("overdue", _("Overdue")),
        ("unanswered", _("With unanswered comments")),
    ]


OPTIONS: dict[str, Callable[[list[SectionLine], Person], Known]] = {
    "component": _components,
    "sector": _sectors,
    "stage": _stages,
    "owner": _owners,
    "only": _only,
}

ONLY: dict[str, Callable[[SectionLine, Person], bool]] = {
    "mine": lambda line, person: line.owner is not None and line.owner.id == person.id,
    "blocked": lambda line, person: line.blocking > 0,
    "overdue": lambda line, person: line.overdue,
    "unanswered": lambda line, person: line.open > 0,
}

VALUES: dict[str, Callable[[SectionLine, Person], Iterable[str]]] = {
    "component": lambda line, person: (line.component_key,),
    "sector": lambda line, person: [one.key for one in line.sectors],
    "stage": lambda line, person: (line.section.stage.value,),
    "owner": lambda line, person: (str(line.owner.id) if line.owner else NOBODY,),
    "only": lambda line, person: [name for name, fits in ONLY.items() if fits(line, person)],
}
"""The values of a filter that let the section through."""


def _rows(
    contract: Contract, person: Person, lines: list[SectionLine], shown: list[SectionLine]
) -> list[Row]:
    """The sections shown, with what is said and owed in them: four queries, however many they are."""
    held = seats.held(contract.id, hearing.VOICES | positions.JUDGING)
    members: dict[int, set] = {}
    for seat in held:
        if seat.organisation_id is not None and seat.role in hearing.VOICES:
            members.setdefault(seat.organisation_id, set()).add(seat._replace(person_id=0))
    open_now = [line.place for line in shown if line.place.stage is Stage.CONSULTATION]
    silence = hearing.silent(open_now, members, hearing.heard(contract.id, open_now=True))
    reviewed = [line.place for line in lines if line.place.stage is Stage.REVIEW]
    ballots = positions.ballots(contract.id, reviewed, held)
    seen_by = contract.slug, Reader.of(person), person.time_zone, outline.today_of(person)
    return [
        _row(line, silence.get(line.section.id), _voted(ballots.get(line.section.id)), *seen_by)
        for line in shown
    ]


def _voted(ballot: Ballot | None) -> Voted | None:
    return gatekeeping.voted(ballot) if ballot else None


@lru_cache(maxsize=4096)
def _row(
    line: SectionLine,
    silent: int | None,
    voted: Voted | None,
    slug: str,
    reader: Reader,
    time_zone: str,
    today: date,
) -> Row:
    """What the board says of a section; of the same section it says the same, so it is kept."""
    facts = gatekeeping.judged(line.owed, line.found, voted)
    stage = line.section.stage
    awaited = voted.awaited if voted else 0
    step, about = next_step.of(Case(stage, facts, line.days_left, silent or 0, awaited))
    since = clock.day_of(line.stage_since, time_zone)
    return Row(
        slug=slug,
        section=line.section,
        component=line.component,
        module=line.module,
        sectors=line.sectors,
        owner=line.owner.name if line.owner else None,
        due=line.due,
        overdue=line.overdue,
        closes_at=line.closes_at if stage is Stage.CONSULTATION else None,
        days_left=line.days_left,
        days=(today - since).days,
        since=since,
        remarks=line.remarks,
        open=line.open + line.promised,
        unanswered=line.open,
        blocking=line.blocking,
        silent=silent,
        blockers=() if stage is Stage.APPROVED else tuple(gate.blockers(Act.APPROVE, facts)),
        step=step,
        about=about,
        may=next_step.may(reader, step, line.place),
        edits=policy.may(reader, Act.EDIT, line.place),
    )
