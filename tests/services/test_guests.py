"""Guests of a public round: a remark, a confirmation, a moderator, and what becomes of both."""

from datetime import timedelta
from threading import Event as Started
from threading import Thread as Worker
from time import sleep

import pytest
import time_machine

from tasks import mail as jobs
from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Display, Event, Person, Round, Section, Thread
from workflow.rules.refusals import Invalid, NotNow
from workflow.rules.vocabulary import (
    Disposition,
    EventKind,
    Moderation,
    RemarkKind,
    Rhythm,
    Role,
    RoundAudience,
    Stage,
    Visibility,
)
from workflow.services import guests, moderation, people, threads

WORDS = "The night trains are missing."


@pytest.fixture
def app(app):
    app.config["BURST_SECONDS"] = 0
    yield app
    app.config["BURST_SECONDS"] = 60


@pytest.fixture
def section(ctx) -> Section:
    contract = builders.contract()
    builders.person(Role.COORDINATOR, name="Maja", contract=contract, rhythm=Rhythm.OFF)
    made = builders.section("T-1", contract=contract, stage=Stage.CONSULTATION)
    return builders.opened_to_all(made)


def remark(section, **what) -> Thread:
    with transaction():
        return say(section, **what)


def say(section, *, email="ana@example.net", publish_name=False, **more) -> Thread:
    return guests.remark(
        section,
        email=email,
        name="Ana Novak",
        publish_name=publish_name,
        kind=RemarkKind.SUGGESTION,
        text=WORDS,
        language="en",
        **{"revision": section.current, **more},
    )


def maja() -> Person:
    return db.session.query(Person).filter_by(name="Maja").one()


def sent(sink, address="ana@example.net") -> list[str]:
    jobs.tell()
    with time_machine.travel(clock.now() + timedelta(seconds=2)):
        jobs.make()
        jobs.deliver()
    return [one["Subject"] for one in sink.to(address)]


def kinds(thread) -> list[EventKind]:
    rows = db.session.query(Event).filter_by(thread_id=thread.id).order_by(Event.id)
    return [row.kind for row in rows]


def test_a_remark_waits_for_its_author_then_for_a_moderator_then_is_like_any_other(section):
    thread = remark(section)
    assert (thread.moderation, thread.visibility) == (Moderation.UNCONFIRMED, Visibility.PUBLIC)
    assert thread.author.guest
    assert thread.author.password_hash is None
    assert not thread.author.memberships
    with transaction():
        guests.confirm(thread)
        guests.confirm(thread)
    assert (thread.moderation, thread.comments[0].moderation) == (Moderation.HELD, Moderation.HELD)
    with transaction():
        moderation.release(thread.comments[0], by=maja())
        moderation.release(thread.comments[0], by=maja())
    assert thread.shown
    assert kinds(thread) == [
        EventKind.GUEST_REMARKED,
        EventKind.REMARK_HELD,
        EventKind.REMARK_MADE,
        EventKind.REMARK_RELEASED,
    ]


def test_a_name_is_kept_only_if_it_may_be_published(section):
    assert remark(section).on_behalf_of is None
    named = remark(section, publish_name=True)
    assert (named.on_behalf_of, named.consented_at is not None) == ("Ana Novak", True)
    assert named.author.name == "A citizen"


def test_the_same_address_is_the_same_guest_and_the_same_form_the_same_remark(section):
    first, second = remark(section, token="t1"), remark(section, email="ANA@example.net")
    assert first.author_id == second.author_id
    assert remark(section, token="t1").id == first.id


def test_who_is_known_by_the_address_is_the_author_and_stays_what_he_was(section):
    known = builders.person(Role.STAKEHOLDER, email="known@example.net", name="Known")
    thread = remark(section, email="known@example.net", publish_name=True)
    assert thread.author_id == known.id
    assert (known.name, known.guest) == ("Known", False)


def test_nobody_comments_where_no_public_round_is_open(section):
    round = db.session.query(Round).one()
    round.audience = RoundAudience.ORGANISATIONS
    db.session.commit()
    with pytest.raises(NotNow):
        remark(section)


def test_nobody_comments_after_the_closing_time(section):
    with time_machine.travel(db.session.query(Display).one().closes_at), pytest.raises(NotNow):
        remark(section)


def test_the_letter_asks_to_confirm_and_repeats_nothing_that_was_typed(section, smtp_sink):
    remark(section, publish_name=True)
    assert sent(smtp_sink) == ["Please confirm your comment"]
    [letter] = smtp_sink.to("ana@example.net")
    words = "".join(p.get_content() for p in letter.walk() if not p.is_multipart())
    assert "/public/confirm/" in words
    assert WORDS not in words
    assert "Ana Novak" not in words + str(letter["To"])


def test_a_guest_hears_that_his_remark_is_shown_answered_and_hidden(section, smtp_sink):
    thread = remark(section)
    with transaction():
        guests.confirm(thread)
        moderation.release(thread.comments[0], by=maja())
    assert "[Ljubljana] Comment 1 on T-1" in " ".join(sent(smtp_sink))
    with time_machine.travel(clock.now() + timedelta(hours=1)), transaction():
        moderation.hide(thread.comments[0], by=maja(), reason="Insults a neighbour.")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        sent(smtp_sink)
    last = smtp_sink.to("ana@example.net")[-1]
    plain = last.get_body(("plain",)).get_content()
    assert "Insults a neighbour." in plain
    assert "/public/mine/" in plain
    assert "/unsubscribe/" in plain
    assert "/preferences" not in plain


def test_a_guest_who_wants_no_letters_gets_none_but_the_one_to_confirm(section, smtp_sink):
    thread = remark(section)
    with transaction():
        people.prefer(thread.author, rhythm=Rhythm.OFF)
        guests.confirm(thread)
        moderation.release(thread.comments[0], by=maja())
    remark(section)
    assert sent(smtp_sink) == ["Please confirm your comment"]


def test_the_owner_hears_of_the_remark_only_when_it_is_released(section, smtp_sink):
    owner = builders.person(Role.EDITOR, email="owner@example.org", rhythm=Rhythm.IMMEDIATE)
    section.owner = owner
    db.session.commit()
    thread = remark(section)
    with transaction():
        guests.confirm(thread)
    assert sent(smtp_sink, "owner@example.org") == []
    with transaction():
        moderation.release(thread.comments[0], by=maja())
    assert len(sent(smtp_sink, "owner@example.org")) == 1


def test_an_invited_guest_becomes_a_user_and_keeps_what_he_said(section):
    thread = remark(section)
    contract = section.contract
    token = guests.page_token(thread.author)
    with transaction():
        people.invite(
            contract,
            by=maja(),
            email="ana@example.net",
            name="Ana Novak",
            role=Role.STAKEHOLDER,
        )
    assert guests.by_token(token).id == thread.author_id
    with transaction():
        people.set_password(thread.author, password="three words to keep", name="Ana Novak")
    person = people.find("ana@example.net")
    assert (person.id, person.guest, person.is_active) == (thread.author_id, False, True)
    assert guests.by_token(token) is None


def test_links_die_of_age_and_of_other_hands(app, section):
    thread = remark(section)
    confirmation, page = guests.confirmation_token(thread), guests.page_token(thread.author)
    assert guests.to_confirm(confirmation).id == thread.id
    assert guests.by_token(page).id == thread.author_id
    assert guests.to_confirm(page) is None
    assert guests.by_token(confirmation) is None
    assert guests.to_confirm(confirmation + "x") is None
    with time_machine.travel(clock.now() + timedelta(days=4)):
        assert guests.to_confirm(confirmation) is None
        assert guests.by_token(page) is not None
    with time_machine.travel(clock.now() + timedelta(days=181)):
        assert guests.by_token(page) is None


def test_a_remark_that_was_taken_back_is_not_confirmed(section):
    thread = remark(section)
    with transaction():
        threads.withdraw(thread, by=thread.author)
        guests.confirm(thread)
    assert thread.moderation is Moderation.UNCONFIRMED
    assert thread.comments[0].text == ""


def test_nobody_releases_what_its_author_has_not_confirmed(section):
    thread = remark(section)
    with pytest.raises(Invalid), transaction():
        moderation.release(thread.comments[0], by=maja())


def test_words_for_fewer_eyes_cannot_be_quoted_by_a_guest(ctx):
    contract = builders.contract()
    made = builders.section(
        contract=contract,
        stage=Stage.CONSULTATION,
        markdown="Open.\n\n::: city\nOurs alone.\n:::\n",
    )
    section = builders.opened_to_all(made)
    start = section.current.plain.index("Ours")
    with pytest.raises(Invalid):
        remark(section, start=start, end=start + 4)


def test_words_that_were_never_shown_to_all_cannot_be_quoted_by_a_guest(section):
    shown = section.current
    unseen = builders.revision(section, "An early thought that nobody was shown.")
    section.current = shown
    db.session.commit()
    for start, end in ((0, 16), (None, None)):
        with pytest.raises(Invalid, match="not in the text"), transaction():
            say(section, revision=unseen, start=start, end=end)
    assert db.session.query(Thread).count() == 0


@pytest.mark.both_databases
def test_who_speaks_up_twice_at_the_same_instant_is_one_guest(app, section):
    other = builders.opened_to_all(
        builders.section("T-2", contract=section.contract, stage=Stage.CONSULTATION)
    )
    ids = [section.id, other.id]
    db.session.rollback()
    stored, made = Started(), []

    def speak(section_id: int, waits: bool) -> None:
        with app.app_context():
            if waits:
                stored.wait(10)
            with transaction():
                made.append(say(db.session.get(Section, section_id)).author_id)
                stored.set()
                if not waits:
                    sleep(0.5)

    both = [Worker(target=speak, args=args) for args in zip(ids, (False, True), strict=True)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(made) == 2
    assert len(set(made)) == 1


def with_an_account(section) -> Thread:
    """A remark that is shown, of somebody who has an account since, and no role."""
    thread = remark(section)
    with transaction():
        guests.confirm(thread)
        moderation.release(thread.comments[0], by=maja())
        people.set_password(thread.author, password="three words to keep", name="Ana Novak")
    return thread


def answer(thread) -> None:
    with transaction():
        threads.answer(thread, by=maja(), disposition=Disposition.ACCEPTED, text="They run again.")


def test_who_has_an_account_since_and_no_role_hears_of_the_answer(section, smtp_sink, client):
    thread = with_an_account(section)
    answer(thread)
    assert sent(smtp_sink)[-1] == "[Ljubljana] 2 updates on T-1 Section T-1"
    plain = smtp_sink.to("ana@example.net")[-1].get_body(("plain",)).get_content()
    assert "They run again." in plain
    public = f"/public/{section.contract.slug}/sections/{section.id}#thread-{thread.id}"
    assert public in plain
    for closed in ("/threads/", "/contributions", "hear=choose"):
        assert closed not in plain
    builders.sign_in(client, thread.author)
    assert f"/threads/{thread.id}/beside" in client.get("/inbox").text
    assert client.get(f"/threads/{thread.id}/beside").location.endswith(public)
    assert client.get(public).status_code == 200
    assert client.get(f"/threads/{thread.id}").status_code == 404


@pytest.mark.parametrize(
    "closed",
    [
        {"visibility": Visibility.PARTICIPANTS},
        {"moderation": Moderation.HIDDEN},
        {"round": None},
    ],
)
def test_who_has_an_account_and_no_role_hears_nothing_of_what_is_not_on_display(
    section, smtp_sink, client, closed
):
    thread = with_an_account(section)
    before = len(sent(smtp_sink))
    answer(thread)
    with transaction():
        for name, value in closed.items():
            setattr(thread, name, value)
    assert len(sent(smtp_sink)) == before
    builders.sign_in(client, thread.author)
    assert client.get(f"/threads/{thread.id}/beside").status_code == 404
    assert "/beside" not in client.get("/inbox").text
