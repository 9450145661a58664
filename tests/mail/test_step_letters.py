"""Letters about a section on its way: answers contested, rounds closed, positions, approvals, steps back, documents."""

from datetime import timedelta

import pytest

from tests import builders
from tests.mail.conftest import MONDAY
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import ApprovalStep, Person, Round, Section
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import (
    Act,
    Audience,
    Disposition,
    RemarkKind,
    Rhythm,
    Role,
    Stage,
    Stance,
)
from workflow.services import (
    contests,
    desk,
    documents,
    moderation,
    reviews,
    revisions,
    rounds,
    threads,
    undoing,
)
from workflow.typesetting import Pdf

HEAT = (
    "The district heating network serves 74 % of all homes. By 2030 no home is heated with coal.\n"
)


def somebody(role: Role, name: str, **what) -> Person:
    email = f"{name.split()[0].lower()}@example.org"
    return builders.person(role, name=name, email=email, rhythm=Rhythm.IMMEDIATE, **what)


@pytest.fixture
def maja(travel):
    builders.contract("ljubljana")
    return somebody(Role.COORDINATOR, "Maja Hribar")


@pytest.fixture
def tine(maja):
    return somebody(Role.APPROVER, "Tine Kos")


@pytest.fixture
def jona(maja):
    return somebody(Role.EDITOR, "Jona Kralj")


@pytest.fixture
def peter(maja):
    return somebody(Role.STAKEHOLDER, "Peter Zajc")


@pytest.fixture
def heat(jona):
    """`heat(stage)` is the section about heat, whose owner is Jona."""

    def make(stage: Stage) -> Section:
        section = builders.section("B-2.1", stage=stage, markdown=HEAT, author=jona, owner=jona)
        with transaction():
            db.session.get(Section, section.id).titles = {"en": "Heat for buildings"}
        return section

    return make


@pytest.fixture
def last(post, smtp_sink):
    """`last(person, hours)` is the newest letter to somebody, some hours after Monday noon."""

    def read(person: Person, hours: float = 1):
        post(MONDAY + timedelta(hours=hours))
        return smtp_sink.to(person.email)[-1]

    return read


def move(section: Section, act: Act, by: Person, **what):
    with transaction():
        return reviews.move(section, act, by=by, seen=section.current, **what)


def remark(section: Section, by: Person):
    with transaction():
        return threads.open_thread(
            section,
            by=by,
            revision=section.current,
            kind=RemarkKind.CONCERN,
            text="Our members cannot pay for new boilers.",
            start=section.current.plain.index("By 2030"),
            end=len(section.current.plain.rstrip()),
        )


def test_an_answer_that_is_contested_reads_with_the_authors_words(
    heat, maja, jona, peter, last, as_kept
):
    thread = remark(heat(Stage.CONSULTATION), peter)
    with transaction():
        threads.answer(
            thread, by=maja, disposition=Disposition.NOTED, text="We have read this, thank you."
        )
    with transaction():
        contests.contest(thread, by=peter, text="To have read it is no answer. Who pays?")
    as_kept("answer-contested", last(jona))


def test_who_is_handed_a_remark_reads_it(heat, maja, jona, peter, last, as_kept):
    thread = remark(heat(Stage.CONSULTATION), peter)
    with transaction():
        desk.assign([thread], by=maja, to=jona)
    as_kept("remark-assigned", last(jona))


def test_who_moderates_hears_of_a_flag(heat, maja, jona, peter, last, as_kept):
    thread = remark(heat(Stage.CONSULTATION), peter)
    with transaction():
        moderation.flag(thread.comments[0], by=jona, reason="It is an advertisement.")
    as_kept("remark-flagged", last(maja))


def test_those_who_spoke_hear_that_the_round_is_over(heat, maja, peter, travel, last, as_kept):
    section = heat(Stage.DRAFT)
    move(
        section,
        Act.CONSULT,
        maja,
        closes_at=MONDAY + timedelta(days=18),
        announcement="Please look at the figures.",
    )
    remark(section, peter)
    travel(MONDAY + timedelta(days=1))
    with transaction():
        rounds.close(db.session.query(Round).one(), by=maja, reason="Everybody has spoken.")
    as_kept("round-closed", last(peter, 25))


def test_positions_and_the_approval_are_told_to_who_wrote(
    heat, jona, maja, tine, travel, last, as_kept
):
    section = heat(Stage.REVIEW)
    with transaction():
        reviews.take(
            section, Stance.OBJECT, by=tine, seen=section.current, text="74 % has no source."
        )
    as_kept("position-taken", last(jona))
    travel(MONDAY + timedelta(hours=2))
    with transaction():
        reviews.take(section, Stance.APPROVE, by=tine, seen=section.current)
    as_kept("approved", last(jona, 3))


def test_a_section_that_is_opened_again_says_why(heat, maja, jona, last, as_kept):
    section = heat(Stage.APPROVED)
    move(section, Act.REOPEN, maja, reason="The network's owner has new figures.")
    as_kept("reopened", last(jona))


def test_whoever_heard_of_a_wrong_click_hears_that_it_was_taken_back(
    heat, jona, maja, tine, travel, last, as_kept
):
    section = heat(Stage.REVISION)
    submitted = move(section, Act.SUBMIT, jona)
    last(tine, 0.05)
    travel(MONDAY + timedelta(minutes=4))
    with transaction():
        undoing.undo(submitted, by=jona)
    as_kept("step-undone", last(tine))


def test_a_change_voids_an_agreement_and_says_so(heat, maja, jona, tine, travel, last, as_kept):
    section = heat(Stage.REVIEW)
    somebody(Role.APPROVER, "Nives Kastelic")
    builders.keep(
        ApprovalStep(
            contract_id=section.contract_id,
            section_id=section.id,
            order=1,
            title="Council",
            quorum=2,
            role=Role.APPROVER,
        )
    )
    with transaction():
        reviews.take(section, Stance.APPROVE, by=tine, seen=section.current)
    travel(MONDAY + timedelta(hours=1))
    move(section, Act.REQUEST_CHANGES, maja, reason="Please name the source of 74 %.")
    with transaction():
        revisions.save(
            section, by=jona, markdown=HEAT.replace("74", "76"), base=section.current, summary=""
        )
    move(section, Act.SUBMIT, jona)
    as_kept("approval-voided", last(tine, 3))


def test_who_asked_for_the_document_hears_that_it_is_ready(heat, maja, last, as_kept):
    contract = heat(Stage.DRAFT).contract
    with transaction():
        asked = documents.request(contract, Edition(Audience.PARTICIPANTS, "en"), by=maja)
    with transaction():
        build = documents.claim(asked.id, now=clock.now())
    pdf = Pdf(b"%PDF-1.7 a small file", 3, ("ua-1", "a-2a"), ())
    with transaction():
        documents.finish(build, pdf, key=storage.keep(pdf.bytes), now=clock.now())
    as_kept("document-ready", last(maja))


def test_who_asked_for_the_document_hears_that_it_failed(heat, maja, travel, last, as_kept):
    contract = heat(Stage.DRAFT).contract
    with transaction():
        asked = documents.request(contract, Edition(Audience.PARTICIPANTS, "en"), by=maja)
    for attempt in range(documents.ATTEMPTS["memory"]):
        travel(MONDAY + timedelta(hours=attempt))
        with transaction():
            build = documents.claim(asked.id, now=clock.now())
        with transaction():
            documents.fail(build, "memory", now=clock.now())
    as_kept("document-failed", last(maja, attempt + 1))
