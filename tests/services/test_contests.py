import pytest
from sqlalchemy import select

from tests import builders
from tests.support.events import kinds
from workflow.db import db, transaction
from workflow.models import Event, Notification
from workflow.rules.refusals import Blocked, Denied, Invalid, NotNow
from workflow.rules.vocabulary import Act, Disposition, EventKind, Reason, RemarkKind, Role, Stage
from workflow.services import contests, desk, gatekeeping, notices, reviews, threads

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def section():
    return builders.section(stage=Stage.REVISION)


@pytest.fixture
def ana():
    return builders.person(Role.STAKEHOLDER, name="Ana")


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def remark(section, ana):
    return builders.thread(section, author=ana)


def answered(thread, by, disposition=Disposition.NOTED, text="It is known.", **what):
    with transaction():
        return threads.answer(thread, by=by, disposition=disposition, text=text, **what)


def agreed(thread, by):
    with transaction():
        return contests.agree(thread, by=by)


def contested(thread, by, text="The figure is still wrong."):
    with transaction():
        return contests.contest(thread, by=by, text=text)


def test_the_author_agrees_once_and_nobody_is_written_to(remark, ana, maja):
    answered(remark, maja)
    for _click in range(2):
        agreed(remark, ana)
    assert remark.agreed_at
    assert not remark.unanswered
    assert kinds() == [EventKind.REMARK_ANSWERED, EventKind.ANSWER_AGREED]


def test_a_contest_puts_the_remark_back_on_the_desk_once(remark, ana, maja):
    answered(remark, maja)
    for _click in range(2):
        contested(remark, ana)
    assert remark.contested
    assert remark.unanswered
    assert kinds() == [EventKind.REMARK_ANSWERED, EventKind.ANSWER_CONTESTED]
    with pytest.raises(Invalid):
        contested(remark, ana, "And another thing.")


def test_an_answer_to_a_contest_is_the_last_word(remark, ana, maja):
    answered(remark, maja)
    contested(remark, ana)
    answered(remark, maja)
    assert not remark.unanswered
    assert remark.contest == "The figure is still wrong."
    assert kinds()[-1] is EventKind.REMARK_ANSWERED
    for verb in (agreed, contested):
        with pytest.raises(Invalid):
            verb(remark, ana, *(["Still wrong!"] if verb is contested else []))


def test_who_agreed_may_still_find_the_answer_wrong(remark, ana, maja):
    answered(remark, maja)
    agreed(remark, ana)
    contested(remark, ana)
    assert remark.contested
    assert remark.agreed_at is None


def test_another_answer_asks_the_author_anew(remark, ana, maja):
    answered(remark, maja)
    agreed(remark, ana)
    answered(remark, maja, Disposition.NOT_ACCEPTED, "It costs too much.")
    assert remark.agreed_at is None
    contested(remark, ana)


@pytest.mark.parametrize("verb", [agreed, contested])
def test_only_the_author_speaks_to_the_answer_and_only_to_one(remark, ana, maja, verb):
    with pytest.raises(Invalid):
        verb(remark, ana)
    answered(remark, maja)
    for other in (maja, builders.person(Role.STAKEHOLDER)):
        with pytest.raises(Denied):
            verb(remark, other)


@pytest.mark.parametrize("text", ["", "  ", "x" * 4_001])
def test_a_contest_says_why_in_a_readable_length(remark, ana, maja, text):
    answered(remark, maja)
    with pytest.raises(Invalid):
        contested(remark, ana, text)


def test_what_is_approved_is_not_contested_any_more(remark, ana, maja, section):
    answered(remark, maja)
    with transaction():
        section.stage = Stage.APPROVED
    with pytest.raises(NotNow):
        contested(remark, ana)
    agreed(remark, ana)


def test_a_contested_objection_blocks_approval_until_it_is_answered_again(ana, maja):
    section = builders.section(stage=Stage.REVIEW)
    remark = builders.thread(section, author=ana, kind=RemarkKind.OBJECTION)
    approver = builders.person(Role.APPROVER)
    answered(remark, maja)
    assert gatekeeping.blockers(section, Act.TAKE_POSITION, by=approver) == []
    contested(remark, ana)
    keys = [one.key for one in gatekeeping.blockers(section, Act.TAKE_POSITION, by=approver)]
    assert keys == ["objections", "answers"]
    with pytest.raises(Blocked), transaction():
        reviews.move(section, Act.APPROVE, by=approver, seen=section.current)
    answered(remark, maja, text="We looked again: it is right.")
    assert gatekeeping.blockers(section, Act.TAKE_POSITION, by=approver) == []


def test_accepted_remarks_block_approval_until_they_name_what_carries_them_out(ana, maja):
    section = builders.section(stage=Stage.REVIEW)
    approver = builders.person(Role.APPROVER)
    remarks = [builders.thread(section, author=ana) for _ in range(2)]
    cheer = builders.thread(section, author=ana, kind=RemarkKind.SUPPORT)
    answered(remarks[0], maja, Disposition.ACCEPTED, "")
    answered(remarks[1], maja, Disposition.ACCEPTED_IN_PART, "The first half.")
    answered(cheer, maja, Disposition.ACCEPTED, "Thank you.")
    [blocker] = gatekeeping.blockers(section, Act.TAKE_POSITION, by=approver)
    assert (blocker.key, blocker.count) == ("carried_out", 2)
    later = builders.revision(section, "## Changed as asked", author=maja)
    for remark in remarks:
        answered(remark, maja, remark.disposition, "Done.", carried_out_by=later)
    assert gatekeeping.blockers(section, Act.TAKE_POSITION, by=approver) == []


def test_the_colleague_who_has_the_remark_and_those_who_write_hear_of_a_contest(
    remark, ana, maja, section
):
    ivo = builders.person(Role.EDITOR, section=section)
    neighbour = builders.person(Role.STAKEHOLDER)
    with transaction():
        desk.assign([remark], by=maja, to=ivo)
    answered(remark, maja)
    contested(remark, ana)
    with transaction():
        while event := notices.next_event(db.session.scalars(select(Event.at)).all()[-1]):
            notices.fan_out(event)
    told = {
        row.person_id: row.reason
        for row in db.session.scalars(
            select(Notification).join(Event).where(Event.kind == EventKind.ANSWER_CONTESTED)
        )
    }
    assert told[ivo.id] is Reason.ASSIGNED
    assert told[maja.id] is Reason.COORDINATOR
    assert neighbour.id not in told
    assert ana.id not in told
