"""Two people saved on the same text: nothing is overwritten, nothing typed is lost, each clash is decided on."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.support.complete import many
from workflow.db import db
from workflow.models import Draft, Section
from workflow.rules.text.tokens import tokenise
from workflow.rules.vocabulary import Role, Stage

BEFORE = "Homes get heat.\n\nParks get trees.\n\nSchools get roofs.\n"
LIMES = BEFORE.replace("get trees", "get young limes")
ROOFS = BEFORE.replace("get roofs", "get new roofs")

WORDS = ("heat", "roof", "tram", "tree", "school", "home", "park", "coal")
sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map(" ".join)
NEW = ("alpha", "beta", "gamma", "delta", "omega")
edits = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["write", "drop", "add"])),
    min_size=1,
    max_size=3,
)


class Met:
    """A section that Tina saved while the signed-in editor was writing on its first revision."""

    def __init__(self, client, before: str, theirs: str):
        contract = builders.contract()
        self.client = client
        self.section = builders.section(contract=contract, markdown=before)
        self.base = self.section.current_id
        other = builders.person(Role.EDITOR, contract=contract, name="Tina Other")
        builders.revision(self.section, theirs, author=other)
        self.me = builders.person(Role.EDITOR, contract=contract)
        builders.sign_in(client, self.me)
        self.theirs = self.section.current_id
        self.at = f"/c/{contract.slug}/sections/{self.section.id}"

    def save(self, markdown):
        data = {"markdown": markdown, "base": self.base, "summary": "Mine"}
        return self.client.post(f"{self.at}/edit", data=data)

    def merge(self, mine, **choices):
        """Sends the page that merges, as it was filled in on what Tina saved."""
        data = {"base": self.base, "theirs": self.theirs, "mine": mine, "summary": "Together"}
        return self.client.post(f"{self.at}/merge", data=data | choices)

    def somebody_saves(self, markdown):
        return builders.revision(db.session.get(Section, self.section.id), markdown)

    @property
    def text(self) -> str:
        db.session.expire_all()
        return db.session.get(Section, self.section.id).current.markdown

    @property
    def draft(self) -> str | None:
        db.session.expire_all()
        [found] = db.session.query(Draft).filter_by(section_id=self.section.id).all() or [None]
        return found and found.markdown


@pytest.fixture
def met(ctx, client) -> Met:
    return Met(client, BEFORE, BEFORE.replace("get trees", "get old oaks"))


def shown(page: str) -> str:
    """What can be read in a page, fields that are hidden left out."""
    page = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", page))


def field(page: str, name: str) -> str:
    tag = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    return unescape(re.search(r'value="([^"]*)"', tag)[1])


def test_changes_in_different_places_fit_together_after_a_look(met):
    answer = met.save(ROOFS)
    assert answer.status_code == 409
    assert "Tina Other saved revision 2 while you were writing" in answer.text
    assert "both changes fit together" in answer.text
    assert re.search(r"<ins>.*?new.*?</ins>", answer.text, re.DOTALL)
    assert "old oaks" in met.text and "new roofs" not in met.text
    assert met.merge(ROOFS).status_code == 303
    assert met.text == ROOFS.replace("get trees", "get old oaks")


def test_the_summary_goes_along(met):
    assert field(met.save(ROOFS).text, "summary") == "Mine"


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ("mine", ["Parks get young limes."]),
        ("theirs", ["Parks get old oaks."]),
        ("both", ["Parks get old oaks.", "Parks get young limes."]),
        ("by_hand", ["Parks get oaks and limes."]),
    ],
)
def test_a_passage_that_both_changed_is_decided_in_the_page(met, choice, stands):
    page = shown(met.save(LIMES).text)
    for words in ("please decide", "Parks get trees.", "young limes", "old oaks"):
        assert words in page
    data = {"clash-1": choice, "hand-1": "Parks get oaks and limes."}
    assert met.merge(LIMES, **data).status_code == 303
    assert met.text == "\n\n".join(["Homes get heat.", *stands, "Schools get roofs.\n"])


def test_nothing_is_saved_and_nothing_lost_while_a_passage_is_undecided(met):
    answer = met.merge(LIMES, **{"hand-1": "Parks get words of mine."})
    assert answer.status_code == 422
    assert "Please decide on this passage." in answer.text
    for words in ("Parks get words of mine.", "young limes", "old oaks"):
        assert words in shown(answer.text)
    assert "old oaks" in met.text


def test_a_passage_that_one_changed_and_the_other_removed_is_a_question(ctx, client):
    met = Met(client, BEFORE, BEFORE.replace("Parks get trees.\n\n", ""))
    assert "The passage is removed." in met.save(LIMES).text
    assert met.merge(LIMES, **{"clash-1": "mine"}).status_code == 303
    assert met.text == LIMES


def test_a_save_in_between_is_merged_again_and_decisions_stand(met):
    met.somebody_saves("Homes get cheap heat.\n\nParks get old oaks.\n\nSchools get roofs.\n")
    answer = met.merge(LIMES, **{"clash-1": "by_hand", "hand-1": "Parks get both kinds."})
    assert answer.status_code == 409
    assert "both changes fit together" in answer.text
    data = {name: field(answer.text, name) for name in ("base", "theirs", "mine")}
    assert data["base"] == str(met.theirs)
    assert met.client.post(f"{met.at}/merge", data=data).status_code == 303
    assert met.text == "Homes get cheap heat.\n\nParks get both kinds.\n\nSchools get roofs.\n"


def test_what_somebody_else_saved_already_is_not_asked_about(met):
    answer = met.save(BEFORE)
    assert answer.status_code == 303
    assert "says all that you wrote already" in met.client.get(f"{met.at}/").text
    assert met.draft is None


def test_two_first_drafts_of_an_empty_section_meet(ctx, client):
    met = Met(client, "", "Tina began.")
    met.base = ""
    assert "Tina began." in met.save("I began.").text
    assert met.merge("I began.", **{"clash-1": "both"}).status_code == 303
    assert met.text == "Tina began.\n\nI began.\n"


def test_leaving_the_page_leaves_a_draft_and_saving_ends_it(met):
    met.save(LIMES)
    assert met.draft.replace("\r\n", "\n") == LIMES
    met.merge(LIMES, **{"clash-1": "mine"})
    assert met.draft is None


def test_the_merged_text_can_be_taken_to_the_editor(met):
    answer = met.merge(ROOFS, then="write")
    assert answer.status_code == 303
    page = met.client.get(answer.location).text
    assert "old oaks" in page and "new roofs" in page
    assert field(page, "base") == str(met.theirs)
    assert "new roofs" not in met.text


@pytest.mark.parametrize("way", ["edit", "merge"])
def test_what_was_written_is_kept_when_the_text_was_frozen_meanwhile(met, way):
    db.session.get(Section, met.section.id).stage = Stage.REVIEW
    db.session.commit()
    answer = met.save(LIMES) if way == "edit" else met.merge(LIMES)
    assert answer.status_code == 409
    assert "kept as your draft" in answer.text
    assert "young limes" in met.draft


@pytest.mark.parametrize("missing", ["theirs", "base"])
def test_a_page_that_names_no_revision_of_the_section_is_refused(met, missing):
    data = {"base": met.base, "theirs": met.theirs, "mine": LIMES} | {missing: 999}
    assert met.client.post(f"{met.at}/merge", data=data).status_code == 404
    data = {"base": met.base, "mine": LIMES}
    assert met.client.post(f"{met.at}/merge", data=data).status_code == 422


def test_stakeholders_neither_merge_nor_keep_drafts(met):
    reader = builders.person(Role.STAKEHOLDER, contract=met.section.contract)
    builders.sign_in(met.client, reader)
    assert met.merge(LIMES).status_code == 403
    assert met.client.post(f"{met.at}/draft", data={"markdown": "x"}).status_code == 403
    assert db.session.query(Draft).count() == 0


def test_a_draft_is_offered_when_the_editor_is_opened_again(met):
    data = {"markdown": "Unsaved words.", "base": met.base}
    answer = met.client.post(f"{met.at}/draft", data=data).get_json()
    assert answer["kept"].startswith("Kept as your draft at ")
    offer = met.client.get(f"{met.at}/edit").text
    assert "You have an unsaved draft" in offer
    assert "saved by somebody else since" in offer
    editor = met.client.get(f"{met.at}/edit?draft=go-on").text
    assert "Unsaved words." in editor
    assert field(editor, "base") == str(met.base)
    assert met.client.post(f"{met.at}/draft/discard").status_code == 303
    assert "old oaks" in met.client.get(f"{met.at}/edit").text


def test_others_hear_that_somebody_writes_and_never_what(met):
    met.client.post(
        f"{met.at}/draft", data={"markdown": "Zebrafinch business.", "base": met.theirs}
    )
    other = builders.person(Role.EDITOR, contract=met.section.contract)
    builders.sign_in(met.client, other)
    for page in ("", "edit", "edit?draft=go-on", "history", "compare"):
        told = met.client.get(f"{met.at}/{page}").text
        assert "Zebrafinch" not in told
        assert (met.me.name in told) is (page in ("", "edit", "edit?draft=go-on"))
    answer = met.client.post(f"{met.at}/draft", data={}).get_json()
    assert answer["writing"] == met.me.name
    builders.sign_in(met.client, met.me)
    met.client.post(f"{met.at}/draft", data={"left": "yes"})
    builders.sign_in(met.client, other)
    assert met.client.post(f"{met.at}/draft", data={}).get_json()["writing"] is None


def changed(
    blocks: list[str], how: list[tuple[int, int, str]], words: tuple[str, ...]
) -> list[str]:
    """The blocks as one person leaves them, with words that nobody else uses."""
    blocks = list(blocks)
    for (place, at, act), word in zip(how, words, strict=False):
        place %= len(blocks) + (act == "add")
        if act == "add":
            blocks.insert(place, f"{word} {word}ly")
        elif act == "drop" and len(blocks) > 1:
            del blocks[place]
        else:
            split = blocks[place].split()
            blocks[place] = " ".join([*split[:at], word, *split[at:]])
    return blocks


@settings(
    max_examples=many(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(blocks=st.lists(sentences, min_size=1, max_size=5), mine=edits, theirs=edits)
def test_every_word_that_either_typed_can_be_read_in_the_page(ctx, client, blocks, mine, theirs):
    me = changed(blocks, mine, tuple(f"mine{word}" for word in NEW))
    they = changed(blocks, theirs, tuple(f"their{word}" for word in NEW))
    met = Met(client, "\n\n".join(blocks), "\n\n".join(they))
    answer = met.save("\n\n".join(me))
    assert answer.status_code in (303, 409)
    if answer.status_code == 409:
        seen = set(tokenise(shown(answer.text)).keys)
        assert set(tokenise(" ".join(me + they)).keys) <= seen
        assert tokenise(met.draft).keys == tokenise(" ".join(me)).keys
