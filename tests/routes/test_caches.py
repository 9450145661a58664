"""Who may keep an answer: nobody but the reader's own browser, and that only to ask again, but for what is for all."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response

from tests import builders
from tests.support.pictures import drawn
from workflow.db import transaction
from workflow.rules.vocabulary import Stage
from workflow.services import pictures

ASK_AGAIN = "private, no-cache"


def addresses(app: Flask) -> Iterator[str]:
    """Whatever can be asked for without naming anything."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            yield rule.rule


def kept_by_others(answer: Response) -> bool:
    said = answer.cache_control
    return not (said.no_store or (said.private and said.no_cache))


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_page_is_kept_for_another_reader(app, city, client, enter, signed_in):
    browser = enter(city.admin) if signed_in else client
    asked = {at: browser.get(at) for at in addresses(app)}
    assert len(asked) > 15
    assert [at for at, answer in asked.items() if kept_by_others(answer)] == []


def test_neither_are_pages_that_are_not_there_nor_those_that_refuse(city, client, enter):
    answers = [client.get("/nowhere"), client.get(f"/c/{city.slug}/"), client.post("/language")]
    answers += [client.post("/sign-in", data={"email": "x"}), enter(city.editor).get("/nowhere")]
    assert not any(map(kept_by_others, answers))


def test_files_made_for_one_reader_are_not_kept_for_weeks_as_scripts_are(city, enter):
    browser = enter(city.coordinator)
    at = f"/c/{city.slug}/signatories/invite/template.xlsx"
    assert browser.get(at).headers["Cache-Control"] == ASK_AGAIN


@pytest.fixture
def shown(anew, city):
    """A picture in a text that is on display for everybody, and one in a text that is not."""
    with transaction():
        public, inside = (
            pictures.take(city.contract.id, by=city.editor, content=drawn((n, 20)), alt="A map")
            for n in (20, 30)
        )
    section = builders.section(
        stage=Stage.CONSULTATION, markdown=f"![A map](picture:{public.name})", author=city.editor
    )
    builders.opened_to_all(section)
    builders.section(markdown=f"![A plan](picture:{inside.name})", author=city.editor)
    return section, public.name, inside.name


def test_what_everybody_sees_may_be_kept_and_what_a_reader_sees_is_asked_for_each_time(
    city, client, enter, shown
):
    section, public, inside = shown
    assert client.get(f"/pictures/{public}").cache_control.public
    assert client.get(f"/pictures/{inside}").status_code == 404
    for name in (public, inside):
        answer = enter(city.stakeholder).get(f"/pictures/{name}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, ASK_AGAIN)
    page = client.get(f"/public/{city.slug}/sections/{section.id}")
    assert 'name="csrf_token"' in page.text
    assert page.headers["Cache-Control"] == ASK_AGAIN


def test_whoever_signs_out_leaves_nothing_in_the_browser(city, enter):
    answer = enter(city.editor).post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_scripts_and_styles_are_kept_by_all(client):
    answer = client.get("/static/build/manifest.json")
    assert answer.headers["Cache-Control"] == "public, max-age=2592000"
    assert kept_by_others(answer)
    assert not kept_by_others(client.get("/static/build/not-built-yet.js"))
