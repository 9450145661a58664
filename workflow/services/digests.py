"""Letters as rows: composed when due, one for each person and window. How they leave stands in `sending`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from flask import current_app
from sqlalchemy import String, case, cast, exists, func, select, type_coerce, update

from ..db import among, db, inserted
from ..messages import host_of
from ..models import Digest, Event, Notification, Person
from ..rules import cadence
from ..rules.audience import AT_THE_HOUR, UNSTOPPABLE
from ..rules.cadence import Preference
from ..rules.vocabulary import EventKind, Rhythm
from . import letters, notices, standing, unsent, wishes

AT_ONCE = 500
"""People per transaction of `compose`."""

NAMED_AT_ONCE = 10_000
"""Notifications that one statement names; databases count what they are given."""

PATIENCE = timedelta(minutes=10)
"""How long a due letter waits for the rest of what happened to be told."""


def compose(now: datetime) -> int:
    """Make letters of what is due, for some of the people it is due to; returns for how many, 0 when all is done.

    One letter gathers all that is due, however long the downtime was, what earlier ones that did not leave were to
    tell, and what follows within a burst. It waits a little until everything that happened has been told. A person
    whose letters another worker makes is passed over.
    """
    if notices.behind() and not _overdue(now):
        return 0
    people = _waiting(now)
    due, last = _due(people, now), _last(people)
    kept = {
        person_id: _put_off(people[person_id], some, last.get(person_id), now)
        for person_id, some in due.items()
    }
    for row in unsent.taken_back([key for key, some in kept.items() if _has_news(some)], now):
        kept[row.person_id].append(Due([row.id], row.due_at, row.rhythm, row.kind))
    made = [
        list(_bundled(person_id, some, last.get(person_id), now))
        for person_id, some in kept.items()
    ]
    for bundles in zip_longest(*made):
        _keep([one for one in bundles if one], now)
    return len(due)


def _waiting(now: datetime) -> dict[int, Preference]:
    """Some of the people to whom something is due, held until the transaction ends, and how they want to hear."""
    waiting = select(Notification.person_id).where(*_unmailed(), Notification.due_at <= now)
    rows = db.session.execute(
        select(Person.id, *PREFERENCE)
        .where(Person.id.in_(waiting))
        .order_by(Person.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True, of=Person)
    )
    return {person_id: Preference(*preference) for person_id, *preference in rows}


PREFERENCE = (
    Person.rhythm,
    Person.digest_hour,
    Person.digest_weekday,
    Person.time_zone,
    Person.quiet_from,
    Person.quiet_until,
)
"""`Person.preference` as columns."""


def _overdue(now: datetime) -> bool:
    """Whether something has been due, and known to be, for longer than patience lasts."""
    long_ago = now - PATIENCE
    waits = exists().where(
        *_unmailed(), Notification.due_at < long_ago, Notification.created_at < long_ago
    )
    return db.session.scalar(select(waits))


def _unmailed() -> tuple:
    return Notification.digest_id.is_(None), Notification.read_at.is_(None)


class Due(NamedTuple):
    """Notifications of a person that wait to be mailed, alike in all that decides when and with what."""

    ids: list[int]
    due_at: datetime
    rhythm: Rhythm
    kind: EventKind

    @property
    def alone(self) -> EventKind | None:
        """A kind that carries a link to sign in and shares its letter with nothing else."""
        return self.kind if self.kind in UNSTOPPABLE else None

    @property
    def windowed(self) -> bool:
        """Whether it belongs to a day or a week; what comes at the hour whatever the rhythm does not."""
        return self.rhythm in cadence.WINDOWS and self.kind not in AT_THE_HOUR

    @property
    def prompt(self) -> bool:
        return self.rhythm is Rhythm.IMMEDIATE and not self.alone


@dataclass(frozen=True, slots=True)
class Last:
    """A person's newest digest, and when the newest one of a daily or weekly window was made."""

    due_at: datetime
    composed_at: datetime | None


def _has_news(due: list[Due]) -> bool:
    return any(not one.alone for one in due)


def _due(people: Collection[int], now: datetime) -> dict[int, list[Due]]:
    """What each person is to be told now: all that is due, and of what is prompt also what follows in a burst."""
    burst = timedelta(seconds=current_app.config["BURST_SECONDS"])
    alike = [
        Notification.person_id,
        Notification.due_at,
        *(type_coerce(one, String) for one in (Notification.rhythm, Event.kind)),
    ]
    rows = db.session.execute(
        select(func.aggregate_strings(cast(Notification.id, String), ","), *alike)
        .join(Event, Event.id == Notification.event_id)
        .where(
            *_unmailed(),
            Notification.due_at <= now + burst,
            among(Notification.person_id, people),
        )
        .group_by(*alike)
        .order_by(func.min(Notification.id))
    )
    found = defaultdict(list)
    for ids, person_id, due_at, rhythm, kind in rows:
        due = Due([*map(int, ids.split(","))], due_at, RHYTHMS[rhythm], KINDS[kind])
        if due.rhythm is Rhythm.IMMEDIATE or due_at <= now:
            found[person_id].append(due)
    return found


RHYTHMS, KINDS = ({one.value: one for one in words} for words in (Rhythm, EventKind))


def _last(people: Collection[int]) -> dict[int, Last]:
    windowed = case((Digest.rhythm.in_(cadence.WINDOWS), Digest.composed_at))
    rows = db.session.execute(
        select(Digest.person_id, func.max(Digest.due_at), func.max(windowed))
        .where(among(Digest.person_id, people))
        .group_by(Digest.person_id)
    )
    return {person_id: Last(*moments) for person_id, *moments in rows}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A letter to be, as the row that it becomes, and what it tells."""

    digest: dict[str, object]
    due: list[Due]


def _bundled(person_id: int, due: list[Due], last: Last | None, now: datetime) -> Iterator[Bundle]:
    """The letters of one person: one, and one more for each link to sign in."""
    bundles = defaultdict(list)
    for one in due:
        bundles[one.alone].append(one)
    newest = last.due_at if last else None
    for bundle in bundles.values():
        window = min(now, max(one.due_at for one in bundle))
        if newest and window <= newest:
            window = newest + timedelta(microseconds=1)
        newest = window
        digest = {
            "person_id": person_id,
            "rhythm": _together(one.rhythm for one in bundle if one.windowed),
            "due_at": window,
            "message_id": _message_id(person_id, window),
        }
        yield Bundle(digest, bundle)


def _keep(bundles: list[Bundle], now: datetime) -> None:
    """Write the letters down, of each person one at most, and what they tell: in a few statements for all."""
    if not bundles:
        return
    rows = [one.digest for one in bundles]
    ids = inserted(Digest.__table__, rows, composed_at=now, next_try_at=now)
    told = [one for bundle in bundles for due in bundle.due for one in due.ids]
    for at in range(0, len(told), NAMED_AT_ONCE):
        db.session.execute(
            update(Notification)
            .where(
                among(Notification.id, told[at : at + NAMED_AT_ONCE]),
                Notification.person_id == Digest.person_id,
                among(Digest.id, ids),
            )
            .values(digest_id=Digest.id)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()  # whoever has such a row at hand reads it anew


def _together(rhythms: Iterable[Rhythm]) -> Rhythm:
    """The rhythm of a letter: that of its shortest window; at once only where nothing in it belongs to a window."""
    windows = cadence.WINDOWS.intersection(rhythms)
    return min(windows, key=list(Rhythm).index, default=Rhythm.IMMEDIATE)


def _message_id(person_id: int, window: datetime) -> str:
    """The same person and window make the same ID, whoever works it out, so that a repeated letter is recognised."""
    host = host_of(current_app.config["MAIL_FROM"])
    return f"<digest.{person_id}.{window:%Y%m%d.%H%M%S.%f}@{host}>"


def _put_off(preference: Preference, due: list[Due], last: Last | None, now: datetime) -> list[Due]:
    """Leave for later what is not to be mailed now; returns the rest.

    What was told only after its own window had been mailed waits for the next one: one letter per window at most.
    What is prompt waits for the end of quiet hours, unless a letter comes in them anyway.
    """
    later: dict[datetime, list[Due]] = defaultdict(list)
    for one in due:
        if one.windowed and last and last.composed_at and one.due_at <= last.composed_at:
            later[cadence.due_at(now, replace(preference, rhythm=one.rhythm))].append(one)
    late = [one for some in later.values() for one in some]
    kept = [one for one in due if one not in late]
    if cadence.quiet(now, preference) and all(one.prompt or one.alone for one in kept):
        later[cadence.after_quiet(now, preference)] += [one for one in kept if one.prompt]
        kept = [one for one in kept if one.alone]
    for due_at, some in later.items():
        ids = [one for due in some for one in due.ids]
        db.session.execute(
            update(Notification).where(among(Notification.id, ids)).values(due_at=due_at)
        )
    return kept


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next letter would say if nothing else happened; without a text when it would not be sent."""

    next_at: datetime
    rhythm: Rhythm
    count: int
    subject: str
    text: str
    html: str


def preview(person: Person, now: datetime) -> Preview | None:
    """The person's next letter as it stands now; None for whoever wants none."""
    moment = wishes.next_moment(person, now)
    if moment is None:
        return None
    told = [
        notification
        for notification in standing.notifications(
            person, *_unmailed(), Notification.due_at.is_not(None)
        )
        if notification.event.kind not in UNSTOPPABLE
    ]
    if not told:
        return Preview(moment, person.rhythm, 0, "", "", "")
    first = max(now, min(notification.due_at for notification in told))
    told = [notification for notification in told if notification.due_at <= first]
    rhythm = _together(notification.rhythm for notification in told)
    letter = letters.draft(person, told, rhythm=rhythm)
    return Preview(first, rhythm, len(told), letter.subject, str(letter.text), str(letter.html))
