import hashlib

import pytest
from sqlalchemy import select, text

from tests import builders
from workflow.db import db, transaction
from workflow.models import Event, Placement, Rendering, Revision
from workflow.rules.refusals import Denied, Invalid, NotNow, Outdated
from workflow.rules.vocabulary import AnchorStatus, EventKind, Role, Stage
from workflow.services import revisions

pytestmark = pytest.mark.usefixtures("ctx")

HEAT = "No home is heated with coal in 2030."
PARKS = "Every park gets a hundred new trees."


@pytest.fixture
def section():
    return builders.section(markdown=f"{HEAT}\n\n{PARKS}\n")


@pytest.fixture
def editor():
    return builders.person(Role.EDITOR)


def save(section, editor, markdown, base=None, summary=""):
    with transaction():
        return revisions.save(
            section, by=editor, markdown=markdown, base=base or section.current, summary=summary
        )


def placement(thread, revision):
    return db.session.scalars(
        select(Placement).filter_by(thread_id=thread.id, revision_id=revision.id)
    ).one()


def test_a_saved_text_becomes_the_next_revision_with_its_author_and_hash(section, editor):
    saved = save(section, editor, "A new text.", summary="Shorter")
    assert (saved.number, saved.author.id, saved.summary) == (2, editor.id, "Shorter")
    assert saved.sha256 == hashlib.sha256(saved.markdown.encode()).hexdigest()
    assert saved.plain == "A new text."
    assert section.current_id == saved.id
    assert db.session.get(Rendering, saved.id).html == revisions.rendering_of(saved).html


def test_saving_records_one_event(section, editor):
    saved = save(section, editor, "A new text.")
    [event] = db.session.scalars(select(Event).filter_by(kind=EventKind.REVISION_SAVED))
    assert (event.revision_id, event.actor_id, event.relayed_at) == (saved.id, editor.id, None)


def test_saving_the_same_text_again_makes_no_second_revision(section, editor):
    base = section.current
    first = save(section, editor, "Twice clicked.", base=base)
    second = save(section, editor, "Twice  clicked. \r\n".replace("  ", " "), base=base)
    assert first.id == second.id
    assert db.session.query(Revision).filter_by(section_id=section.id).count() == 2


def test_a_stale_base_is_refused_and_nothing_is_overwritten(section, editor):
    base = section.current
    theirs = save(section, editor, "Theirs.", base=base)
    with pytest.raises(Outdated):
        save(section, builders.person(Role.EDITOR), "Mine.", base=base)
    db.session.expire_all()
    assert section.current_id == theirs.id


def test_only_pens_may_save_and_only_while_the_text_is_not_frozen(section, editor):
    with pytest.raises(Denied):
        save(section, builders.person(Role.STAKEHOLDER), "Mine.")
    with pytest.raises(Denied):
        save(section, builders.person(Role.EDITOR, sector="waste"), "Mine.")
    shown = builders.section(stage=Stage.CONSULTATION)
    with pytest.raises(NotNow):
        save(shown, editor, "Changed under the readers' eyes.")


def test_an_endless_text_is_refused_with_a_sentence(section, editor):
    with pytest.raises(Invalid, match="too long"):
        save(section, editor, "a " * 250_000)


@pytest.mark.parametrize(
    ("markdown", "status", "words"),
    [
        (f"{HEAT}\n\n{PARKS}\n\nOne more.", AnchorStatus.EXACT, "a hundred new trees"),
        (f"{PARKS}\n\n{HEAT}", AnchorStatus.MOVED, "a hundred new trees"),
        (
            f"{HEAT}\n\nEvery park gets a hundred young trees.",
            AnchorStatus.EDITED,
            "a hundred young trees",
        ),
        (f"{HEAT}\n\nSchools are renovated first.", AnchorStatus.ORPHANED, None),
    ],
    ids=["elsewhere", "moved", "edited", "deleted"],
)
def test_a_remark_is_carried_along_in_the_saving_transaction(
    section, editor, markdown, status, words
):
    thread = builders.thread(section, quote="a hundred new trees")
    saved = save(section, editor, markdown)
    placed = placement(thread, saved)
    assert placed.status is status
    assert (saved.plain[placed.start : placed.end] if words else placed.start) == words


def test_an_orphan_stays_one_in_later_revisions_and_is_never_dropped(section, editor):
    thread = builders.thread(section, quote="a hundred new trees")
    save(section, editor, HEAT)
    later = save(section, editor, f"{HEAT} Promised.")
    assert placement(thread, later).status is AnchorStatus.ORPHANED


def test_each_remark_has_one_placement_in_each_later_revision(section, editor):
    threads = [builders.thread(section, quote=words) for words in ("No home", "coal", "Every park")]
    builders.thread(section)
    saved = save(section, editor, f"{HEAT}\n\n{PARKS}\n\nMore.")
    placed = db.session.scalars(select(Placement).filter_by(revision_id=saved.id)).all()
    assert sorted(p.thread_id for p in placed) == sorted(t.id for t in threads)


@pytest.mark.parametrize("act", ["UPDATE revision SET markdown = 'forged'", "DELETE FROM revision"])
def test_the_database_itself_refuses_to_rewrite_a_revision(section, act):
    assert section.current
    with pytest.raises(Exception, match="evidence"), transaction():
        db.session.execute(text(act))
