"""Weeks of letters through the real jobs, by a clock that is set from hour to hour."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select

from tests import builders
from workflow.db import db, transaction
from workflow.models import Digest, Event, Notification, Person
from workflow.rules.vocabulary import EventKind, Rhythm, Role
from workflow.services import outbox

ZONE = ZoneInfo("Europe/Ljubljana")
WEEKS = 4
LOOKS = (time(5, 0), time(5, 30), time(6, 0), time(12, 0))
"""When the jobs look each day, in UTC: among others at seven o'clock by either clock."""


@pytest.fixture
def jobs(ctx):
    from tasks import mail as jobs

    return jobs


def looks(start: datetime):
    for day in range(7 * WEEKS + 1):
        for at in LOOKS:
            moment = datetime.combine(start.date() + timedelta(days=day), at, tzinfo=UTC)
            if moment > start:
                yield moment


@pytest.mark.parametrize(
    "start", [datetime(2026, 10, 12, 9, tzinfo=UTC), datetime(2027, 3, 8, 9, tzinfo=UTC)]
)
def test_four_weeks_across_a_change_of_the_clocks_are_four_letters(start, jobs, smtp_sink):
    assert start.astimezone(ZONE).utcoffset() != (
        (start + timedelta(weeks=WEEKS)).astimezone(ZONE).utcoffset()
    )
    with time_machine.travel(start, tick=False) as clock:
        section = builders.section(author=builders.person(None))
        reader = builders.person(Role.COORDINATOR, rhythm=Rhythm.WEEKLY)
        with transaction():
            person = db.session.get(Person, reader.id)
            person.time_zone, person.digest_weekday, person.digest_hour = str(ZONE), 0, 7
        for moment in looks(start):
            clock.move_to(moment)
            if moment.time() == time(12, 0):
                with transaction():
                    outbox.record(
                        EventKind.SECTION_APPROVED,
                        actor=None,
                        contract_id=section.contract_id,
                        section=section,
                    )
            jobs.send_due()
    letters = [letter["Date"].datetime.astimezone(ZONE) for letter in smtp_sink.letters]
    mondays = [(start + timedelta(weeks=week)).date() for week in range(1, WEEKS + 1)]
    assert [(at.date(), at.hour, at.minute) for at in letters] == [(day, 7, 0) for day in mondays]
    told = Counter(
        db.session.scalars(
            select(Notification.digest_id).where(Notification.digest_id.is_not(None))
        )
    )
    assert list(told.values()) == [7] * WEEKS
    assert db.session.scalar(select(func.count()).select_from(Digest)) == WEEKS
    assert db.session.scalar(select(func.count()).select_from(Event)) == 7 * WEEKS + 1
