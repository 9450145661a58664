import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests import builders
from tests.support.queries import counted
from workflow import clock, mail
from workflow.db import db, transaction
from workflow.models import Digest, Event, Membership, Notification
from workflow.rules.vocabulary import (
    Disposition,
    EventKind,
    RemarkKind,
    Rhythm,
    Role,
    Stage,
    Visibility,
)
from workflow.services import digests, notices, outbox, people, sending, threads

pytestmark = pytest.mark.usefixtures("ctx")

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
QUOTE = "By 2030 no home is heated with coal."


@pytest.fixture
def travel():
    """`travel(moment)` sets the clock, which then stands still."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def section(travel):
    """A section whose text was written by somebody who has left."""
    return builders.section("B-2.1", stage=Stage.CONSULTATION, author=builders.person(None))


@pytest.fixture
def maja(section):
    """A coordinator with the default rhythm: daily at seven."""
    return builders.person(Role.COORDINATOR, name="Maja Hribar", email="maja@example.org")


@pytest.fixture
def door(app, smtp_sink):
    with mail.Door(app.config["SMTP_URL"], sender=app.config["MAIL_FROM"], timeout=2) as door:
        yield door


@pytest.fixture
def post(door):
    """What the jobs do: tell, compose, send until nothing waits. Returns how many letters were tried."""

    def work() -> int:
        tell()
        while True:
            with transaction():
                if not digests.compose(clock.now()):
                    break
        return send(door)

    return work


def tell():
    while True:
        with transaction():
            event = notices.next_event(clock.now())
            if event is None:
                return
            notices.fan_out(event)


def send(door) -> int:
    tried = 0
    while True:
        with transaction():
            ids = sending.claim(clock.now())
        if not ids:
            return tried
        for written in sending.write(ids):
            attempt = sending.send(written, door, now=clock.now())
            with transaction():
                sending.settle(attempt, clock.now())
            tried += 1


def remark(section, by=None, text="How was this figure found?", **what):
    by = by or builders.person(Role.STAKEHOLDER, name="Peter Zajc")
    start = section.current.plain.index(QUOTE)
    what = {"start": start, "end": start + len(QUOTE), "kind": RemarkKind.QUESTION} | what
    with transaction():
        return threads.open_thread(section, by=by, revision=section.current, text=text, **what)


def texts(sink, address) -> list[str]:
    return [letter.get_body(("plain",)).get_content() for letter in sink.to(address)]


def only(model=Digest):
    db.session.rollback()
    return db.session.scalars(select(model)).one()


def test_a_remark_reaches_the_coordinator_in_one_letter_on_the_next_morning(
    section, maja, post, smtp_sink, travel
):
    remark(section)
    assert post() == 0
    travel(NEXT_MORNING)
    assert post() == 1
    [text] = texts(smtp_sink, "maja@example.org")
    assert "Peter Zajc" in text
    assert f"> {QUOTE}" in text
    assert "How was this figure found?" in text
    assert "You hear this because you coordinate the contract." in text
    digest = only()
    assert (digest.sent_at, digest.due_at, digest.attempts) == (NEXT_MORNING, NEXT_MORNING, 1)
    assert post() == 0


def test_the_letters_of_a_burst_are_one(section, maja, post, smtp_sink, travel):
    with transaction():
        people.prefer(maja, rhythm=Rhythm.IMMEDIATE)
    for second in (0, 20, 40):
        travel(MONDAY + timedelta(seconds=second))
        remark(section, text=f"Remark number {second}")
    travel(MONDAY + timedelta(seconds=60))
    assert post() == 1
    [text] = texts(smtp_sink, "maja@example.org")
    assert [text.count(f"Remark number {second}") for second in (0, 20, 40)] == [1, 1, 1]
    travel(MONDAY + timedelta(seconds=300))
    assert post() == 0


def test_after_days_of_downtime_there_is_one_letter_with_everything(
    section, maja, post, smtp_sink, travel
):
    for days in range(4):
        travel(MONDAY + timedelta(days=days))
        remark(section, text=f"Remark of day {days}")
    travel(MONDAY + timedelta(days=5))
    assert post() == 1
    [text] = texts(smtp_sink, "maja@example.org")
    assert all(f"Remark of day {days}" in text for days in range(4))
    assert only().due_at == NEXT_MORNING + timedelta(days=3)


def test_the_newest_comes_first(section, maja, post, smtp_sink, travel):
    for minutes, words in enumerate(("the oldest", "the middle", "the newest")):
        travel(MONDAY + timedelta(minutes=minutes))
        remark(section, text=words)
    travel(NEXT_MORNING)
    post()
    [text] = texts(smtp_sink, "maja@example.org")
    assert text.index("the newest") < text.index("the middle") < text.index("the oldest")


def test_what_was_read_in_the_inbox_is_not_mailed(section, maja, post, smtp_sink, travel):
    remark(section, text="Read already")
    tell()
    with transaction():
        only(Notification).read_at = clock.now()
    remark(section, text="Not read yet")
    travel(NEXT_MORNING)
    assert post() == 1
    [text] = texts(smtp_sink, "maja@example.org")
    assert "Read already" not in text
    assert "Not read yet" in text


def test_withdrawn_words_never_leave(section, maja, post, smtp_sink, travel):
    peter = builders.person(Role.STAKEHOLDER)
    thread = remark(section, by=peter, text="Words I regret")
    remark(section, text="Words I stand by")
    tell()
    travel(NEXT_MORNING)
    with transaction():
        digests.compose(clock.now())
    with transaction():
        threads.withdraw(thread, by=peter)
    assert post() == 1
    [letter] = smtp_sink.to("maja@example.org")
    assert "regret" not in letter.as_string()
    assert "Words I stand by" in letter.as_string()


def test_a_letter_with_nothing_left_to_say_is_not_sent(section, maja, post, smtp_sink, travel):
    peter = builders.person(Role.STAKEHOLDER)
    thread = remark(section, by=peter)
    tell()
    with transaction():
        threads.withdraw(thread, by=peter)
    travel(NEXT_MORNING)
    assert post() == 1
    assert smtp_sink.letters == []
    digest = only()
    assert (digest.sent_at, digest.closed_at, digest.last_error) == (None, NEXT_MORNING, None)


def test_who_lost_the_right_to_read_between_the_event_and_the_letter_gets_none(
    section, maja, post, smtp_sink, travel
):
    remark(section)
    tell()
    with transaction():
        db.session.delete(db.session.scalars(select(Membership).filter_by(person_id=maja.id)).one())
    travel(NEXT_MORNING)
    post()
    assert smtp_sink.to("maja@example.org") == []


def test_a_remark_that_was_made_internal_is_not_mailed_outside(
    section, maja, post, smtp_sink, travel
):
    follower = builders.person(Role.STAKEHOLDER, email="follower@example.org")
    builders.follow(follower, section)
    thread = remark(section, text="For the city only")
    tell()
    with transaction():
        db.session.merge(thread).visibility = Visibility.CITY
    travel(NEXT_MORNING)
    post()
    assert len(smtp_sink.to("maja@example.org")) == 1
    assert smtp_sink.to("follower@example.org") == []


def sleeps(person, rhythm=Rhythm.IMMEDIATE):
    """The person rests from 22 to 7 o'clock."""
    with transaction():
        people.prefer(person, rhythm=rhythm, quiet=(22, 7))


EVENING = MONDAY.replace(hour=21, minute=30)
"""22:30 in Ljubljana in winter, and later in summer."""


def test_what_is_prompt_waits_for_the_end_of_quiet_hours_and_is_one_letter_then(
    section, maja, post, smtp_sink, travel
):
    sleeps(maja)
    for hours in (0, 2, 4):
        travel(EVENING + timedelta(hours=hours))
        remark(section, text=f"Said after {hours} hours")
        assert post() == 0
    travel(NEXT_MORNING - timedelta(seconds=30))
    assert post() == 0
    travel(NEXT_MORNING)
    assert post() == 1
    [text] = texts(smtp_sink, "maja@example.org")
    assert [text.count(f"Said after {hours} hours") for hours in (0, 2, 4)] == [1, 1, 1]


def test_after_downtime_nothing_prompt_is_sent_in_quiet_hours(
    section, maja, post, smtp_sink, travel
):
    sleeps(maja)
    remark(section)
    tell()
    travel(EVENING)
    assert post() == 0
    assert only(Notification).due_at == NEXT_MORNING
    travel(NEXT_MORNING)
    assert post() == 1


def test_a_link_to_sign_in_comes_in_quiet_hours_and_takes_nothing_with_it(
    section, maja, post, smtp_sink, travel
):
    sleeps(maja)
    travel(EVENING)
    remark(section)
    with transaction():
        people.forgot_password("maja@example.org")
    assert post() == 1
    [text] = texts(smtp_sink, "maja@example.org")
    assert "How was this figure found?" not in text
    travel(NEXT_MORNING)
    assert post() == 1


def test_whoever_ends_his_quiet_hours_hears_at_once(section, maja, post, travel):
    sleeps(maja)
    travel(EVENING)
    remark(section)
    assert post() == 0
    travel(EVENING + timedelta(minutes=10))
    with transaction():
        people.prefer(maja, quiet=(0, 0))
    assert post() == 1


def test_off_means_the_inbox_and_no_letter(section, maja, post, smtp_sink, travel):
    with transaction():
        people.prefer(maja, rhythm=Rhythm.OFF)
    remark(section)
    travel(MONDAY + timedelta(days=8))
    assert post() == 0
    assert only(Notification).read_at is None


def test_who_turned_letters_off_since_gets_not_even_the_one_that_was_composed(
    section, maja, post, smtp_sink, travel
):
    remark(section)
    tell()
    travel(NEXT_MORNING)
    with transaction():
        digests.compose(clock.now())
    with transaction():
        people.prefer(maja, rhythm=Rhythm.OFF)
    post()
    assert smtp_sink.letters == []


def test_four_weeks_across_the_end_of_summer_time_make_four_letters_at_seven_local(
    section, maja, post, smtp_sink, travel
):
    with transaction():
        people.prefer(maja, rhythm=Rhythm.WEEKLY, hour=7, weekday=0)
    sent = []
    start = datetime(2026, 10, 12, 0, 0, tzinfo=UTC)
    for hours in range(4 * 7 * 24 + 12):
        if (start + timedelta(hours=hours)).weekday() not in (0, 6) and hours % 3:
            continue  # every hour around the letter's day, every third on the others
        travel(start + timedelta(hours=hours))
        if hours % 24 == 9:
            remark(section, text=f"Remark of hour {hours}")
        sent += [clock.now()] * post()
    assert sent == [
        datetime(2026, 10, 19, 5, 0, tzinfo=UTC),
        datetime(2026, 10, 26, 6, 0, tzinfo=UTC),
        datetime(2026, 11, 2, 6, 0, tzinfo=UTC),
        datetime(2026, 11, 9, 6, 0, tzinfo=UTC),
    ]


def test_what_is_told_too_late_for_its_window_waits_for_the_next_one(
    section, maja, post, smtp_sink, travel
):
    remark(section, text="Told in time")
    tell()
    remark(section, text="Told late")
    with transaction():
        late = db.session.scalars(select(Event).where(Event.relayed_at.is_(None))).one()
        notices.postpone(late.id, clock.now())
    travel(NEXT_MORNING)
    with transaction():
        late = db.session.get(Event, late.id)
        late.next_try_at = NEXT_MORNING + timedelta(seconds=30)
    assert post() == 1
    travel(NEXT_MORNING + timedelta(minutes=1))
    assert post() == 0
    travel(NEXT_MORNING + timedelta(days=1))
    assert post() == 1
    first, second = texts(smtp_sink, "maja@example.org")
    assert "Told in time" in first
    assert "Told late" in second


def test_letters_wait_until_everything_that_happened_was_told_but_not_for_ever(
    section, maja, travel
):
    remark(section)
    tell()
    travel(NEXT_MORNING)
    remark(section)
    with transaction():
        assert digests.compose(clock.now()) == 0
    travel(NEXT_MORNING + timedelta(minutes=11))
    with transaction():
        assert digests.compose(clock.now()) == 1


def test_a_server_that_asks_to_come_again_gets_the_same_letter_again(
    section, maja, post, smtp_sink, travel
):
    remark(section)
    travel(NEXT_MORNING)
    smtp_sink.refuse("451 Try again later")
    assert post() == 1
    digest = only()
    assert digest.sent_at is digest.closed_at is None
    assert timedelta(seconds=54) <= digest.next_try_at - NEXT_MORNING <= timedelta(minutes=1)
    assert "451" in digest.last_error
    smtp_sink.accept()
    assert post() == 0
    travel(NEXT_MORNING + timedelta(minutes=1))
    assert post() == 1
    [letter] = smtp_sink.to("maja@example.org")
    assert letter["Message-ID"] == digest.message_id
    assert only().last_error is None


def test_each_failure_waits_longer_and_old_news_is_given_up(section, maja, post, smtp_sink, travel):
    remark(section)
    smtp_sink.refuse("452 Mailbox full")
    at, waits = NEXT_MORNING, []
    while True:
        travel(at)
        post()
        digest = only()
        if digest.closed_at:
            break
        waits.append(digest.next_try_at - at)
        at = digest.next_try_at
    assert waits[:4] == sorted(waits[:4])
    assert timedelta(minutes=108) <= waits[-1] <= timedelta(hours=2)
    assert timedelta(days=3) <= at - NEXT_MORNING < timedelta(days=3, hours=2)
    assert "452" in digest.last_error


def test_a_server_that_says_never_is_believed(section, maja, post, smtp_sink, travel):
    remark(section)
    travel(NEXT_MORNING)
    smtp_sink.refuse("550 No such person")
    assert post() == 1
    digest = only()
    assert digest.closed_at == NEXT_MORNING
    assert "550" in digest.last_error
    smtp_sink.accept()
    travel(NEXT_MORNING + timedelta(days=1))
    assert post() == 0


def test_one_bad_address_stops_nobody_else(section, maja, post, smtp_sink, travel):
    builders.person(Role.COORDINATOR, email="dead@example.org")
    builders.person(Role.COORDINATOR, email="slow@example.org")
    remark(section)
    travel(NEXT_MORNING)
    smtp_sink.refuse("550 No such person", only="dead@example.org")
    assert post() == 3
    assert {letter["To"].addresses[0].addr_spec for letter in smtp_sink.letters} == {
        "maja@example.org",
        "slow@example.org",
    }


def test_a_letter_that_cannot_be_written_backs_off_and_stops_nobody_else(
    section, maja, post, smtp_sink, travel, caplog, unwritable
):
    unwritable(builders.person(Role.COORDINATOR, email="odd@example.org").id)
    remark(section)
    travel(NEXT_MORNING)
    assert post() == 2
    assert [letter["To"].addresses[0].addr_spec for letter in smtp_sink.letters] == [
        "maja@example.org"
    ]
    failed = db.session.scalars(select(Digest).where(Digest.sent_at.is_(None))).one()
    assert timedelta(seconds=54) <= failed.next_try_at - NEXT_MORNING <= timedelta(minutes=1)
    assert "could not be written" in caplog.text


def test_a_connection_lost_after_the_letter_was_taken_repeats_it_under_the_same_id(
    section, maja, post, smtp_sink, travel
):
    remark(section)
    travel(NEXT_MORNING)
    smtp_sink.drop(accepted=True)
    post()
    smtp_sink.accept()
    travel(NEXT_MORNING + timedelta(minutes=1))
    post()
    first, second = smtp_sink.to("maja@example.org")
    assert first["Message-ID"] == second["Message-ID"]


def test_a_letter_taken_up_by_a_worker_that_died_is_free_again_after_its_lease(
    app, section, maja, post, smtp_sink, travel
):
    remark(section)
    tell()
    travel(NEXT_MORNING)
    with transaction():
        digests.compose(clock.now())
        assert sending.claim(clock.now())
    assert post() == 0
    travel(NEXT_MORNING + timedelta(seconds=app.config["MAIL_LEASE_SECONDS"]))
    assert post() == 1


def test_an_invitation_leaves_at_once_in_a_letter_of_its_own(
    section, maja, post, smtp_sink, travel
):
    with transaction():
        people.invite(
            builders.the_contract(),
            by=maja,
            email="new@example.org",
            name="Nova Oseba",
            role=Role.STAKEHOLDER,
            language="sl",
        )
    assert post() == 1
    [letter] = smtp_sink.to("new@example.org")
    link = next(
        word
        for word in letter.get_body(("plain",)).get_content().split()
        if word.startswith("http://concord.test/")
    )
    assert people.by_token(link.rpartition("/")[2]).email == "new@example.org"
    assert letter["List-Unsubscribe"] is None


def test_an_invitation_that_was_taken_back_is_not_sent(section, maja, post, smtp_sink, travel):
    contract = builders.the_contract()
    with transaction():
        membership = people.invite(
            contract, by=maja, email="new@example.org", name="Nova", role=Role.OBSERVER
        )
    with transaction():
        people.remove(db.session.merge(membership), contract, by=maja)
    post()
    assert smtp_sink.letters == []


def test_a_link_to_sign_in_shares_no_letter_with_the_news(section, maja, post, smtp_sink, travel):
    remark(section)
    travel(NEXT_MORNING)
    with transaction():
        people.forgot_password("maja@example.org")
    assert post() == 2
    subjects = sorted(letter["Subject"] for letter in smtp_sink.to("maja@example.org"))
    assert subjects[0] == "A new password for Concord"
    assert "commented on" in subjects[1]


def test_an_assignment_taken_back_in_time_makes_no_letter(section, maja, post, smtp_sink, travel):
    editor = builders.person(Role.EDITOR, email="editor@example.org")
    with transaction():
        outbox.record(
            EventKind.SECTION_ASSIGNED,
            actor=maja,
            contract_id=section.contract_id,
            section=section,
            person=editor,
        )
    travel(MONDAY + timedelta(minutes=2))
    post()
    assert smtp_sink.to("editor@example.org") == []


def test_a_letter_tells_the_answer_as_it_stands_and_tells_it_once(
    section, maja, post, smtp_sink, travel
):
    peter = builders.person(Role.STAKEHOLDER, email="peter@example.org")
    thread = remark(section, by=peter)
    for text in ("We will look.", "The figure is from the inventory."):
        with transaction():
            threads.answer(thread, by=maja, disposition=Disposition.NOTED, text=text)
    travel(NEXT_MORNING)
    post()
    [text] = texts(smtp_sink, "peter@example.org")
    assert "We will look." not in text
    assert text.count("The figure is from the inventory.") == 1
    assert "Answer: Noted." in text


@pytest.mark.both_databases
def test_two_composers_at_once_make_one_letter_for_each_person(app, section, maja, travel):
    for number in range(30):
        builders.person(Role.COORDINATOR, email=f"c{number}@example.org")
    for number in range(3):
        remark(section, text=f"Remark {number}")
    tell()
    travel(NEXT_MORNING)
    gate, faults = threading.Barrier(4), []

    def work():
        try:
            with app.app_context():
                gate.wait()
                for _ in range(3):
                    with transaction():
                        digests.compose(NEXT_MORNING)
        except Exception as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Digest)) == 31
    counts = db.session.scalars(
        select(func.count()).select_from(Notification).group_by(Notification.digest_id)
    ).all()
    assert counts == [3] * 31


@pytest.mark.both_databases
def test_two_senders_at_once_send_each_letter_once(app, section, maja, smtp_sink, travel):
    for number in range(20):
        builders.person(Role.COORDINATOR, email=f"c{number}@example.org")
    remark(section)
    tell()
    travel(NEXT_MORNING)
    with transaction():
        digests.compose(clock.now())
    gate = threading.Barrier(3)

    def work():
        with (
            app.app_context(),
            mail.Door(app.config["SMTP_URL"], sender=app.config["MAIL_FROM"]) as door,
        ):
            gate.wait()
            send(door)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    recipients = [letter["To"].addresses[0].addr_spec for letter in smtp_sink.letters]
    assert len(recipients) == len(set(recipients)) == 21


def test_the_preview_says_what_the_next_letter_would_say(section, maja, travel):
    empty = digests.preview(maja, clock.now())
    assert (empty.next_at, empty.count, empty.text) == (NEXT_MORNING, 0, "")
    remark(section, text="Seen beforehand")
    tell()
    preview = digests.preview(maja, clock.now())
    assert (preview.next_at, preview.count, preview.rhythm) == (NEXT_MORNING, 1, Rhythm.DAILY)
    assert "Seen beforehand" in preview.text
    with transaction():
        people.prefer(maja, rhythm=Rhythm.OFF)
    assert digests.preview(maja, clock.now()) is None


def test_a_long_letter_asks_the_database_no_more_than_a_short_one(app, section, maja, travel):
    def asked(count):
        for _ in range(count):
            other = builders.section(stage=Stage.CONSULTATION, author=section.current.author)
            thread, bystander = remark(other), builders.person(Role.STAKEHOLDER)
            with transaction():
                threads.reply(thread, by=bystander, text="Me too.")
        tell()
        travel(clock.now() + timedelta(days=1))
        with transaction():
            digests.compose(clock.now())
        digest = db.session.scalars(select(Digest).where(Digest.person_id == maja.id)).all()[-1]
        digest_id = digest.id
        db.session.rollback()
        with counted(app) as statements:
            sending.write([digest_id])
        return len(statements)

    travel(NEXT_MORNING)
    few = asked(1)
    assert asked(12) == few
