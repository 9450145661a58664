"""What it costs to tell 10,000 followers of one event: `python -m benchmarks.fan_out`, on a PostgreSQL of its own.

Beside it, in turns and in one run, the bare statement that writes as many rows of the same columns: INSERT … SELECT
from a list of the people, without asking who follows, who may read and when the letter is due.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import delete, func, insert, select, text

from tests import builders
from tests.support.queries import counted
from tests.support.servers import Postgres
from workflow import clock, create_app
from workflow.db import db, transaction
from workflow.models import Event, Membership, Notification, Person, Subscription
from workflow.rules.vocabulary import EventKind, Rhythm, Role, Stage, Wish
from workflow.services import notices, outbox

FOLLOWERS = 10_000
ROUNDS = 7
GOAL = 1.0
ZONES = ("Europe/Ljubljana", "Europe/Riga", "Europe/Lisbon", "Atlantic/Azores")
FOLLOWS = [wish for wish in Wish if wish is not Wish.MUTE]
BARE = text("""
    INSERT INTO notification (event_id, person_id, reason, rhythm, due_at, created_at)
    SELECT :event, id, 'follower', 'daily', :at, :at FROM person ORDER BY id LIMIT :count
""")


def populated() -> tuple[Event, Event]:
    """A contract and a section that 10,000 people follow, each with wishes of his own, and two events of one remark."""
    builders.contract()
    section = builders.section(stage=Stage.CONSULTATION, sectors=["energy"])
    thread = builders.thread(section)
    rhythms = list(Rhythm)
    first = db.session.scalar(select(func.max(Person.id))) + 1
    ids = range(first, first + FOLLOWERS)
    people = [
        {
            "id": key,
            "name": f"Follower {key}",
            "email": f"follower-{key}@example.org",
            "password_hash": "x",
            "rhythm": rhythms[key % len(rhythms)],
            "digest_hour": key % 24,
            "digest_weekday": key % 7,
            "time_zone": ZONES[key % len(ZONES)],
        }
        for key in ids
    ]
    roles = [
        {"person_id": key, "contract_id": section.contract_id, "role": Role.STAKEHOLDER}
        for key in ids
    ]
    with transaction():
        db.session.execute(insert(Person), people)
        db.session.execute(insert(Membership), roles)
        for place in ("section", "contract"):
            wishes = [FOLLOWS[key % len(FOLLOWS)] for key in ids]
            about = {f"{place}_id": section.id if place == "section" else section.contract_id}
            rows = [
                {"person_id": key, "wish": wish, **about}
                for key, wish in zip(ids, wishes, strict=True)
            ]
            db.session.execute(insert(Subscription), rows)
    about = {"section": section, "thread": thread, "comment": thread.comments[0]}
    with transaction():
        told, bare = (
            outbox.record(
                EventKind.REMARK_MADE,
                actor=thread.author,
                contract_id=section.contract_id,
                **about,
            )
            for _ in range(2)
        )
    return told, bare


def seconds(act: Callable[[], object]) -> float:
    """Seconds of one transaction."""
    start = time.perf_counter()
    with transaction():
        act()
    return time.perf_counter() - start


def main() -> None:
    server = Postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(
                {
                    "SQLALCHEMY_DATABASE_URI": server.url("postgres"),
                    "DATA_DIR": Path(folder),
                    "SECRET_KEY": "benchmark",
                    "RATELIMIT_ENABLED": False,
                }
            )
            with app.app_context():
                upgrade()
                measure(app)
                db.session.remove()
                db.engine.dispose()
    finally:
        server.stop()


def measure(app) -> None:
    told, bare = populated()
    with transaction():
        db.session.execute(text("ANALYZE"))
        count = notices.fan_out(db.session.get_one(Event, told.id))
        db.session.execute(delete(Notification))
    assert count >= FOLLOWERS

    def tell() -> None:
        notices.fan_out(db.session.get_one(Event, told.id))

    def write() -> None:
        about = {"event": bare.id, "at": clock.now(), "count": count}
        db.session.execute(BARE, about)

    ways = {"INSERT … SELECT, bare": write, "the event is told": tell}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, act in ways.items():
            taken[name].append(seconds(act))
        counts = dict(
            db.session.execute(
                select(Notification.event_id, func.count()).group_by(Notification.event_id)
            ).all()
        )
        assert counts == {told.id: count, bare.id: count}
        with transaction():
            db.session.execute(delete(Notification))
    with counted(app) as statements:
        seconds(tell)
    base = statistics.median(taken["INSERT … SELECT, bare"])
    print(f"one event, {FOLLOWERS:,} followers, {len(statements)} statements, PostgreSQL")
    print(f"{'way':24} {'rows':>8} {'seconds':>8} {'of bare':>8}")
    for name, one in taken.items():
        middle = statistics.median(one)
        print(f"{name:24} {count:8,} {middle:8.3f} {middle / base:8.2f}")
    print(f"goal: told in less than {GOAL:.0f} second")


if __name__ == "__main__":
    main()
