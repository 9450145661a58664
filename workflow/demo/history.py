"""What happened in the demo before anybody looked: texts written, rounds opened and closed, decisions taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from ..db import db
from ..models import (
    Contract,
    Decision,
    Display,
    Event,
    Notification,
    Person,
    Position,
    Revision,
    Round,
    Section,
)
from ..rules.lifecycle import ANNOUNCES, leads_to
from ..rules.text import Rendered, render
from ..rules.vocabulary import Act, EventKind, Stage, Stance
from ..services import notices, outbox, planning, positions, revisions
from . import drawings, texts
from .calendar import (
    APPROVED,
    CLOSED_EARLY,
    FIRST_TEXT,
    OPENED,
    REVISED,
    ROUND_CLOSES,
    SENT_STRAIGHT_TO_REVIEW,
    SENT_TO_REVIEW,
    Calendar,
)
from .mapping import REWRITINGS, ROUTES
from .population import Population

ANNOUNCEMENT = (
    "The second edition of our climate contract is open for comments. Read the section, mark the passage you want to "
    "speak about and tell us what you would change. Every comment gets a written answer."
)
REASONS: dict[Act, str] = {
    Act.CLOSE: "Closed early, so that the demo shows a section in every stage.",
}


@dataclass
class Happening:
    """An event to be recorded in its turn."""

    at: datetime
    kind: EventKind
    actor: Person
    what: dict


@dataclass
class History:
    """Collects what happened in any order and records it in the order of time, without a letter to anybody."""

    contract: Contract
    happenings: list[Happening] = field(default_factory=list)

    def add(self, at: datetime, kind: EventKind, actor: Person, **what) -> None:
        self.happenings.append(Happening(at, kind, actor, what))

    def record(self) -> None:
        """Write it all down. It stands in the inboxes as read long ago; no letter is owed for it."""
        for happening in sorted(self.happenings, key=lambda one: one.at):
            event = outbox.record(
                happening.kind,
                actor=happening.actor,
                contract_id=self.contract.id,
                **happening.what,
            )
            db.session.flush()
            notices.fan_out(event)
            event.at = event.relayed_at = happening.at
        db.session.flush()
        happened = select(Event.at).where(Event.id == Notification.event_id).scalar_subquery()
        db.session.execute(
            update(Notification)
            .where(
                Notification.event_id.in_(
                    select(Event.id).where(Event.contract_id == self.contract.id)
                )
            )
            .values(due_at=None, created_at=happened, read_at=happened)
        )


class Writing:
    """Puts the file's text into a section and takes the section to its state, one move after the other."""

    def __init__(self, population: Population, calendar: Calendar, history: History):
        self._population = population
        self._calendar = calendar
        self._history = history
        self._names = {key: person.name for key, person in population.users.items()}
        self._on_display: Display | None = None

    def write(self, section: Section, listed: Mapping) -> list[Rendered]:
        """The section with its revisions and its ledger; returns the rendered texts, oldest first."""
        lead = self._population.users[listed["lead"]]
        section.owner = lead
        section.due_on = self._calendar.day(listed["due"])
        added = drawings.added(section, listed, lead)
        written = texts.markdown(listed, self._names) + (f"\n{added}\n" if added else "")
        rendered = [render(written, language=section.language)]
        order = listed["order"]
        at = self._calendar.moment(FIRST_TEXT, "09:10") + timedelta(days=order - 1, hours=order % 7)
        first = self._revise(section, rendered[0], lead, at, "First text of the second edition")
        rewriting = REWRITINGS.get(listed["id"])
        for number, act in enumerate(ROUTES[listed["state"]], 1):
            self._move(section, act, number, lead)
            if act is Act.CLOSE and rewriting:
                better = written.replace(rewriting.old, rewriting.new)
                rendered.append(render(better, language=section.language))
                at = self._calendar.moment(REVISED, "11:00")
                self._revise(section, rendered[1], lead, at, rewriting.summary, base=first)
        return rendered

    def _revise(
        self,
        section: Section,
        rendered: Rendered,
        author: Person,
        at: datetime,
        summary: str,
        base: Revision | None = None,
    ) -> Revision:
        revision = Revision(
            section=section,
            number=base.number + 1 if base else 1,
            base_id=base.id if base else None,
            author=author,
            markdown=rendered.markdown,
            plain=rendered.plain,
            sha256=rendered.sha256,
            summary=summary,
            created_at=at,
        )
        db.session.add(revision)
        db.session.flush()
        revisions.keep_rendering(revision, rendered)
        section.current = revision
        self._history.add(at, EventKind.REVISION_SAVED, author, section=section, revision=revision)
        return revision

    def _move(self, section: Section, act: Act, number: int, lead: Person) -> None:
        by, at = self._turn(section, act, lead)
        decision = Decision(
            section=section,
            number=number,
            act=act,
            from_stage=section.stage,
            to_stage=leads_to(section.stage, act),
            by=by,
            reason=REASONS.get(act, ""),
            revision=section.current,
            sha256=section.current.sha256,
            at=at,
        )
        db.session.add(decision)
        if act is Act.APPROVE:
            self._agree(section, by, at)
        if act is Act.CONSULT:
            self._open(section, by, at)
        elif act is Act.CLOSE:
            self._close(section, at)
        section.stage, section.stage_since = decision.to_stage, at
        db.session.flush()
        self._history.add(
            at, ANNOUNCES[act], by, section=section, decision=decision, revision=section.current
        )

    def _agree(self, section: Section, by: Person, at: datetime) -> None:
        """The position that completed the approval."""
        db.session.add(
            Position(
                section=section,
                review_id=positions.under_review(section),
                person_id=by.id,
                stance=Stance.APPROVE,
                revision_id=section.current_id,
                sha256=section.current.sha256,
                at=at,
            )
        )

    def _turn(self, section: Section, act: Act, lead: Person) -> tuple[Person, datetime]:
        """Who made the move, and when."""
        coordinator, approver = self._population.coordinator, self._population.approver
        straight = act is Act.SUBMIT and section.stage is Stage.DRAFT
        by, on, clock = {
            Act.CONSULT: (coordinator, OPENED, "09:00"),
            Act.CLOSE: (coordinator, CLOSED_EARLY, "12:00"),
            Act.SUBMIT: (lead, SENT_STRAIGHT_TO_REVIEW if straight else SENT_TO_REVIEW, "10:00"),
            Act.APPROVE: (approver, APPROVED, "09:00"),
        }[act]
        return by, self._calendar.moment(on, clock) + timedelta(minutes=section.position)

    def _open(self, section: Section, by: Person, at: datetime) -> None:
        section.closes_at = self._calendar.moment(ROUND_CLOSES, "18:00")
        display = Display(
            section_id=section.id,
            round=self._round(section, by, at),
            revision=section.current,
            opened_by_id=by.id,
            opened_at=at,
            closes_at=section.closes_at,
            announcement=ANNOUNCEMENT,
        )
        db.session.add(display)
        self._on_display = display

    def _round(self, section: Section, by: Person, at: datetime) -> Round:
        """The one round, begun with its first section."""
        running = db.session.scalar(
            select(Round).where(Round.contract_id == section.contract_id)
        ) or planning.written(
            section.contract,
            by=by,
            sections=[],
            opens_at=at,
            opened_at=at,
            closes_at=section.closes_at,
            announcement=ANNOUNCEMENT,
        )
        running.sections.append(section)
        return running

    def _close(self, section: Section, at: datetime) -> None:
        section.closes_at = None
        self._on_display.closed_at = at
