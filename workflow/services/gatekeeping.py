"""What stands between a section and its next step, counted: the gate's facts, for the step itself and every page."""

from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, case, func, select

from ..db import db
from ..models import Person, Section, Thread
from ..rules import approval, gate
from ..rules.refusals import Blocker
from ..rules.vocabulary import Act, Stage
from . import owed, positions, proofs
from .positions import Ballot
from .proofs import Found

NOBODY = Ballot(steps=(), taken={}, authors=frozenset(), review_id=None)
"""A ballot that asks nobody, for pages that speak of the text alone."""


class Counted(NamedTuple):
    """What is owed in a section, in numbers."""

    unanswered: int
    objections: int
    promised: int
    elements: int


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
    return judged(Counted(*row), _found(section), ballot, by=by)


def of_the_text(section: Section, counted: Counted) -> gate.Facts:
    """What the gate looks at before anybody takes a position: remarks, elements, leftovers."""
    return judged(counted, _found(section), NOBODY)


def _found(section: Section) -> Found:
    current = section.current
    return proofs.found(
        section.contract,
        current.sha256 if current else None,
        current.plain if current else None,
    )


def judged(
    counted: Counted, found: Found, ballot: Ballot | None, *, by: Person | None = None
) -> gate.Facts:
    """The facts of the gate from what was counted, what was found in the text, and the positions taken on it."""
    return gate.Facts(
        has_text=found.has_text,
        open_objections=counted.objections,
        unanswered=counted.unanswered,
        not_carried_out=counted.promised,
        open_elements=0 if found.has_text else counted.elements,
        leftovers=found.leftovers,
        lacking_steps=ballot.lacking if ballot else 0,
        objecting=len(ballot.objecting) if ballot else 0,
        own_text=_only_authors(ballot, by) if ballot else False,
    )


def counting(section_id) -> Select:
    """The question for the numbers of `Counted`, in their order."""
    remarks = zip(Counted._fields, (owed.UNANSWERED, owed.OBJECTIONS, owed.PROMISED), strict=False)
    return select(
        *(func.count(case((condition, 1))).label(name) for name, condition in remarks),
        owed.elements(section_id).scalar_subquery().label("elements"),
    ).where(Thread.section_id == section_id)


@cache
def _question() -> Select:
    return counting(bindparam("section"))


def _only_authors(ballot: Ballot, by: Person | None) -> bool:
    approvers = ballot.approving | ({by.id} if by and ballot.may_speak(by.id) else set())
    return not approval.four_eyes(approvers, ballot.authors)
