"""Letters as bytes: what mail programs sort, thread and stop them by, parsed as any mail program would."""

import email
import email.policy
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from tests import builders
from tests.mail.conftest import MONDAY
from tests.support.smtp import Sink
from workflow.db import db, transaction
from workflow.models import Person, Section
from workflow.rules.vocabulary import RemarkKind, Rhythm, Role, Stage
from workflow.services import threads

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def section(code: str, *followers: Person) -> Section:
    made = builders.section(code, stage=Stage.CONSULTATION, author=builders.person(None))
    for follower in followers:
        builders.follow(follower, made)
    return made


def remark(where: Section, by: Person, text: str = "How so?"):
    with transaction():
        return threads.open_thread(
            where, by=by, revision=where.current, kind=RemarkKind.QUESTION, text=text
        )


def only(sink: Sink):
    [raw] = sink.raw
    return email.message_from_bytes(raw, policy=email.policy.default)


@pytest.fixture
def reader(travel):
    builders.contract("ljubljana")
    return builders.person(
        Role.STAKEHOLDER,
        name="Špela Žnidaršič",
        email="spela@občina.example",
        language="sl",
        rhythm=Rhythm.DAILY,
    )


@pytest.fixture
def voice(reader):
    return builders.person(Role.STAKEHOLDER, name="Peter Zajc")


@pytest.fixture
def next_morning(post, travel, smtp_sink):
    def fetch(days: int = 1):
        smtp_sink.clear()
        travel(MONDAY + timedelta(days=days))
        post(MONDAY + timedelta(days=days))
        return only(smtp_sink)

    return fetch


def test_all_letters_about_one_remark_are_one_conversation(reader, voice, next_morning):
    thread = remark(section("A-1", reader), voice)
    first = next_morning(1)
    with transaction():
        threads.reply(thread, by=voice, text="Nobody knows.")
    second = next_morning(2)
    assert first["In-Reply-To"] == first["References"] == f"<thread.{thread.id}@example.org>"
    assert second["References"] == first["References"]
    assert second["Message-ID"] != first["Message-ID"]


def test_letters_about_two_remarks_on_a_section_belong_to_the_section(reader, voice, next_morning):
    where = section("A-1", reader)
    remark(where, voice)
    remark(where, voice, "And why?")
    assert next_morning()["References"] == f"<section.{where.id}@example.org>"


def test_a_letter_about_several_sections_stands_for_itself(reader, voice, next_morning):
    for code in ("A-1", "A-2"):
        remark(section(code, reader), voice)
    letter = next_morning()
    assert letter["In-Reply-To"] is letter["References"] is None


def test_the_bytes_hold_to_the_standards(reader, voice, next_morning, smtp_sink):
    remark(section("A-1", reader), voice, "Kako ste prišli do številke?")
    letter = next_morning()
    assert not letter.defects
    assert len({name.lower() for name in letter.keys()}) == len(letter.keys())  # noqa: SIM118
    assert not any(letter[header].defects for header in ("To", "From", "Subject", "Date"))
    head, _, _ = smtp_sink.raw[0].partition(b"\r\n\r\n")
    assert head.isascii()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"].endswith("<ljubljana.example.org>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Content-Language"] == "sl"
    [address] = letter["To"].addresses
    assert (address.display_name, address.domain) == ("Špela Žnidaršič", "xn--obina-iya.example")
    assert letter.get_content_type() == "multipart/alternative"
    for part in letter.iter_parts():
        assert part.get_content_charset() == "utf-8"
        assert "številke" in part.get_content()


def test_an_html_letter_fetches_nothing_and_names_its_languages(reader, voice, next_morning):
    where = section("A-1", reader)
    remark(where, voice)
    html = next_morning().get_body(("html",)).get_content()
    assert '<html lang="sl">' in html
    assert 'lang="en"' in html
    assert not any(sign in html for sign in ("<img", "<script", "<link", "src=", "url(", "@import"))


def test_a_mail_program_stops_the_letters_by_one_post_and_by_nothing_else(stack):
    with stack.app.app_context():
        reader = builders.person(
            Role.STAKEHOLDER, email="spela@example.org", rhythm=Rhythm.IMMEDIATE
        )
        voice = builders.person(Role.STAKEHOLDER)
        remark(section("A-1", reader), voice)
        stack.sink.wait(1, seconds=60)
        letter = only(stack.sink)
        address = letter["List-Unsubscribe"].strip("<>")
        assert address.startswith(stack.url)

        def rhythm() -> Rhythm:
            db.session.expire_all()
            return db.session.get(Person, reader.id).rhythm

        for look in (httpx.get, httpx.head):
            assert look(address).status_code == 200
        assert rhythm() is Rhythm.IMMEDIATE

        form = {"data": ONE_CLICK}
        multipart = {"files": {name: (None, value) for name, value in ONE_CLICK.items()}}
        for body, kind in ((form, "x-www-form-urlencoded"), (multipart, "form-data")):
            with transaction():
                db.session.get(Person, reader.id).rhythm = Rhythm.IMMEDIATE
            answer = httpx.post(address, **body)
            assert kind in answer.request.headers["Content-Type"]
            assert "Cookie" not in answer.request.headers
            assert answer.status_code == 200
            assert rhythm() is Rhythm.OFF

        token = urlsplit(address).path.rpartition("/")[2]
        assert httpx.get(f"{stack.url}/accept/{token}").status_code in (404, 410)
