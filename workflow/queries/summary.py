"""The summary of a round for everybody: who was asked, who was heard, what changed, what did not and why.

It counts and quotes what everyone may read, and names no person.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from ..db import db
from ..labels import label
from ..models import (
    Contract,
    Display,
    Membership,
    Organisation,
    Person,
    Section,
    Sector,
    Thread,
    section_sector,
)
from ..rules import gate
from ..rules.policy import GRANTS, Place, covers
from ..rules.vocabulary import Act, Disposition, Stage, Visibility
from . import matrix, responses
from .navigation import ContractRef, contract_ref
from .outline import titled
from .responses import Line
from .rounds import RoundRef, within
from .views import SectionRef

MOST_QUOTED = 12
GREY, GREEN, AMBER, RED, INK = "#87908c", "#3e8a54", "#b98416", "#b4472f", "#4a7cb8"
COLOURS = {
    Disposition.ACCEPTED: GREEN,
    Disposition.ACCEPTED_IN_PART: GREEN,
    Disposition.NOT_ACCEPTED: RED,
    Disposition.REFERRED: AMBER,
    Disposition.OUT_OF_SCOPE: AMBER,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a picture: how many remarks, and which share of all."""

    label: str
    value: int
    share: float
    colour: str


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """`fewer_eyes` counts the remarks that are meant for those who take part and are not told here."""

    contract: ContractRef
    round: RoundRef
    sections: list[SectionRef]
    asked: int
    heard: list[str]
    silent: int
    remarks: int
    fewer_eyes: int
    changed: int
    unchanged: int
    waiting: int
    by_disposition: list[Bar]
    by_sector: list[Bar]
    by_organisation: list[Bar]
    changes: list[Line]
    refusals: list[Line]


CHANGED = Thread.disposition.in_(gate.PROMISES)
UNCHANGED = Thread.disposition.not_in(gate.PROMISES)


def summary(contract: Contract, person: Person, asked: RoundRef) -> SummaryPage:
    """The summary, the same for every reader."""
    counted = _counted(contract, asked)
    told = [row for row in counted if row.visibility is Visibility.PUBLIC]
    outline = _outline(contract, asked, {row.section_id for row in told}, person.language)
    shown = [one for one in outline.values() if one.shown]
    invited = _invited(contract, shown)
    heard = {row.organisation_id: row.organisation for row in told if row.organisation_id}
    quoted = _quoted(contract, person, asked)
    promised = [row for row in told if row.disposition in gate.PROMISES]
    remarks = _sum(told)
    answered = _sum(row for row in told if row.disposition)
    return SummaryPage(
        contract=contract_ref(contract, person.language),
        round=asked,
        sections=[one.section for one in shown],
        asked=len(invited),
        heard=sorted(heard.values(), key=str.casefold),
        silent=len(invited - heard.keys()),
        remarks=remarks,
        fewer_eyes=_sum(counted) - remarks,
        changed=_sum(promised),
        unchanged=answered - _sum(promised),
        waiting=remarks - answered,
        by_disposition=_by_disposition(told),
        by_sector=_by_sector(told, outline),
        by_organisation=_by_organisation(told),
        changes=[line for line in quoted if line.disposition in gate.PROMISES],
        refusals=[line for line in quoted if line.disposition not in gate.PROMISES],
    )


@dataclass(frozen=True, slots=True)
class Outlined:
    section: SectionRef
    place: Place
    sectors: list[tuple[str, str]]
    shown: bool


def _counted(contract: Contract, asked: RoundRef) -> list:
    """How many remarks of each kind of organisation on each section got which answer, counted by the database."""
    return db.session.execute(
        select(
            Thread.section_id,
            Thread.visibility,
            Thread.disposition,
            Thread.organisation_id,
            Organisation.name.label("organisation"),
            Organisation.kind,
            func.count().label("remarks"),
        )
        .join(Section, Section.id == Thread.section_id)
        .outerjoin(Organisation, Organisation.id == Thread.organisation_id)
        .where(
            Section.contract_id == contract.id,
            within(asked),
            Thread.withdrawn_at.is_(None),
            Thread.shown,
            Thread.visibility.in_((Visibility.PUBLIC, Visibility.PARTICIPANTS)),
        )
        .group_by(
            Thread.section_id,
            Thread.visibility,
            Thread.disposition,
            Thread.organisation_id,
            Organisation.name,
            Organisation.kind,
        )
    ).all()


def _outline(
    contract: Contract, asked: RoundRef, spoken_of: set[int], language: str
) -> dict[int, Outlined]:
    """The sections that were on display in the round or that somebody spoke of, with their sectors."""
    displayed = select(Display.section_id).where(Display.round_id == asked.id)
    rows = db.session.execute(
        select(
            Section.id,
            Section.code,
            Section.titles,
            Section.stage,
            Section.id.in_(displayed).label("shown"),
            Sector.id.label("sector_id"),
            Sector.titles.label("sector_titles"),
            Sector.colour,
        )
        .outerjoin(section_sector, section_sector.c.section_id == Section.id)
        .outerjoin(Sector, Sector.id == section_sector.c.sector_id)
        .where(
            Section.contract_id == contract.id,
            or_(Section.id.in_(displayed), Section.id.in_(spoken_of)),
        )
        .order_by(Section.position, Section.id, Sector.position)
    )
    several: dict[int, list] = {}
    for row in rows:
        several.setdefault(row.id, []).append(row)
    return {key: _outlined(contract, some, language) for key, some in several.items()}


def _outlined(contract: Contract, rows: list, language: str) -> Outlined:
    first, of = rows[0], [row for row in rows if row.sector_id is not None]
    sectors = frozenset(row.sector_id for row in of)
    return Outlined(
        SectionRef(first.id, first.code, titled(first.titles, language), first.stage),
        Place(contract.id, first.id, sectors, Stage.CONSULTATION),
        [(titled(row.sector_titles, language), row.colour) for row in of],
        bool(first.shown),
    )


def _invited(contract: Contract, shown: list[Outlined]) -> set[int]:
    """The organisations that were asked about at least one of the sections on display."""
    members = db.session.execute(
        select(
            Membership.contract_id,
            Membership.organisation_id,
            Membership.sector_id,
            Membership.section_id,
        )
        .where(
            Membership.contract_id == contract.id,
            Membership.organisation_id.is_not(None),
            Membership.role.in_(GRANTS[Act.COMMENT]),
        )
        .distinct()
    ).all()
    return {
        one.organisation_id
        for one in members
        if any(covers(one, section.place, Act.COMMENT) for section in shown)
    }


def _quoted(contract: Contract, person: Person, asked: RoundRef) -> list[Line]:
    """What is told in words: the first remarks that changed the text, and the first that did not."""
    told = matrix.told(contract, person, asked, public=True)
    some = [_first(told, condition) for condition in (CHANGED, UNCHANGED)]
    rows = db.session.execute(
        responses.rows_of([or_(*(Thread.id.in_(few) for few in some))], public=True)
    )
    return [responses.line(row, person.language, public=True) for row in rows]


def _first(told: list, condition):
    """The ids of the most supported remarks under the condition."""
    ranked = (
        select(Thread.id)
        .join(Section, Section.id == Thread.section_id)
        .where(*told, condition)
        .order_by(Thread.supports.desc(), Thread.id)
        .limit(MOST_QUOTED)
    )
    return select(aliased(ranked.subquery()).c.id)


def _sum(rows: Iterable) -> int:
    return sum(row.remarks for row in rows)


def _by_disposition(rows: list) -> list[Bar]:
    counts: Counter[Disposition | None] = Counter()
    for row in rows:
        counts[row.disposition] += row.remarks
    named = [(label(one), counts[one], COLOURS.get(one, GREY)) for one in Disposition]
    return _bars([*named, (_("No answer yet"), counts[None], "#b7b2a5")], _sum(rows))


def _by_sector(rows: list, outline: dict[int, Outlined]) -> list[Bar]:
    """A remark on a section with two sectors counts in both."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for sector in outline[row.section_id].sectors or [(_("No sector"), GREY)]:
            counts[sector] += row.remarks
    ranked = [(name, count, colour) for (name, colour), count in counts.most_common()]
    return _bars(ranked, _sum(rows))


def _by_organisation(rows: list) -> list[Bar]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[label(row.kind) if row.kind else _("People for themselves")] += row.remarks
    return _bars([(kind, count, INK) for kind, count in counts.most_common()], _sum(rows))


def _bars(counted: list[tuple[str, int, str]], total: int) -> list[Bar]:
    return [Bar(text, count, count / total, colour) for text, count, colour in counted if count]
