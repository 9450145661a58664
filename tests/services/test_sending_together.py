"""What a batch of letters asks of the database: hardly more for twelve letters than for two, whatever they tell."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Digest, Event, GuestLink, Inbound, Person, Reminder, Section
from workflow.rules.reminding import Rung
from workflow.rules.vocabulary import (
    Disposition,
    EventKind,
    MailOutcome,
    MailProblem,
    Mandate,
    Moderation,
    ReminderKind,
    Rhythm,
    Role,
    RoundAudience,
    Stage,
)
from workflow.services import sending, standing

pytestmark = pytest.mark.usefixtures("ctx")

DUE = date(2026, 12, 1)

Happened = Callable[[Person], Event]


@pytest.fixture(autouse=True)
def city(ctx):
    return builders.contract(slug="ljubljana")


def remark(person: Person) -> Event:
    thread = builders.thread(builders.section(), author=builders.person())
    return told(EventKind.REMARK_MADE, thread)


def answer(person: Person) -> Event:
    thread = builders.thread(builders.section(), author=person, answer=Disposition.NOTED)
    return told(EventKind.REMARK_ANSWERED, thread)


def told(kind: EventKind, thread, **what) -> Event:
    here = {"section": thread.section, "thread": thread, "comment": thread.comments[0]}
    return builders.event(kind, **here, **what)


def saved(person: Person) -> Event:
    section = builders.section(markdown="One.")
    revision = builders.revision(section, "Two.")
    return builders.event(EventKind.REVISION_SAVED, section=section, revision=revision)


def assigned(person: Person) -> Event:
    section = builders.section(owner=person)
    return builders.event(EventKind.SECTION_ASSIGNED, section=section, person=person)


def opened(person: Person) -> Event:
    held = builders.round_of(builders.section(stage=Stage.CONSULTATION))
    return builders.event(EventKind.ROUND_OPENED, round=held)


def question(person: Person) -> Event:
    asked = builders.question(builders.section(), assignee=person)
    return builders.event(EventKind.QUESTION_ASSIGNED, question=asked, section=asked.section)


def frozen(person: Person) -> Event:
    manifest = builders.manifest(frozen=False)
    return builders.event(EventKind.CONTRACT_FROZEN, manifest=manifest)


def signatory(person: Person) -> Event:
    house = builders.organisation()
    builders.member(person, Role.STAKEHOLDER, organisation=house, mandate=Mandate.DELEGATE)
    return builders.event(EventKind.SIGNATORY_INVITED, signatory=builders.signatory(house))


def held(person: Person) -> Event:
    thread = builders.thread(builders.section(), moderation=Moderation.HELD)
    return told(EventKind.REMARK_HELD, thread, person=thread.author)


def invited(person: Person) -> Event:
    builders.member(person, Role.STAKEHOLDER, organisation=builders.organisation())
    return builders.event(EventKind.PERSON_INVITED, person=person)


def forgotten(person: Person) -> Event:
    return builders.event(EventKind.PASSWORD_FORGOTTEN, person=person)


def to_confirm(person: Person) -> Event:
    thread = builders.thread(builders.section(), author=person, moderation=Moderation.UNCONFIRMED)
    return told(EventKind.GUEST_REMARKED, thread, person=person)


def by_link(person: Person) -> Event:
    house = builders.organisation()
    [membership] = person.memberships
    membership.organisation, person.password_hash = house, None
    link = builders.keep(
        GuestLink(
            contract_id=membership.contract_id,
            organisation_id=house.id,
            person_id=person.id,
            membership_id=membership.id,
            made_by_id=builders.someone(Role.COORDINATOR).id,
            expires_at=clock.now() + timedelta(days=9),
        )
    )
    actor = builders.someone(Role.COORDINATOR)
    return builders.event(EventKind.GUEST_LINK_SENT, person=person, guest_link=link, actor=actor)


def returned(person: Person) -> Event:
    thread = builders.thread(builders.section())
    event = told(EventKind.MAIL_RETURNED, thread, person=person)
    builders.keep(
        Inbound(
            message_id=f"<{person.id}@mail.example>",
            recipient="reply@reply.example.org",
            sender=person.email,
            sha256="a" * 64,
            size=9,
            raw=b"From: x\n\nWords",
            received_at=event.at,
            next_try_at=event.at,
            handled_at=event.at,
            outcome=MailOutcome.RETURNED,
            problem=MailProblem.NOT_NOW,
            person_id=person.id,
            event_id=event.id,
        )
    )
    return event


def reminder(kind: ReminderKind, subject, due_on: date = DUE, **about) -> Event:
    row = builders.keep(
        Reminder(
            contract_id=builders.the_contract().id,
            kind=kind,
            subject_id=subject.id,
            due_on=due_on,
            mark=0,
            rung=Rung.COORDINATOR,
            at=clock.now(),
        )
    )
    return builders.event(EventKind.REMINDER_DUE, reminder=row, **about)


def section_due(person: Person) -> Event:
    section = builders.section(owner=person, due_on=DUE)
    return reminder(ReminderKind.SECTION_DUE, section, section=section)


def answers_due(person: Person) -> Event:
    section: Section = builders.section(owner=person, stage=Stage.REVISION)
    builders.thread(section)
    return reminder(ReminderKind.ANSWERS_DUE, section, section=section)


def position_awaited(person: Person) -> Event:
    builders.member(person, Role.APPROVER)
    section = builders.section(stage=Stage.REVIEW)
    return reminder(ReminderKind.POSITION_AWAITED, section, section=section)


def question_due(person: Person) -> Event:
    asked = builders.question(builders.section(), assignee=person, due_on=DUE)
    return reminder(ReminderKind.QUESTION_DUE, asked, question=asked, section=asked.section)


def signature_awaited(person: Person) -> Event:
    house = builders.organisation()
    builders.member(person, Role.STAKEHOLDER, organisation=house, mandate=Mandate.DELEGATE)
    asked = builders.signatory(house, due_on=DUE)
    return reminder(ReminderKind.SIGNATURE_AWAITED, asked, signatory=asked)


def voice_awaited(person: Person) -> Event:
    house, on = builders.organisation(), builders.today() + timedelta(days=3)
    builders.member(person, Role.STAKEHOLDER, organisation=house, mandate=Mandate.DELEGATE)
    running = builders.round_of(builders.section(stage=Stage.CONSULTATION))
    about = {"round": running, "organisation": house}
    return reminder(ReminderKind.VOICE_AWAITED, house, on, **about)


def round_closing(person: Person) -> Event:
    running = builders.round_of(builders.section(stage=Stage.CONSULTATION))
    running.audience = RoundAudience.PUBLIC
    builders.member(person, Role.STAKEHOLDER)
    return reminder(
        ReminderKind.ROUND_CLOSING,
        running,
        clock.day_of(running.closes_at, running.contract.time_zone),
        round=running,
    )


REMINDERS = (
    *(section_due, answers_due, position_awaited),
    *(question_due, signature_awaited, voice_awaited, round_closing),
)

MORE: dict[Happened, int] = {
    **dict.fromkeys((remark, answer, saved, assigned, opened, question, held, question_due), 0),
    **dict.fromkeys((forgotten, to_confirm, by_link, voice_awaited, round_closing), 0),
    **dict.fromkeys((invited, returned, frozen, signatory, signature_awaited), 1),
    **dict.fromkeys((section_due, answers_due, position_awaited), 0),
}
"""What one letter more asks, for its words: who of its reader's organisations is to sign, what came back, whether there
is something to sign. Each letter of the test is about an event of its own."""


@pytest.mark.parametrize("happened", MORE, ids=[one.__name__ for one in MORE])
def test_a_batch_asks_little_more_however_many_letters_it_holds(app, happened):
    ids = [_digest(happened) for _ in range(14)]
    few, many = (_asked(app, some) for some in (ids[:2], ids[2:]))
    assert many - few == 10 * MORE[happened]
    assert few <= 30


@pytest.mark.parametrize("happened", REMINDERS, ids=[one.__name__ for one in REMINDERS])
def test_whether_reminders_are_still_true_is_asked_together(app, happened):
    ids = [_digest(happened) for _ in range(14)]
    counts = []
    for some in (ids[:2], ids[2:]):
        db.session.rollback()
        db.session.expunge_all()
        with counted(app) as statements:
            found = standing.of_digests(some)
        assert [len(told) for _digest, told in found] == [1] * len(some)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 25


def _digest(happened: Happened) -> int:
    person, at = builders.person(Role.COORDINATOR), clock.now() - timedelta(minutes=1)
    event = happened(person)
    digest = builders.keep(
        Digest(
            person_id=person.id,
            rhythm=Rhythm.IMMEDIATE,
            due_at=at,
            composed_at=at,
            next_try_at=at,
            message_id=f"<{person.id}@example.org>",
        )
    )
    builders.notice(person, event).digest_id = digest.id
    db.session.commit()
    return digest.id


def _asked(app, ids: list[int]) -> int:
    db.session.rollback()
    db.session.expunge_all()
    with counted(app) as statements:
        written = sending.write(ids)
    assert [one.error for one in written] == [None] * len(ids)
    assert all(one.letter for one in written)
    return len(statements)
