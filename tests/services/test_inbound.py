"""Mail that comes back: what becomes of a message, by the jobs, on real rows."""

from datetime import timedelta
from email.message import EmailMessage
from itertools import count

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Comment, Event, Inbound, Person
from workflow.rules.vocabulary import (
    EventKind,
    MailOutcome,
    MailProblem,
    Moderation,
    Rhythm,
    Role,
    Stage,
    Visibility,
)
from workflow.services import addresses, inbound, replying

HOST = "reply.example.org"
_ids = count(1)


@pytest.fixture(autouse=True)
def city(ctx, monkeypatch):
    monkeypatch.setitem(ctx.config, "MAIL_REPLY_HOST", HOST)
    return builders.contract()


@pytest.fixture
def ana(city):
    return builders.person(Role.STAKEHOLDER, name="Ana Novak", email="ana@example.org")


@pytest.fixture
def thread(city):
    other = builders.person(Role.STAKEHOLDER)
    return builders.thread(builders.section("A-1", stage=Stage.CONSULTATION), author=other)


@pytest.fixture
def jobs(ctx):
    from tasks import inbound as jobs

    return jobs


def mail(text: str = "Because of the heat pumps.", *, sender="Ana <ana@example.org>", **headers):
    message = EmailMessage()
    message["From"] = sender
    message["Message-ID"] = f"<{next(_ids)}@mail.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def deliver(message: EmailMessage | bytes, recipient: str, *, sender: str = "ana@example.org"):
    raw = message if isinstance(message, bytes) else message.as_bytes()
    with transaction():
        inbound.receive(raw, recipient=recipient, sender=sender)


def replies(thread) -> list[str]:
    db.session.rollback()
    said = select(Comment.text).where(Comment.thread_id == thread.id).order_by(Comment.id)
    return list(db.session.scalars(said))[1:]


def became(jobs) -> list[tuple[MailOutcome, MailProblem | None]]:
    jobs.read()
    db.session.rollback()
    rows = db.session.scalars(select(Inbound).order_by(Inbound.id))
    return [(row.outcome, row.problem) for row in rows]


def told(person) -> int:
    events = select(Event).where(
        Event.kind == EventKind.MAIL_RETURNED, Event.person_id == person.id
    )
    return len(db.session.scalars(events).all())


def test_a_mail_to_ones_address_is_a_reply_in_the_thread(jobs, ana, thread):
    deliver(mail(), addresses.reply_address(ana, thread))
    assert became(jobs) == [(MailOutcome.REPLIED, None)]
    assert replies(thread) == ["Because of the heat pumps."]
    [event] = db.session.query(Event).filter_by(kind=EventKind.REPLY_MADE)
    assert (event.actor_id, event.thread_id) == (ana.id, thread.id)
    assert told(ana) == 0


def test_a_reply_appears_once_however_often_it_is_delivered(jobs, ana, thread):
    message, address = mail(), addresses.reply_address(ana, thread)
    deliver(message, address)
    deliver(message, address.upper())
    jobs.read()
    deliver(b"Received: from elsewhere\r\n" + message.as_bytes(), address)
    assert became(jobs) == [(MailOutcome.REPLIED, None)]
    assert len(replies(thread)) == 1


def test_an_address_is_short_signed_and_for_one_purpose(ana, thread):
    address = addresses.reply_address(ana, thread)
    assert len(address.rpartition("@")[0]) <= 64
    assert addresses.opened(address.upper()) == addresses.opened(address)
    assert addresses.opened(address).ids == (ana.id, thread.id)
    other = builders.person(Role.STAKEHOLDER)
    forged = [
        address.replace(f"+{ana.id}-", f"+{other.id}-"),
        address.replace("reply+", "unsubscribe+"),
        address[: address.index("@") - 1] + f"x@{HOST}",
        address.replace(HOST, "elsewhere.example"),
        f"reply@{HOST}",
        f"reply+@{HOST}",
        f"reply+٣-٤-čšž@{HOST}",
        "",
    ]
    assert [addresses.opened(one) for one in forged] == [None] * len(forged)


def test_what_comes_to_no_address_of_ours_is_not_kept(ana):
    deliver(mail(), f"reply+1-1-aaaaaaaaaaaaaaaaaaaaaaaa@{HOST}")
    assert db.session.query(Inbound).count() == 0


def test_a_stranger_writes_nothing_and_the_person_is_told(jobs, ana, thread):
    deliver(mail(sender="Eve <eve@example.org>"), addresses.reply_address(ana, thread))
    assert became(jobs) == [(MailOutcome.RETURNED, MailProblem.STRANGER)]
    assert replies(thread) == []
    assert told(ana) == 1


def test_a_host_with_other_letters_is_the_same_in_both_spellings(jobs, thread):
    eva = builders.person(Role.STAKEHOLDER, email="eva@občina.example")
    message = mail(sender="eva@xn--obina-iya.example")
    deliver(message, addresses.reply_address(eva, thread))
    assert became(jobs) == [(MailOutcome.REPLIED, None)]


def closed(thread, ana):
    thread.section.stage = Stage.APPROVED
    db.session.commit()


def left(thread, ana):
    for membership in list(ana.memberships):
        db.session.delete(membership)
    db.session.commit()


def hidden(thread, ana):
    thread.comments[0].moderation = thread.moderation = Moderation.HIDDEN
    thread.author = ana
    db.session.commit()


def confided(thread, ana):
    thread.visibility = Visibility.CITY
    db.session.commit()


@pytest.mark.parametrize(
    ("happened", "problem"),
    [
        (closed, MailProblem.NOT_NOW),
        (left, MailProblem.NO_RIGHT),
        (hidden, MailProblem.NOT_SHOWN),
        (confided, MailProblem.NO_RIGHT),
    ],
)
def test_by_mail_nobody_may_more_than_on_the_page(jobs, ana, thread, happened, problem):
    happened(thread, ana)
    deliver(mail(), addresses.reply_address(ana, thread))
    assert became(jobs) == [(MailOutcome.RETURNED, problem)]
    assert replies(thread) == []
    assert told(ana) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [("a" * 10_001, MailProblem.TOO_LONG), ("> only what was quoted", MailProblem.NO_WORDS)],
)
def test_too_much_and_nothing_are_given_back(jobs, ana, thread, text, problem):
    deliver(mail(text), addresses.reply_address(ana, thread))
    assert became(jobs) == [(MailOutcome.RETURNED, problem)]
    assert replies(thread) == []


def test_words_are_taken_without_their_files(jobs, ana, thread):
    message = mail("See the file.")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    deliver(message, addresses.reply_address(ana, thread))
    assert became(jobs) == [(MailOutcome.REPLIED, MailProblem.FILES)]
    assert replies(thread) == ["See the file."]
    assert told(ana) == 1


@pytest.mark.parametrize("sign", ["header", "envelope"])
def test_a_program_is_neither_heard_nor_answered(jobs, ana, thread, sign):
    message = mail("I am away.", **({"Auto_Submitted": "auto-replied"} if sign == "header" else {}))
    sender = "" if sign == "envelope" else "ana@example.org"
    deliver(message, addresses.reply_address(ana, thread), sender=sender)
    assert became(jobs) == [(MailOutcome.IGNORED, MailProblem.AUTOMATIC)]
    assert replies(thread) == []
    assert told(ana) == 0


def test_two_programs_that_answer_each_other_soon_stop(jobs, ana, thread):
    for number in range(40):
        deliver(mail(f"I am away ({number})."), addresses.reply_address(ana, thread))
    jobs.read()
    assert len(replies(thread)) == replying.AN_HOUR
    assert told(ana) == replying.RETURNED_AN_HOUR


def test_more_than_anybody_writes_is_asked_to_come_later(ana, thread):
    address = addresses.reply_address(ana, thread)
    for number in range(inbound.AN_HOUR):
        deliver(mail(str(number)), address)
    with pytest.raises(inbound.TooMuch):
        deliver(mail(), address)
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        deliver(mail(), address)


def test_any_mail_to_the_way_out_stops_the_letters(jobs, ana):
    message = mail("unsubscribe", Auto_Submitted="auto-generated")
    deliver(message, addresses.way_out(ana))
    assert became(jobs) == [(MailOutcome.STOPPED, None)]
    assert db.session.get(Person, ana.id).rhythm is Rhythm.OFF


def test_a_message_that_cannot_be_acted_on_waits_and_blocks_nobody(
    jobs, ana, thread, monkeypatch, caplog
):
    bad, good = mail("poison"), mail("good")
    deliver(bad, addresses.reply_address(ana, thread))
    deliver(good, addresses.reply_address(ana, thread))
    take = replying.take

    def stumble(person, thread_id, message):
        if message.text == "poison":
            raise RuntimeError("these bytes make no sense")
        return take(person, thread_id, message)

    monkeypatch.setattr(replying, "take", stumble)
    jobs.read()
    assert replies(thread) == ["good"]
    for days in range(1, 10):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            jobs.read()
    db.session.rollback()
    [row] = db.session.query(Inbound).filter(Inbound.last_error.is_not(None))
    assert "these bytes make no sense" in row.last_error
    assert (row.outcome, row.attempts) == (MailOutcome.FAILED, inbound.TRIES + 1)
    assert len(caplog.records) == inbound.TRIES


def test_a_reader_that_died_is_followed_by_another(jobs, ana, thread):
    deliver(mail(), addresses.reply_address(ana, thread))
    with transaction():
        assert inbound.claim(clock.now())
    assert became(jobs) == [(None, None)]
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert became(jobs) == [(MailOutcome.REPLIED, None)]
    assert len(replies(thread)) == 1


def test_two_readers_of_one_message_make_one_reply(ana, thread):
    deliver(mail(), addresses.reply_address(ana, thread))
    [row] = db.session.query(Inbound)
    message = inbound.read(row.id)
    for _ in range(2):
        with transaction():
            inbound.act(row.id, message, clock.now())
    assert len(replies(thread)) == 1
    assert inbound.read(row.id) is None


def test_the_bytes_are_forgotten_and_what_became_of_them_is_not(jobs, ana, thread):
    deliver(mail(), addresses.reply_address(ana, thread))
    jobs.read()
    jobs.forget()
    assert db.session.query(Inbound.raw).scalar() is not None
    with time_machine.travel(clock.now() + inbound.REMEMBERED + timedelta(days=1)):
        jobs.forget()
    db.session.rollback()
    assert db.session.query(Inbound.raw).scalar() is None
    assert db.session.query(Inbound.outcome).scalar() is MailOutcome.REPLIED
