"""Addresses whose letters come back: suspended, told, and given another chance, on real rows."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Bounce, Digest, Inbound, Notification, Person
from workflow.rules.refusals import Invalid
from workflow.rules.vocabulary import BounceKind, EventKind, MailOutcome, Rhythm, Role
from workflow.services import addresses, bouncing, inbound, outbox, people

SHAPES = Path(__file__).parents[1] / "rules" / "bounces"


@pytest.fixture(autouse=True)
def city(ctx, monkeypatch):
    monkeypatch.setitem(ctx.config, "MAIL_REPLY_HOST", "reply.example.org")
    monkeypatch.setitem(ctx.config, "BURST_SECONDS", 0)
    return builders.contract()


@pytest.fixture
def ana(city):
    return builders.person(Role.COORDINATOR, email="ana@example.org", rhythm=Rhythm.IMMEDIATE)


@pytest.fixture
def jobs(ctx):
    from tasks import inbound as jobs

    return jobs


@pytest.fixture
def letters(ctx):
    from tasks import mail as letters

    return letters


@pytest.fixture
def section(city):
    return builders.section(author=builders.person(None))


def happen(section, count: int = 1) -> None:
    for _ in range(count):
        with transaction():
            outbox.record(
                EventKind.SECTION_APPROVED,
                actor=None,
                contract_id=section.contract_id,
                section=section,
            )


def digest(person: Person, days: int = 0) -> Digest:
    at = clock.now() - timedelta(days=days)
    return builders.keep(
        Digest(
            person_id=person.id,
            rhythm=Rhythm.IMMEDIATE,
            due_at=at + timedelta(seconds=db.session.query(Digest).count()),
            composed_at=clock.now() + timedelta(seconds=1),
            next_try_at=at,
            message_id=f"<{db.session.query(Digest).count()}@example.org>",
            sent_at=at,
        )
    )


def come_back(person: Person, *, shape: str = "postfix-unknown", letter: Digest | None = None):
    letter = letter or digest(person)
    raw = (SHAPES / f"{shape}.eml").read_bytes()
    raw = raw.replace(b"Message-I", b"X-Number: %d\r\nMessage-I" % letter.id, 1)
    raw = raw.replace(b"<2026112311", b"<%d.2026112311" % letter.id)
    with transaction():
        inbound.receive(raw, recipient=addresses.bounce_address(letter), sender="<>")


def suspended(person: Person) -> bool:
    db.session.rollback()
    return (
        db.session.scalar(select(Person.mail_suspended_at).where(Person.id == person.id))
        is not None
    )


def test_a_dead_address_is_suspended_at_the_limit_and_not_before(jobs, ana):
    for _ in range(2):
        come_back(ana)
    jobs.read()
    assert not suspended(ana)
    come_back(ana)
    jobs.read()
    assert suspended(ana)
    outcomes = set(db.session.scalars(select(Inbound.outcome)))
    assert outcomes == {MailOutcome.BOUNCED}


def test_one_letter_counts_once_by_the_worst_that_is_said_of_it(jobs, ana):
    letter = digest(ana)
    for shape in ("postfix-delayed", "postfix-unknown", "exim-unknown", "gmail-unknown"):
        come_back(ana, shape=shape, letter=letter)
    jobs.read()
    [bounce] = db.session.query(Bounce)
    assert bounce.kind is BounceKind.PERMANENT
    assert not suspended(ana)


@pytest.mark.parametrize("shape", ["absence", "postfix-blocked"])
def test_what_says_nothing_of_the_address_is_left_alone(jobs, ana, shape):
    come_back(ana, shape=shape)
    jobs.read()
    assert db.session.query(Bounce).count() == 0
    assert db.session.scalars(select(Inbound.outcome)).one() is MailOutcome.IGNORED


def test_nothing_waits_for_a_suspended_address_and_the_inbox_has_it(ana, section, letters):
    other = builders.person(Role.COORDINATOR, rhythm=Rhythm.DAILY)
    happen(section)
    letters.tell()
    with transaction():
        bouncing.suspend(ana, now=clock.now())
    happen(section)
    letters.tell()
    told = db.session.query(Notification)
    assert {one.due_at for one in told.filter_by(person_id=ana.id)} == {None}
    assert None not in {one.due_at for one in told.filter_by(person_id=other.id)}
    assert told.filter_by(person_id=ana.id).count() == 2


def test_a_letter_that_was_made_already_does_not_leave(ana, section, letters, smtp_sink):
    happen(section)
    letters.tell()
    letters.make()
    with transaction():
        bouncing.suspend(ana, now=clock.now())
    letters.deliver()
    assert smtp_sink.letters == []
    [made] = db.session.query(Digest)
    assert made.sent_at is None and made.closed_at is not None


def test_a_link_to_sign_in_goes_to_a_suspended_address_all_the_same(ana, letters, smtp_sink):
    with transaction():
        bouncing.suspend(ana, now=clock.now())
    with transaction():
        people.forgot_password(ana.email)
    letters.relay()
    assert len(smtp_sink.to(ana.email)) == 1


def test_a_link_that_was_asked_for_a_moment_before_still_goes(ana, letters, smtp_sink):
    with transaction():
        people.forgot_password(ana.email)
    letters.tell()
    with transaction():
        bouncing.suspend(ana, now=clock.now())
    letters.relay()
    letters.send_due()
    assert len(smtp_sink.to(ana.email)) == 1


def test_refusals_of_the_mail_server_count_if_they_are_about_the_address(
    jobs, ana, section, letters, smtp_sink
):
    smtp_sink.refuse("554 5.7.1 Blocked")
    for _ in range(3):
        happen(section)
        letters.relay()
    jobs.count_refused()
    assert not suspended(ana)
    smtp_sink.refuse("550 5.1.1 User unknown")
    for _ in range(3):
        happen(section)
        letters.relay()
    jobs.count_refused()
    assert suspended(ana)
    assert db.session.query(Bounce).count() == 3
    smtp_sink.accept()
    happen(section)
    letters.relay()
    assert smtp_sink.letters == []


def test_every_letter_comes_back_to_an_address_of_its_own(ana, section, letters, smtp_sink):
    happen(section)
    letters.relay()
    [made] = db.session.query(Digest)
    [sender] = smtp_sink.senders
    assert addresses.opened(sender).ids == (ana.id, made.id)


def test_another_chance_forgets_what_came_back_and_what_still_comes_of_old_letters(jobs, ana):
    for _ in range(3):
        come_back(ana)
    old = [digest(ana) for _ in range(3)]
    for letter in old:
        letter.composed_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    jobs.read()
    assert suspended(ana)
    with transaction():
        bouncing.resume(db.session.get(Person, ana.id), now=clock.now())
    for letter in old:
        come_back(ana, letter=letter)
    jobs.read()
    assert not suspended(ana)
    assert db.session.query(Bounce).count() == 0


def test_a_corrected_address_gets_letters_and_nobody_elses_is_taken(ana):
    other = builders.person(Role.COORDINATOR, email="bor@example.org")
    with transaction():
        bouncing.suspend(ana, now=clock.now())
    with pytest.raises(Invalid), transaction():
        bouncing.correct(ana, "BOR@example.org", now=clock.now())
    with transaction():
        bouncing.correct(ana, "Ana.Novak@example.org", now=clock.now())
    assert db.session.get(Person, ana.id).email == "ana.novak@example.org"
    assert not suspended(ana)
    assert other.email == "bor@example.org"
