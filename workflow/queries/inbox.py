"""What the inbox answers: what happened that concerns me, how often do I want mail, what would the next letter say?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, Row, func, or_, select

from .. import clock
from ..db import db
from ..labels import label
from ..models import Contract, Event, Notification, Person, Thread
from ..rules.vocabulary import Reason
from ..services import calendar, digests
from ..services.digests import Preview
from ..services.inbox import Marked, may_undo
from ..services.wishes import next_moment
from . import happenings, wishes
from .navigation import ContractRef
from .outline import how_many, titled
from .views import Choice, Pages, SectionRef
from .visibility import contracts_of
from .wishes import ContractWishes

PER_PAGE = 50
LONGEST_QUOTE = 240
REASONS = frozenset(Reason)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened; `reason` completes "You hear this because …"."""

    id: int
    at: datetime
    text: str
    reason: str
    url: str
    unread: bool
    quote: str | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A group is a section with its notices; section and contract are None for what belongs to neither.

    `args` are the filters in the page's address; `undo` is what was marked as read just now.
    """

    groups: list[tuple[SectionRef | None, ContractRef | None, list[Notice]]]
    unread: int
    pages: Pages
    next_at: datetime | None
    args: dict[str, str]
    filters: dict[str, list[Choice]]
    undo: Marked | None


@dataclass(frozen=True, slots=True)
class LetterPage:
    """The next letter as it stands now; without one while nothing waits to be mailed."""

    letter: Preview | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """The places of each contract with what the person wishes to hear of them. `calendar` is the private address of
    the person's deadlines; a guest has none."""

    contracts: list[ContractWishes]
    next_at: datetime | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox is shown: only the unread, of one contract, heard for one reason. Unknown words choose nothing
    and are ignored."""

    show: str = ""
    contract: str = ""
    reason: str = ""

    @property
    def args(self) -> dict[str, str]:
        """The filters as an address names them."""
        known = {
            "show": "unread" if self.show == "unread" else "",
            "contract": self.contract,
            "reason": self.reason if self.reason in REASONS else "",
        }
        return {name: value for name, value in known.items() if value}

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What they mean, of `Notification` alone."""
        events = select(Event.id).where(*self.of_events)
        return self.of_notices + ([Notification.event_id.in_(events)] if self.of_events else [])

    @property
    def of_notices(self) -> list[ColumnElement[bool]]:
        """What they mean of the notices themselves."""
        args = self.args
        chosen = []
        if "show" in args:
            chosen.append(Notification.read_at.is_(None))
        if "reason" in args:
            chosen.append(Notification.reason == Reason(args["reason"]))
        return chosen

    @property
    def of_events(self) -> list[ColumnElement[bool]]:
        """What they mean of the events that the notices tell of."""
        slug = self.args.get("contract")
        here = select(Contract.id).where(Contract.slug == slug)
        return [Event.contract_id.in_(here)] if slug else []


def inbox(
    person: Person,
    *,
    page: int = 1,
    chosen: Filter = Filter(),
    marked_at: datetime | None = None,
) -> InboxPage:
    """One page of what this person was told, unread first, then the newest, by section.

    A page beyond the last, perhaps since its notices were read, is the first. `marked_at` is when something was marked
    as read just now.
    """
    rows = _rows(person, chosen, page)
    if not rows and page > 1:
        page, rows = 1, _rows(person, chosen, 1)
    total, unread = (rows[0].total, rows[0].unread) if rows else (0, 0)
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        groups.setdefault((row.contract_id, row.section_id), []).append(row)
    return InboxPage(
        groups=[
            (
                happenings.section_of(some[0], person.language),
                _contract(some[0], person.language),
                [_notice(row) for row in some],
            )
            for some in groups.values()
        ],
        unread=unread,
        pages=Pages(page, PER_PAGE, total, "inbox.show", chosen.args),
        next_at=_next_at(person),
        args=chosen.args,
        filters=_filters(person, chosen),
        undo=_marked(person, marked_at),
    )


def _rows(person: Person, chosen: Filter, page: int) -> Sequence[Row]:
    return db.session.execute(
        happenings.events(person)
        .add_columns(
            Notification.id,
            Notification.reason,
            Notification.read_at,
            func.count().over().label("total"),
            how_many(Notification.read_at.is_(None)).over().label("unread"),
            Contract.city,
            Contract.titles.label("contract_titles"),
            Contract.target_year,
            Contract.demo,
        )
        .join(Notification, Notification.event_id == Event.id)
        .where(
            Notification.person_id == person.id,
            _still_mine(person),
            *chosen.of_notices,
            *chosen.of_events,  # not through the ids again: a planner that knows little compares all with all
        )
        .order_by(Notification.read_at.is_not(None), Event.at.desc(), Event.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()


def _filters(person: Person, chosen: Filter) -> dict[str, list[Choice]]:
    """The contracts and reasons that occur in the inbox, where there is a choice."""
    rows = db.session.execute(
        select(Notification.reason, Contract.slug, Contract.city)
        .select_from(Notification)
        .join(Event, Event.id == Notification.event_id)
        .outerjoin(Contract, Contract.id == Event.contract_id)
        .where(Notification.person_id == person.id, _still_mine(person))
        .distinct()
    ).all()
    contracts = sorted({(row.city, row.slug) for row in rows if row.slug})
    reasons = sorted((label(reason), reason.value) for reason in {row.reason for row in rows})
    known = {
        "contract": [(slug, city) for city, slug in contracts],
        "reason": [(value, words) for words, value in reasons],
    }
    return {
        name: [Choice(value, words, value == chosen.args.get(name), None) for value, words in some]
        for name, some in known.items()
        if len(some) > 1 or name in chosen.args
    }


def _marked(person: Person, at: datetime | None) -> Marked | None:
    if at is None or not may_undo(at):
        return None
    count = db.session.scalar(
        select(func.count()).where(Notification.person_id == person.id, Notification.read_at == at)
    )
    return Marked(count, at) if count else None


def letter(person: Person) -> LetterPage:
    """What the person would get, if it were sent now."""
    found = digests.preview(person, clock.now())
    return LetterPage(found if found and found.count else None, _next_at(person))


def _next_at(person: Person) -> datetime | None:
    if person.mail_suspended_at is not None:
        return None
    return next_moment(person, clock.now())


def preferences(person: Person) -> PreferencesPage:
    """What the person hears of which places, and when the next letter would come."""
    address = url_for("calendar.feed", token=calendar.token(person), _external=True)
    return PreferencesPage(
        contracts=wishes.listed(person),
        next_at=_next_at(person),
        calendar=address if person.is_active else None,
    )


def _still_mine(person: Person) -> ColumnElement[bool]:
    """READ is asked again: who no longer takes part no longer reads what he was told, but what everybody reads of his
    own remarks."""
    on_display = select(Thread.id).where(Thread.author_id == person.id, Thread.on_display)
    return or_(
        Event.contract_id.is_(None),
        Event.contract_id.in_(contracts_of(person)),
        Event.thread_id.in_(on_display),
    )


def _notice(row: Row) -> Notice:
    quote = row.quote
    if quote and len(quote) > LONGEST_QUOTE:
        quote = quote[:LONGEST_QUOTE].rstrip() + "…"
    return Notice(
        id=row.id,
        at=row.at,
        text=happenings.sentence(row),
        reason=label(row.reason),
        url=happenings.address(row),
        unread=row.read_at is None,
        quote=quote,
    )


def _contract(row: Row, language: str) -> ContractRef | None:
    if row.contract_id is None:
        return None
    return ContractRef(
        row.contract_id,
        row.slug,
        row.city,
        titled(row.contract_titles, language),
        row.target_year,
        row.demo,
    )
