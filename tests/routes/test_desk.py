import re

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import AnswerDraft, Round, Thread, ThreadGroup
from workflow.rules.vocabulary import Disposition, RemarkKind, Role, Stage
from workflow.services import desk as desk_verbs
from workflow.services import groups

MOST_QUERIES = 8


@pytest.fixture
def desk(app, city):
    """A section in revision with two remarks, and another of another sector with one."""
    with app.app_context(), transaction():
        heat = builders.section("HEAT-1", stage=Stage.REVISION, sectors=("energy",))
        bus = builders.section("BUS-1", stage=Stage.REVISION, sectors=("transport",))
        remarks = [
            builders.thread(heat, text="Who pays for the pumps?", quote="no home is heated"),
            builders.thread(heat, text="Stop the plant at once.", kind=RemarkKind.OBJECTION),
            builders.thread(bus, text="Where is the bus lane?"),
        ]
        return [remark.id for remark in remarks]


def rows(page) -> list[int]:
    return [int(part.split('"')[0]) for part in page.text.split('id="remark-')[1:]]


PATH = "/c/ljubljana/desk"


def test_what_blocks_comes_first(desk, city, enter):
    page = enter(city.coordinator).get(PATH)
    assert page.status_code == 200
    assert rows(page) == [desk[1], desk[0], desk[2]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"sector": "transport"}, [2]),
        ({"kind": "objection"}, [1]),
        ({"q": "PUMPS"}, [0]),
        ({"q": "bus-1 lane"}, [2]),
        ({"q": "#2"}, [1]),
        ({"q": "100%_"}, []),
        ({"sort": "newest"}, [2, 1, 0]),
        ({"sort": "section"}, [0, 1, 2]),
        ({"state": "drafted"}, []),
        ({"state": "nonsense", "kind": "nonsense", "section": "nonsense"}, [1, 0, 2]),
        ({"assignee": "nobody", "sort": "oldest"}, [0, 1, 2]),
        ({"assignee": "me"}, []),
        ({"group": "77"}, []),
    ],
)
def test_the_queue_is_filtered_and_sorted(desk, city, enter, asked, found):
    page = enter(city.coordinator).get(PATH, query_string=asked)
    assert rows(page) == [desk[place] for place in found]


def test_an_editor_of_a_sector_has_only_its_remarks_on_the_desk(app, desk, city, enter):
    with app.app_context(), transaction():
        editor = builders.person(Role.EDITOR, sector="transport")
    client = enter(editor)
    assert rows(client.get(PATH)) == [desk[2]]
    form = {"threads": desk, "disposition": "noted", "answer": "Thank you."}
    client.post(f"{PATH}/drafts", data=form)
    with app.app_context():
        assert [one.thread_id for one in db.session.query(AnswerDraft)] == [desk[2]]


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.REVIEWER, Role.APPROVER, Role.OBSERVER])
def test_who_does_not_answer_has_no_desk(desk, city, enter, role):
    client = enter(getattr(city, role.value))
    for path in ("", "/alike", f"/{desk[0]}"):
        assert client.get(PATH + path).status_code == 403
    for path in ("/drafts", "/colleague", "/groups", "/publication", f"/{desk[0]}"):
        assert client.post(PATH + path).status_code == 403
    assert "/desk" not in client.get("/c/ljubljana/board").text


def test_one_answer_for_many_is_drafted_published_and_gone_from_the_queue(app, desk, city, enter):
    client = enter(city.coordinator)
    form = {"threads": desk, "disposition": "noted", "answer": "We know."}
    answer = client.post(f"{PATH}/drafts?sort=oldest", data=form)
    assert answer.status_code == 303
    assert answer.location.endswith("/desk?sort=oldest")
    assert client.get(PATH).text.count("We know.") == 3
    assert "We know." not in enter(city.stakeholder).get(f"/threads/{desk[0]}").text
    client.post(f"{PATH}/publication", data={"threads": desk[:1], "only": "selected"})
    assert len(rows(client.get(PATH))) == 2
    client.post(f"{PATH}/publication")
    assert rows(client.get(PATH)) == []
    assert "We know." in enter(city.stakeholder).get(f"/threads/{desk[0]}").text


def test_what_is_refused_comes_back_with_everything_typed_and_selected(desk, city, enter):
    client = enter(city.coordinator)
    form = {"threads": desk[:2], "disposition": "noted", "answer": "x" * 10_001}
    page = client.post(f"{PATH}/drafts", data=form)
    assert page.status_code == 422
    assert page.text.count(' checked><span class="visually-hidden">') == 2
    assert "x" * 10_001 in page.text
    for path, data in (
        ("/drafts", {"disposition": "noted", "answer": "We know."}),
        ("/drafts", {"threads": desk[:1], "disposition": "noted"}),
        (
            "/drafts",
            {
                "threads": [desk[0], desk[2]],
                "disposition": "duplicate",
                "answer": "See.",
                "duplicate_of": 1,
            },
        ),
        ("/groups", {"threads": desk[:1], "title": "Alone"}),
        ("/groups", {"threads": desk, "title": ""}),
        ("/colleague", {"assignee": str(city.coordinator.id)}),
        ("/colleague", {"threads": desk, "assignee": str(city.approver.id)}),
    ):
        assert client.post(PATH + path, data=data).status_code == 422, (path, data)


def test_one_answer_is_drafted_changed_and_thrown_away(app, desk, city, enter):
    client = enter(city.editor)
    path = f"{PATH}/{desk[0]}"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"disposition": "noted"}).status_code == 422
    answer = client.post(f"{path}?kind=question", data={"disposition": "noted", "answer": "So so."})
    assert answer.location.endswith(f"/desk?kind=question#remark-{desk[0]}")
    assert "So so." in client.get(path).text
    client.post(f"{path}/discard")
    assert "So so." not in client.get(path).text


@pytest.mark.parametrize("way", ["desk", "card", "many"])
def test_two_who_draft_the_same_answer_both_see_what_the_other_wrote(app, desk, city, enter, way):
    path, asked = {
        "desk": (f"{PATH}/{desk[0]}", {}),
        "card": (f"/threads/{desk[0]}/answer", {"save": "desk"}),
        "many": (f"{PATH}/drafts", {"threads": desk[:1]}),
    }[way]
    tina = {"disposition": "noted", "answer": "What Tina thinks.", "seen": ""} | asked
    maja = {"disposition": "referred", "answer": "What Maja thinks."}
    enter(city.editor).post(f"{PATH}/{desk[0]}", data=maja)
    client = enter(city.coordinator)
    refused = client.post(path, data=tina)
    assert refused.status_code == 422
    for words in ("a colleague", "What Tina thinks.", "What Maja thinks.", city.editor.name):
        assert words in refused.text
    assert "What Maja thinks." in client.get(f"{PATH}/{desk[0]}").text
    seen = re.search(rf'name="(seen|seen-{desk[0]})"[^>]* value="(.+?)"', refused.text)
    assert client.post(path, data=tina | {seen[1]: seen[2]}).status_code == 303
    with app.app_context():
        assert [one.answer for one in db.session.query(AnswerDraft)] == ["What Tina thinks."]


def test_a_form_refused_for_another_reason_has_not_seen_what_a_colleague_wrote(desk, city, enter):
    path = f"{PATH}/{desk[0]}"
    form = {"disposition": "noted", "answer": "What Maja thinks."}
    enter(city.editor).post(path, data=form)
    refused = enter(city.coordinator).post(path, data={"answer": "What Tina thinks.", "seen": ""})
    assert refused.status_code == 422
    assert re.search(r'<input[^>]* name="seen"[^>]* value=""', refused.text)


def test_accepted_without_a_revision_is_not_published_and_says_so(app, desk, city, enter):
    client = enter(city.coordinator)
    client.post(f"{PATH}/{desk[0]}", data={"disposition": "accepted"})
    page = client.post(f"{PATH}/publication", follow_redirects=True)
    assert "has to name the revision" in page.text
    with app.app_context():
        assert db.session.get(Thread, desk[0]).disposition is None
        builders.revision(db.session.get(Thread, desk[0]).section, "## Changed as asked")
    form = {"disposition": "accepted", "revision_number": "2"}
    assert client.post(f"{PATH}/{desk[0]}", data=form).status_code == 303
    client.post(f"{PATH}/publication")
    with app.app_context():
        assert db.session.get(Thread, desk[0]).disposition is Disposition.ACCEPTED


def test_a_colleague_gets_remarks_and_finds_them_as_his(desk, city, enter):
    form = {"threads": desk[:2], "assignee": str(city.editor.id)}
    enter(city.coordinator).post(f"{PATH}/colleague", data=form)
    assert set(rows(enter(city.editor).get(f"{PATH}?assignee=me"))) == set(desk[:2])


def test_a_group_is_made_opened_with_all_selected_and_dissolved(app, desk, city, enter):
    client = enter(city.coordinator)
    answer = client.post(f"{PATH}/groups", data={"threads": desk, "title": "One point"})
    page = client.get(answer.location)
    assert "One point" in page.text
    assert page.text.count(' checked><span class="visually-hidden">') == 3
    with app.app_context():
        group = db.session.query(ThreadGroup).one()
    assert client.post(f"{PATH}/groups/{group.id}/apart").status_code == 303
    assert client.post(f"{PATH}/groups/{group.id}/apart").status_code == 404


def test_like_remarks_are_shown_side_by_side(app, desk, city, enter):
    with app.app_context(), transaction():
        section = builders.section("PARK-1", stage=Stage.REVISION)
        for text in (
            "Please plant more trees in the park.",
            "Plant more trees in the park, please!",
        ):
            builders.thread(section, text=text)
    page = enter(city.coordinator).get(f"{PATH}/alike")
    assert "Please plant more trees" in page.text
    assert "Who pays for the pumps" not in page.text


def test_the_answers_of_one_round_are_published(app, desk, city, enter):
    with app.app_context(), transaction():
        at = clock.now()
        made = builders.keep(
            Round(
                contract_id=city.contract.id,
                number=1,
                opened_by_id=city.coordinator.id,
                opened_at=at,
                closes_at=at,
            )
        )
        db.session.get(Thread, desk[0]).round = made
    client = enter(city.coordinator)
    form = {"threads": desk, "disposition": "noted", "answer": "We know."}
    client.post(f"{PATH}/drafts", data=form)
    page = client.get(PATH)
    assert "Round 1" in page.text
    client.post(f"{PATH}/publication", data={"round": str(made.id)})
    assert set(rows(client.get(PATH))) == set(desk[1:])
    assert rows(client.get(f"{PATH}?round={made.id}&state=answered")) == desk[:1]


def test_the_author_contests_on_the_page_and_the_desk_has_it_again(app, city, enter):
    with app.app_context(), transaction():
        section = builders.section("HEAT-1", stage=Stage.REVISION)
        remark = builders.thread(section, author=city.stakeholder)
    maja, ana = enter(city.coordinator), enter(city.stakeholder)
    maja.post(f"/threads/{remark.id}/answer", data={"disposition": "noted", "answer": "We know."})
    assert rows(maja.get(PATH)) == []
    assert "I contest this" not in maja.get(f"/threads/{remark.id}").text
    page = ana.get(f"/threads/{remark.id}")
    assert "I agree" in page.text
    assert ana.post(f"/threads/{remark.id}/contest", data={"contest": " "}).status_code == 422
    ana.post(f"/threads/{remark.id}/contest", data={"contest": "Not so."})
    assert "I contest this" not in ana.get(f"/threads/{remark.id}").text
    assert rows(maja.get(f"{PATH}?state=contested")) == [remark.id]
    assert "Not so." in maja.get(PATH).text
    assert "Not so." in enter(city.observer).get(f"/threads/{remark.id}").text
    assert maja.post(f"/threads/{remark.id}/contest", data={"contest": "No."}).status_code == 403


def test_the_author_agrees_on_the_page(app, city, enter):
    with app.app_context(), transaction():
        section = builders.section("HEAT-1", stage=Stage.REVISION)
        remark = builders.thread(section, author=city.stakeholder, answer=Disposition.NOTED)
    ana = enter(city.stakeholder)
    ana.post(f"/threads/{remark.id}/agree")
    assert "The author agrees with the answer" in ana.get(f"/threads/{remark.id}").text


def test_an_answer_on_a_card_may_be_saved_for_the_desk(desk, city, enter):
    maja = enter(city.coordinator)
    form = {"disposition": "noted", "answer": "We know.", "save": "desk"}
    maja.post(f"/threads/{desk[0]}/answer", data=form)
    assert rows(maja.get(f"{PATH}?state=drafted")) == [desk[0]]
    assert "A draft of an answer lies on the desk" in maja.get(f"/threads/{desk[0]}").text
    assert "lies on the desk" not in enter(city.stakeholder).get(f"/threads/{desk[0]}").text


@pytest.mark.parametrize("asked", ["", "?group=1", "?q=how&kind=question&assignee=me"])
def test_the_desk_asks_the_same_few_questions_however_full_it_is(app, city, enter, asked):
    few = _cost(app, city, enter, asked, 3)
    assert _cost(app, city, enter, asked, 60) == few
    assert few <= MOST_QUERIES


def _cost(app, city, enter, asked: str, remarks: int) -> int:
    with app.app_context(), transaction():
        section = builders.section(stage=Stage.REVISION, sectors=("energy", "cross"))
        made = [
            builders.thread(section, organisation=builders.organisation()) for _ in range(remarks)
        ]
        maja = builders.someone(Role.COORDINATOR)
        desk_verbs.draft_many(made, by=maja, disposition=Disposition.NOTED, text="So.")
        groups.put_together(builders.the_contract(), made, by=maja, title="One")
        desk_verbs.assign(made, by=builders.someone(Role.EDITOR), to=maja)
    client = enter(city.coordinator)
    with counted(app) as statements:
        assert client.get(PATH + asked).status_code == 200
    return len(statements)
