"""What is drafted and could be published, by round; the rounds in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import and_, case, func, literal, select

from ..db import db
from ..models import AnswerDraft, Contract, Person, Round, Section, Thread
from ..rules import gate
from ..rules.lifecycle import stages_for
from ..rules.vocabulary import Act, RemarkKind
from .remarks import on_desk


@dataclass(frozen=True, slots=True)
class Ready:
    """Drafts that could be published: of a round (None: outside of any), and how many of them name no revision."""

    round_id: int | None
    label: str
    drafts: int
    lacking: int


def rounds(contract: Contract, person: Person) -> tuple[list[tuple[str, str]], list[Ready]]:
    """The rounds, the newest first, and what `desk.publish` would give of each."""
    lacks = and_(
        AnswerDraft.disposition.in_(gate.PROMISES),
        AnswerDraft.carried_out_by_id.is_(None),
        Thread.kind != RemarkKind.SUPPORT,
    )
    named = (Round.id, Round.number, Round.title)
    ready = (
        select(*named, func.count(), func.count(case((lacks, 1))))
        .select_from(AnswerDraft)
        .join(Thread, Thread.id == AnswerDraft.thread_id)
        .join(Section, Section.id == Thread.section_id)
        .outerjoin(Round, Round.id == Thread.round_id)
        .where(on_desk(contract, person), Section.stage.in_(stages_for(Act.ANSWER)))
        .group_by(*named)
    )
    known = select(*named, literal(0), literal(0)).where(Round.contract_id == contract.id)
    rows = sorted(db.session.execute(known.union_all(ready)), key=lambda row: -(row[1] or 0))
    names = {str(row[0]): named_round(row[1], row[2]) for row in rows if row[0]}
    return list(names.items()), [
        Ready(key, named_round(number, title), drafts, lacking)
        for key, number, title, drafts, lacking in rows
        if drafts
    ]


def named_round(number: int | None, title: str | None) -> str:
    if number is None:
        return _("Outside of any round")
    name = _("Round %(number)s", number=number)
    return f"{name}: {title}" if title else name
