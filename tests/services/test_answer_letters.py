"""Answers and the addendum go out in one act: all of it or none, once, and only what was looked at."""

from hashlib import sha256
from threading import Barrier, Thread

import pytest

from tests import builders
from workflow.db import db, transaction
from workflow.models import Contract, Event, Manifest, Person, Question
from workflow.queries import answer_letter
from workflow.rules.refusals import Blocked, Bound, Denied, Invalid, Outdated
from workflow.rules.vocabulary import (
    EventKind,
    ManifestKind,
    QuestionState,
    ReviewBody,
    Role,
    Stage,
)
from workflow.services import answer_letters, freezing, iterations, questions, wholes
from workflow.services.questions import Asked

pytestmark = pytest.mark.usefixtures("ctx")

NOTE = "Dear reviewers, thank you for your questions."


@pytest.fixture
def contract():
    return builders.contract()


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def section(contract):
    return builders.approved("B-2.1")


@pytest.fixture
def submitted(contract, section, maja) -> Manifest:
    """The contract as it was handed in to the Commission."""
    with transaction():
        manifest = freezing.freeze(contract, by=maja)
    with transaction():
        today = builders.today()
        iterations.submit(contract, by=maja, body=ReviewBody.COMMISSION, on=today)
    return manifest


@pytest.fixture
def revised(contract, section, maja, submitted):
    """The section opened for an addendum, rewritten and approved again."""
    with transaction():
        iterations.begin_addendum(contract, [section], by=maja, reason="The reviewers ask.")
    builders.revision(section, builders.TEXT.replace("74 %", "75 %"), author=maja)
    with transaction():
        builders.approve_again(section)
    return section


def ready(section=None, **what) -> Question:
    return builders.question(section, answer="We counted again.", ready=True, **what)


def issue(contract, by, *asked: Question, note: str = NOTE, **what) -> Manifest:
    chosen = {question.number: question.as_sent for question in asked}
    with transaction():
        return answer_letters.issue(contract, chosen, by=by, note=note, **what)


def manifests() -> list[Manifest]:
    return db.session.query(Manifest).order_by(Manifest.number).all()


def test_answers_are_sent_with_the_addendum_of_the_changed_text(contract, submitted, revised, maja):
    question = ready(revised, quote="75 % of all homes")
    question.carried_out_by = revised.current
    db.session.commit()
    addendum = issue(contract, maja, question)
    assert (addendum.kind, addendum.supersedes) == (ManifestKind.ADDENDUM, submitted)
    assert (addendum.note, contract.frozen) == (NOTE, addendum)
    assert (question.addendum, question.state) == (addendum, QuestionState.SENT)
    [told] = db.session.query(Event).filter_by(kind=EventKind.ADDENDUM_ISSUED)
    assert told.manifest_id == addendum.id
    [sealed] = addendum.content["addendum"]["answers"]
    assert sealed == {
        "number": 1,
        "asked_by": "commission",
        "reference": "",
        "question": sha256(question.text.encode()).hexdigest(),
        "answer": sha256(b"We counted again.").hexdigest(),
        "carried_out_by": revised.current.sha256,
    }
    assert addendum.content["addendum"]["sections"][0][0] == "B-2.1"


def test_answers_that_change_no_text_are_an_addendum_of_their_own(contract, submitted, maja):
    addendum = issue(contract, maja, ready(text="Why?"), ready(text="How?"))
    assert [one.kind for one in manifests()] == [ManifestKind.CONTRACT, ManifestKind.ADDENDUM]
    assert wholes.texts(addendum.content) == submitted.content
    assert addendum.content["addendum"]["sections"] == []
    assert contract.frozen == addendum


def test_sending_the_same_letter_twice_sends_it_once(contract, submitted, maja):
    question = ready()
    chosen = {question.number: question.as_sent}
    first, second = [_again(contract, maja, chosen) for _time in range(2)]
    assert first.id == second.id
    assert len(manifests()) == 2


def _again(contract, by, chosen):
    with transaction():
        return answer_letters.issue(contract, chosen, by=by, note=NOTE)


@pytest.mark.both_databases
def test_two_coordinators_at_once_send_one_letter(app, contract, submitted, maja):
    tine, question = builders.person(Role.COORDINATOR), ready()
    asked = contract.id, question.number, question.as_sent
    db.session.remove()
    barrier, made = Barrier(2), []

    def send(person_id: int) -> None:
        with app.app_context():
            barrier.wait()
            with transaction():
                addendum = answer_letters.issue(
                    db.session.get(Contract, asked[0]),
                    {asked[1]: asked[2]},
                    by=db.session.get(Person, person_id),
                    note=NOTE,
                )
                made.append(addendum.number)

    threads = [Thread(target=send, args=(one.id,)) for one in (maja, tine)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [2, 2]
    assert [one.number for one in manifests()] == [1, 2]


def test_what_went_out_with_answers_is_relied_on(contract, submitted, maja):
    addendum = issue(contract, maja, ready())
    with pytest.raises(Bound), transaction():
        freezing.lift(contract, by=maja, reason="A wrong click.")
    assert issue(contract, maja, ready(text="And?")).supersedes == addendum


def test_what_is_not_chosen_waits_for_the_next_letter(contract, submitted, maja):
    first, second = ready(text="Why?"), ready(text="How?")
    issue(contract, maja, first)
    assert (first.state, second.state) == (QuestionState.SENT, QuestionState.ANSWERED)
    later = issue(contract, maja, second)
    assert later.number == 3
    letter = answer_letter.issued(later, language="en")
    assert [entry.text for entry in letter.entries] == ["How?"]


def test_an_answer_that_was_changed_since_is_not_sent_unseen(contract, submitted, maja):
    question = ready()
    shown = question.as_sent
    with transaction():
        seen = question.version
        questions.answer(question, by=maja, text="Other words.", ready=True, seen=seen)
    with pytest.raises(Outdated), transaction():
        answer_letters.issue(contract, {question.number: shown}, by=maja, note=NOTE)
    assert question.state is QuestionState.ANSWERED
    assert len(manifests()) == 1


def test_an_answer_is_not_sent_to_a_question_that_reads_otherwise_since(contract, submitted, maja):
    question = ready()
    shown = question.as_sent
    with transaction():
        asked = Asked(question.body, "What was asked indeed?", question.asked_on)
        questions.correct(question, asked, by=maja)
    with pytest.raises(Outdated), transaction():
        answer_letters.issue(contract, {question.number: shown}, by=maja, note=NOTE)


def test_a_draft_is_not_sent(contract, submitted, maja):
    with pytest.raises(Outdated):
        issue(contract, maja, builders.question(answer="We count."))


def test_nothing_is_sent_while_a_text_is_open(contract, section, submitted, maja):
    question = ready()
    with transaction():
        iterations.begin_addendum(contract, [section], by=maja, reason="The reviewers ask.")
    with pytest.raises(Blocked):
        issue(contract, maja, question)
    assert question.state is QuestionState.ANSWERED
    assert section.stage is Stage.REVISION


def test_a_text_that_was_approved_since_is_not_sent_unseen(contract, submitted, revised, maja):
    with pytest.raises(Outdated):
        issue(contract, maja, ready(), seen=submitted.sha256)


def test_before_anything_was_submitted_there_is_nothing_to_amend(contract, section, maja):
    with pytest.raises(Invalid, match="Nothing was yet"):
        issue(contract, maja, ready())
    assert manifests() == []


@pytest.mark.parametrize(("note", "field"), [(" ", "note"), ("a" * 4_001, "note")])
def test_a_letter_begins_with_a_few_words(contract, submitted, maja, note, field):
    with pytest.raises(Invalid) as refused:
        issue(contract, maja, ready(), note=note)
    assert refused.value.name == field


def test_a_letter_without_answers_is_none(contract, submitted, maja):
    with pytest.raises(Invalid, match="choose at least one"):
        issue(contract, maja)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.STAKEHOLDER])
def test_only_coordinators_send(contract, submitted, role):
    with pytest.raises(Denied):
        issue(contract, builders.person(role), ready())


TEXT = """Open words about heat.

::: city
The city's own zebrafinch words.
:::

Closing words about heat.
"""


def test_the_letter_tells_nothing_of_what_is_for_the_citys_own_eyes(contract, maja):
    section = builders.section("B-2.1", markdown=TEXT)
    inside = ready(section, quote="own zebrafinch", text="Inside?")
    outside = ready(section, quote="Open words", text="Outside?")
    new = builders.revision(
        section, TEXT.replace("zebrafinch", "zebrafinches").replace("Open", "New")
    )
    for question in (inside, outside):
        question.carried_out_by = new
    db.session.commit()
    first, second = answer_letter.written(contract, maja).entries
    assert (first.quote, second.quote) == (None, "Open words")
    assert "zebrafinch" not in str([first.change, second.change])
    assert [piece for piece in first.change.changes[0] if piece[0] != "same"] == [
        ("removed", "Open"),
        ("added", "New"),
    ]


def test_the_letter_puts_the_questions_of_one_body_together(contract, maja):
    for body in (ReviewBody.COMMISSION, ReviewBody.MISSION_PLATFORM, ReviewBody.COMMISSION):
        ready(text=f"From {body}?", body=body)
    letter = answer_letter.written(contract, maja)
    assert [entry.number for entry in letter.entries] == [2, 1, 3]
    assert letter.bodies == [ReviewBody.MISSION_PLATFORM, ReviewBody.COMMISSION]


def test_a_question_is_read_in_the_text_that_was_submitted(contract, submitted, revised, maja):
    asked = questions.Asked(
        ReviewBody.COMMISSION, "Why?", builders.today(), "EC-1", revised, "74 % of all homes"
    )
    with transaction():
        question = questions.receive(contract, asked, by=maja)
    assert (question.revision.number, question.quote) == (1, "74 % of all homes")
    assert question.start is not None
    assert db.session.query(Contract).one().frozen is None
