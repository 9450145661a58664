import pytest
import time_machine
from sqlalchemy import select

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Visit
from workflow.queries import presence
from workflow.rules.vocabulary import Role
from workflow.services import revisions, visits

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def section():
    return builders.section(markdown="As it was.")


@pytest.fixture
def reader():
    return builders.person(Role.STAKEHOLDER)


def visit(section, person):
    with transaction():
        visits.record(person.id, section.id, section.current_id)


def known(section, person) -> int | None:
    before = presence.known_before(section.id, person.id, section.current_id)
    return db.session.scalar(select(before), presence.moments(clock.now()))


def save(section, markdown, by):
    with transaction():
        return revisions.save(section, by=by, markdown=markdown, base=section.current)


def test_a_first_visit_has_nothing_to_compare_with(section, reader):
    assert known(section, reader) is None
    visit(section, reader)
    assert known(section, reader) is None


def test_the_next_visit_knows_what_was_read_before(section, reader):
    visit(section, reader)
    builders.revision(section, "As it is.")
    assert known(section, reader) == 1


def test_what_is_new_stays_new_until_the_sitting_is_over(section, reader):
    visit(section, reader)
    builders.revision(section, "As it is.")
    visit(section, reader)
    assert known(section, reader) == 1
    with time_machine.travel(clock.now() + visits.SITTING * 1.1):
        assert known(section, reader) is None


def test_revisions_that_were_never_shown_are_all_new(section, reader):
    visit(section, reader)
    for words in ("Twice", "Thrice", "Four times"):
        builders.revision(section, f"{words} written.")
    assert known(section, reader) == 1


def test_seeing_the_same_revision_again_writes_nothing(section, reader):
    visit(section, reader)
    [first] = db.session.scalars(select(Visit.at))
    with time_machine.travel(clock.now() + visits.SITTING):
        visit(section, reader)
    assert list(db.session.scalars(select(Visit.at))) == [first]


def test_what_oneself_wrote_is_no_news(section):
    editor = builders.person(Role.EDITOR)
    visit(section, editor)
    save(section, "As I wrote it.", editor)
    assert known(section, editor) is None
    visit(section, editor)
    assert known(section, editor) is None


def test_everybody_has_a_memory_of_his_own(section, reader):
    visit(section, reader)
    builders.revision(section, "As it is.")
    assert known(section, builders.person(Role.STAKEHOLDER)) is None
