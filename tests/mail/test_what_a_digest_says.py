"""What a digest says beyond what happened: what became of the texts, and what waits for its reader."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests import builders
from tests.mail.conftest import MONDAY
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Digest, Notification, Section
from workflow.rules.vocabulary import RemarkKind, Rhythm, Role, Stage
from workflow.services import (
    changes_told,
    corrections,
    letters,
    revisions,
    rounds,
    standing,
    threads,
)

TUESDAY = MONDAY + timedelta(days=1)
HEAT = "The network serves 74 % of all homes. By 2030 no home is heated with coal."
SECRET = "zebrafinch"


@pytest.fixture
def maja(travel):
    builders.contract("ljubljana")
    return builders.person(
        Role.COORDINATOR, name="Maja Hribar", email="maja@example.org", rhythm=Rhythm.OFF
    )


@pytest.fixture
def peter(maja):
    return builders.person(Role.STAKEHOLDER, name="Peter Zajc", email="peter@example.org")


def followed(by, code="B-2.1", markdown=HEAT, **what) -> Section:
    section = builders.section(code, markdown=markdown, author=builders.person(None), **what)
    builders.follow(by, section)
    return section


def save(section, markdown, by):
    with transaction():
        section = db.session.get(Section, section.id)
        revisions.save(section, by=by, markdown=markdown, base=section.current)


@pytest.fixture
def digest_of(post, smtp_sink, travel):
    """The plain text and the HTML of the person's letter of the next morning."""

    def fetch(person):
        travel(TUESDAY)
        post(TUESDAY)
        [letter] = smtp_sink.to(person.email)
        return (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))

    return fetch


def unwrapped(text: str) -> str:
    return " ".join(text.replace("  | ", " ").split())


def test_a_changed_text_is_shown_by_its_changed_words(maja, peter, digest_of):
    section = followed(peter)
    save(section, HEAT.replace("74 %", "76 %").replace("coal", "coal or oil"), maja)
    text, html = digest_of(peter)
    assert "serves [74 → 76] % of all homes." in unwrapped(text)
    assert "heated with coal [added: or oil]" in unwrapped(text)
    assert ">74</del>" in html
    assert ">76</ins>" in html


def test_beside_each_section_stands_the_way_to_what_one_hears_of_it(maja, peter, digest_of, client):
    """Where it leads is the section's menu, open, also for whoever has to sign in first."""
    links = []
    for code in ("B-2.1", "B-2.2"):
        section = followed(peter, code)
        save(section, HEAT.replace("coal", "oil"), maja)
        links.append(f"/c/ljubljana/sections/{section.id}/?hear=choose#follow")
    text, html = digest_of(peter)
    assert all(link in text and link in html for link in links)
    page, _, fragment = links[0].partition("#")
    asked = client.get(page)
    assert asked.status_code == 302
    form = {"email": peter.email, "password": builders.PASSWORD}
    form |= dict(parse_qsl(urlsplit(asked.location).query))
    back = client.post("/sign-in", data=form)
    assert back.location.endswith(page)
    shown = client.get(back.location).get_data(as_text=True)
    assert re.search(rf'<details [^>]*id="{fragment}" open><summary autofocus>', shown)
    assert not re.search(r'id="follow" open', client.get(page.partition("?")[0]).text)


def test_words_that_are_gone_are_named(maja, peter, digest_of):
    section = followed(peter)
    save(section, HEAT.replace(" By 2030 no home is heated with coal.", ""), maja)
    text, _ = digest_of(peter)
    assert "[removed: By 2030 no home is heated with coal.]" in unwrapped(text)


def test_of_several_revisions_the_change_from_first_to_last_is_told_once(maja, peter, digest_of):
    section = followed(peter)
    for share in ("75 %", "76 %"):
        save(section, HEAT.replace("74 %", share), maja)
    text, _ = digest_of(peter)
    assert "[74 → 76]" in unwrapped(text)
    assert "75" not in text


def test_a_rewritten_text_is_told_by_its_first_places_only(maja, peter, digest_of):
    lines = [f"In the year {year} the city renovates its school." for year in range(2026, 2046)]
    gap = "This sentence stays as it is, and it is long enough to part two places of the text."
    section = followed(peter, markdown=f"\n\n{gap}\n\n{gap}\n\n".join(lines))
    save(section, section.current.markdown.replace("school", "town hall"), maja)
    text, _ = digest_of(peter)
    text = unwrapped(text)
    assert text.count("→ town hall]") == changes_told.MOST
    assert f"and {20 - changes_told.MOST} more changes" in text


def test_a_letter_does_not_tell_changes_that_are_not_for_these_eyes(maja, peter, digest_of):
    section = followed(peter)
    save(section, f"{HEAT}\n\n::: city\nThe mayor calls it {SECRET}.\n:::\n", maja)
    text, html = digest_of(peter)
    assert "saved revision 2" in text
    assert SECRET not in text + html


def test_nor_does_it_tell_such_a_correction(maja, peter, digest_of):
    hidden = f"{HEAT}\n\n::: city\nThe mayor calls it {SECRET}.\n:::\n"
    section = builders.section("B-2.1", markdown=hidden, author=builders.person(None))
    with transaction():
        rounds.plan(
            builders.the_contract(),
            [section],
            by=maja,
            announcement="Please comment.",
            closes_at=MONDAY + timedelta(days=18),
        )
    with transaction():
        corrections.correct(
            db.session.get(Section, section.id),
            by=maja,
            markdown=hidden.replace("74 %", "76 %").replace(SECRET, f"{SECRET} song"),
            base=db.session.get(Section, section.id).current,
            reason="A figure of last year.",
        )
    text, html = digest_of(peter)
    assert "[74 → 76]" in unwrapped(text)
    assert SECRET not in text + html


def test_a_digest_begins_with_what_waits_and_until_when(maja, peter, digest_of):
    with transaction():
        maja.rhythm = Rhythm.DAILY
    late = builders.section(
        "A-1", owner=maja, author=maja, due_on=(MONDAY - timedelta(days=3)).date()
    )
    builders.section("A-2", owner=maja, author=maja, due_on=(MONDAY + timedelta(days=9)).date())
    heard = followed(maja, stage=Stage.CONSULTATION)
    with transaction():
        threads.open_thread(
            heard, by=peter, revision=heard.current, kind=RemarkKind.QUESTION, text="How so?"
        )
    text, html = digest_of(maja)
    plain = unwrapped(text)
    waits, news = plain.index("Waits for you"), plain.index("How so?")
    assert waits < plain.index("A-1") < plain.index("A-2") < news
    assert "was due 20 November 2026" in plain
    assert "until 2 December 2026" in plain
    address = f"http://concord.test/c/ljubljana/sections/{late.id}/edit"
    assert address in text
    assert f'href="{address}"' in html


@pytest.mark.parametrize("language", ["en", "sl"])
def test_a_coordinators_morning(language, maja, peter, travel, post, smtp_sink, as_kept):
    with transaction():
        maja.rhythm, maja.language = Rhythm.DAILY, language
    for code, days in (("A-1", -3), ("A-2", 9)):
        due = (MONDAY + timedelta(days=days)).date()
        builders.section(code, owner=maja, author=maja, due_on=due)
    heard = followed(maja, stage=Stage.CONSULTATION)
    with transaction():
        threads.open_thread(
            heard, by=peter, revision=heard.current, kind=RemarkKind.QUESTION, text="How so?"
        )
    saved = followed(maja, "C-1")
    words = HEAT.replace("74 %", "76 %").replace("coal", "coal or oil")
    save(saved, words, builders.person(Role.EDITOR, name="Jona Kralj"))
    travel(TUESDAY)
    post(TUESDAY)
    [letter] = smtp_sink.to(maja.email)
    as_kept("daily-coordinator" if language == "en" else "daily-coordinator-sl", letter)


def test_who_owes_nothing_reads_what_is_new_at_once(maja, digest_of):
    oto = builders.person(Role.OBSERVER, name="Oto Vidmar", email="oto@example.org")
    save(followed(oto), HEAT.replace("74", "76"), maja)
    text, _ = digest_of(oto)
    assert "Waits for you" not in text


def test_what_waits_is_no_reason_for_a_letter(maja, post, smtp_sink):
    with transaction():
        maja.rhythm = Rhythm.DAILY
    builders.section("A-1", owner=maja, author=maja, due_on=MONDAY.date())
    post(TUESDAY)
    assert not smtp_sink.letters


def test_a_prompt_letter_comes_to_its_matter_at_once(maja, peter, digest_of):
    with transaction():
        maja.rhythm = Rhythm.IMMEDIATE
    builders.section("A-1", owner=maja, author=maja, due_on=MONDAY.date())
    heard = followed(maja, stage=Stage.CONSULTATION)
    with transaction():
        threads.open_thread(
            heard, by=peter, revision=heard.current, kind=RemarkKind.QUESTION, text="How so?"
        )
    text, _ = digest_of(maja)
    assert "How so?" in text
    assert "Waits for you" not in text


def test_sixty_entries_ask_the_database_no_more_than_five(app, maja, peter, post, travel):
    with transaction():
        maja.rhythm = Rhythm.DAILY
    voice = builders.person(Role.STAKEHOLDER)

    def asked(count: int, day: int) -> int:
        for number in range(count):
            what = {"owner": maja, "due_on": MONDAY.date(), "stage": Stage.CONSULTATION}
            section = followed(maja, f"{day}-{number}", **what)
            with transaction():
                thread = threads.open_thread(
                    section,
                    by=peter,
                    revision=section.current,
                    kind=RemarkKind.QUESTION,
                    text="How so?",
                )
                threads.reply(thread, by=voice, text="Me too.")
            saved = followed(maja, f"{day}-{number}b")
            save(saved, f"{HEAT} Number {number}.", peter_of_the_city)
        now = MONDAY + timedelta(days=day)
        travel(now)
        post(now)
        digest = (
            db.session.query(Digest).filter_by(person_id=maja.id).order_by(Digest.id.desc()).first()
        )
        digest_id = digest.id
        db.session.rollback()
        with counted(app) as statements:
            digest = db.session.get(Digest, digest_id)
            told = standing.notifications(digest.person, Notification.digest_id == digest.id)
            letter = letters.draft(digest.person, told, rhythm=digest.rhythm)
        assert str(letter.text).count("How so?") == count
        return len(statements)

    peter_of_the_city = builders.person(Role.EDITOR)
    few = asked(2, day=1)
    assert asked(20, day=2) == few
    assert few <= 14
    assert clock.now() == MONDAY + timedelta(days=2)
