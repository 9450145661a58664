"""What stands between a section and its next step, counted: the gate's facts, for the step itself and every page."""

from functools import lru_cache

from sqlalchemy import func, select

from .. import packs
from ..db import db
from ..models import Element, Person, Section, Thread
from ..rules import approval, gate
from ..rules.checks import leftovers
from ..rules.refusals import Blocker
from ..rules.vocabulary import Act, RemarkKind, Stage
from . import positions
from .positions import Ballot

NOBODY = Ballot(steps=(), taken={}, authors=frozenset(), review_id=None)
"""A ballot that asks nobody, for pages that speak of the text alone."""


def blockers(section: Section, act: Act, *, by: Person | None = None) -> list[Blocker]:
    """What has to happen before the step; the page, the refusal and the letters list the same."""
    if act not in gate.GATES:
        return []
    return gate.blockers(act, facts(section, by=by))


def of_the_text(section: Section) -> gate.Facts:
    """What the gate looks at before anybody takes a position: remarks, elements, leftovers."""
    return facts(section, ballot=NOBODY)


def facts(
    section: Section, *, by: Person | None = None, ballot: Ballot | None = None
) -> gate.Facts:
    """What the gate looks at, counted by the database, in as many queries whatever the number of remarks and judges.

    Positions count in a review only. With `by`, as if this person approved, too.
    """
    unanswered = (
        select(func.count())
        .select_from(Thread)
        .where(
            Thread.section_id == section.id,
            Thread.unanswered,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.kind != RemarkKind.SUPPORT,
        )
    )
    promised = (
        select(func.count())
        .select_from(Thread)
        .where(
            Thread.section_id == section.id,
            Thread.disposition.in_(gate.PROMISES),
            Thread.carried_out_by_id.is_(None),
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.kind != RemarkKind.SUPPORT,
        )
    )
    elements = (
        select(func.count())
        .select_from(Element)
        .where(
            Element.section_id == section.id,
            Element.required,
            Element.not_applicable_because.is_(None),
        )
    )
    row = db.session.execute(
        select(
            unanswered.scalar_subquery().label("unanswered"),
            unanswered.where(Thread.kind == RemarkKind.OBJECTION)
            .scalar_subquery()
            .label("objections"),
            promised.scalar_subquery().label("promised"),
            elements.scalar_subquery().label("elements"),
        )
    ).one()
    text = section.current.plain.strip() if section.current else ""
    if section.stage is Stage.REVIEW:
        ballot = ballot or positions.ballot(section)
    return gate.Facts(
        has_text=bool(text),
        open_objections=row.objections,
        unanswered=row.unanswered,
        not_carried_out=row.promised,
        open_elements=0 if text else row.elements,
        leftovers=_left_in(text, section.contract.pack, section.contract.pack_version),
        lacking_steps=ballot.lacking if ballot else 0,
        objecting=len(ballot.objecting) if ballot else 0,
        own_text=_only_authors(ballot, by) if ballot else False,
    )


def _only_authors(ballot: Ballot, by: Person | None) -> bool:
    approvers = ballot.approving | ({by.id} if by and ballot.may_speak(by.id) else set())
    return not approval.four_eyes(approvers, ballot.authors)


@lru_cache(maxsize=256)
def _left_in(text: str, pack: str, version: str) -> tuple[str, ...]:
    """What must not be printed of the text, the pack's guidance included; found once for each text."""
    phrases = packs.load(pack, version).guidance_phrases()
    return tuple(found.text for found in leftovers.find(text, phrases=phrases))
