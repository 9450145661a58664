"""What stands between a section and its next step, counted: the gate's facts, for the step itself and every page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select

from ..db import among, db
from ..models import Person, Revision, Section, Thread
from ..rules import approval, gate
from ..rules.refusals import Blocker
from ..rules.text import references
from ..rules.vocabulary import Act, Stage
from . import numbering, owed, positions, proofs
from .positions import Ballot
from .proofs import Found


class Counted(NamedTuple):
    """What is owed in a section, in numbers."""

    unanswered: int
    objections: int
    promised: int
    elements: int


class Voted(NamedTuple):
    """What the positions come to, in numbers; `own_text`: only its authors approve it so far."""

    lacking: int
    objecting: int
    awaited: int
    own_text: bool


def blockers(section: Section, act: Act, *, by: Person | None = None) -> list[Blocker]:
    """What has to happen before the step; the page, the refusal and the letters list the same."""
    if act not in gate.GATES:
        return []
    return gate.blockers(act, facts(section, by=by))


def facts(
    section: Section, *, by: Person | None = None, ballot: Ballot | None = None
) -> gate.Facts:
    """What the gate looks at, counted by the database, in as many queries whatever the number of remarks and judges.

    Positions count in a review only. With `by`, as if this person approved, too.
    """
    row = db.session.execute(_question(), {"section": section.id}).one()
    if section.stage is Stage.REVIEW:
        ballot = ballot or positions.ballot(section)
    return judged(Counted(*row), _found(section), voted(ballot, by=by) if ballot else None)


def facts_of(sections: Collection[Section]) -> dict[int, gate.Facts]:
    """The same for many sections, in as many queries as for one, and a few for each contract with a review."""
    if not sections:
        return {}
    ids = {section.id for section in sections}
    current = {section.current_id for section in sections} - {None}
    texts = db.session.scalars(select(Revision).where(among(Revision.id, current))).all()
    counts = {
        section_id: Counted(*counted)
        for section_id, *counted in db.session.execute(_counts().where(among(Section.id, ids)))
    }
    ballots: dict[int, Ballot] = {}
    reviews = defaultdict(list)
    for section in sections:
        if section.stage is Stage.REVIEW:
            reviews[section.contract_id].append(section.place)
    for contract_id, places in reviews.items():
        ballots |= positions.ballots(contract_id, places)
    votes = {section_id: voted(ballot) for section_id, ballot in ballots.items()}
    facts = {
        section.id: judged(counts[section.id], _found(section), votes.get(section.id))
        for section in sections
    }
    del texts  # so long the sections find theirs without asking
    return facts


def of_the_text(section: Section, counted: Counted) -> gate.Facts:
    """What the gate looks at before anybody takes a position: remarks, elements, leftovers."""
    return judged(counted, _found(section), None)


def _found(section: Section) -> Found:
    current = section.current
    found = proofs.found(
        section.contract,
        current.sha256 if current else None,
        current.plain if current else None,
        current.markdown if current else None,
    )
    if not found.joins:
        return found
    wrong = references.faults(numbering.texts(section.contract_id))
    return replace(found, unresolved=wrong.get(section.id, ()))


def voted(ballot: Ballot, *, by: Person | None = None) -> Voted:
    return Voted(
        lacking=ballot.lacking,
        objecting=len(ballot.objecting),
        awaited=len(ballot.awaited),
        own_text=_only_authors(ballot, by),
    )


def judged(counted: Counted, found: Found, voted: Voted | None) -> gate.Facts:
    """The facts of the gate from what was counted, what was found in the text, and the positions taken on it."""
    return gate.Facts(
        has_text=found.has_text,
        open_objections=counted.objections,
        unanswered=counted.unanswered,
        not_carried_out=counted.promised,
        open_elements=0 if found.has_text else counted.elements,
        leftovers=found.leftovers,
        undescribed=found.undescribed,
        unresolved=found.unresolved,
        unknown_charts=references.unknown_charts(found.indexes),
        lacking_steps=voted.lacking if voted else 0,
        objecting=voted.objecting if voted else 0,
        own_text=voted.own_text if voted else False,
    )


def counting(section_id) -> Select:
    """The question for the numbers of `Counted`, in their order."""
    return select(*_numbers(section_id)).where(Thread.section_id == section_id)


def _counts() -> Select:
    """The same for many sections, each after its id."""
    return (
        select(Section.id, *_numbers(Section.id))
        .outerjoin(Thread, Thread.section_id == Section.id)
        .group_by(Section.id)
    )


def _numbers(section_id) -> list[ColumnElement[int]]:
    remarks = zip(Counted._fields, (owed.UNANSWERED, owed.OBJECTIONS, owed.PROMISED), strict=False)
    return [
        *(func.count(case((condition, 1))).label(name) for name, condition in remarks),
        owed.elements(section_id).scalar_subquery().label("elements"),
    ]


@cache
def _question() -> Select:
    return counting(bindparam("section"))


def _only_authors(ballot: Ballot, by: Person | None) -> bool:
    approvers = ballot.approving | ({by.id} if by and ballot.may_speak(by.id) else set())
    return not approval.four_eyes(approvers, ballot.authors)
