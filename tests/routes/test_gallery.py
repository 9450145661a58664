"""The pictures of a contract in one list: where they are shown, what lacks words, and what may go."""

import io
from datetime import timedelta

import pytest
import time_machine

from tests import builders
from tests.support.pictures import drawn
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Draft, Imprint, Picture
from workflow.queries import gallery
from workflow.services import imports, pictures
from workflow.services.read_once import KNOWN

HOME = "/c/ljubljana/pictures"


@pytest.fixture
def section(anew, city):
    return builders.section("E-1", contract=city.contract, author=city.editor)


@pytest.fixture
def bring(section, city):
    """`bring(colour)` is a picture that the editor brought two days ago."""

    def bring(colour: str, alt: str = "", days: int = 2) -> Picture:
        with transaction(), time_machine.travel(clock.now() - timedelta(days=days)):
            return pictures.bring(
                section, by=city.editor, content=drawn(colour=colour), alt=alt or f"All {colour}"
            )

    return bring


def test_it_says_where_each_is_shown_and_where_words_are_missing(section, bring, city, enter):
    red, blue = bring("red"), bring("blue")
    builders.revision(
        section, f"![](picture:{red.name})\n\nAnd ![Red](picture:{red.name}) among words.\n"
    )
    page = enter(city.editor).get(HOME).text
    assert "All red" in page and "All blue" in page
    assert f'src="/pictures/{red.name}"' in page
    assert f"/sections/{section.id}/edit" in page
    assert "(1 picture)" in page
    assert page.count("Not used") == 1
    assert f"{HOME}/{blue.id}/remove" in page
    assert f"{HOME}/{red.id}/remove" not in page


def test_what_nothing_needs_is_removed_once(bring, city, enter):
    blue = bring("blue")
    client = enter(city.editor)
    gone = client.post(f"{HOME}/{blue.id}/remove")
    assert gone.status_code == 303
    assert db.session.query(Picture).count() == 0
    assert client.post(f"{HOME}/{blue.id}/remove").status_code == 404
    assert "There are no pictures yet" in client.get(HOME).text


def test_what_was_brought_lately_is_not_offered_as_unused(bring, city, enter):
    """Its text may be a draft that nobody has saved yet."""
    blue, client = bring("blue", days=0), enter(city.editor)
    page = client.get(HOME).text
    assert "Not used yet" in page
    assert "/remove" not in page
    assert client.post(f"{HOME}/{blue.id}/remove").status_code == 409
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert f"{HOME}/{blue.id}/remove" in client.get(HOME).text
        bring("blue", days=0)
        assert "/remove" not in client.get(HOME).text


def kept_by_an_earlier_text(section, picture, by):
    builders.revision(section, f"![x](picture:{picture.name})\n")
    builders.revision(section, "Without it.\n")


def kept_by_a_draft(section, picture, by):
    text = f"![x](picture:{picture.name})"
    builders.keep(Draft(person_id=by.id, section_id=section.id, markdown=text, seen_at=clock.now()))


def kept_by_a_brought_file(section, picture, by):
    said = f"# E-1\n\n![x](picture:{picture.name})\n".encode()
    with transaction():
        imports.bring(section.contract, by=by, name="a.md", content=said)


def kept_by_the_title_page(section, picture, by):
    builders.keep(Imprint(contract_id=section.contract_id, logo_id=picture.id))


@pytest.mark.parametrize(
    "keeps",
    [
        kept_by_an_earlier_text,
        kept_by_a_draft,
        kept_by_a_brought_file,
        kept_by_the_title_page,
    ],
)
def test_what_anything_needs_is_not_removed(section, bring, city, enter, keeps):
    picture = bring("green")
    keeps(section, picture, city.editor)
    client = enter(city.editor)
    assert "/remove" not in client.get(HOME).text
    assert client.post(f"{HOME}/{picture.id}/remove").status_code == 409
    assert db.session.query(Picture).count() == 1


def test_only_who_may_write_sees_the_list_and_only_that_of_the_contract(bring, city, enter):
    picture = bring("blue")
    for reader in (city.stakeholder, city.observer):
        assert enter(reader).get(HOME).status_code == 403
        assert enter(reader).post(f"{HOME}/{picture.id}/remove").status_code == 403
    with transaction():
        other = builders.contract("kranj", city="Kranj")
        vida = builders.someone("editor", contract=other)
    assert enter(vida).get("/c/kranj/pictures").status_code == 200
    assert enter(vida).post(f"/c/kranj/pictures/{picture.id}/remove").status_code == 404


def test_many_pictures_ask_no_more_of_the_database(app, bring, section, city, enter):
    client, asked = enter(city.editor), []
    for colours in (["red"], ["blue", "green", "black", "white", "orange"]):
        for colour in colours:
            one = bring(colour)
            shown = builders.section(contract=city.contract, author=city.editor)
            builders.revision(shown, f"![x](picture:{one.name})\n")
        with counted(app) as questions:
            assert client.get(HOME).status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1] <= 8


def test_a_text_that_was_read_is_not_read_again(bring, section, city, enter):
    one, client = bring("red"), enter(city.editor)

    def known(revision) -> bool:
        return revision.sha256 in gallery.PICTURES.hold().asking[KNOWN]

    words = f"Read at {clock.now()}."  # no other test has them: what was read stays known in this process
    first = builders.revision(section, f"![x](picture:{one.name})\n\n{words}\n")
    assert not known(first)
    for _twice in range(2):
        assert f"/sections/{section.id}" in client.get(HOME).text
        assert known(first)
    second = builders.revision(section, f"![](picture:{one.name})\n\n{words}\n")
    assert not known(second)
    assert "(1 picture)" in client.get(HOME).text


def test_a_picture_that_was_removed_comes_again(section, bring, city, enter):
    blue = bring("blue")
    name, client = blue.name, enter(city.editor)
    client.post(f"{HOME}/{blue.id}/remove")
    assert client.get(f"/pictures/{name}").status_code == 404
    bring("blue")
    answer = client.get(f"/pictures/{name}")
    assert answer.status_code == 200
    assert io.BytesIO(answer.data).read(4) == b"\x89PNG"
