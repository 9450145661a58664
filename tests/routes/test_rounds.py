"""Rounds in the browser's forms: opened, refused with nothing lost, extended, corrected, closed; and their evidence."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Display, Round, RoundEntry, Section
from workflow.rules.vocabulary import Role, RoundAudience, Stage

HOME = "/c/{slug}/rounds"


@pytest.fixture
def maja(city):
    return city.coordinator


@pytest.fixture
def two(app, city):
    with app.app_context():
        return [builders.section(code).id for code in ("B-1", "B-2")]


def days(number):
    return (builders.today() + timedelta(days=number)).isoformat()


def form(ids, **what):
    asked = {"section": ids, "audience": "invited", "closes_at": days(20), "step": "open"}
    return asked | what


def test_two_sections_are_opened_by_one_form(app, city, enter, maja, two):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    page = client.get(f"{home}/open").get_data(as_text=True)
    assert "Section B-1" in page
    answer = client.post(f"{home}/open", data=form(two, title="Heat"))
    assert (answer.status_code, answer.location) == (303, f"{home}/1")
    with app.app_context():
        made = db.session.scalars(select(Round)).one()
        assert {section.id for section in made.sections} == set(two)
        assert "asks for your comments on 2 sections" in made.announcement
    page = client.get(f"{home}/1").get_data(as_text=True)
    assert "Heat" in page
    assert "Extend the round" in page


def test_a_refused_round_keeps_what_was_typed_and_ticked(app, city, enter, maja, two):
    client = enter(maja)
    address = HOME.format(slug=city.slug) + "/open"
    asked = form(two, title="A name", announcement="My words.", audience="public")
    answer = client.post(address, data=asked)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "too short for a public round" in page
    assert "A name" in page
    assert "My words." in page
    assert page.count(" checked") == 3
    with app.app_context():
        approved = builders.section("Z-9", stage=Stage.APPROVED).id
    answer = client.post(address, data=form([*two, approved]))
    assert answer.status_code == 409
    assert "None was opened" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.query(Round).count() == 0


def test_the_filter_and_the_usual_words_work_without_javascript(city, enter, maja, two):
    client = enter(maja)
    address = HOME.format(slug=city.slug) + "/open"
    page = client.post(address, data=form(two, step="filter", sector="waste")).get_data(
        as_text=True
    )
    assert "stay chosen" in page
    page = client.post(address, data=form(two, step="announce")).get_data(as_text=True)
    assert "asks for your comments on 2 sections of its climate contract: B-1, B-2" in page


def test_a_planned_round_is_changed_begun_and_cancelled(app, city, enter, maja, two):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    later = f"{days(3)}T09:00"
    assert client.post(f"{home}/open", data=form(two, opens_at=later)).status_code == 303
    assert "Planned" in client.get(f"{home}/1").get_data(as_text=True)
    asked = form(two[:1], opens_at=later, title="Only one")
    assert client.post(f"{home}/1/plan", data=asked).status_code == 303
    assert client.post(f"{home}/1/begin").status_code == 303
    with app.app_context():
        assert db.session.get(Section, two[0]).stage is Stage.CONSULTATION
        assert db.session.get(Section, two[1]).stage is Stage.DRAFT
    assert client.post(f"{home}/1/cancel").status_code == 422
    client.post(f"{home}/open", data=form(two[1:], opens_at=later))
    assert client.post(f"{home}/2/cancel").status_code == 303
    assert "Cancelled before it opened" in client.get(home).get_data(as_text=True)


def test_a_round_is_extended_corrected_and_closed_and_its_evidence_tells_it(
    app, city, enter, maja, two
):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    client.post(f"{home}/open", data=form(two))
    refused = client.post(f"{home}/1/extend", data={"closes_at": days(5), "reason": "Why not"})
    assert refused.status_code == 422
    assert "Why not" in refused.get_data(as_text=True)
    asked = {"closes_at": days(25), "reason": "Holidays."}
    assert client.post(f"{home}/1/extend", data=asked).status_code == 303
    with app.app_context():
        current = db.session.get(Section, two[0]).current
        corrected = {"markdown": current.markdown.replace("74 %", "76 %"), "base": current.id}
    assert client.post(f"{home}/correct/{two[0]}", data=corrected).status_code == 422
    corrected["reason"] = "A figure."
    assert client.post(f"{home}/correct/{two[0]}", data=corrected).status_code == 303
    assert client.post(f"{home}/1/close", data={"reason": ""}).status_code == 303
    page = client.get(f"{home}/1/evidence").get_data(as_text=True)
    for words in ("Holidays.", "A figure.", "Announced end", "End after extension"):
        assert words in page
    with app.app_context():
        hashes = {one.revision.sha256 for one in db.session.scalars(select(Display))}
        assert db.session.query(RoundEntry).count() == 2
    assert len(hashes) == 2 and all(one in page for one in hashes)
    told = client.get(f"{home}/1/evidence.json").get_json()
    assert [one["change"] for one in told["changes"]] == ["extended", "corrected"]
    assert len(told["displays"]) == 3
    rows = client.get(f"{home}/1/evidence.csv").get_data(as_text=True).strip().splitlines()
    assert len(rows) == 4


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.EDITOR])
def test_who_does_not_lead_sees_the_round_and_changes_nothing(app, city, enter, maja, two, role):
    home = HOME.format(slug=city.slug)
    enter(maja).post(f"{home}/open", data=form(two))
    with app.app_context():
        other = builders.person(role)
    client = enter(other)
    page = client.get(f"{home}/1").get_data(as_text=True)
    assert "Extend the round" not in page
    assert client.get(f"{home}/open").status_code == 403
    asked = {"closes_at": days(25), "reason": "More."}
    assert client.post(f"{home}/1/extend", data=asked).status_code == 403
    assert client.post(f"{home}/1/close").status_code == 403
    assert client.get(f"{home}/correct/{two[0]}").status_code == 403


def test_what_came_late_is_said_so_and_stands_in_the_tray(app, city, enter, maja, two):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    client.post(f"{home}/open", data=form(two))
    client.post(f"{home}/1/close", data={})
    with app.app_context():
        voice = builders.person(Role.STAKEHOLDER)
        section = db.session.get(Section, two[0])
        late = builders.thread(section, author=voice, text="Came by post.")
        late.late = True
        db.session.commit()
    assert "1 in the late tray" in client.get(home).get_data(as_text=True)
    assert "Came by post." in client.get(f"{home}/late").get_data(as_text=True)
    address = f"/c/{city.slug}/sections/{two[0]}"
    words = "goes to the tray of the next round"
    client = enter(voice)
    assert words in client.get(f"{address}/threads").get_data(as_text=True)
    assert words in client.get(f"{address}/").get_data(as_text=True)


def test_pages_of_rounds_ask_the_database_the_same_whatever_their_size(app, city, enter, maja):
    with app.app_context():
        for number in range(3):
            section = builders.section(f"B-{number}", stage=Stage.CONSULTATION)
            builders.thread(section)
        every = db.session.scalars(select(Section)).all()
        builders.round_of(every[0])
        builders.round_of(*every)
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    for path in ("", "/evidence"):
        found = []
        for number in (1, 2):
            with counted(app) as queries:
                client.get(f"{home}/{number}{path}")
            found.append(len(queries))
        assert found[0] == found[1]


def test_the_length_of_public_rounds_is_set_by_who_leads(app, city, enter, maja, two):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    assert client.post(f"{home}/length", data={"days": "14"}).status_code == 303
    asked = form(two, audience=RoundAudience.PUBLIC.value)
    assert client.post(f"{home}/open", data=asked).status_code == 303


def test_without_a_section_the_form_says_so_and_no_other_field_is_to_blame(city, enter, maja):
    address = HOME.format(slug=city.slug) + "/open"
    answer = enter(maja).post(address, data=form([], title="Heat"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("Please choose at least one section.") == 1
    assert "field-error" not in page


def test_what_cannot_be_opened_stands_aside_with_the_reason(app, city, enter, maja, two):
    with app.app_context():
        builders.section("Z-9", stage=Stage.APPROVED)
    page = enter(maja).get(HOME.format(slug=city.slug) + "/open").get_data(as_text=True)
    open_ones, _summary, closed = page.partition("1 section cannot be opened now")
    assert open_ones.count('name="section"') == 2
    assert "Z-9" in closed.split("</details>")[0]
    assert "is approved; reopen it first" in closed.split("</details>")[0]


def test_an_extended_round_says_that_its_announcement_names_the_first_end(
    app, city, enter, maja, two
):
    client, home = enter(maja), HOME.format(slug=city.slug)
    client.post(f"{home}/open", data=form(two))
    section = f"/c/{city.slug}/sections/{two[0]}/"
    said = "the announcement names its first end"
    assert said not in client.get(f"{home}/1").text + client.get(section).text
    client.post(f"{home}/1/extend", data={"closes_at": days(40), "reason": "Holidays."})
    assert said in client.get(f"{home}/1").text
    assert said in client.get(section).text


def test_a_public_round_tells_the_coordinator_its_address(app, city, enter, maja, two):
    client, home = enter(maja), HOME.format(slug=city.slug)
    client.post(f"{home}/open", data=form(two[:1]))
    client.post(f"{home}/open", data=form(two[1:], audience="public", closes_at=days(31)))
    address = f"http://localhost/public/{city.slug}<"
    assert address not in client.get(f"{home}/1").text
    assert address in client.get(f"{home}/2").text


def test_the_round_and_its_section_count_the_same_organisations(app, city, enter, maja, two):
    """Asked are those with a voice that covers the section, whatever sector the organisation itself belongs to."""
    with app.app_context():
        heat, far, gone = (
            builders.organisation(name, sectors=("transport",)) for name in ("Heat", "Far", "Gone")
        )
        speaker = builders.person(organisation=heat)
        builders.person(organisation=far, sector="transport")
        builders.person(Role.OBSERVER, organisation=gone)
    client, home = enter(maja), HOME.format(slug=city.slug)
    client.post(f"{home}/open", data=form(two[:1]))
    section, said = f"/c/{city.slug}/sections/{two[0]}/", "{} of 1 organisations that are asked"
    for address in (f"{home}/1", section):
        assert said.format(0) in client.get(address).text
    with app.app_context():
        one = db.session.get(Section, two[0])
        shown = db.session.scalars(select(Round)).one()
        builders.thread(
            one, author=db.session.merge(speaker), organisation=db.session.merge(heat)
        ).round = shown
        builders.thread(one, organisation=db.session.merge(gone)).round = shown
        db.session.commit()
    for address in (f"{home}/1", section):
        assert said.format(1) in client.get(address).text


def test_a_second_click_plans_or_opens_no_second_round(app, city, enter, maja, two):
    client = enter(maja)
    address = HOME.format(slug=city.slug) + "/open"
    for asked in (form(two[:1], opens_at=f"{days(2)}T09:00"), form(two[1:])):
        first, second = (client.post(address, data=asked) for _click in range(2))
        assert (first.status_code, first.location) == (second.status_code, second.location)
    with app.app_context():
        assert db.session.query(Round).count() == 2
        assert db.session.query(Display).count() == 1


@pytest.mark.parametrize("typed", ["0026-11-30T09:00", "2026-01-02T09:00"])
def test_a_time_that_was_mistyped_opens_nothing_at_once(app, city, enter, maja, two, typed):
    address = HOME.format(slug=city.slug) + "/open"
    answer = enter(maja).post(address, data=form(two, opens_at=typed))
    assert answer.status_code == 422
    assert typed in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.query(Round).count() == 0


def test_what_cannot_be_opened_is_named_past_the_filter(app, city, enter, maja, two):
    with app.app_context():
        closed = builders.section("Z-9", component="commitments", stage=Stage.APPROVED).id
    asked = form([*two, closed], component="action-plan")
    answer = enter(maja).post(HOME.format(slug=city.slug) + "/open", data=asked)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Z-9" in page.split("None was opened, because these cannot be:")[1].split("</ul>")[0]
    assert f'value="{closed}" checked' in page


def test_a_planned_round_says_why_it_cannot_open(app, city, enter, maja, two):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    asked = form(two, audience="public", opens_at=f"{days(2)}T09:00", closes_at=days(34))
    client.post(f"{home}/open", data=asked)
    with app.app_context():
        builders.revision(db.session.get(Section, two[0]), "")
    page = client.get(f"{home}/1").get_data(as_text=True)
    assert "this round cannot open" in page
    assert "has no text yet" in page
    with app.app_context(), time_machine.travel(clock.now() + timedelta(days=19)):
        builders.revision(db.session.get(Section, two[0]))
        page = enter(maja).get(f"{home}/1").get_data(as_text=True)
    assert "what is left until its end is too short" in page


def test_a_correction_that_comes_second_loses_nothing_that_was_typed(app, city, enter, maja, two):
    client = enter(maja)
    home = HOME.format(slug=city.slug)
    client.post(f"{home}/open", data=form(two))
    address = f"{home}/correct/{two[0]}"
    with app.app_context():
        base = db.session.get(Section, two[0]).current_id
    asked = {"markdown": "The first one's words.", "base": base, "reason": "A figure."}
    assert client.post(address, data=asked).status_code == 303
    answer = client.post(address, data=asked | {"markdown": "The second one's words."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "The second one&#39;s words." in page
    assert "A figure." in page
    with app.app_context():
        now_shown = db.session.get(Section, two[0]).current_id
    assert f'value="{now_shown}"' in page
    client.post(f"{home}/1/close")
    answer = client.post(address, data=asked | {"markdown": "Words for later.", "base": now_shown})
    assert answer.status_code == 409
    draft = client.get(f"/c/{city.slug}/sections/{two[0]}/edit?draft=go-on")
    assert "Words for later." in draft.get_data(as_text=True)
