"""A picture comes into a text from the editor, and is given to whoever may read a text that shows it."""

import io

import pytest

from tests import builders
from tests.support.pictures import drawn
from workflow.db import db, transaction
from workflow.models import Picture, Section
from workflow.rules.vocabulary import Role, Stage
from workflow.services import pictures


@pytest.fixture
def section(anew, city) -> Section:
    return builders.section("E-1", contract=city.contract, author=city.editor)


@pytest.fixture
def at(city, section) -> str:
    return f"/c/{city.slug}/sections/{section.id}/edit"


@pytest.fixture
def brought(section, city) -> Picture:
    with transaction():
        return pictures.bring(section, by=city.editor, content=drawn(), alt="A map")


def put(browser, at, section, content=None, *, text="First.\n\nLast.\n", **what):
    form = {
        "markdown": text,
        "base": section.current_id,
        "picture": (io.BytesIO(content or drawn()), "map.png"),
        "alt": "A map of [heat]",
        "summary": "With a map",
    }
    return browser.post(at, data=form | what)


def test_it_stands_in_the_text_with_its_caption_and_nothing_is_saved_yet(section, at, city, enter):
    before = section.current_id
    page = put(enter(city.editor), at, section, caption="Heat", source="City", line="1")
    assert page.status_code == 200
    name = db.session.query(Picture).one().name
    assert (
        f"First.\n\n![A map of \\[heat\\]](picture:{name})\n\nFigure: Heat\n\nSource: City\n\nLast."
        in page.text
    )
    assert f'<img src="/pictures/{name}" alt="A map of [heat]"' in page.text
    assert 'value="With a map"' in page.text
    assert db.session.get(Section, section.id).current_id == before


def test_without_a_place_it_stands_at_the_end(section, at, city, enter):
    page = put(enter(city.editor), at, section)
    name = db.session.query(Picture).one().name
    assert f"Last.\n\n![A map of \\[heat\\]](picture:{name})" in page.text


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"alt": ""}, "Please say what the picture shows"),
        ({"content": b"<svg/>"}, "Please take a PNG, a JPEG or a WebP picture."),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_text_stays(section, at, city, enter, what, said):
    page = put(enter(city.editor), at, section, caption="Typed caption", **what)
    assert page.status_code == 422
    assert said in page.text
    assert "First.\n\nLast." in page.text
    assert "Typed caption" in page.text
    assert db.session.query(Picture).count() == 0


def test_a_picture_without_words_is_named_in_the_preview_and_when_it_is_saved(
    section, at, city, enter, brought
):
    browser = enter(city.editor)
    text = f"![](picture:{brought.name})"
    said = "1 picture does not say in words what it shows"
    assert said in browser.post(at.replace("edit", "preview"), data={"markdown": text}).text
    form = {"markdown": text, "base": section.current_id}
    assert said in browser.post(at, data=form, follow_redirects=True).text


def test_a_reader_gets_it_once_a_text_shows_it_and_keeps_it(section, city, enter, brought):
    at = f"/pictures/{brought.name}"
    reader = enter(city.stakeholder)
    assert reader.get(at).status_code == 404
    builders.revision(section, f"![A map](picture:{brought.name})", author=city.editor)
    answer = reader.get(at)
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    again = reader.get(at, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_only_the_city_reads_shows_its_pictures_to_nobody_else(
    section, city, enter, client, brought
):
    text = f"Open.\n\n::: city\n![A map](picture:{brought.name})\n:::\n"
    builders.revision(section, text, author=city.editor)
    at = f"/pictures/{brought.name}"
    assert enter(city.approver).get(at).status_code == 200
    for role in (Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER):
        assert enter(getattr(city, role.value)).get(at).status_code == 404
    assert client.get(at).status_code == 404


def test_whoever_has_no_account_sees_pictures_of_texts_on_public_display(
    city, anew, client, enter, app
):
    section = builders.section(
        "E-2", contract=city.contract, stage=Stage.CONSULTATION, author=city.editor
    )
    with transaction():
        made = pictures.bring(
            builders.section(contract=city.contract, author=city.editor),
            by=city.editor,
            content=drawn(colour="red"),
            alt="Red",
        )
    at = f"/pictures/{made.name}"
    assert client.get(at).status_code == 404
    shown = builders.section(
        "E-3",
        contract=city.contract,
        stage=Stage.CONSULTATION,
        markdown=f"![Red](picture:{made.name})",
        author=city.editor,
    )
    assert client.get(at).status_code == 404
    builders.opened_to_all(section)
    builders.opened_to_all(shown)
    assert client.get(at).status_code == 200


def test_people_of_another_city_do_not_get_it(section, city, enter, brought):
    other = builders.person(Role.COORDINATOR, contract=builders.contract("maribor"))
    builders.revision(section, f"![A map](picture:{brought.name})", author=city.editor)
    assert enter(other).get(f"/pictures/{brought.name}").status_code == 404


@pytest.mark.parametrize("name", ["0" * 32, "..", "%2e%2e%2fconfig", "a" * 33, "A" * 32])
def test_no_other_name_is_a_picture(city, enter, name):
    assert enter(city.editor).get(f"/pictures/{name}").status_code == 404
