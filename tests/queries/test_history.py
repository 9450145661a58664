"""What a section's history and its comparisons tell, to whom, and at what price."""

import pytest
from sqlalchemy import update

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Decision, Thread
from workflow.queries import comparison, history
from workflow.rules.vocabulary import Act, Disposition, Role, Stage, Visibility
from workflow.services import suggestions, visits

MOST_QUERIES = 8


@pytest.fixture
def section(asked):
    return builders.section(markdown="One home in two gets heat.")


def carried_out(thread, revision):
    with transaction():
        db.session.execute(
            update(Thread).where(Thread.id == thread.id).values(carried_out_by_id=revision.id)
        )


def test_a_revision_names_who_when_why_and_which_remarks_caused_it(section):
    tenants = builders.organisation("Tenants of the North")
    ana = builders.person(name="Ana", organisation=tenants)
    thread = builders.thread(section, author=ana, organisation=tenants, answer=Disposition.ACCEPTED)
    jona = builders.person(Role.EDITOR, name="Jona")
    saved = builders.revision(section, "Every home gets heat.", author=jona, summary="All of them")
    carried_out(thread, saved)
    newest, first = history.history(section, ana).entries
    assert (newest.revision.author.name, newest.revision.summary) == ("Jona", "All of them")
    [cause] = newest.causes
    assert (cause.number, cause.speaker, cause.suggested) == (
        thread.number,
        "Ana (Tenants of the North)",
        False,
    )
    assert first.causes == ()


def test_a_suggestion_that_was_taken_over_is_credited(section):
    thread = builders.thread(section, author=builders.person(name="Ana"), quote="One home in two")
    thread.replacement = "Every home"
    db.session.commit()
    with transaction():
        suggestions.accept(section, [thread], by=builders.person(Role.EDITOR), seen=section.current)
    newest = history.history(section, builders.person()).entries[0]
    assert [(cause.speaker, cause.suggested) for cause in newest.causes] == [("Ana", True)]
    assert "Ana" in newest.revision.summary


def test_remarks_that_are_not_for_the_reader_cause_nothing_that_he_sees(section):
    thread = builders.thread(
        section, author=builders.person(Role.EDITOR), visibility=Visibility.CITY
    )
    saved = builders.revision(section, "Every home gets heat.")
    carried_out(thread, saved)
    seen_by = {
        role: len(history.history(section, builders.person(role)).entries[0].causes)
        for role in (Role.EDITOR, Role.STAKEHOLDER)
    }
    assert seen_by == {Role.EDITOR: 1, Role.STAKEHOLDER: 0}
    outsider = builders.person(Role.STAKEHOLDER)
    assert comparison.compared(section, outsider).caused_by == []


def test_a_long_history_comes_in_pages_newest_first_with_its_decisions(section):
    for number in range(history.PER_PAGE + 4):
        builders.revision(section, f"Version {number}.")
    decision = Decision(
        section_id=section.id,
        number=1,
        act=Act.SUBMIT,
        from_stage=Stage.DRAFT,
        to_stage=Stage.REVIEW,
        by_id=section.current.author_id,
        revision_id=section.current_id,
        sha256=section.current.sha256,
        at=section.current.created_at,
    )
    builders.keep(decision)
    reader = builders.person()
    first, second = (history.history(section, reader, page=page) for page in (1, 2))
    told = [*first.entries, *second.entries]
    assert [entry.at for entry in told] == sorted((entry.at for entry in told), reverse=True)
    numbers = [entry.revision.number for entry in told if entry.revision]
    assert numbers == list(range(history.PER_PAGE + 5, 0, -1))
    assert sum(entry.decision is not None for entry in told) == 1
    assert (first.pages.pages, len(first.entries)) == (2, history.PER_PAGE)


def test_the_usual_comparisons_are_offered_where_they_say_something(section):
    reader = builders.person()
    with transaction():
        visits.record(reader.id, section.id, section.current_id)
    builders.revision(section, "Two.")
    builders.thread(section, author=reader)
    for words in ("Three.", "Four."):
        builders.revision(section, words)
    page = comparison.compared(section, reader, old=2, new=4)
    assert [(span.label, span.old, span.current) for span in page.spans] == [
        ("The latest change", 3, False),
        ("Since your last visit", 1, False),
        ("Since your last comment", 2, True),
        ("Since the beginning", 1, False),
    ]
    stranger = builders.person()
    labels = [span.label for span in comparison.compared(section, stranger).spans]
    assert labels == ["The latest change", "Since the beginning"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [(None, None, (2, 3)), (1, 3, (1, 3)), (3, 1, (3, 1)), (7, 9, (2, 3)), (None, 1, (1, 1))],
)
def test_numbers_that_are_none_fall_back_to_the_latest_change(section, old, new, found):
    for words in ("Two.", "Three."):
        builders.revision(section, words)
    page = comparison.compared(section, builders.person(), old=old, new=new)
    assert (page.old.number, page.new.number) == found


def test_a_section_without_a_text_has_nothing_to_compare(asked):
    assert comparison.compared(builders.section(markdown=None), builders.person()) is None


def test_the_pages_around_the_text_cost_the_same_however_long_its_past(app, client):
    with app.app_context(), transaction():
        contract = builders.contract()
        editor = builders.person(Role.EDITOR, contract=contract)
        lengths = {}
        for revisions in (2, 30):
            section = builders.section(contract=contract, author=editor)
            for number in range(revisions):
                thread = builders.thread(section, answer=Disposition.ACCEPTED)
                saved = builders.revision(section, f"Version {number} of the text.")
                thread.carried_out_by_id = saved.id
            builders.thread(section, author=editor)
            lengths[revisions] = f"/c/{contract.slug}/sections/{section.id}/"
    builders.sign_in(client, editor)
    costs = {}
    for revisions, address in lengths.items():
        client.get(address)
        client.post(address + "draft", data={"markdown": "Unsaved."})
        for page in ("", "edit", "edit?draft=go-on", "compare", "history", "history?page=2"):
            with counted(app) as questions:
                assert client.get(address + page).status_code == 200
            costs[revisions, page] = len(questions)
    pages = {page for _revisions, page in costs}
    assert max(costs.values()) <= MOST_QUERIES, costs
    assert {page: costs[30, page] for page in pages if "?page" not in page} == {
        page: costs[2, page] for page in pages if "?page" not in page
    }


def test_only_the_first_sight_of_a_revision_is_written_down(app, client):
    with app.app_context(), transaction():
        contract = builders.contract()
        reader = builders.person(contract=contract)
        section = builders.section(contract=contract)
        at = f"/c/{contract.slug}/sections/{section.id}/"
    builders.sign_in(client, reader)
    written = []
    for _ in range(2):
        with counted(app) as questions:
            client.get(at)
        written.append([q.split()[0] for q in questions if not q.startswith("SELECT")])
        assert len(questions) <= MOST_QUERIES + len(written[-1])
    assert written == [["INSERT"], []]
