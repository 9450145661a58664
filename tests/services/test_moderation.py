"""Moderators and words: every step leaves a line, no row goes, and an appeal is for other eyes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests import builders
from tests.support.complete import many
from workflow.db import db, transaction
from workflow.models import Comment, ModerationEntry, Thread
from workflow.queries import moderation as pages
from workflow.queries import waits
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Moderation, ModerationAct, Role, Stage, Visibility
from workflow.services import moderation, threads

RUDE = "Rude words."


@pytest.fixture
def thread(ctx) -> Thread:
    contract = builders.contract()
    builders.person(Role.COORDINATOR, name="Maja", contract=contract)
    section = builders.section(contract=contract, stage=Stage.CONSULTATION)
    author = builders.person(Role.STAKEHOLDER, name="Ana", contract=contract)
    made = builders.thread(section, author=author)
    builders.comment(made, author=builders.person(Role.EDITOR, contract=contract), text="Why?")
    return made


@pytest.fixture
def maja(thread):
    return builders.someone(Role.COORDINATOR)


@pytest.fixture
def reader(thread):
    return builders.person(Role.OBSERVER)


def log(comment: Comment) -> list[ModerationAct]:
    rows = select(ModerationEntry.act).where(ModerationEntry.comment_id == comment.id)
    return list(db.session.scalars(rows.order_by(ModerationEntry.id)))


def waiting(person, thread) -> int:
    return db.session.scalar(waits.counting(person, thread.section.contract_id))


def test_hidden_words_are_shown_again_after_an_appeal_to_another_moderator(thread, maja):
    first = thread.comments[0]
    other = builders.person(Role.COORDINATOR)
    with transaction():
        moderation.hide(first, by=maja, reason=RUDE)
        moderation.appeal(first, by=thread.author, reason="They are true.")
    assert waiting(other, thread) == 1
    with pytest.raises(Invalid, match="another moderator"), transaction():
        moderation.decide(first, by=maja, restore=True)
    with transaction():
        moderation.decide(first, by=other, restore=True)
    assert thread.shown
    assert first.shown
    assert log(first) == ["hide", "appeal", "release"]
    assert waiting(other, thread) == 0


def test_the_only_moderator_decides_on_the_appeal_himself(thread, maja):
    first = thread.comments[0]
    with transaction():
        moderation.hide(first, by=maja, reason=RUDE)
        moderation.appeal(first, by=thread.author, reason="They are true.")
        moderation.decide(first, by=maja, restore=False, reason="They still insult.")
    assert first.moderation is Moderation.HIDDEN
    with pytest.raises(Invalid, match="last word"), transaction():
        moderation.appeal(first, by=thread.author, reason="Again.")


def test_nobody_judges_his_own_words_where_somebody_else_moderates(ctx, thread, maja):
    first, reply = thread.comments
    author = first.author
    builders.member(author, Role.COORDINATOR)
    builders.moderated(reply, ModerationAct.FLAG, by=author)
    with transaction():
        moderation.hide(first, by=maja, reason=RUDE)
    with pytest.raises(Invalid, match="your own words"), transaction():
        moderation.release(first, by=author)
    with transaction():
        moderation.appeal(first, by=author, reason="They are true.")
    with pytest.raises(Invalid, match="your own words"), transaction():
        moderation.decide(first, by=author, restore=True)
    with ctx.test_request_context():
        page = pages.page(builders.the_contract(), author, {})
    assert [(one.mine, one.decides) for one in page.asked] == [(True, False), (False, True)]
    with transaction():
        moderation.decide(first, by=maja, restore=True)
    assert first.shown


def test_an_appeal_is_left_only_to_somebody_who_moderates_there(ctx, thread, maja):
    builders.person(Role.COORDINATOR, sector="waste")
    first = thread.comments[0]
    with transaction():
        moderation.hide(first, by=maja, reason=RUDE)
        moderation.appeal(first, by=thread.author, reason="They are true.")
    with ctx.test_request_context():
        [asked] = pages.page(builders.the_contract(), maja, {}).asked
    assert asked.decides
    with transaction():
        moderation.decide(first, by=maja, restore=True)
    assert first.shown


def test_only_the_author_appeals_and_only_moderators_moderate(thread, maja, reader):
    first = thread.comments[0]
    with pytest.raises(Denied), transaction():
        moderation.hide(first, by=reader, reason=RUDE)
    with pytest.raises(Denied), transaction():
        moderation.hold(first, by=builders.someone(Role.EDITOR))
    with transaction():
        moderation.hide(first, by=maja, reason=RUDE)
    with pytest.raises(Denied), transaction():
        moderation.appeal(first, by=reader, reason="I like it.")


def test_hiding_needs_a_reason(thread, maja):
    with pytest.raises(Invalid, match="reason"), transaction():
        moderation.hide(thread.comments[0], by=maja, reason="  ")


def test_a_reader_flags_once_and_the_flag_is_dismissed(thread, maja, reader):
    reply = thread.comments[1]
    with transaction():
        moderation.flag(reply, by=reader, reason="Advertising.")
        moderation.flag(reply, by=reader, reason="Advertising!")
    assert log(reply) == ["flag"]
    assert waiting(maja, thread) == 1
    with transaction():
        moderation.dismiss(reply, by=maja)
        moderation.dismiss(reply, by=maja)
    assert log(reply) == ["flag", "dismiss"]
    assert waiting(maja, thread) == 0


def test_nobody_flags_his_own_words_or_what_is_not_shown(thread, maja, reader):
    first = thread.comments[0]
    with pytest.raises(Invalid), transaction():
        moderation.flag(first, by=thread.author, reason="Oops.")
    with transaction():
        moderation.hold(first, by=maja)
    with pytest.raises(Invalid), transaction():
        moderation.flag(first, by=reader, reason="Rude.")


def test_a_hidden_reply_leaves_the_remark_as_it_is(thread, maja):
    with transaction():
        moderation.hide(thread.comments[1], by=maja, reason=RUDE)
    assert thread.shown
    assert thread.comments[1].moderation is Moderation.HIDDEN


def test_nothing_is_added_to_what_is_not_shown(thread, maja):
    with transaction():
        moderation.hide(thread.comments[0], by=maja, reason=RUDE)
    with pytest.raises(Invalid), transaction():
        threads.reply(thread, by=maja, text="And another thing.")
    with pytest.raises(Invalid), transaction():
        threads.support(thread, by=maja)


def test_what_members_say_among_themselves_is_no_moderators_business(thread, maja):
    organisation = builders.organisation()
    member = builders.person(Role.STAKEHOLDER, organisation=organisation)
    private = builders.thread(
        thread.section,
        author=member,
        organisation=organisation,
        visibility=Visibility.ORGANISATION,
    )
    with pytest.raises(Denied), transaction():
        moderation.hide(private.comments[0], by=maja, reason=RUDE)


def test_many_are_decided_at_once_with_one_reason(thread, maja):
    others = [builders.thread(thread.section, moderation=Moderation.HELD) for _ in range(3)]
    with transaction():
        done = moderation.each(
            [one.comments[0] for one in others], by=maja, restore=False, reason="Spam."
        )
    assert done == 3
    assert {one.comments[0].hidden_because for one in others} == {"Spam."}


ACTS = {
    "hold": lambda comment, maja: moderation.hold(comment, by=maja),
    "release": lambda comment, maja: moderation.release(comment, by=maja),
    "hide": lambda comment, maja: moderation.hide(comment, by=maja, reason=RUDE),
    "dismiss": lambda comment, maja: moderation.dismiss(comment, by=maja),
    "appeal": lambda comment, maja: moderation.appeal(comment, by=comment.author, reason="No."),
    "uphold": lambda comment, maja: moderation.decide(
        comment, by=maja, restore=False, reason="Yes."
    ),
}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@settings(max_examples=many(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(list(ACTS)), st.integers(0, 1)), max_size=12))
def test_whatever_moderators_do_no_row_is_lost_and_the_log_only_grows(thread, maja, steps):
    before = db.session.scalar(select(func.count(Comment.id)))
    lines = db.session.scalar(select(func.count(ModerationEntry.id)))
    for act, which in steps:
        try:
            with transaction():
                ACTS[act](thread.comments[which], maja)
        except Invalid:
            pass
        now = db.session.scalar(select(func.count(ModerationEntry.id)))
        assert now >= lines
        lines = now
        assert thread.moderation is thread.comments[0].moderation
    assert db.session.scalar(select(func.count(Comment.id))) == before
    words = set(db.session.scalars(select(Comment.text)))
    assert {"How was this figure found?", "Why?"} <= words
