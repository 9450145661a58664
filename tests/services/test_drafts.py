import pytest
import time_machine

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Draft
from workflow.queries import drafts as draft_pages
from workflow.queries import presence
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Role, Stage
from workflow.services import drafts, revisions

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def section():
    return builders.section(markdown="As it stands.\n")


@pytest.fixture
def jona():
    return builders.person(Role.EDITOR, name="Jona Pen")


def keep(section, by, markdown="As I would have it.\n"):
    with transaction():
        return drafts.keep(section, by=by, base=section.current, markdown=markdown)


def test_what_is_typed_is_kept_for_its_writer_alone(section, jona):
    assert keep(section, jona)
    assert draft_pages.of(section, jona).markdown == "As I would have it.\n"
    assert draft_pages.of(section, builders.person(Role.EDITOR)) is None


def test_typing_again_replaces_the_draft(section, jona):
    keep(section, jona)
    keep(section, jona, "Better so.\n")
    assert [draft.markdown for draft in db.session.query(Draft)] == ["Better so.\n"]


def test_what_equals_the_current_text_is_no_draft(section, jona):
    assert not keep(section, jona, "As it stands.")
    assert draft_pages.of(section, jona) is None


def test_saving_the_revision_ends_the_draft(section, jona):
    keep(section, jona)
    with transaction():
        drafts.finish(section, by=jona, markdown="Saved.\n", base=section.current)
    assert db.session.query(Draft).count() == 0
    assert section.current.plain == "Saved."


def test_a_draft_survives_the_freezing_of_the_text(section, jona):
    keep(section, jona)
    section.stage = Stage.REVIEW
    db.session.commit()
    assert keep(section, jona, "Typed on.\n")


def test_a_sign_of_life_leaves_the_draft_as_it_is_and_so_does_leaving(section, jona):
    keep(section, jona)
    for verb in (drafts.seen, drafts.left):
        with transaction():
            verb(section, by=jona)
    assert draft_pages.of(section, jona).markdown == "As I would have it.\n"


def test_a_draft_knows_the_revision_that_it_was_begun_on(section, jona):
    base = section.current
    builders.revision(section, "Saved by somebody else.\n")
    with transaction():
        drafts.keep(section, by=jona, base=base, markdown="Begun before.\n")
    assert draft_pages.of(section, jona).base_id == base.id


def test_typing_oneself_back_to_where_one_began_ends_the_draft(section, jona):
    base = section.current
    builders.revision(section, "Saved by somebody else.\n")
    for typed, worth in (("Something else.", True), ("As it stands.", False)):
        with transaction():
            assert drafts.keep(section, by=jona, base=base, markdown=typed) is worth
    assert draft_pages.of(section, jona) is None


def test_taking_over_a_suggestion_or_another_section_leaves_the_draft(section, jona):
    keep(section, jona)
    other = builders.section(markdown="Elsewhere.")
    with transaction():
        drafts.finish(other, by=jona, markdown="Saved elsewhere.", base=other.current)
        revisions.save(section, by=jona, markdown="Taken over.", base=section.current)
    assert draft_pages.of(section, jona).markdown == "As I would have it.\n"


def test_a_draft_can_be_thrown_away(section, jona):
    keep(section, jona)
    with transaction():
        drafts.discard(section, by=jona)
    assert draft_pages.of(section, jona) is None


def test_stakeholders_keep_no_drafts_and_endless_ones_are_refused(section, jona):
    with pytest.raises(Denied):
        keep(section, builders.person(Role.STAKEHOLDER))
    with pytest.raises(Invalid):
        keep(section, jona, "a " * 250_000)


def test_who_writes_now_is_seen_by_others_and_no_longer_than_the_page_is_open(section, jona):
    reader = builders.person(Role.STAKEHOLDER)
    with transaction():
        drafts.seen(section, by=jona)
    assert presence.writing_now(section, reader) == "Jona Pen"
    assert presence.writing_now(section, jona) is None
    with time_machine.travel(clock.now() + drafts.PRESENT * 1.1):
        assert presence.writing_now(section, reader) is None
    with transaction():
        drafts.left(section, by=jona)
    assert presence.writing_now(section, reader) is None
