"""What the page of silence answers: who was asked and has said nothing, while there is time, and whom could one remind?

Who is asked and who is heard is the rule in `hearing`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from .. import clock
from ..db import db
from ..labels import label
from ..models import (
    Contract,
    Person,
    Reminder,
)
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, Mandate, OrganisationKind, ReminderKind, Stage
from . import asking
from .asking import Asked, Spot
from .navigation import ContractRef, contract_ref
from .views import Choice

OPEN, EVER = "open", "ever"
ASKED = ("scope", "kind", "sector", "section", "only")
"""The parts of the page's address."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many that were asked how many were heard."""

    label: str
    asked: int
    heard: int

    @property
    def share(self) -> float:
        return self.heard / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation that is asked; `to` is whom a reminder reaches, empty when there is nobody."""

    id: int
    name: str
    kind: OrganisationKind
    asked: int
    heard: int
    silent_on: list[str]
    last_seen: datetime | None
    days_left: int | None
    to: str
    delegate: str | None
    reminded_today: bool
    reminded_at: datetime | None

    @property
    def silent(self) -> bool:
        return self.heard == 0


@dataclass(frozen=True, slots=True)
class SilencePage:
    contract: ContractRef
    scope: str
    lines: list[Line]
    asked: int
    heard: int
    kinds: list[Share]
    sectors: list[Share]
    sections: list[Share]
    filters: dict[str, list[Choice]]
    filtered: bool
    args: dict[str, str]
    may_remind: bool
    anything_open: bool


def page(contract: Contract, person: Person, wanted: Mapping[str, str]) -> SilencePage:
    """Who is silent in what is open now, or whether they were ever heard; in a number of queries that does not grow."""
    sections = asking.sections_of(contract, person.language)
    open_ones = [one for one in sections if one.stage is Stage.CONSULTATION]
    scope = wanted.get("scope")
    scope = scope if scope in (OPEN, EVER) else (OPEN if open_ones else EVER)
    known = {
        "kind": [(kind.value, str(label(kind))) for kind in OrganisationKind],
        "sector": list(
            {key: words for one in sections for key, words in one.sectors.values()}.items()
        ),
        "section": [
            (str(one.id), f"{one.code} {one.title}")
            for one in (open_ones if scope == OPEN else sections)
        ],
        "only": [("silent", _("Silent ones")), ("nobody", _("Nobody to remind"))],
    }
    chosen = {name: wanted[name] for name, of in known.items() if wanted.get(name) in dict(of)}
    asked_about = open_ones if scope == OPEN else sections
    organisations = asking.organisations_of(contract)
    asking.ask(organisations.values(), asked_about)
    asking.hear(contract, organisations, open_now=scope == OPEN)
    fitting = [one for one in organisations.values() if _fits(one, chosen)]
    reminders = _reminders(contract)
    lines = [
        _line(one, reminders.get(one.id), chosen, contract.time_zone)
        for one in fitting
        if one.sections
    ]
    lines = [line for line in lines if _only(line, chosen.get("only"))]
    counted = [one for one in fitting if one.sections]
    return SilencePage(
        contract=contract_ref(contract, person.language),
        scope=scope,
        lines=sorted(lines, key=lambda one: (one.heard > 0, one.days_left or 0, one.name)),
        asked=len(counted),
        heard=sum(bool(one.heard) for one in counted),
        kinds=_by_kind(counted),
        sectors=_by_sector(counted),
        sections=_by_section(counted, asked_about),
        filters={
            name: [Choice(value, text, chosen.get(name) == value, None) for value, text in of]
            for name, of in known.items()
        },
        filtered=bool(chosen),
        args=chosen | {"scope": scope},
        may_remind=policy.grants(person, Act.CONSULT, Place(contract.id)),
        anything_open=bool(open_ones),
    )


def _reminders(contract: Contract) -> dict[int, datetime]:
    return dict(
        db.session.execute(
            select(Reminder.subject_id, func.max(Reminder.at))
            .where(Reminder.contract_id == contract.id, Reminder.kind == ReminderKind.VOICE_AWAITED)
            .group_by(Reminder.subject_id)
        ).all()
    )


FITS: dict[str, Callable[[Asked, str], bool]] = {
    "kind": lambda one, value: one.kind == value,
    "sector": lambda one, value: value in one.sectors,
    "section": lambda one, value: int(value) in {section.id for section in one.sections},
}


def _fits(one: Asked, chosen: Mapping[str, str]) -> bool:
    return all(FITS[name](one, value) for name, value in chosen.items() if name in FITS)


def _only(line: Line, wanted: str | None) -> bool:
    return {"silent": line.silent, "nobody": line.silent and not line.to}.get(wanted or "", True)


def _line(
    one: Asked, reminded_at: datetime | None, chosen: Mapping[str, str], time_zone: str
) -> Line:
    """What is told of the organisation; who reminds does so by the days of the city."""
    sections = [s for s in one.sections if chosen.get("section") in (None, str(s.id))]
    silent = [section for section in sections if section.id not in one.heard]
    ends = [section.closes_at for section in silent if section.closes_at]
    reached = [member for member in one.members if member.reached]
    speakers = [member for member in reached if member.mandate in policy.SPEAKERS]
    delegate = next((m.name for m in one.members if m.mandate is Mandate.DELEGATE), None)
    seen = [member.signed_in_at for member in one.members if member.signed_in_at]
    return Line(
        id=one.id,
        name=one.name,
        kind=one.kind,
        asked=len(sections),
        heard=len(sections) - len(silent),
        silent_on=[section.code for section in silent],
        last_seen=max(seen, default=None),
        days_left=clock.days_until(min(ends), time_zone) if ends else None,
        to=", ".join(dict.fromkeys(member.name for member in speakers or reached)),
        delegate=delegate,
        reminded_today=reminded_at is not None
        and clock.day_of(reminded_at, time_zone) == clock.today(time_zone),
        reminded_at=reminded_at,
    )


def _share(words: str, asked: Iterable[Asked], heard: Callable[[Asked], bool]) -> Share:
    asked = list(asked)
    return Share(words, len(asked), sum(heard(one) for one in asked))


def _spoke(one: Asked) -> bool:
    return bool(one.heard)


def _by_kind(asked: list[Asked]) -> list[Share]:
    shares = [
        _share(str(label(kind)), [one for one in asked if one.kind is kind], _spoke)
        for kind in OrganisationKind
    ]
    return [share for share in shares if share.asked]


def _by_sector(asked: list[Asked]) -> list[Share]:
    """An organisation is asked about each sector that a section put to it belongs to."""
    words = {key: said for one in asked for s in one.sections for key, said in s.sectors.values()}
    found = []
    for key, said in words.items():
        there = {
            one.id: {s.id for s in one.sections if key in {k for k, _w in s.sectors.values()}}
            for one in asked
        }
        found.append(
            _share(
                said,
                [one for one in asked if there[one.id]],
                lambda one, there=there: bool(there[one.id] & one.heard),
            )
        )
    return found


def _by_section(asked: list[Asked], sections: list[Spot]) -> list[Share]:
    found = [
        _share(
            f"{section.code} {section.title}",
            [one for one in asked if any(s.id == section.id for s in one.sections)],
            lambda one, key=section.id: key in one.heard,
        )
        for section in sections
    ]
    return [share for share in found if share.asked]
