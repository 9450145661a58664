import pytest
from sqlalchemy import select

from tests import builders
from tests.support.events import kinds
from workflow.db import db, transaction
from workflow.models import Comment, Placement, Thread
from workflow.rules.refusals import Denied, Invalid, NotNow
from workflow.rules.vocabulary import (
    AnchorStatus,
    Disposition,
    EventKind,
    RemarkKind,
    Role,
    Stage,
)
from workflow.services import threads

pytestmark = pytest.mark.usefixtures("ctx")

TEXT = "No home is heated with coal in 2030. Every park gets a hundred new trees.\n"


@pytest.fixture
def section():
    return builders.section(stage=Stage.CONSULTATION, markdown=TEXT)


@pytest.fixture
def ana():
    return builders.person(Role.STAKEHOLDER)


def remark(section, by, text="By when exactly?", **what):
    what = {"revision": section.current, "kind": RemarkKind.QUESTION} | what
    with transaction():
        return threads.open_thread(section, by=by, text=text, **what)


def test_a_remark_keeps_the_words_it_is_about_and_what_stands_around_them(section, ana):
    start = TEXT.index("heated with coal")
    thread = remark(section, ana, start=start, end=start + len("heated with coal"))
    assert thread.quote == "heated with coal"
    assert thread.prefix.endswith("No home is ")
    assert thread.suffix.startswith(" in 2030.")
    assert thread.comments[0].text == "By when exactly?"
    assert kinds() == [EventKind.REMARK_MADE]


def test_a_remark_may_be_about_the_section_as_a_whole(section, ana):
    thread = remark(section, ana)
    assert (thread.quote, thread.start, thread.number) == (None, None, 1)


def test_remarks_of_a_section_are_numbered_in_the_order_they_came(section, ana):
    assert [remark(section, ana).number for _ in range(3)] == [1, 2, 3]


def test_a_double_click_makes_one_remark(section, ana):
    first = remark(section, ana, token="t-1")
    second = remark(section, ana, token="t-1")
    assert first.id == second.id
    assert db.session.query(Thread).count() == 1
    assert kinds() == [EventKind.REMARK_MADE]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (-1, 4), (0, 9_999), (3, None)])
def test_a_passage_that_is_not_in_the_text_is_refused(section, ana, start, end):
    with pytest.raises(Invalid):
        remark(section, ana, start=start, end=end)
    assert db.session.query(Thread).count() == 0


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 10_001])
def test_an_empty_or_endless_remark_is_refused(section, ana, text):
    with pytest.raises(Invalid):
        remark(section, ana, text=text)


def test_a_remark_on_the_text_of_yesterday_is_welcome_and_finds_its_place_in_todays(ana):
    section = builders.section(stage=Stage.REVISION, markdown=TEXT)
    read = section.current
    now = builders.revision(section, f"One line more.\n\n{TEXT}")
    start = read.plain.index("a hundred new trees")
    thread = remark(section, ana, revision=read, start=start, end=start + 19)
    [placed] = db.session.scalars(select(Placement).filter_by(thread_id=thread.id))
    assert placed.revision_id == now.id
    assert placed.status in (AnchorStatus.EXACT, AnchorStatus.MOVED)
    assert now.plain[placed.start : placed.end] == "a hundred new trees"


def test_nobody_speaks_for_an_organisation_that_is_not_his(section, ana):
    others = builders.organisation("Tenants' association")
    with pytest.raises(Invalid):
        remark(section, ana, organisation=others)
    member = builders.person(Role.STAKEHOLDER, organisation=others)
    assert remark(section, member, organisation=others).organisation_id == others.id


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.APPROVED])
def test_remarks_wait_for_the_stages_that_allow_them(ana, stage):
    with pytest.raises(NotNow):
        remark(builders.section(stage=stage), ana)


def test_observers_and_strangers_only_read(section):
    for role in (Role.OBSERVER, None):
        with pytest.raises(Denied):
            remark(section, builders.person(role))


def answer(thread, by, disposition, text="", **what):
    with transaction():
        return threads.answer(thread, by=by, disposition=disposition, text=text, **what)


def test_an_answer_is_kept_with_who_gave_it_and_told_once(section, ana):
    thread = remark(section, ana)
    lead = builders.person(Role.COORDINATOR)
    for _click in range(2):
        answer(thread, lead, Disposition.NOT_ACCEPTED, "It would cost too much.")
    assert (thread.disposition, thread.answered_by_id) == (Disposition.NOT_ACCEPTED, lead.id)
    assert kinds() == [EventKind.REMARK_MADE, EventKind.REMARK_ANSWERED]


@pytest.mark.parametrize("disposition", [d for d in Disposition if d != Disposition.ACCEPTED])
def test_every_position_but_accepted_needs_a_reason(section, ana, disposition):
    thread = remark(section, ana)
    with pytest.raises(Invalid):
        answer(thread, builders.person(Role.COORDINATOR), disposition)
    assert thread.disposition is None


def test_a_duplicate_names_the_remark_that_it_repeats_and_not_itself(section, ana):
    first, second = remark(section, ana), remark(section, ana)
    lead = builders.person(Role.COORDINATOR)
    for wrong in (None, second):
        with pytest.raises(Invalid):
            answer(second, lead, Disposition.DUPLICATE, "See there.", duplicate_of=wrong)
    answer(second, lead, Disposition.DUPLICATE, "See there.", duplicate_of=first)
    assert second.duplicate_of_id == first.id


def test_stakeholders_do_not_answer_for_the_city(section, ana):
    with pytest.raises(Denied):
        answer(remark(section, ana), ana, Disposition.ACCEPTED)


def test_withdrawn_words_are_gone_and_the_number_stays(section, ana):
    thread = remark(section, ana, text="Something private")
    with transaction():
        threads.withdraw(thread, by=ana)
    assert thread.withdrawn_at
    assert thread.number == 1
    assert "private" not in "".join(db.session.scalars(select(Comment.text)))


def test_only_the_author_or_the_coordinator_withdraws(section, ana):
    thread = remark(section, ana)
    with pytest.raises(Denied), transaction():
        threads.withdraw(thread, by=builders.person(Role.STAKEHOLDER))
    with transaction():
        threads.withdraw(thread, by=builders.person(Role.COORDINATOR))
    assert thread.withdrawn_at


def test_support_is_given_once_and_can_be_taken_back(section, ana):
    thread = remark(section, ana)
    other = builders.person(Role.STAKEHOLDER)
    seen = []
    for _click in range(3):
        with transaction():
            seen.append(threads.support(thread, by=other).supports)
    assert seen == [1, 0, 1]


def test_a_reply_sent_twice_is_one_comment(section, ana):
    thread = remark(section, ana)
    for _click in range(2):
        with transaction():
            threads.reply(thread, by=ana, text="And by whom?", token="r-1")
    assert [comment.text for comment in thread.comments] == ["By when exactly?", "And by whom?"]
