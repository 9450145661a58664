"""Who agrees to a text under review: each step with everybody who is asked, and what this reader may say himself."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from ..db import db
from ..models import Person, Position, Revision, Section
from ..rules import approval
from ..rules.approval import Standing
from ..rules.vocabulary import Stage, Stance
from ..services.positions import Ballot
from . import readings, texts
from .views import RevisionRef, revision_ref


@dataclass(frozen=True, slots=True)
class Voice:
    """One person who is asked. `author`: wrote the text, and so is not enough by himself."""

    name: str
    title: str | None
    stance: Stance
    text: str
    at: datetime | None
    author: bool
    me: bool


@dataclass(frozen=True, slots=True)
class StepView:
    title: str
    standing: Standing
    quorum: int
    voices: list[Voice]


@dataclass(frozen=True, slots=True)
class Changed:
    """What I agreed to before, and how its words differ from those of today."""

    agreed: RevisionRef
    html: Markup


@dataclass(frozen=True, slots=True)
class Positions:
    steps: list[StepView]
    mine: Stance
    text: str
    may_speak: bool
    awaited: int
    changed: Changed | None


def shown(section: Section, ballot: Ballot, person: Person) -> Positions | None:
    """The positions on a text that is under review or approved; None where nobody is asked yet."""
    if section.stage not in (Stage.REVIEW, Stage.APPROVED):
        return None
    people = _people(ballot)
    mine = ballot.taken.get(person.id)
    reviewing = section.stage is Stage.REVIEW
    return Positions(
        steps=[
            StepView(
                title=step.title or _("Approval"),
                standing=standing,
                quorum=step.quorum,
                voices=sorted(
                    (_voice(people[one], ballot, person) for one in step.asked if one in people),
                    key=lambda voice: (voice.stance is Stance.NONE, voice.name.casefold()),
                ),
            )
            for step, standing in zip(
                ballot.steps, approval.standings(ballot.steps, ballot.stances), strict=True
            )
        ],
        mine=mine.stance if mine else Stance.NONE,
        text=mine.text if mine else "",
        may_speak=reviewing and ballot.may_speak(person.id),
        awaited=len(ballot.awaited) if reviewing else 0,
        changed=_changed(section, ballot, person) if reviewing else None,
    )


def _people(ballot: Ballot) -> dict[int, Person]:
    asked = {person for step in ballot.steps for person in step.asked}
    rows = db.session.execute(
        select(Person.id, Person.name, Person.title).where(Person.id.in_(asked))
    )
    return {row.id: row for row in rows}


def _voice(row, ballot: Ballot, person: Person) -> Voice:
    taken = ballot.taken.get(row.id)
    return Voice(
        name=row.name,
        title=row.title,
        stance=taken.stance if taken else Stance.NONE,
        text=taken.text if taken else "",
        at=taken.at if taken and taken.stance is not Stance.NONE else None,
        author=row.id in ballot.authors,
        me=row.id == person.id,
    )


def _changed(section: Section, ballot: Ballot, person: Person) -> Changed | None:
    """The last earlier text that the person agreed to, compared with the one under review."""
    if not ballot.may_speak(person.id) or person.id in ballot.taken:
        return None
    agreed = db.session.scalar(
        select(Revision)
        .join(Position, Position.revision_id == Revision.id)
        .where(
            Position.section_id == section.id,
            Position.person_id == person.id,
            Position.stance.in_(approval.AGREEING),
            Position.sha256 != section.current.sha256,
        )
        .order_by(Position.id.desc())
        .limit(1)
    )
    if agreed is None:
        return None
    old = readings.rendered(agreed, section, person)
    new = readings.rendered(section.current, section, person)
    return Changed(revision_ref(agreed), texts.difference(old, new))
