"""A person's calendar: the address under which programs fetch it, and what each deadline in it was last told to be.

The address is a signed token that names a person and does nothing else; with a new one the old stops.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from .. import clock
from ..db import db
from ..ical import Entry
from ..models import CalendarEntry, Person
from ..queries.calendar import Deadline
from .locking import locked
from .upserts import INSERTS


def token(person: Person) -> str:
    """The word in the address; it lasts until the person asks for another one."""
    return _serializer().dumps([person.id, person.calendar_epoch])


def person_of(token: str) -> Person | None:
    """Whose calendar the token opens; None when it is not ours, was replaced, or its person may not sign in."""
    try:
        person_id, epoch = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    person = db.session.get(Person, person_id)
    fits = person is not None and person.is_active and person.calendar_epoch == epoch
    return person if fits else None


def renew(person: Person) -> Person:
    """Give the calendar a new address. Whoever had the old one gets nothing more."""
    person = locked(person)
    person.calendar_epoch += 1
    return person


def entries(person_id: int, deadlines: Sequence[Deadline]) -> list[Entry] | None:
    """The deadlines with how often each has changed; None while one of them is not kept as it is now."""
    uids = {_uid(one): one for one in deadlines}
    kept = {
        one.uid: one
        for one in db.session.scalars(
            select(CalendarEntry).where(
                CalendarEntry.person_id == person_id, CalendarEntry.uid.in_(uids)
            )
        )
    }
    if any(uid not in kept or kept[uid].sha256 != _sha256(one) for uid, one in uids.items()):
        return None
    return [
        Entry(uid, one.on, one.title, one.text, one.url, kept[uid].sequence, kept[uid].changed_at)
        for uid, one in uids.items()
    ]


def keep(person_id: int, deadlines: Sequence[Deadline]) -> None:
    """Keep what is told now: what is told otherwise than before has changed once more, now."""
    insert = INSERTS[db.engine.dialect.name](CalendarEntry)
    told = [
        {
            "person_id": person_id,
            "uid": _uid(one),
            "sha256": _sha256(one),
            "sequence": 0,
            "changed_at": clock.now(),
        }
        for one in sorted(deadlines, key=_uid)
    ]
    db.session.execute(
        insert.values(told).on_conflict_do_update(
            index_elements=["person_id", "uid"],
            set_={
                "sha256": insert.excluded.sha256,
                "sequence": CalendarEntry.sequence + 1,
                "changed_at": insert.excluded.changed_at,
            },
            where=CalendarEntry.sha256 != insert.excluded.sha256,
        )
    )


def _uid(one: Deadline) -> str:
    """The same in every calendar and for good, whatever address the pages are read at."""
    return f"{one.key}@{urlsplit(current_app.config['BASE_URL']).hostname}"


def _sha256(one: Deadline) -> str:
    said = json.dumps([one.on.isoformat(), one.title, one.text])
    return sha256(said.encode()).hexdigest()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="calendar")
