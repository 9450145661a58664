"""Papers, deadlines and what happens once a day go by the days of the city, also in the hour when UTC has another."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests import builders
from workflow.db import db, transaction
from workflow.models import Reminder
from workflow.queries import answer_letter, calendar, silence
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Invalid
from workflow.rules.reminding import DAYS_TO_JUDGE
from workflow.rules.vocabulary import (
    Act,
    Audience,
    Disposition,
    Mandate,
    ReminderKind,
    ReviewBody,
    Role,
    SignatoryStatus,
    Stage,
)
from workflow.services import (
    freezing,
    iterations,
    manuscripts,
    planning,
    reminders,
    reviews,
    revisions,
    signatories,
    signatures,
)
from workflow.services import silence as silent

pytestmark = pytest.mark.usefixtures("ctx")

LJUBLJANA, AZORES, KIRITIMATI = "Europe/Ljubljana", "Atlantic/Azores", "Pacific/Kiritimati"
NIGHTS = [
    pytest.param(
        LJUBLJANA, datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29), id="short"
    ),
    pytest.param(
        LJUBLJANA, datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25), id="long"
    ),
    pytest.param(
        LJUBLJANA, datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 26), id="after"
    ),
    pytest.param(AZORES, datetime(2026, 12, 2, 0, 30, tzinfo=UTC), date(2026, 12, 1), id="west"),
    pytest.param(
        KIRITIMATI, datetime(2026, 12, 1, 10, 30, tzinfo=UTC), date(2026, 12, 2), id="east"
    ),
]
"""A city, a moment there within an hour or two of midnight, and the day it is in the city; in UTC it is another."""

in_the_night = pytest.mark.parametrize(("zone", "moment", "day"), NIGHTS)


@pytest.fixture
def night(zone, moment, day):
    """It is that moment, in a contract of that city; its people have said nothing of their clocks."""
    assert moment.date() != day
    with time_machine.travel(moment, tick=False) as clock:
        builders.contract("city").time_zone = zone
        db.session.commit()
        yield clock


@pytest.fixture
def contract(night):
    return builders.the_contract()


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR, name="Maja")


def rewritten(section, maja):
    with transaction():
        iterations.begin_addendum(section.contract, [section], by=maja, reason="It is better.")
    with transaction():
        revisions.save(section, by=maja, markdown="Waste is sorted.", base=section.current)
        reviews.move(section, Act.SUBMIT, by=maja, seen=section.current)
        reviews.move(section, Act.APPROVE, by=builders.person(Role.APPROVER), seen=section.current)


@in_the_night
def test_an_addendum_and_its_letter_bear_the_day_of_the_city(contract, maja, day):
    section = builders.approved("A-1", contract=contract)
    with transaction():
        freezing.freeze(contract, by=maja)
    later = day + timedelta(days=1)
    with pytest.raises(Invalid), transaction():
        iterations.submit(contract, by=maja, body=ReviewBody.MISSION_PLATFORM, on=later)
    with transaction():
        iterations.submit(contract, by=maja, body=ReviewBody.MISSION_PLATFORM, on=day)
    rewritten(section, maja)
    with transaction():
        addendum = freezing.freeze(contract, by=maja, note="Waste is sorted.")
    assert addendum.content["addendum"]["on"] == day.isoformat()
    assert answer_letter.issued(addendum, language="en").on == day


@in_the_night
def test_a_signature_bears_the_day_of_the_city(contract, maja, day):
    manifest = builders.manifest()
    utility = builders.organisation("Heat utility")
    vesna = builders.person(organisation=utility, mandate=Mandate.DELEGATE)
    signatory = builders.signatory(
        utility,
        status=SignatoryStatus.LEGAL_CHECK,
        representative="Vesna Oblak",
        promises=["No more coal."],
    )
    seen = signatories.latest(signatory).id
    with transaction():
        entry = signatures.sign(signatory, by=vesna, seen=seen, sha256=manifest.sha256)
    assert (signatory.signed_on, entry.content["on"]) == (day, day.isoformat())


@in_the_night
def test_a_document_and_what_was_said_in_it_bear_the_day_of_the_city(contract, day):
    section = builders.section("A-1", contract=contract)
    thread = builders.thread(section, answer=Disposition.NOTED)
    builders.comment(thread)
    given = compilation(contract, Edition(Audience.CITY, "en"))
    assert given.as_of == day
    [about] = manuscripts.write(given, "0" * 64)["annex"]["sections"]
    [said] = about["remarks"]
    told = f"{day.day} {day:%B %Y}"
    assert [said["date"], said["replies"][0]["date"]] == [told, told]
    assert said["answered_by"].endswith(told)


@in_the_night
def test_a_mark_is_reached_when_the_day_begins_in_the_city(contract, moment, day):
    builders.section(
        "A-1", contract=contract, owner=builders.person(Role.EDITOR), due_on=day + timedelta(days=7)
    )
    builders.section(
        "A-2", contract=contract, owner=builders.person(Role.EDITOR), due_on=day + timedelta(days=8)
    )
    [due] = reminders.due(ReminderKind.SECTION_DUE, moment)
    assert (due.owed.due_on, due.mark) == (day + timedelta(days=7), 7)


@in_the_night
def test_calendar_and_reminder_name_the_same_day(app, contract, moment, day):
    section = builders.section("A-1", contract=contract, stage=Stage.REVIEW)
    section.stage_since = moment
    db.session.commit()
    late = day + timedelta(days=DAYS_TO_JUDGE)
    approver = builders.person(Role.APPROVER)
    with app.test_request_context():
        listed = {one.key: one.on for one in calendar.deadlines(approver)}
    assert listed[f"section-{section.id}-position"] == late
    [due] = reminders.due(
        ReminderKind.POSITION_AWAITED, planning.later(moment, DAYS_TO_JUDGE - 2, contract)
    )
    assert due.owed.due_on == late


@in_the_night
def test_a_round_of_days_has_so_many_days_of_the_city(contract, moment, zone):
    until = planning.later(moment, 30, contract)
    local = moment.astimezone(ZoneInfo(zone)), until.astimezone(ZoneInfo(zone))
    assert local[0].time() == local[1].time()
    assert local[1].date() - local[0].date() == timedelta(days=30)


MIDNIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
"""The end of the short day in Ljubljana; in UTC the day goes on for two hours."""


@pytest.mark.parametrize(("zone", "moment", "day"), [(LJUBLJANA, MIDNIGHT, date(2026, 3, 30))])
def test_somebody_is_reminded_by_hand_once_on_each_day_of_the_city(
    app, contract, maja, night, moment, day
):
    utility = builders.organisation("Heat utility")
    builders.person(organisation=utility)
    section = builders.section("A-1", contract=contract, stage=Stage.CONSULTATION)
    builders.round_of(section, closes_at=moment + timedelta(days=3))
    section.closes_at = moment + timedelta(days=3)
    signatory = builders.signatory(utility, due_on=day + timedelta(days=3))
    db.session.commit()

    def remind():
        with transaction():
            silent.remind(utility, by=maja)
            signatories.remind(signatory, by=maja)

    def reminded_today():
        with app.test_request_context():
            [line] = silence.page(contract, maja, {}).lines
        return line.reminded_today

    night.move_to(moment - timedelta(minutes=1))
    remind()
    assert reminded_today()
    night.move_to(moment)
    assert not reminded_today()
    remind()
    night.move_to(moment + timedelta(hours=3))  # the next day in UTC, not in the city
    assert reminded_today()
    with pytest.raises(Invalid, match="today already"):
        remind()
    assert db.session.query(Reminder).count() == 4
