"""What was on display from when to when in a round, and all that happened to it: the page that can be printed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ..db import db
from ..models import Contract, Display, Person, Revision, Round, Section, Thread
from ..rules.vocabulary import RoundAudience
from . import consultation
from .consultation import Change
from .navigation import ContractRef, contract_ref
from .outline import how_many, titled


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that was on display."""

    section_id: int
    code: str
    title: str
    revision: int
    sha256: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EvidencePage:
    contract: ContractRef
    number: int
    title: str
    audience: RoundAudience
    announcement: str
    by: str
    state: str
    opens_at: datetime
    opened_at: datetime | None
    announced_end: datetime
    closes_at: datetime
    closed_at: datetime | None
    shown: list[Shown]
    changes: list[Change]
    remarks: int
    late: int


def page(contract: Contract, one: Round, person: Person, *, state: str) -> EvidencePage:
    """The evidence of the round; remarks are counted, whoever may read them, and none is quoted."""
    changes = [consultation.change(entry, person.language) for entry in one.changes]
    moved = [change.closes_before for change in changes if change.closes_before]
    rows = db.session.execute(
        select(
            Section.id,
            Section.code,
            Section.titles,
            Revision.number,
            Revision.sha256,
            Display.opened_at,
            Display.closed_at,
        )
        .join(Section, Section.id == Display.section_id)
        .join(Revision, Revision.id == Display.revision_id)
        .where(Display.round_id == one.id)
        .order_by(Section.module_id, Section.position, Display.opened_at, Display.id)
    )
    said = db.session.execute(
        select(func.count().label("all"), how_many(Thread.late).label("late")).where(
            Thread.round_id == one.id, Thread.withdrawn_at.is_(None), Thread.addressed
        )
    ).one()
    return EvidencePage(
        contract=contract_ref(contract, person.language),
        number=one.number,
        title=one.title,
        audience=one.audience,
        announcement=one.announcement,
        by=one.opened_by.name,
        state=state,
        opens_at=one.opens_at,
        opened_at=one.opened_at,
        announced_end=moved[0] if moved else one.closes_at,
        closes_at=one.closes_at,
        closed_at=one.closed_at,
        shown=[
            Shown(
                row.id,
                row.code,
                titled(row.titles, person.language),
                row.number,
                row.sha256,
                row.opened_at,
                row.closed_at,
            )
            for row in rows
        ],
        changes=changes,
        remarks=said.all,
        late=said.late,
    )


def as_json(page: EvidencePage) -> dict:
    """The same as data; moments are RFC 3339 in UTC."""
    return {
        "city": page.contract.city,
        "contract": page.contract.slug,
        "round": page.number,
        "title": page.title,
        "audience": page.audience,
        "announcement": page.announcement,
        "opened_by": page.by,
        "state": page.state,
        "opened_at": _moment(page.opened_at),
        "announced_end": _moment(page.announced_end),
        "closes_at": _moment(page.closes_at),
        "closed_at": _moment(page.closed_at),
        "remarks": page.remarks,
        "late_remarks": page.late,
        "displays": [
            {
                "section": one.code,
                "title": one.title,
                "revision": one.revision,
                "sha256": one.sha256,
                "from": _moment(one.opened_at),
                "to": _moment(one.closed_at),
            }
            for one in page.shown
        ],
        "changes": [
            {
                "change": one.change,
                "at": _moment(one.at),
                "by": one.by,
                "reason": one.reason,
                "closes_before": _moment(one.closes_before),
                "closes_after": _moment(one.closes_after),
                "section": one.section.code if one.section else None,
                "revision_before": one.before,
                "revision_after": one.after,
            }
            for one in page.changes
        ],
    }


def cells(page: EvidencePage) -> list[list[str | int | None]]:
    """A row for each display."""
    return [
        [
            one.code,
            one.title,
            one.revision,
            one.sha256,
            _moment(one.opened_at),
            _moment(one.closed_at),
        ]
        for one in page.shown
    ]


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
