"""The public pages: what a visitor finds, what he may send, and what he never learns."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_limiter.util import get_remote_address

from tests import builders
from tests.support.queries import counted
from workflow import clock, create_app
from workflow.db import db, transaction
from workflow.extensions import limiter
from workflow.models import Display, Person, Section, Thread
from workflow.rules.vocabulary import Disposition, Moderation, Role, Stage, Visibility
from workflow.services import corrections, guests, moderation, rounds

TEXT = "The network serves all homes.\n\n::: city\nOur zebrafinch words.\n:::\n\nIn public each year.\n"


def here(person: Person) -> Person:
    """The person as a row of this session."""
    return db.session.get(Person, person.id)


@pytest.fixture
def section(anew, city) -> Section:
    made = builders.section(
        "E-1", contract=city.contract, stage=Stage.CONSULTATION, markdown=TEXT, author=city.editor
    )
    return builders.opened_to_all(made)


@pytest.fixture
def at(city, section) -> str:
    return f"/public/{city.slug}/sections/{section.id}"


def filled(client, at, **more) -> dict:
    """The fields of the form as a browser would send them after a while."""
    page = client.get(f"{at}/comment").text
    made = page.split('name="made"')[1].split('value="')[1].split('"')[0]
    revision = page.split('name="revision"')[1].split('value="')[1].split('"')[0]
    form = {"made": made, "revision": revision, "kind": "question", "email": "ana@example.net"}
    return form | {"text": "Who pays for it?", "website": ""} | more


def send(client, at, *, after=10, **more):
    form = filled(client, at, **more)
    with time_machine.travel(clock.now() + timedelta(seconds=after)):
        return client.post(f"{at}/comment", data=form)


def last() -> Thread:
    db.session.rollback()
    return db.session.query(Thread).order_by(Thread.id.desc()).first()


def released(section, **more) -> Thread:
    return builders.thread(section, visibility=Visibility.PUBLIC, **more)


def test_a_visitor_reads_the_text_for_everybody_and_what_everybody_may_read(client, section, at):
    released(section, text="Everybody may read me.", quote="all homes", answer=Disposition.NOTED)
    builders.thread(section, text="For those who take part.")
    page = client.get(at)
    assert page.status_code == 200
    assert "The network serves all homes." in page.text.replace("</span>", "")
    assert "Everybody may read me." in page.text
    assert "Because the figures say so." in page.text
    assert "zebrafinch" not in page.text
    assert "For those who take part." not in page.text


def test_no_private_person_is_named_unless_he_agreed(client, section, at):
    writer = builders.person(Role.STAKEHOLDER, name="Neža Private")
    remark = released(section, author=writer)
    builders.comment(remark, author=writer, text="And one more thing.")
    agreed = released(section, author=writer)
    agreed.on_behalf_of, agreed.consented_at = "Ana Agreed", clock.now()
    db.session.commit()
    page = client.get(at).text
    assert "Neža Private" not in page
    assert "A citizen" in page
    assert "Ana Agreed" in page


def test_a_section_that_was_never_in_a_public_round_is_not_there(client, city, at):
    other = builders.section(contract=city.contract, stage=Stage.CONSULTATION)
    draft = builders.section(contract=city.contract)
    for hidden in (other, draft):
        for more in ("", "/comment", "/sent"):
            address = f"/public/{city.slug}/sections/{hidden.id}{more}"
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
    assert f"sections/{other.id}" not in client.get(f"/public/{city.slug}").text
    elsewhere = builders.contract()
    assert client.get(f"/public/{elsewhere.slug}").status_code == 404


def test_after_the_round_the_text_as_it_was_on_display_stays_with_the_answers(
    client, city, section, at
):
    released(section, text="Said in time.", answer=Disposition.ACCEPTED)
    display = db.session.query(Display).one()
    display.closed_at = display.round.closed_at = clock.now()
    section.stage = Stage.REVISION
    builders.revision(section, "A later text.", author=city.editor)
    db.session.commit()
    page = client.get(at).text
    assert "This round is over." in page
    assert "A later text." not in page
    assert "Said in time." in page
    assert client.get(f"{at}/comment").status_code == 404


def test_who_takes_part_is_led_to_his_own_page(city, enter, section, at):
    member = enter(city.stakeholder)
    assert member.get(at).headers["Location"] == f"/c/{city.slug}/sections/{section.id}/"
    assert member.get(f"/public/{city.slug}").headers["Location"] == f"/c/{city.slug}/"
    stranger = enter(builders.person(Role.STAKEHOLDER, contract=builders.contract()))
    assert stranger.get(at).status_code == 200


def test_a_comment_of_a_visitor_waits_to_be_confirmed(client, section, at):
    answer = send(client, at, full_name="Ana Novak", publish_name="y")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{at}/sent")
    assert "mailbox" in client.get(f"{at}/sent").text
    thread = last()
    assert (thread.moderation, thread.on_behalf_of) == (Moderation.UNCONFIRMED, "Ana Novak")
    assert "Who pays for it?" not in client.get(at).text


def test_known_and_unknown_addresses_get_the_same_answer(client, city, at):
    answers = [send(client, at, email=email) for email in ("new@example.net", city.editor.email)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert answers[0].data == answers[1].data


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nowhere"}, "This is not an e-mail address."),
        ({"email": ""}, "Please give your e-mail address."),
        ({"text": " "}, "Please write what you want to say."),
        ({"website": "https://spam.example"}, "Please leave the hidden field empty"),
        ({"publish_name": "y", "full_name": ""}, "Please give the name that may be published."),
        ({"made": "forged"}, "Please send it again."),
        ({"after": 1}, "That was very fast."),
        ({"after": 8 * 24 * 3600}, "The page was open for very long."),
        ({"start": "3", "end": "900"}, "The passage that this remark is about is not in the text."),
    ],
)
def test_a_refused_comment_loses_nothing_that_was_typed(client, section, at, wrong, said):
    section.closes_at = db.session.query(Display).one().closes_at
    typed = {"full_name": "Ana Novak", "text": "My long words.", "email": "ana@example.net"}
    answer = send(client, at, **(typed | wrong))
    assert answer.status_code == 422
    assert said in answer.text
    for name, value in typed.items():
        assert name in wrong or value in answer.text
    assert last() is None


@pytest.fixture
def another(app) -> Iterator[Callable[..., Flask]]:
    """`another(SETTING=…)` is one more application on the same rows."""
    names = ("TESTING", "SQLALCHEMY_DATABASE_URI", "DATA_DIR", "SECRET_KEY", "WTF_CSRF_ENABLED")
    made = []

    def make(**settings) -> Flask:
        made.append(create_app({name: app.config[name] for name in names} | settings))
        return made[-1]

    yield make
    limiter.reset()
    limiter.enabled = False
    for one in made:
        with one.app_context():
            db.engine.dispose()


def test_too_many_comments_for_one_address_are_told_so_and_lose_nothing(another, at):
    client = another(RATELIMIT_ENABLED=True).test_client()
    for number in range(5):
        assert send(client, at, text=f"Number {number}").status_code == 303
    refused = send(client, at, text="My sixth comment.")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "My sixth comment." in refused.text
    assert "please send them again in an hour" in refused.text
    assert send(client, at, email="other@example.net").status_code == 303


@pytest.mark.parametrize(("proxies", "seen"), [(1, "203.0.113.7"), (0, "127.0.0.1")])
def test_behind_a_trusted_proxy_everybody_counts_for_himself(another, at, proxies, seen):
    asked = another(TRUSTED_PROXIES=proxies, RATELIMIT_ENABLED=True)
    addresses = []
    asked.after_request(lambda answer: addresses.append(get_remote_address()) or answer)
    asked.test_client().get("/public/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert addresses == [seen]


def test_looking_at_the_link_changes_nothing_and_the_button_confirms_once(client, section, at):
    send(client, at)
    thread = last()
    link = f"/public/confirm/{guests.confirmation_token(thread)}"
    assert "Who pays for it?" in client.get(link).text
    assert last().moderation is Moderation.UNCONFIRMED
    for _again in range(2):
        assert client.post(link, data={"act": "confirm"}).status_code == 303
        assert last().moderation is Moderation.HELD
    assert "Thank you" in client.get(link).text
    assert client.get("/public/confirm/forged").status_code == 410
    assert client.post("/public/confirm/forged").status_code == 410


def test_who_did_not_write_it_throws_it_away(client, section, at):
    send(client, at)
    link = f"/public/confirm/{guests.confirmation_token(last())}"
    assert client.post(link, data={"act": "discard"}).status_code == 303
    assert last().withdrawn_at is not None
    assert last().comments[0].text == ""
    assert "taken back" in client.get(link).text


def test_a_guest_looks_after_his_remarks_without_an_account(client, city, section, at):
    send(client, at)
    thread = last()
    page = f"/public/mine/{guests.page_token(thread.author)}"
    assert "Who pays for it?" in client.get(page).text
    with transaction():
        guests.confirm(thread)
        moderation.hide(thread.comments[0], by=here(city.coordinator), reason="Off the point.")
    assert "Off the point." in client.get(page).text
    appeal = f"{page}/appeal/{thread.comments[0].id}".replace(page, page)
    assert client.post(appeal, data={"reason": ""}).status_code == 422
    assert client.post(appeal, data={"reason": "It is the point."}).status_code == 303
    assert client.post(appeal, data={"reason": "Again."}).status_code == 422
    assert client.post(f"{page}/withdraw/{thread.id}").status_code == 303
    assert last().withdrawn_at is not None


def test_the_page_of_a_guest_asks_the_same_few_questions_of_many_hidden_remarks(
    app, client, city, section, at
):
    send(client, at)
    ana = last().author
    page, asked = f"/public/mine/{guests.page_token(ana)}", []
    for many in (2, 10):
        for _number in range(many):
            said = released(section, author=ana).comments[0]
            with transaction():
                moderation.hide(said, by=here(city.coordinator), reason="Off the point.")
        with counted(app) as statements:
            assert client.get(page).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8


def test_a_guests_link_opens_nobody_elses_remarks(client, section, at):
    send(client, at)
    page = f"/public/mine/{guests.page_token(last().author)}"
    theirs = released(section)
    assert client.post(f"{page}/withdraw/{theirs.id}").status_code == 404
    assert client.post(f"{page}/appeal/{theirs.comments[0].id}").status_code == 404
    assert client.get("/public/mine/forged").status_code == 410
    assert client.get(page).headers["Cache-Control"] == "private, no-store"


def test_the_public_pages_ask_the_same_few_questions_of_many_remarks(app, client, section, at):
    asked = {}
    for many in (3, 30):
        for number in range(many):
            remark = released(section, quote="all homes", author=builders.person())
            builders.comment(remark, author=builders.person(), text=f"Reply {number}")
        for address in (at, at.split("/sections")[0], f"{at}/comment", "/public/"):
            with counted(app) as statements:
                assert client.get(address).status_code == 200
            asked.setdefault(address, []).append(len(statements))
    for address, (few, more) in asked.items():
        assert few == more <= 8, (address, few, more)


def test_the_public_pages_speak_the_language_of_the_browser_and_can_be_switched(client, at):
    slovene = client.get(at, headers={"Accept-Language": "sl"})
    assert '<html lang="sl">' in slovene.text
    assert "brez uporabniškega računa" in slovene.text
    client.post("/language", data={"language": "en", "next": at})
    assert '<html lang="en">' in client.get(at, headers={"Accept-Language": "sl"}).text


def test_forgetting_a_password_makes_no_user_of_a_guest(client, section, at):
    send(client, at)
    client.post("/forgotten-password", data={"email": "ana@example.net"})
    guest = db.session.query(Person).filter_by(email="ana@example.net").one()
    assert guest.guest
    assert not guest.is_active


def test_everybody_reads_that_a_round_was_extended_and_its_text_corrected(
    client, city, section, at
):
    maja = here(city.coordinator)
    round_ = db.session.query(Display).filter_by(section_id=section.id).one().round
    with transaction():
        rounds.extend(
            round_, by=maja, closes_at=section.closes_at + timedelta(days=9), reason="Holidays."
        )
    with transaction():
        corrections.correct(
            db.session.get(Section, section.id),
            by=here(city.coordinator),
            markdown="The network serves some homes.",
            base=section.current,
            reason="A slip.",
        )
    for address in (at, f"/public/{city.slug}"):
        page = client.get(address).text
        assert "Extended until" in page
        assert "Holidays." in page
        assert "A slip." in page


def test_a_correction_is_told_beside_its_own_text_and_sections_keep_their_order(
    client, city, section, at
):
    other = builders.opened_to_all(
        builders.section("E-2", contract=city.contract, stage=Stage.CONSULTATION, markdown=TEXT)
    )
    shown = db.session.query(Display).order_by(Display.id).all()
    shown[1].round = shown[0].round
    db.session.commit()
    with transaction():
        corrections.correct(
            db.session.get(Section, section.id),
            by=here(city.coordinator),
            markdown="The network serves some homes.",
            base=section.current,
            reason="A slip.",
        )
    assert "A slip." in client.get(at).text
    assert "A slip." not in client.get(at.replace(str(section.id), str(other.id))).text
    listed = client.get(f"/public/{city.slug}").text
    assert listed.index(section.titles["en"] + "</b>") < listed.index(other.titles["en"] + "</b>")
