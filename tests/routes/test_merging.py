import pytest

from tests import builders
from workflow.db import db
from workflow.models import Draft, Section
from workflow.rules.vocabulary import Role

BEFORE = "Homes get heat.\n\nParks get trees.\n\nSchools get roofs.\n"


@pytest.fixture
def met(ctx, client):
    """A section that somebody else saved while the signed-in editor was writing on its first revision."""
    contract = builders.contract()
    section = builders.section(contract=contract, markdown=BEFORE)
    base = section.current
    other = builders.person(Role.EDITOR, contract=contract, name="Tina Other")
    builders.revision(section, BEFORE.replace("get trees", "get old oaks"), author=other)
    builders.sign_in(client, builders.person(Role.EDITOR, contract=contract))
    at = f"/c/{contract.slug}/sections/{section.id}"
    return {"at": at, "id": section.id, "base": base.id, "theirs": section.current_id}


def save(client, met, markdown):
    return client.post(f"{met['at']}/edit", data={"markdown": markdown, "base": met["base"]})


def merge(client, met, mine, **choices):
    data = {"base": met["base"], "theirs": met["theirs"], "mine": mine, "summary": "Together"}
    return client.post(f"{met['at']}/merge", data=data | choices)


def text(met) -> str:
    db.session.expire_all()
    return db.session.get(Section, met["id"]).current.markdown


def test_changes_in_different_places_fit_together_after_a_look(client, met):
    mine = BEFORE.replace("get roofs", "get new roofs")
    answer = save(client, met, mine)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Tina Other saved revision 2 while you were writing" in page
    assert "both changes fit together" in page
    assert merge(client, met, mine).status_code == 303
    assert text(met) == BEFORE.replace("get trees", "get old oaks").replace(
        "get roofs", "get new roofs"
    )


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ("mine", ["young limes"]),
        ("theirs", ["old oaks"]),
        ("both", ["young limes", "old oaks"]),
        ("by_hand", ["oaks and limes"]),
    ],
)
def test_a_passage_that_both_changed_is_decided_in_the_page(client, met, choice, stands):
    mine = BEFORE.replace("get trees", "get young limes")
    page = save(client, met, mine).get_data(as_text=True)
    assert "please decide" in page
    assert "young limes" in page
    assert "old oaks" in page
    data = {"clash-1": choice, "hand-1": "Parks get oaks and limes."}
    assert merge(client, met, mine, **data).status_code == 303
    assert [words for words in stands if words not in text(met)] == []
    assert "Schools get roofs." in text(met)


def test_nothing_is_saved_and_nothing_lost_while_a_passage_is_undecided(client, met):
    mine = BEFORE.replace("get trees", "get young limes")
    answer = merge(client, met, mine, **{"hand-1": "Parks get words of mine."})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Please decide on every passage" in page
    assert "Parks get words of mine." in page
    assert "young limes" in page
    assert "old oaks" in text(met)


def test_a_third_save_in_between_is_met_again(client, met):
    mine = BEFORE.replace("get roofs", "get new roofs")
    section = db.session.get(Section, met["id"])
    builders.revision(section, section.current.markdown.replace("get heat", "get cheap heat"))
    answer = merge(client, met, mine)
    assert answer.status_code == 409
    met["theirs"] = db.session.get(Section, met["id"]).current_id
    assert merge(client, met, mine).status_code == 303
    for words in ("cheap heat", "old oaks", "new roofs"):
        assert words in text(met)


def test_a_draft_is_offered_when_the_editor_is_opened_again(client, met):
    data = {"act": "keep", "markdown": "Unsaved words.", "base": met["base"]}
    assert client.post(f"{met['at']}/draft", data=data).get_json() == {"writing": None}
    offer = client.get(f"{met['at']}/edit").get_data(as_text=True)
    assert "You have an unsaved draft" in offer
    assert "Unsaved words." in client.get(f"{met['at']}/edit?draft=go-on").get_data(as_text=True)
    assert "Unsaved words." not in client.get(f"{met['at']}/edit?draft=afresh").get_data(
        as_text=True
    )
    assert client.post(f"{met['at']}/draft", data={"act": "discard"}).status_code == 200
    assert db.session.query(Draft).count() == 0
