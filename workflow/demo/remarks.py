"""The demo's remarks with their passages and answers, and where a passage stands after a rewriting."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from ..db import db
from ..models import (
    Comment,
    Display,
    Person,
    Placement,
    Revision,
    Round,
    Section,
    Thread,
)
from ..rules.text import Rendered, anchors
from ..rules.vocabulary import AnchorStatus, Disposition, EventKind, Visibility
from .calendar import DAYS_TO_AN_ANSWER, SENT_TO_REVIEW, Calendar
from .history import History
from .mapping import CHANNELS, DISPOSITIONS, KINDS, POSITIONS, REWRITINGS
from .population import Population


class Remarks:
    """Puts the remarks of the file on the revision that people read, the first."""

    def __init__(self, population: Population, calendar: Calendar, history: History):
        self._population = population
        self._calendar = calendar
        self._history = history

    def make(
        self,
        section: Section,
        rendered: list[Rendered],
        paragraphs: Mapping[str, str],
        listed: list[Mapping],
    ) -> None:
        """All remarks on one section. `paragraphs` are the file's paragraphs by id."""
        first, *later = self._revisions(section)
        for number, remark in enumerate(sorted(listed, key=lambda one: one["created"]), 1):
            thread = self._remark(section, first, rendered[0], paragraphs, remark, number)
            self._answer(thread, remark, later)
            for revision, text in zip(later, rendered[1:], strict=True):
                self._carry(thread, first, revision, text)
        db.session.flush()

    def _remark(self, section, revision, rendered, paragraphs, remark, number) -> Thread:
        author = self._population.by_name[remark["author"]]
        organisation = self._population.organisations.get(remark["organisation"])
        anchor = remark["anchor"]
        start = rendered.plain.index(paragraphs[anchor["paragraph"]]) + anchor["start"]
        end = start + len(anchor["quote"])
        selector = anchors.select(rendered, start, end)
        at = self._moment(remark)
        thread = Thread(
            section=section,
            number=number,
            revision=revision,
            author=author,
            organisation=organisation,
            kind=KINDS[remark["type"]],
            visibility=Visibility.PUBLIC if organisation else Visibility.PARTICIPANTS,
            channel=CHANNELS[remark["channel"]],
            language=remark["lang"],
            quote=selector.exact,
            prefix=selector.prefix,
            suffix=selector.suffix,
            start=start,
            end=end,
            block=selector.block,
            round=self._round(section, at),
            created_at=at,
            supports=remark["supports"],
        )
        comment = Comment(
            thread=thread,
            author=author,
            language=remark["lang"],
            text=remark["text"],
            translation=remark["text_en"],
            token=f"demo {remark['id']}",
            created_at=at,
        )
        db.session.add_all([thread, comment])
        db.session.flush()
        self._history.add(
            at, EventKind.REMARK_MADE, author, section=section, thread=thread, comment=comment
        )
        return thread

    def _answer(self, thread: Thread, remark: Mapping, later: list[Revision]) -> None:
        position = self._position(remark)
        if position is None:
            return
        disposition, text, by, at = position
        thread.disposition = disposition
        thread.answer = text
        thread.answered_by = by
        thread.answered_at = at
        rewriting = next(
            (one for one in REWRITINGS.values() if one.carries_out == remark["id"]), None
        )
        if rewriting:
            thread.carried_out_by_id = later[0].id
        self._population.allow_to_answer(by, thread.section)
        self._history.add(at, EventKind.REMARK_ANSWERED, by, section=thread.section, thread=thread)

    def _position(self, remark: Mapping) -> tuple[Disposition, str, Person, datetime] | None:
        """What the city said, who said it and when; None while the remark is open."""
        users = self._population.users
        if written := POSITIONS.get(remark["id"]):
            at = self._calendar.moment(SENT_TO_REVIEW, "15:00")
            return written.disposition, written.text, users[written.by], at
        disposition, reply = DISPOSITIONS[remark["status"]], remark["reply"]
        if disposition is None:
            return None
        at = self._moment(remark) + timedelta(days=DAYS_TO_AN_ANSWER)
        return disposition, reply["text"], users[reply["by"]], at

    def _carry(self, thread: Thread, first: Revision, revision: Revision, text: Rendered) -> None:
        selector = anchors.selector(first.plain, thread.start, thread.end)
        [place] = anchors.carry(first.plain, text.plain, [selector])
        db.session.add(
            Placement(
                thread_id=thread.id,
                revision_id=revision.id,
                status=AnchorStatus(place.status),
                start=place.start,
                end=place.end,
                similarity=place.similarity,
            )
        )

    def _round(self, section: Section, at: datetime) -> Round | None:
        """The round in which the section was on display at that moment."""
        display = db.session.scalar(
            select(Display).where(
                Display.section_id == section.id,
                Display.opened_at <= at,
                or_(Display.closed_at.is_(None), Display.closed_at > at),
            )
        )
        return display.round if display else None

    def _moment(self, remark: Mapping) -> datetime:
        """The file knows the day; the number of the remark spreads them over it."""
        return self._calendar.moment(remark["created"], "09:30") + timedelta(
            minutes=13 * int(remark["id"].removeprefix("C-"))
        )

    def _revisions(self, section: Section) -> list[Revision]:
        return list(
            db.session.query(Revision).filter_by(section_id=section.id).order_by(Revision.number)
        )
