"""Whoever is named hears of it at once, if he may read it; and nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Comment, Event, Membership, Notification, Person
from workflow.rules.vocabulary import (
    EventKind,
    Mandate,
    Moderation,
    Reason,
    RemarkKind,
    Rhythm,
    Role,
    Stage,
    Visibility,
    Wish,
)
from workflow.services import moderation, notices, organisations, people, standing, threads

pytestmark = pytest.mark.usefixtures("ctx")

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.fixture
def section():
    return builders.section(stage=Stage.CONSULTATION, sectors=["energy", "transport"])


@pytest.fixture
def author(section):
    return builders.person(name="Peter Zajc")


def say(section, by, text, **what):
    with transaction():
        return threads.open_thread(
            section,
            by=by,
            revision=section.current,
            kind=RemarkKind.QUESTION,
            text=text,
            **what,
        )


def reply(thread, by, text):
    with transaction():
        return threads.reply(thread, by=by, text=text)


def tell():
    while True:
        with transaction():
            if (event := notices.next_event(clock.now())) is None:
                return
            notices.fan_out(event)


def heard(person):
    """What the person was told by now, with the reasons."""
    tell()
    rows = db.session.execute(
        select(Event.kind, Notification.reason)
        .join(Notification.event)
        .where(Notification.person_id == person.id)
        .order_by(Event.id)
    )
    return [tuple(row) for row in rows]


def due(person):
    tell()
    return db.session.scalar(select(Notification.due_at).where(Notification.person_id == person.id))


REMARKED = (EventKind.REMARK_MADE, Reason.MENTIONED)
REPLIED = (EventKind.REPLY_MADE, Reason.MENTIONED)


def test_whoever_is_named_hears_promptly_and_others_do_not(section, author):
    ana, tine = (
        builders.person(name=name, rhythm=Rhythm.WEEKLY) for name in ("Ana Novak", "Tine Kos")
    )
    with time_machine.travel(NOON, tick=False):
        say(section, author, "@ana novak, is this so? Tine Kos said it, @Ana Novak.")
        assert heard(ana) == [REMARKED]
        assert due(ana) == NOON + notices.burst()
    assert heard(tine) == []


def test_a_reply_names_people_too_and_being_named_comes_before_other_reasons(section, author):
    ana = builders.person(Role.COORDINATOR, name="Ana Novak")
    thread = say(section, author, "Who pays?")
    reply(thread, author, "@Ana Novak?")
    reply(thread, ana, "We do, @Peter Zajc.")
    assert heard(ana) == [(EventKind.REMARK_MADE, Reason.COORDINATOR), REPLIED]
    assert heard(author) == [REPLIED]


def test_to_be_named_is_heard_from_a_place_that_was_muted(section, author):
    ana = builders.person(name="Ana Novak")
    builders.follow(ana, section, Wish.MUTE)
    say(section, author, "@Ana Novak")
    assert heard(ana) == [REMARKED]


def test_who_wants_no_mail_finds_it_in_the_inbox_only(section, author):
    ana = builders.person(name="Ana Novak", rhythm=Rhythm.OFF)
    say(section, author, "@Ana Novak")
    assert heard(ana) == [REMARKED]
    assert due(ana) is None


def test_a_letter_waits_for_the_end_of_quiet_hours(section, author):
    ana = builders.person(name="Ana Novak")
    with transaction():
        people.prefer(db.session.get(Person, ana.id), quiet=(11, 15))
    with time_machine.travel(NOON, tick=False):
        say(section, author, "@Ana Novak")
        assert due(ana) == NOON + timedelta(hours=3)


def test_nobody_hears_himself_and_nobody_hears_twice(section, author):
    ana = builders.person(name="Ana Novak")
    thread = say(section, author, "I am @Peter Zajc. @Ana Novak, @Ana Novak!")
    assert (heard(author), heard(ana)) == ([], [REMARKED])
    event = db.session.scalars(select(Event).where(Event.thread_id == thread.id)).one()
    with transaction():
        assert notices.fan_out(event) == 0


def test_all_of_one_name_hear_since_nobody_can_tell_them_apart(section, author):
    both = [builders.person(name="Ana Novak") for _ in range(2)]
    say(section, author, "@Ana Novak")
    assert [heard(one) for one in both] == [[REMARKED], [REMARKED]]


def outsider():
    """He takes part in another contract."""
    return builders.person(name="Ana Novak", contract=builders.contract("maribor"))


def invited():
    """He was invited and has not signed up yet."""
    return builders.person(name="Ana Novak", password=None)


def locked_out():
    person = builders.person(name="Ana Novak")
    with transaction():
        db.session.get(Person, person.id).active = False
    return person


@pytest.mark.parametrize("somebody", [outsider, invited, locked_out])
def test_who_takes_no_part_is_neither_told_nor_marked(section, author, somebody):
    person = somebody()
    thread = say(section, author, "@Ana Novak")
    assert heard(person) == []
    assert db.session.get(Comment, thread.comments[0].id).names == ()


def test_what_is_for_the_city_names_only_its_people_who_work_on_the_section(section):
    maja = builders.person(Role.COORDINATOR, name="Maja Hribar")
    jona = builders.person(Role.EDITOR, name="Jona Kralj", rhythm=Rhythm.WEEKLY)
    tine = builders.person(Role.EDITOR, name="Tine Kos", section=builders.section("X-9"))
    ana = builders.person(name="Ana Novak")
    thread = say(section, maja, "@Ana Novak @Jona Kralj @Tine Kos", visibility=Visibility.CITY)
    assert (heard(ana), heard(tine), heard(jona)) == ([], [], [REMARKED])
    assert thread.comments[0].names == ("Jona Kralj",)


def test_what_members_say_among_themselves_names_only_members(section):
    club = builders.organisation("Heat club")
    dora, miha = (builders.person(name=name, organisation=club) for name in ("Dora", "Miha"))
    ana = builders.person(Role.COORDINATOR, name="Ana Novak")
    thread = say(
        section, dora, "@Ana Novak @Miha", visibility=Visibility.ORGANISATION, organisation=club
    )
    reply(thread, miha, "@Dora and @Ana Novak")
    assert (heard(ana), heard(miha), heard(dora)) == ([], [REMARKED], [REPLIED])


def test_a_member_who_is_named_in_a_position_hears_of_it_once(section):
    club = builders.organisation("Heat club")
    dora = builders.person(name="Dora", organisation=club, mandate=Mandate.DELEGATE)
    miha, nina = (builders.person(name=name, organisation=club) for name in ("Miha", "Nina"))
    ana = builders.person(name="Ana Novak")
    with transaction():
        organisations.submit(
            club,
            section,
            by=dora,
            revision=section.current,
            kind=RemarkKind.CONCERN,
            text="So says @Miha to @Ana Novak.",
        )
    assert (heard(miha), heard(ana)) == ([REMARKED], [REMARKED])
    assert heard(nina) == [(EventKind.POSITION_SUBMITTED, Reason.MEMBER)]


def test_a_guest_names_nobody(section):
    ana = builders.person(name="Ana Novak")
    guest = builders.keep(Person(name="Guest", email="guest@example.net", guest=True))
    thread = builders.thread(
        section,
        author=guest,
        text="@Ana Novak",
        moderation=Moderation.HELD,
        visibility=Visibility.PUBLIC,
    )
    with transaction():
        moderation.release(thread.comments[0], by=builders.person(Role.COORDINATOR))
    assert heard(ana) == []
    assert db.session.get(Comment, thread.comments[0].id).names == ()


def leave(person, thread):
    db.session.query(Membership).filter_by(person_id=person.id).delete()


def withdraw(person, thread):
    threads.withdraw(thread, by=thread.author)


def stop(person, thread):
    db.session.get(Person, person.id).rhythm = Rhythm.OFF


def narrow(person, thread):
    thread.visibility = Visibility.CITY


@pytest.mark.parametrize("happens", [leave, withdraw, stop, narrow])
def test_what_he_may_or_will_not_read_any_more_is_in_no_letter(section, author, happens):
    ana = builders.person(name="Ana Novak")
    thread = say(section, author, "@Ana Novak")
    assert heard(ana) == [REMARKED]
    with transaction():
        happens(ana, thread)
    db.session.expire_all()
    assert standing.notifications(db.session.get(Person, ana.id)) == []


def test_words_that_are_taken_back_name_nobody(section, author):
    builders.person(name="Ana Novak")
    thread = say(section, author, "@Ana Novak")
    with transaction():
        threads.withdraw(thread, by=author)
    assert db.session.get(Comment, thread.comments[0].id).named is None
