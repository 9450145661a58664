"""A page that is kept shows one moment of the database, also when others write while it is made."""

from collections.abc import Callable, Iterator
from threading import Event, Thread, get_ident

import pytest
from sqlalchemy import event

from tests import builders
from workflow.db import db, transaction
from workflow.models import Person, Section
from workflow.rules.vocabulary import RemarkKind, Role, Stage, Visibility
from workflow.services import threads

pytestmark = pytest.mark.both_databases

SECRET = "Gooseberries are only for the city."
PERSON, STATE, VISITOR = "person.epoch", "pulse.beats", "visit.revision_id"
"""What the questions of a page look for, in their order: who asks, the state of the database, who he is there."""


@pytest.fixture
def section(app, city) -> Section:
    with app.app_context(), transaction():
        return builders.section("B-1", contract=city.contract, stage=Stage.REVISION)


class Interruptions:
    """What is to be done once, as soon as a thread has had the answer to the question with certain words."""

    def __init__(self):
        self.waiting: dict[int, tuple[str, Callable[[], None]]] = {}

    def after(self, words: str, act: Callable[[], None]) -> None:
        self.waiting[get_ident()] = words, act

    def answered(self, _connection, _cursor, statement: str, *_) -> None:
        words, act = self.waiting.get(get_ident(), ("", None))
        if act and words in statement:
            del self.waiting[get_ident()]
            act()


@pytest.fixture
def interruptions(app) -> Iterator[Interruptions]:
    with app.app_context():
        engine = db.engine
    made = Interruptions()
    event.listen(engine, "after_cursor_execute", made.answered)
    yield made
    event.remove(engine, "after_cursor_execute", made.answered)
    assert not made.waiting, "a question was not asked"


def aside(act: Callable[[], None]) -> None:
    """Somebody else does it meanwhile."""
    other = Thread(target=act)
    other.start()
    other.join(30)
    assert not other.is_alive()


def test_what_somebody_says_while_his_page_is_made_is_in_no_page_of_others(
    app, city, enter, section, interruptions
):
    """Ben's browser asks before Ana speaks to the city alone, and is served after her page was kept."""
    address = f"/c/{city.slug}/sections/{section.id}/"
    with app.app_context(), transaction():
        ana, ben = (builders.person(Role.STAKEHOLDER, contract=city.contract) for _ in range(2))
    readers = [enter(one) for one in (ana, ben)]
    asked, served, pages = Event(), Event(), []

    def pause() -> None:
        asked.set()
        assert served.wait(30)

    def ben_reads() -> None:
        interruptions.after(STATE, pause)
        pages.append(readers[1].get(address).text)

    def speak() -> None:
        with app.app_context(), transaction():
            here = db.session.get(Section, section.id)
            threads.open_thread(
                here,
                by=db.session.get(Person, ana.id),
                revision=here.current,
                kind=RemarkKind.CONCERN,
                visibility=Visibility.CITY,
                text=SECRET,
            )

    other = Thread(target=ben_reads)
    other.start()
    assert asked.wait(30)
    interruptions.after(VISITOR, lambda: aside(speak))
    readers[0].get(address)
    served.set()
    other.join(30)
    assert pages and SECRET not in pages[0]
    assert SECRET in readers[0].get(address).text


def test_a_name_that_changes_while_its_bearer_opens_a_page_is_the_new_one_for_everybody(
    app, city, enter, section, interruptions
):
    address = f"/c/{city.slug}/sections/{section.id}/"
    with app.app_context(), transaction():
        owner, other = (builders.person(Role.COORDINATOR, contract=city.contract) for _ in range(2))
        db.session.get(Section, section.id).owner_id = owner.id
        db.session.get(Person, owner.id).name = "Old Name"
    readers = [enter(one) for one in (owner, other)]

    def rename() -> None:
        with app.app_context(), transaction():
            person = db.session.get(Person, owner.id)
            person.name = "New Name"

    interruptions.after(PERSON, lambda: aside(rename))
    readers[0].get(address)
    assert "Old Name" not in readers[1].get(address).text
