"""Reviewers' questions: entered once, anchored, handed over, answered without overwriting anybody unseen."""

from datetime import date

import pytest

from tests import builders
from workflow.db import db, transaction
from workflow.models import Event, Manifest, Question
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import EventKind, QuestionState, ReviewBody, Role
from workflow.services import questions
from workflow.services.questions import Asked

pytestmark = pytest.mark.usefixtures("ctx")

PASSAGE = "74 % of all homes"
ASKED = {
    "body": ReviewBody.COMMISSION,
    "text": "How was the share of homes found?",
    "asked_on": date(2025, 7, 1),
    "reference": "EC-4",
}


@pytest.fixture
def contract():
    return builders.contract()


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def jona(contract):
    return builders.person(Role.EDITOR, name="Jona")


@pytest.fixture
def section(contract, jona):
    return builders.section("B-2.1", author=jona)


def receive(contract, by, **what) -> Question:
    with transaction():
        return questions.receive(contract, Asked(**ASKED | what), by=by)


def save(question, by, text, **what) -> Question:
    with transaction():
        return questions.answer(question, by=by, text=text, **what)


def events(kind: EventKind) -> list[Event]:
    return db.session.query(Event).filter_by(kind=kind).order_by(Event.id).all()


def test_a_question_is_numbered_and_stands_beside_its_passage(contract, section, maja):
    first = receive(contract, maja)
    second = receive(contract, maja, reference="EC-5", section=section, quote=f"“{PASSAGE}”")
    assert (first.number, second.number) == (1, 2)
    assert (second.quote, second.revision) == (PASSAGE, section.current)
    assert section.current.plain[second.start : second.end] == PASSAGE
    assert second.prefix.endswith("serves ") and second.suffix.startswith(".")
    assert [event.question_id for event in events(EventKind.QUESTIONS_RECEIVED)] == [
        first.id,
        second.id,
    ]


@pytest.mark.parametrize("quote", ["words that nobody wrote", "home"])
def test_words_that_stand_nowhere_or_twice_are_kept_without_a_place(contract, maja, quote):
    text = "No home is cold. Every home is warm."
    section = builders.section("B-2.2", markdown=text)
    question = receive(contract, maja, section=section, quote=quote)
    assert (question.quote, question.start, question.end) == (quote, None, None)
    assert question.revision == section.current


def test_entering_the_same_twice_enters_it_once(contract, maja):
    assert receive(contract, maja).id == receive(contract, maja).id
    nameless = {"reference": "", "text": "And the sinks?"}
    assert receive(contract, maja, **nameless).id == receive(contract, maja, **nameless).id
    assert db.session.query(Question).count() == 2
    assert len(events(EventKind.QUESTIONS_RECEIVED)) == 2


def test_a_reference_stands_for_one_question_of_each_body(contract, maja):
    receive(contract, maja)
    with pytest.raises(Invalid, match="Another question bears this reference"):
        receive(contract, maja, text="Something else?")
    other = receive(contract, maja, text="Something else?", body=ReviewBody.MISSION_PLATFORM)
    assert other.number == 2


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("text", {"text": "  "}),
        ("text", {"text": "a" * 10_001}),
        ("reference", {"reference": "r" * 61}),
        ("section", {"quote": "words of no section"}),
        ("checklist", {"checklist": 0}),
        ("checklist", {"checklist": 100}),
        ("due_on", {"due_on": date(2025, 6, 30)}),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(contract, maja, field, what):
    with pytest.raises(Invalid) as refused:
        receive(contract, maja, **what)
    assert refused.value.name == field
    assert db.session.query(Question).count() == 0


@pytest.mark.parametrize("role", sorted({Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER}))
def test_only_those_who_write_for_the_city_enter_and_answer(contract, section, maja, role):
    outsider = builders.person(role)
    with pytest.raises(Denied):
        receive(contract, outsider)
    question = receive(contract, maja, section=section)
    with pytest.raises(Denied):
        save(question, outsider, "We counted.")


def test_an_editor_of_one_sector_answers_there_and_nowhere_else(contract, maja):
    editor = builders.person(Role.EDITOR, sector="transport")
    own = builders.section(sectors=("transport",))
    save(receive(contract, maja, section=own), editor, "We counted.")
    for where in (None, builders.section(sectors=("waste",))):
        question = receive(contract, maja, section=where, reference="", text=f"At {where}?")
        with pytest.raises(Denied):
            save(question, editor, "We counted.")
        with pytest.raises(Invalid, match="may not answer this question"), transaction():
            questions.assign(question, by=maja, to=editor)


def test_whoever_is_handed_a_question_hears_of_it_once(contract, section, maja, jona):
    question = receive(contract, maja, section=section)
    for to in (jona, jona, None):
        with transaction():
            questions.assign(question, by=maja, to=to)
    [told] = events(EventKind.QUESTION_ASSIGNED)
    assert (told.person_id, told.question_id, told.section_id) == (jona.id, question.id, section.id)
    assert question.assignee is None


def test_a_draft_becomes_an_answer_that_waits_for_the_letter(contract, maja, jona):
    question = receive(contract, maja)
    assert question.state is QuestionState.OPEN
    save(question, jona, "We counted.")
    assert (question.state, question.answered_by) == (QuestionState.DRAFTED, jona)
    assert events(EventKind.QUESTION_ANSWERED) == []
    save(question, maja, "We counted.", ready=True, seen=question.version)
    assert (question.state, question.answered_by) == (QuestionState.ANSWERED, maja)
    save(question, maja, "We counted.", ready=True)
    assert len(events(EventKind.QUESTION_ANSWERED)) == 1


def test_nothing_but_words_can_be_ready(contract, maja):
    with pytest.raises(Invalid, match="Please write the answer"):
        save(receive(contract, maja), maja, " ", ready=True)


def test_a_colleagues_newer_answer_is_not_overwritten_unseen(contract, maja, jona):
    question = receive(contract, maja)
    both_saw = question.version
    save(question, jona, "We counted.", seen=both_saw)
    with pytest.raises(Invalid) as refused:
        save(question, maja, "We guessed.", seen=both_saw)
    assert refused.value.name == "seen"
    assert question.answer == "We counted."
    save(question, maja, "We guessed.", seen=question.version)
    assert question.answer == "We guessed."


def test_a_stale_screen_does_not_take_a_ready_answer_back(contract, maja, jona):
    question = save(receive(contract, maja), jona, "We counted.")
    stale = question.version
    save(question, maja, "We counted.", ready=True, seen=stale)
    with pytest.raises(Invalid):
        save(question, jona, "We counted.", seen=stale)
    assert question.state is QuestionState.ANSWERED


def test_an_answer_names_the_later_revision_that_changes_the_text(contract, section, maja):
    question = receive(contract, maja, section=section)
    read = section.current
    with pytest.raises(Invalid, match="name the later revision"):
        save(question, maja, "Done.", carried_out_by=read)
    other = builders.section("A-1")
    builders.revision(other)
    with pytest.raises(Invalid, match="belongs to another section"):
        save(question, maja, "Done.", carried_out_by=other.current)
    new = builders.revision(section, "75 % of all homes.")
    save(question, maja, "Done.", carried_out_by=new)
    assert question.carried_out_by == new


def test_a_question_that_was_misread_is_entered_anew(contract, section, maja, jona):
    question = receive(contract, maja, section=section, quote=PASSAGE)
    new = builders.revision(section, "75 % of all homes.")
    save(question, jona, "Done.", carried_out_by=new)
    kept = Asked(**ASKED | {"section": section, "quote": PASSAGE, "checklist": 12})
    with transaction():
        questions.correct(question, kept, by=maja)
    assert (question.checklist, question.revision.number) == (12, 1)
    assert question.carried_out_by == new
    with transaction():
        questions.correct(question, Asked(**ASKED | {"text": "And now?"}), by=maja)
    assert (question.text, question.section, question.quote) == ("And now?", None, None)
    assert (question.answer, question.carried_out_by) == ("Done.", None)
    receive(contract, maja, reference="EC-9", text="Other?")
    with pytest.raises(Invalid, match="Another question bears this reference"), transaction():
        questions.correct(question, Asked(**ASKED | {"reference": "EC-9"}), by=maja)


def test_what_was_sent_stays_as_it_was_sent(contract, section, maja, jona):
    question = builders.question(
        section,
        answer="We counted.",
        addendum=builders.manifest(contract, frozen=False),
        reference="EC-4",
    )
    assert question.state is QuestionState.SENT
    for change in (
        lambda: questions.answer(question, by=maja, text="No.", seen=question.version),
        lambda: questions.correct(question, Asked(**ASKED), by=maja),
        lambda: questions.assign(question, by=maja, to=jona),
    ):
        with pytest.raises(Invalid, match="has been sent"), transaction():
            change()
    assert db.session.query(Manifest).count() == 1
