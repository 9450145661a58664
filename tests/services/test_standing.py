"""Whatever happens between telling and sending: what is not for these eyes any more is in no letter."""

import pytest

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Event, Membership, Person, Thread
from workflow.rules.audience import AUDIENCE, MODERATED, OF_ONES_WORDS, UNSTOPPABLE
from workflow.rules.vocabulary import Disposition, EventKind, Moderation, Rhythm, Role, Visibility
from workflow.services import listeners, standing

pytestmark = pytest.mark.usefixtures("ctx")

TOLD = sorted(set(AUDIENCE) - UNSTOPPABLE)
OF_A_REMARK = sorted(
    {
        EventKind.REMARK_MADE,
        EventKind.REPLY_MADE,
        EventKind.REMARK_ANSWERED,
        EventKind.POSITION_SUBMITTED,
    }
    - MODERATED
    - OF_ONES_WORDS
)


def told(person: Person) -> list[EventKind]:
    db.session.expire_all()
    return [one.event.kind for one in standing.notifications(db.session.get(Person, person.id))]


def leave(person: Person) -> None:
    db.session.query(Membership).filter_by(person_id=person.id).delete()


def lock_out(person: Person) -> None:
    db.session.get(Person, person.id).active = False


def stop(person: Person) -> None:
    db.session.get(Person, person.id).rhythm = Rhythm.OFF


@pytest.mark.parametrize("happens", [leave, lock_out, stop])
@pytest.mark.parametrize("kind", TOLD)
def test_no_kind_of_news_outlives_the_right_or_the_wish_to_hear_it(kind, happens):
    section = builders.section("B-2.1")
    reader = builders.person(Role.COORDINATOR)
    event = builders.event(kind, section_id=section.id)
    assert listeners.may_know(reader, db.session.get(Event, event.id))
    builders.notice(reader, event)
    with transaction():
        happens(reader)
    assert told(reader) == []


def withdrawn(thread: Thread) -> None:
    thread.withdrawn_at = clock.now()


def hidden(thread: Thread) -> None:
    thread.moderation = thread.comments[0].moderation = Moderation.HIDDEN


def for_the_city(thread: Thread) -> None:
    thread.visibility = Visibility.CITY


@pytest.mark.parametrize("happens", [withdrawn, hidden, for_the_city])
@pytest.mark.parametrize("kind", OF_A_REMARK)
def test_no_news_of_a_remark_outlives_its_words(kind, happens):
    section = builders.section("B-2.1")
    reader = builders.person(Role.STAKEHOLDER)
    author = builders.person(Role.STAKEHOLDER)
    thread = builders.thread(section, author=author, answer=Disposition.ACCEPTED)
    what = {"thread_id": thread.id, "comment_id": thread.comments[0].id}
    builders.notice(reader, builders.event(kind, section_id=section.id, **what))
    assert told(reader) == [kind]
    with transaction():
        happens(db.session.get(Thread, thread.id))
    assert told(reader) == []
