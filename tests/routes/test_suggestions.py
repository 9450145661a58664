"""Suggesting, weighing and taking over in the browser, and finding a lost place, all without a script."""

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Person, Placement, Section, Thread
from workflow.rules.vocabulary import AnchorStatus, Disposition, RemarkKind, Stage, Visibility
from workflow.services import revisions, threads

HEAT = "No home is heated with coal in 2030."
PARKS = "Every park gets a hundred new trees."
MOST_QUERIES = 8


@pytest.fixture
def section(app, city):
    with app.app_context(), transaction():
        return builders.section(
            contract=city.contract, stage=Stage.REVISION, markdown=f"{HEAT}\n\n{PARKS}\n"
        )


@pytest.fixture
def at(city, section):
    return f"/c/{city.slug}/sections/{section.id}"


def suggest(app, section, by, quote, replacement, **what):
    with app.app_context(), transaction():
        section = db.session.get(Section, section.id)
        start = section.current.plain.index(quote)
        return threads.open_thread(
            section,
            by=db.session.get(Person, by.id),
            revision=section.current,
            kind=RemarkKind.SUGGESTION,
            text="It reads better.",
            start=start,
            end=start + len(quote),
            replacement=replacement,
            **what,
        ).id


def save(app, section, by, markdown):
    with app.app_context(), transaction():
        section = db.session.get(Section, section.id)
        base = section.current
        return revisions.save(
            section, by=db.session.get(Person, by.id), markdown=markdown, base=base
        ).id


def current(app, section):
    with app.app_context():
        return db.session.get(Section, section.id).current


def thread(app, thread_id):
    with app.app_context():
        return db.session.get(Thread, thread_id)


def form(section, quote, **fields):
    start = section.current.plain.index(quote)
    return {
        "revision": section.current_id,
        "start": start,
        "end": start + len(quote),
        "kind": "suggestion",
        "visibility": "participants",
        "text": "It reads better.",
        "language": "en",
        "organisation": "",
    } | fields


def test_the_form_holds_the_passage_and_what_is_written_instead_becomes_a_tracked_change(
    app, city, section, at, enter
):
    client = enter(city.stakeholder)
    page = client.get(f"{at}/threads?block=1").text
    assert "So it should read" in page
    assert f">\r\n{PARKS}</textarea>" in page
    client.post(
        f"{at}/threads", data=form(section, PARKS, replacement=PARKS.replace("a", "two", 1))
    )
    shown = client.get(f"{at}/").text
    assert '<span class="visually-hidden">deleted: </span>' in shown
    assert '<span class="visually-hidden">inserted: </span>' in shown


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"replacement": ""}, ""),
        ({"replacement": HEAT}, None),
        ({}, None),
        ({"replacement": "Other words", "kind": "question"}, None),
    ],
    ids=["deleted", "unchanged", "no field", "no suggestion"],
)
def test_an_empty_field_deletes_and_an_unchanged_one_suggests_nothing(
    app, city, section, at, enter, fields, kept
):
    enter(city.stakeholder).post(f"{at}/threads", data=form(section, HEAT, **fields))
    with app.app_context():
        assert db.session.scalars(select(Thread.replacement)).one() == kept


def test_nothing_typed_is_lost_when_the_remark_cannot_be_taken(city, section, at, enter):
    data = form(section, HEAT, replacement="No home burns coal.", text="")
    answer = enter(city.stakeholder).post(f"{at}/threads", data=data)
    assert answer.status_code == 422
    assert "No home burns coal.</textarea>" in answer.text


def test_one_suggestion_is_taken_over_from_its_card(app, city, section, at, enter):
    number = suggest(app, section, city.stakeholder, "a hundred", "two hundred")
    client = enter(city.editor)
    assert f'action="/threads/{number}/accept"' in client.get(f"{at}/").text
    assert f'action="/threads/{number}/accept"' in client.get(f"/threads/{number}").text
    answer = client.post(f"/threads/{number}/accept", data={"seen": section.current_id})
    assert (answer.status_code, answer.location) == (303, f"{at}/#thread-{number}")
    assert current(app, section).plain.endswith("two hundred new trees.")
    assert thread(app, number).disposition is Disposition.ACCEPTED
    assert "Suggested by" in client.get(f"{at}/history").text


def test_whoever_only_comments_is_not_offered_to_take_it_over(app, city, section, at, enter):
    number = suggest(app, section, city.stakeholder, "a hundred", "two hundred")
    client = enter(city.stakeholder)
    assert "/accept" not in client.get(f"{at}/").text
    assert client.get(f"{at}/suggestions").status_code == 403
    data = {"seen": section.current_id}
    assert client.post(f"/threads/{number}/accept", data=data).status_code == 403
    assert client.post(f"{at}/suggestions", data=data | {"take": number}).status_code == 403
    assert thread(app, number).disposition is None


def test_the_result_is_shown_before_anything_is_changed(app, city, section, at, enter):
    one = suggest(app, section, city.stakeholder, "coal", "coal or oil")
    other = suggest(app, section, city.stakeholder, "a hundred", "two hundred")
    client = enter(city.editor)
    page = client.get(f"{at}/suggestions").text
    assert "2 suggestions to decide on" in page
    assert 'id="result"' not in page
    preview = client.get(f"{at}/suggestions?take={one}&take={other}").text
    assert "The text with these 2 suggestions" in preview
    assert "<ins>" in preview and " or oil" in preview
    assert current(app, section).number == 1
    data = {"seen": section.current_id, "take": [one, other]}
    answer = client.post(f"{at}/suggestions", data=data)
    assert (answer.status_code, answer.location) == (303, f"{at}/compare?new=2")
    assert "2 suggestions" in client.get(answer.location).text
    assert current(app, section).plain == "No home is heated with coal or oil in 2030.\n\n" + (
        "Every park gets two hundred new trees."
    )


def test_a_clash_is_shown_side_by_side_and_never_applied(app, city, section, at, enter):
    one = suggest(app, section, city.stakeholder, "a hundred new", "two hundred new")
    other = suggest(app, section, city.stakeholder, "new trees", "old oaks")
    client = enter(city.editor)
    assert "These want the same words." in client.get(f"{at}/suggestions").text
    for answer in (
        client.get(f"{at}/suggestions?take={one}&take={other}"),
        client.post(f"{at}/suggestions", data={"seen": section.current_id, "take": [one, other]}),
    ):
        assert "Comments 1 and 2 want the same words" in answer.text
        assert "Take over these" not in answer.text
    assert answer.status_code == 409
    assert current(app, section).number == 1


def test_an_edited_or_deleted_passage_is_shown_beside_the_suggestion(app, city, section, at, enter):
    number = suggest(app, section, city.stakeholder, "a hundred new trees", "a thousand trees")
    new = save(app, section, city.editor, PARKS.replace("new trees", "young trees"))
    client = enter(city.editor)
    page = client.get(f"{at}/suggestions").text
    assert "The text has moved on" in page
    assert "a hundred young trees" in page
    answer = client.post(f"/threads/{number}/accept", data={"seen": new})
    assert answer.status_code == 409
    assert "The passage was edited after the suggestion was written." in answer.text
    save(app, section, city.editor, HEAT)
    assert "The passage is no longer in the text." in client.get(f"{at}/suggestions").text


def test_a_page_older_than_the_text_takes_nothing_over(app, city, section, at, enter):
    number = suggest(app, section, city.stakeholder, "coal", "gas")
    seen = section.current_id
    save(app, section, city.coordinator, f"{HEAT}\n\n{PARKS} Promised.")
    answer = enter(city.editor).post(f"/threads/{number}/accept", data={"seen": seen})
    assert answer.status_code == 409
    assert current(app, section).plain.startswith(HEAT)


@pytest.mark.parametrize("data", [{"take": "x"}, {"take": "99999"}, {"seen": "x"}, {}])
def test_nonsense_is_refused(city, section, at, enter, data):
    answer = enter(city.editor).post(f"{at}/suggestions", data=data)
    assert 400 <= answer.status_code < 500


def test_while_the_round_is_open_the_page_says_when_suggestions_can_be_taken_over(app, city, enter):
    with app.app_context(), transaction():
        shown = builders.section(contract=city.contract, stage=Stage.CONSULTATION, markdown=HEAT)
    number = suggest(app, shown, city.stakeholder, "coal", "gas")
    page = enter(city.editor).get(f"/c/{city.slug}/sections/{shown.id}/suggestions?take={number}")
    assert "It is possible in" in page.text
    assert "Take over this" not in page.text


def test_a_hidden_suggestion_is_on_no_page_of_those_who_may_not_read_it(
    app, city, section, at, enter
):
    number = suggest(app, section, city.editor, "coal", "SECRET WORDS", visibility=Visibility.CITY)
    for person in (city.stakeholder, city.observer, city.reviewer):
        client = enter(person)
        for path in (f"{at}/", f"{at}/suggestions", f"{at}/history", f"/threads/{number}/place"):
            assert "SECRET" not in client.get(path).text
        assert client.post(f"/threads/{number}/accept", data={"seen": 1}).status_code == 404


@pytest.fixture
def orphan(app, city, section):
    """The stakeholder's question on the trees, whose sentence is gone."""
    with app.app_context(), transaction():
        made = builders.thread(
            db.session.get(Section, section.id),
            author=db.session.get(Person, city.stakeholder.id),
            quote="a hundred new trees",
        ).id
    save(app, section, city.editor, f"{HEAT}\n\nSchools plant gardens instead.")
    return made


def place_of(app, thread_id, section):
    with app.app_context():
        return db.session.scalars(
            select(Placement).filter_by(
                thread_id=thread_id, revision_id=db.session.get(Section, section.id).current_id
            )
        ).one()


@pytest.mark.parametrize("who", ["stakeholder", "editor", "coordinator"])
def test_an_orphan_finds_its_place_by_the_button_of_a_paragraph(
    app, city, section, at, enter, orphan, who
):
    client = enter(getattr(city, who))
    assert f'href="/threads/{orphan}/place"' in client.get(f"{at}/").text
    page = client.get(f"/threads/{orphan}/place").text
    assert "a hundred new trees" in page
    text = current(app, section).plain
    start = text.index("Schools")
    assert f'value="{start}-{len(text)}"' in page
    data = {"revision": current(app, section).id, "paragraph": f"{start}-{len(text)}"}
    answer = client.post(f"/threads/{orphan}/place", data=data)
    assert (answer.status_code, answer.location) == (303, f"{at}/#thread-{orphan}")
    placed = place_of(app, orphan, section)
    assert (placed.start, placed.end) == (start, len(text))
    assert placed.status is AnchorStatus.EDITED
    assert "Find its place" not in client.get(f"{at}/").text


def test_selected_words_are_a_place_too(app, city, section, enter, orphan):
    text = current(app, section).plain
    start = text.index("gardens")
    data = {
        "revision": current(app, section).id,
        "paragraph": "",
        "start": start,
        "end": start + len("gardens"),
    }
    answer = enter(city.stakeholder).post(f"/threads/{orphan}/place", data=data)
    assert answer.status_code == 303
    assert place_of(app, orphan, section).start == start


@pytest.mark.parametrize("paragraph", ["", "9-3", "0-99999", "abc"])
def test_a_place_that_is_none_is_refused_with_a_sentence(
    app, city, section, enter, orphan, paragraph
):
    data = {"revision": current(app, section).id, "paragraph": paragraph}
    answer = enter(city.editor).post(f"/threads/{orphan}/place", data=data)
    assert answer.status_code == 422
    assert "is not in the text" in answer.text


def test_others_do_not_move_somebodys_remark(app, city, section, enter, orphan):
    for who in ("observer", "reviewer", "approver"):
        client = enter(getattr(city, who))
        assert client.get(f"/threads/{orphan}/place").status_code == 403
        data = {"revision": current(app, section).id, "paragraph": "0-5"}
        assert client.post(f"/threads/{orphan}/place", data=data).status_code == 403
    assert place_of(app, orphan, section).status is AnchorStatus.ORPHANED


def test_a_remark_on_the_whole_section_has_no_place_to_find(app, city, section, enter):
    with app.app_context(), transaction():
        general = builders.thread(db.session.get(Section, section.id)).id
    assert enter(city.editor).get(f"/threads/{general}/place").status_code == 404


def test_the_pages_ask_the_same_few_questions_however_much_is_suggested(app, city, enter):
    few, many = (_cost(app, city, enter, number) for number in (2, 30))
    assert few == many
    assert max(few) <= MOST_QUERIES


def _cost(app, city, enter, number: int) -> list[int]:
    words = [f"word{n}" for n in range(number)]
    with app.app_context(), transaction():
        section = builders.section(
            contract=city.contract, stage=Stage.REVISION, markdown="\n\n".join(words)
        )
    made = [suggest(app, section, city.stakeholder, f"word{n}", f"other{n}") for n in range(number)]
    client, found = enter(city.editor), []
    take = "&".join(f"take={one}" for one in made)
    at = f"/c/{city.slug}/sections/{section.id}"
    for path in (f"{at}/suggestions", f"{at}/suggestions?{take}", f"/threads/{made[0]}/place"):
        with counted(app) as statements:
            assert client.get(path).status_code == 200
        found.append(len(statements))
    return found


def test_programs_suggest_and_take_over_too(app, city, section, enter):
    start = section.current.plain.index("coal")
    body = {
        "revision": section.current_id,
        "kind": "suggestion",
        "text": "It reads better.",
        "start": start,
        "end": start + 4,
        "replacement": "gas",
    }
    client = enter(city.stakeholder)
    made = [
        client.post(f"/api/sections/{section.id}/threads", json=body | {"replacement": words})
        for words in ("gas", "oil")
    ]
    one, other = (answer.json["id"] for answer in made)
    editor, at = enter(city.editor), f"/api/sections/{section.id}/suggestions"
    clash = editor.post(at, json={"threads": [one, other], "seen": section.current_id})
    assert (clash.status_code, clash.json["clashes"]) == (409, [[one, other]])
    taken = editor.post(at, json={"threads": [one], "seen": section.current_id})
    assert taken.json["markdown"].startswith("No home is heated with gas")
    late = {"threads": [other], "seen": taken.json["revision"]["id"]}
    hindered = editor.post(at, json=late)
    assert hindered.status_code == 409
    assert hindered.json["hindered"] == [{"thread": other, "reason": "gone"}]
