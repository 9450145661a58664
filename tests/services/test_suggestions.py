"""Suggestions become one revision that credits their authors, or nothing changes and everything against it is told."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import builders
from workflow.db import db, transaction
from workflow.models import Event, Notification, Placement, Revision
from workflow.rules.refusals import Clashing, Denied, Invalid, NotNow, Outdated
from workflow.rules.vocabulary import (
    AnchorStatus,
    Disposition,
    EventKind,
    Reason,
    RemarkKind,
    Role,
    Stage,
    Visibility,
)
from workflow.services import anchoring, notices, revisions, suggestions, threads
from workflow.services.suggestions import Hindrance

pytestmark = pytest.mark.usefixtures("ctx")

HEAT = "No home is heated with coal in 2030."
PARKS = "Every **park** gets a hundred new trees."
TEXT = f"{HEAT}\n\n{PARKS}\n"


@pytest.fixture
def section():
    return builders.section(stage=Stage.REVISION, markdown=TEXT)


@pytest.fixture
def people():
    tenants = builders.organisation("Tenants of the North")
    return SimpleNamespace(
        ana=builders.person(Role.STAKEHOLDER, name="Ana", organisation=tenants),
        bor=builders.person(Role.STAKEHOLDER, name="Bor"),
        lead=builders.person(Role.COORDINATOR, name="Maja"),
        tenants=tenants,
    )


def suggest(section, by, quote, replacement, **what):
    read = what.pop("revision", section.current)
    start = read.plain.index(quote)
    with transaction():
        return threads.open_thread(
            section,
            by=by,
            revision=read,
            text="It reads better.",
            start=start,
            end=start + len(quote),
            replacement=replacement,
            **{"kind": RemarkKind.SUGGESTION} | what,
        )


def accept(section, chosen, by, seen=None):
    with transaction():
        return suggestions.accept(section, chosen, by=by, seen=seen or section.current)


def save(section, by, markdown):
    with transaction():
        return revisions.save(section, by=by, markdown=markdown, base=section.current)


def placement(thread, revision):
    return db.session.scalars(
        select(Placement).filter_by(thread_id=thread.id, revision_id=revision.id)
    ).one()


def kinds(thread):
    events = select(Event.kind).where(Event.thread_id == thread.id).order_by(Event.id)
    return list(db.session.scalars(events))


def test_a_suggestion_keeps_how_the_passage_should_read(section, people):
    thread = suggest(section, people.ana, "a hundred", "two  hundred\r\n")
    assert (thread.quote, thread.replacement) == ("a hundred", "two hundred")
    assert suggest(section, people.ana, "in 2030", "").replacement == ""


def test_the_same_words_and_other_kinds_of_remark_suggest_nothing(section, people):
    assert suggest(section, people.ana, "a hundred", " a hundred ").replacement is None
    question = suggest(section, people.ana, "a hundred", "two hundred", kind=RemarkKind.QUESTION)
    assert question.replacement is None


def test_withdrawn_words_leave_the_suggestion_too(section, people):
    thread = suggest(section, people.ana, "a hundred", "a secret")
    with transaction():
        threads.withdraw(thread, by=people.ana)
    assert thread.replacement is None
    with pytest.raises(Invalid):
        accept(section, [thread], people.lead)


def test_several_are_taken_over_at_once_as_one_revision_that_credits_everybody(section, people):
    base = section.current
    first = suggest(section, people.ana, "coal", "coal or oil", organisation=people.tenants)
    second = suggest(section, people.bor, "a hundred", "two hundred")
    saved = accept(section, [second, first], people.lead)
    assert saved.number == base.number + 1
    assert saved.markdown == TEXT.replace("coal", "coal or oil").replace("a hundred", "two hundred")
    assert saved.author_id == people.lead.id
    assert saved.summary == "Suggested by Ana (Tenants of the North), Bor"
    for thread in (first, second):
        assert thread.disposition is Disposition.ACCEPTED
        assert thread.carried_out_by_id == saved.id
        assert kinds(thread) == [EventKind.REMARK_MADE, EventKind.REMARK_ANSWERED]


def test_the_remark_stands_beside_the_words_that_it_brought(section, people):
    figures = suggest(section, people.ana, "2030", "2035")
    word = suggest(section, people.bor, "coal", "gas or oil")
    gone = suggest(section, people.bor, "new", "")
    saved = accept(section, [figures, word, gone], people.lead)
    for thread, words in ((figures, "2035"), (word, "gas or oil")):
        placed = placement(thread, saved)
        assert placed.status is AnchorStatus.EDITED
        assert saved.plain[placed.start : placed.end] == words
    assert placement(gone, saved).status is AnchorStatus.ORPHANED


def test_each_author_is_told_once(section, people):
    thread = suggest(section, people.ana, "a hundred", "two hundred")
    accept(section, [thread], people.lead)
    with transaction():
        for event in db.session.scalars(select(Event).where(Event.relayed_at.is_(None))):
            notices.fan_out(event)
    told = db.session.scalars(select(Notification).filter_by(person_id=people.ana.id)).all()
    assert [(one.event.kind, one.reason) for one in told] == [
        (EventKind.REMARK_ANSWERED, Reason.AUTHOR)
    ]


def test_a_suggestion_for_the_city_only_is_credited_without_a_name(section, people):
    editor = builders.person(Role.EDITOR, name="Quiet Editor")
    hidden = suggest(section, editor, "coal", "gas", visibility=Visibility.CITY)
    shown = suggest(section, people.bor, "a hundred", "two hundred")
    assert accept(section, [hidden, shown], people.lead).summary == "Suggested by Bor"
    other = suggest(section, editor, "in 2030", "in 2035", visibility=Visibility.CITY)
    assert accept(section, [other], people.lead).summary == "An internal suggestion taken over"


def test_the_credit_is_in_the_language_of_the_text_and_never_too_long(people):
    section = builders.section(stage=Stage.REVISION, markdown=TEXT, language="sl")
    words = [word for word in TEXT.replace("*", "").split() if len(word) > 2][:8]
    many = [
        suggest(section, builders.person(name=f"{word} {'x' * 60}"), word, f"{word}x")
        for word in words
    ]
    summary = accept(section, many, people.lead).summary
    assert summary.startswith("Predlagali: ")
    assert summary.endswith("…")
    assert len(summary) <= 300


def test_a_passage_is_deleted_by_suggesting_nothing_in_its_place(section, people):
    thread = suggest(section, people.ana, "a hundred ", "")
    assert accept(section, [thread], people.lead).plain.endswith("Every park gets new trees.")


def test_suggestions_for_the_same_words_clash_and_nothing_is_applied(section, people):
    before = section.current
    one = suggest(section, people.ana, "a hundred new", "two hundred new")
    other = suggest(section, people.bor, "new trees", "old trees")
    apart = suggest(section, people.bor, "coal", "gas")
    with pytest.raises(Clashing) as told:
        accept(section, [one, other, apart], people.lead)
    [clash] = told.value.clashes
    assert set(clash) == {one.id, other.id}
    db.session.expire_all()
    assert section.current_id == before.id
    assert (one.disposition, apart.disposition) == (None, None)


def test_after_one_of_two_rivals_the_other_no_longer_fits(section, people):
    one = suggest(section, people.ana, "a hundred new", "two hundred new")
    other = suggest(section, people.bor, "gets a hundred", "gets ten")
    accept(section, [one], people.lead)
    with pytest.raises(Clashing) as told:
        accept(section, [other], people.lead)
    assert told.value.hindered == [(other.id, Hindrance.CHANGED)]


@pytest.mark.parametrize(
    ("later", "hindrance"),
    [
        (f"{HEAT}\n\nEvery **park** gets a hundred young trees.\n", Hindrance.CHANGED),
        (f"{HEAT}\n", Hindrance.GONE),
    ],
)
def test_a_passage_that_was_edited_or_deleted_since_is_never_overwritten(
    section, people, later, hindrance
):
    thread = suggest(section, people.ana, "a hundred new trees", "a thousand trees")
    save(section, people.lead, later)
    save(section, people.lead, f"A sentence of its own.\n\n{later}")
    with pytest.raises(Clashing) as told:
        accept(section, [thread], people.lead)
    assert told.value.hindered == [(thread.id, hindrance)]
    assert section.current.markdown.endswith(later)


def test_a_passage_that_only_moved_is_replaced_where_it_is_now(section, people):
    thread = suggest(section, people.ana, "a hundred new trees", "a thousand trees")
    save(section, people.lead, f"{PARKS}\n\n{HEAT}\n")
    saved = accept(section, [thread], people.lead)
    assert saved.plain.startswith("Every park gets a thousand trees.")


def test_words_across_formatting_are_left_to_a_person(section, people):
    thread = suggest(section, people.ana, "park gets", "garden has")
    with pytest.raises(Clashing) as told:
        accept(section, [thread], people.lead)
    assert told.value.hindered == [(thread.id, Hindrance.FORMATTING)]


def test_a_double_click_makes_one_revision(section, people):
    base = section.current
    thread = suggest(section, people.ana, "a hundred", "two hundred")
    made = [accept(section, [thread], people.lead, seen=base) for _click in range(2)]
    assert made[0].id == made[1].id
    assert db.session.query(Revision).filter_by(section_id=section.id).count() == 2
    assert kinds(thread).count(EventKind.REMARK_ANSWERED) == 1


def test_what_was_not_seen_is_not_changed(section, people):
    seen = section.current
    thread = suggest(section, people.ana, "a hundred", "two hundred")
    save(section, people.lead, f"{TEXT}\nOne more.\n")
    with pytest.raises(Outdated):
        accept(section, [thread], people.lead, seen=seen)


def test_only_open_suggestions_of_this_section_are_taken_over(section, people):
    for wrong in (
        [],
        [builders.thread(section, quote="coal")],
        [suggest(builders.section(stage=Stage.REVISION, markdown=TEXT), people.ana, "coal", "gas")],
    ):
        with pytest.raises(Invalid):
            accept(section, wrong, people.lead)


def test_whoever_may_not_write_the_text_takes_nothing_over(section, people):
    thread = suggest(section, people.ana, "coal", "gas")
    for role in (Role.STAKEHOLDER, Role.REVIEWER, Role.APPROVER, Role.OBSERVER):
        with pytest.raises(Denied):
            accept(section, [thread], builders.person(role))


def test_while_the_text_stands_still_suggestions_wait(people):
    section = builders.section(stage=Stage.CONSULTATION, markdown=TEXT)
    thread = suggest(section, people.ana, "coal", "gas")
    with pytest.raises(NotNow):
        accept(section, [thread], people.lead)


def reattach(thread, by, words, revision=None):
    revision = revision or thread.section.current
    start = revision.plain.index(words)
    with transaction():
        return anchoring.reattach(
            thread, by=by, revision=revision, start=start, end=start + len(words)
        )


@pytest.fixture
def orphan(section, people):
    """Ana's question on the trees, whose sentence is gone."""
    thread = builders.thread(section, author=people.ana, quote="a hundred new trees")
    save(section, people.lead, f"{HEAT}\n\nSchools plant gardens instead.\n")
    assert placement(thread, section.current).status is AnchorStatus.ORPHANED
    return thread


def test_an_orphan_is_put_back_by_hand_and_keeps_the_words_it_was_written_on(
    section, people, orphan
):
    placed = reattach(orphan, people.lead, "plant gardens")
    assert placed.status is AnchorStatus.EDITED
    assert section.current.plain[placed.start : placed.end] == "plant gardens"
    assert orphan.quote == "a hundred new trees"
    [event] = db.session.scalars(select(Event).filter_by(kind=EventKind.REMARK_REATTACHED))
    assert (event.actor_id, event.thread_id) == (people.lead.id, orphan.id)


def test_later_texts_carry_it_along_from_there(section, people, orphan):
    reattach(orphan, people.ana, "plant gardens")
    later = save(
        section, people.lead, f"A new start.\n\nSchools plant gardens instead.\n\n{HEAT}\n"
    )
    placed = placement(orphan, later)
    assert later.plain[placed.start : placed.end] == "plant gardens"
    assert placed.status is AnchorStatus.EDITED


def test_where_its_own_words_stand_again_the_remark_is_as_it_was(section, people, orphan):
    back = save(section, people.lead, TEXT)
    assert placement(orphan, back).status is AnchorStatus.ORPHANED
    assert reattach(orphan, people.lead, "a hundred new trees").similarity == 1.0
    assert placement(orphan, back).status is AnchorStatus.MOVED


def test_putting_it_in_the_same_place_twice_is_recorded_once(people, orphan):
    for _click in range(2):
        reattach(orphan, people.ana, "plant gardens")
    assert kinds(orphan) == [EventKind.REMARK_REATTACHED]


def test_only_its_author_and_those_who_answer_move_a_remark(people, orphan):
    for stranger in (people.bor, builders.person(Role.REVIEWER), builders.person(Role.OBSERVER)):
        with pytest.raises(Denied):
            reattach(orphan, stranger, "plant gardens")


def test_a_place_is_found_in_the_text_of_today_and_nowhere_else(section, people, orphan):
    seen = section.current
    save(section, people.lead, f"{HEAT}\n\nSchools plant gardens.\n")
    with pytest.raises(Outdated):
        reattach(orphan, people.lead, "plant gardens", revision=seen)
    for start, end in ((4, 4), (9, 3), (0, 9_999), (None, None)):
        with pytest.raises(Invalid), transaction():
            anchoring.reattach(
                orphan, by=people.lead, revision=section.current, start=start, end=end
            )
    with pytest.raises(Invalid):
        reattach(builders.thread(section), people.lead, "plant gardens")


def test_a_remark_on_an_edited_passage_says_so_in_every_later_text(section, people):
    thread = builders.thread(section, quote="a hundred new trees")
    edited = TEXT.replace("new trees", "young trees")
    save(section, people.lead, edited)
    later = save(section, people.lead, f"{edited}\nOne more.\n")
    assert placement(thread, later).status is AnchorStatus.EDITED
    assert 0 < placement(thread, later).similarity < 1
    again = save(section, people.lead, f"{TEXT}\nOne more.\n")
    assert placement(thread, again).status is AnchorStatus.EXACT
