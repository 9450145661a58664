from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.events import kinds
from workflow import clock
from workflow.db import db, transaction
from workflow.models import AnswerDraft, Digest, Notification, Round, ThreadGroup
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import (
    Disposition,
    EventKind,
    Reason,
    RemarkKind,
    Rhythm,
    Role,
    Stage,
)
from workflow.services import desk, digests, groups, notices, sending, threads

pytestmark = pytest.mark.usefixtures("ctx")

SHADE = (
    "Please plant trees along the bus lanes, so that people who wait have shade in summer.",
    "Plant trees along the bus lanes please! People who wait need shade in the summer.",
    "Trees along the bus lanes, please: people who wait need shade in summer.",
)


@pytest.fixture
def section():
    return builders.section(stage=Stage.REVISION)


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def remark(section):
    return builders.thread(section)


def draft(thread, by, disposition=Disposition.NOTED, text="It is known.", **what):
    with transaction():
        return desk.draft(thread, by=by, disposition=disposition, text=text, **what)


def draft_many(remarks, by, disposition=Disposition.NOTED, text="It is known.", **what):
    with transaction():
        return desk.draft_many(remarks, by=by, disposition=disposition, text=text, **what)


def publish(by, **what):
    with transaction():
        return desk.publish(builders.the_contract(), by=by, **what)


def written(digest):
    [one] = sending.write([digest.id])
    assert one.error is None
    return one.letter


def drafts():
    return db.session.scalars(select(AnswerDraft)).all()


def test_a_draft_answers_nothing_and_tells_nobody(remark, maja):
    draft(remark, maja)
    draft(remark, maja, Disposition.NOT_ACCEPTED, "It costs too much.")
    [kept] = drafts()
    assert (kept.disposition, kept.answer) == (Disposition.NOT_ACCEPTED, "It costs too much.")
    assert kept.by_id == maja.id
    assert remark.unanswered
    assert kinds() == []


@pytest.mark.parametrize("disposition", [d for d in Disposition if d != Disposition.ACCEPTED])
def test_a_draft_is_as_strict_as_an_answer(remark, maja, disposition):
    with pytest.raises(Invalid):
        draft(remark, maja, disposition, " ")
    assert drafts() == []


def test_an_accepted_remark_is_carried_out_by_a_later_text_of_its_own_section(
    section, remark, maja
):
    elsewhere = builders.section(stage=Stage.REVISION)
    for wrong in (section.current, elsewhere.current):
        with pytest.raises(Invalid):
            draft(remark, maja, Disposition.ACCEPTED, carried_out_by=wrong)
    later = builders.revision(section, "## Changed as asked")
    assert draft(remark, maja, Disposition.ACCEPTED, carried_out_by=later)


def test_drafts_are_published_together_and_each_is_told_once(section, maja):
    remarks = [builders.thread(section) for _ in range(3)]
    draft_many(remarks, maja)
    told = publish(maja)
    assert [thread.id for thread in told] == [thread.id for thread in remarks]
    assert all(thread.disposition is Disposition.NOTED for thread in remarks)
    assert kinds() == [EventKind.REMARK_ANSWERED] * 3
    assert drafts() == []
    with pytest.raises(Invalid):
        publish(maja)


@pytest.mark.parametrize("disposition", [Disposition.ACCEPTED, Disposition.ACCEPTED_IN_PART])
def test_nothing_is_published_while_an_accepted_remark_names_no_revision(
    section, maja, disposition
):
    ready, promised = builders.thread(section), builders.thread(section)
    draft(ready, maja)
    draft(promised, maja, disposition, "We will write so.")
    with pytest.raises(Invalid, match="has to name the revision"):
        publish(maja)
    assert ready.unanswered
    assert len(drafts()) == 2
    publish(maja, remarks=[ready])
    later = builders.revision(section, "## Changed as asked")
    draft(promised, maja, disposition, "We wrote so.", carried_out_by=later)
    publish(maja)
    assert promised.carried_out_by_id == later.id


def test_thanks_for_support_promise_no_other_text(section, maja):
    cheer = builders.thread(section, kind=RemarkKind.SUPPORT)
    draft(cheer, maja, Disposition.ACCEPTED, "Thank you.")
    assert publish(maja) == [cheer]


def test_the_answers_of_a_round_are_published_without_those_of_another(section, maja):
    at = clock.now()
    first, second = (
        builders.keep(
            Round(
                contract_id=section.contract_id,
                number=number,
                opened_by_id=maja.id,
                opened_at=at,
                closes_at=at,
            )
        )
        for number in (1, 2)
    )
    early, late = builders.thread(section), builders.thread(section)
    early.round, late.round = first, second
    builders.keep(early, late)
    draft_many([early, late], maja)
    assert publish(maja, round=first) == [early]
    assert first.answers_published_at
    assert second.answers_published_at is None
    assert late.unanswered


def test_an_editor_publishes_what_is_his_to_answer_and_nothing_else(maja):
    heat, buses = (
        builders.section(stage=Stage.REVISION, sectors=(s,)) for s in ("energy", "transport")
    )
    editor = builders.person(Role.EDITOR, sector="energy")
    mine, other = builders.thread(heat), builders.thread(buses)
    draft_many([mine, other], maja)
    with pytest.raises(Denied):
        draft(other, editor)
    assert publish(editor) == [mine]
    assert other.unanswered
    with pytest.raises(Invalid):
        publish(builders.person(Role.STAKEHOLDER))


def test_withdrawn_remarks_are_neither_drafted_nor_published(section, remark, maja):
    draft(remark, maja)
    with transaction():
        threads.withdraw(remark, by=maja)
    with pytest.raises(Invalid):
        publish(maja)
    with pytest.raises(Invalid):
        draft(remark, maja)


def test_an_immediate_answer_is_the_end_of_the_draft(remark, maja):
    draft(remark, maja)
    with transaction():
        threads.answer(remark, by=maja, disposition=Disposition.REFERRED, text="To the state.")
    assert drafts() == []
    draft(remark, maja)
    with transaction():
        desk.discard(remark, by=maja)
    assert drafts() == []


def test_twelve_alike_are_answered_at_once_each_with_the_text_of_its_own_section(maja):
    sections = [builders.section(stage=Stage.REVISION) for _ in range(3)]
    remarks = [builders.thread(section) for section in sections for _ in range(4)]
    for section in sections:
        builders.revision(section, "## Changed as asked")
    made = draft_many(remarks, maja, Disposition.ACCEPTED, "", carried_out=True)
    assert {one.carried_out_by_id for one in made} == {one.current_id for one in sections}
    assert len(publish(maja)) == 12


def test_the_others_repeat_the_first(section, maja):
    first, *others = [builders.thread(section) for _ in range(3)]
    draft_many([first, *others], maja, Disposition.DUPLICATE, "See there.", duplicate_of=first)
    assert {one.thread_id for one in drafts()} == {one.id for one in others}
    publish(maja)
    assert {one.duplicate_of_id for one in others} == {first.id}


@pytest.mark.parametrize("rhythm", [Rhythm.IMMEDIATE, Rhythm.DAILY])
def test_who_made_several_of_the_remarks_gets_one_letter_with_all_answers(section, maja, rhythm):
    ana = builders.person(Role.STAKEHOLDER, name="Ana", rhythm=rhythm)
    ben = builders.person(Role.STAKEHOLDER, name="Ben", rhythm=rhythm)
    remarks = [builders.thread(section, author=who) for who in (ana, ana, ben)]
    draft_many(remarks, maja, text="One answer for all of you.")
    publish(maja)
    later = clock.now() + timedelta(days=2)
    with transaction():
        while event := notices.next_event(later):
            notices.fan_out(event)
    with transaction():
        digests.compose(later)
    made = db.session.scalars(select(Digest).order_by(Digest.person_id)).all()
    assert [digest.person_id for digest in made] == [ana.id, ben.id]
    letter = written(made[0])
    assert str(letter.text).count("One answer for all of you.") == 2
    assert len(db.session.scalars(select(Notification).filter_by(person_id=ana.id)).all()) == 2


def test_a_colleague_hears_at_once_what_lies_before_him(section, remark, maja):
    ivo = builders.person(Role.EDITOR, section=section, rhythm=Rhythm.WEEKLY)
    for _click in range(2):
        with transaction():
            desk.assign([remark], by=maja, to=ivo)
    assert remark.assignee_id == ivo.id
    assert kinds() == [EventKind.REMARK_ASSIGNED]
    with transaction():
        notices.fan_out(notices.next_event(clock.now()))
    [told] = db.session.scalars(select(Notification))
    assert (told.person_id, told.reason) == (ivo.id, Reason.ASSIGNED)
    assert told.due_at - clock.now() < timedelta(hours=1)
    with transaction():
        digests.compose(clock.now() + timedelta(hours=1))
    letter = written(db.session.scalars(select(Digest)).one())
    assert "into the hands of" in str(letter.text)
    with transaction():
        desk.assign([remark], by=maja, to=None)
    assert remark.assignee_id is None
    assert written(db.session.scalars(select(Digest)).one()) is None


def test_remarks_are_handed_only_to_those_who_may_answer_them(remark, maja):
    for role in (Role.STAKEHOLDER, Role.APPROVER):
        with pytest.raises(Invalid), transaction():
            desk.assign([remark], by=maja, to=builders.person(role))
    with pytest.raises(Denied), transaction():
        desk.assign([remark], by=builders.person(Role.STAKEHOLDER), to=maja)


def test_selecting_nothing_is_told(maja):
    for verb in (desk.draft_many, desk.assign):
        more = {"to": maja} if verb is desk.assign else {"disposition": Disposition.NOTED}
        with pytest.raises(Invalid), transaction():
            verb([], by=maja, **more)


def test_like_remarks_are_proposed_and_people_confirm_them(section, maja):
    alike = [builders.thread(section, text=text) for text in SHADE]
    builders.thread(section, text="Who pays for the heat pumps of tenants in old houses?")
    [proposal] = groups.similar(builders.the_contract(), by=maja)
    assert set(proposal.thread_ids) == {thread.id for thread in alike}
    with transaction():
        group = groups.put_together(builders.the_contract(), alike, by=maja, title="Shade")
    assert {thread.id for thread in group.threads} == {thread.id for thread in alike}
    assert groups.similar(builders.the_contract(), by=maja) == []
    with transaction():
        groups.take_apart(group, by=maja)
    assert db.session.scalars(select(ThreadGroup)).all() == []
    assert len(groups.similar(builders.the_contract(), by=maja)) == 1


def test_answered_withdrawn_and_foreign_remarks_are_not_proposed(section, maja):
    builders.thread(section, text=SHADE[0], answer=Disposition.NOTED)
    builders.thread(section, text=SHADE[1], withdrawn=True)
    builders.thread(section, text=SHADE[1])
    builders.thread(builders.section(stage=Stage.REVISION, sectors=("waste",)), text=SHADE[2])
    editor = builders.person(Role.EDITOR, sector="energy")
    assert groups.similar(builders.the_contract(), by=editor) == []
    assert len(groups.similar(builders.the_contract(), by=maja)) == 1


def test_a_group_has_a_name_and_two_remarks_and_is_made_by_those_who_answer(section, maja):
    pair = [builders.thread(section) for _ in range(2)]
    for remarks, title in ((pair[:1], "Shade"), (pair, " "), (pair, "x" * 201)):
        with pytest.raises(Invalid), transaction():
            groups.put_together(builders.the_contract(), remarks, by=maja, title=title)
    ana = builders.person(Role.STAKEHOLDER)
    with pytest.raises(Denied), transaction():
        groups.put_together(builders.the_contract(), pair, by=ana, title="Shade")


def test_a_remark_moves_from_one_group_to_another_and_empty_groups_go(section, maja):
    pair = [builders.thread(section) for _ in range(2)]
    for title in ("Shade", "Trees"):
        with transaction():
            groups.put_together(builders.the_contract(), pair, by=maja, title=title)
    assert [group.title for group in db.session.scalars(select(ThreadGroup))] == ["Trees"]


def test_a_colleagues_draft_is_replaced_only_by_those_who_have_seen_it(remark, maja):
    tina = builders.person(Role.COORDINATOR, name="Tina")
    draft(remark, maja, text="What Maja thinks.")
    for seen in (None, "2020-01-01T00:00:00+00:00"):
        with pytest.raises(Invalid, match="colleague"):
            draft(remark, tina, text="What Tina thinks.", seen=seen)
    [kept] = drafts()
    assert (kept.answer, kept.by_id) == ("What Maja thinks.", maja.id)
    draft(remark, maja, text="What Maja thinks now.")
    draft(remark, tina, text="What both think.", seen=kept.version)
    [kept] = drafts()
    assert (kept.answer, kept.by_id) == ("What both think.", tina.id)


def test_one_answer_for_many_replaces_no_draft_that_was_not_seen(section, maja):
    tina = builders.person(Role.COORDINATOR, name="Tina")
    free, taken = (builders.thread(section) for _ in range(2))
    kept = draft(taken, maja, text="What Maja thinks.")
    with pytest.raises(Invalid, match="colleague"):
        draft_many([free, taken], tina)
    assert [one.answer for one in drafts()] == ["What Maja thinks."]
    draft_many([free, taken], tina, text="The same.", seen={taken.id: kept.version})
    assert [one.answer for one in drafts()] == ["The same."] * 2
