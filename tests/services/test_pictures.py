"""A picture is brought once for a contract, by who may write, and with words for who does not see it."""

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.pictures import drawn
from workflow import storage
from workflow.db import db, transaction
from workflow.models import Picture
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Blocked, Denied, Invalid
from workflow.rules.vocabulary import Act, Audience, Role, Stage
from workflow.services import gatekeeping, manifests, manuscripts, pictures, reviews, revisions

pytestmark = pytest.mark.usefixtures("ctx")

SHOWN = "A map of the network"


@pytest.fixture
def editor():
    return builders.someone(Role.EDITOR)


@pytest.fixture
def section(editor):
    return builders.section("A-1", author=editor)


def bring(section, by, content=None, **said):
    with transaction():
        return pictures.bring(section, by=by, content=content or drawn(), **({"alt": SHOWN} | said))


def test_it_is_kept_under_its_hash_with_what_was_said_of_it(section, editor):
    made = bring(section, editor, caption=" Heat  for all ", source="City")
    assert storage.find(made.sha256)
    assert made.name == made.sha256[:32]
    assert (made.alt, made.caption, made.source) == (SHOWN, "Heat for all", "City")
    assert (made.width, made.height, made.ending, made.by_id) == (60, 40, "png", editor.id)


def test_the_same_picture_twice_is_one(section, editor):
    first = bring(section, editor)
    assert bring(section, editor, alt="Other words") == first
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 1


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER])
def test_who_may_not_write_brings_no_picture(section, role):
    with pytest.raises(Denied):
        bring(section, builders.someone(role))


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"alt": " "}, "alt"),
        ({"alt": "x" * 1001}, "alt"),
        ({"caption": "x" * 1001}, "caption"),
        ({"content": b"<svg/>"}, "picture"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(section, editor, what, field):
    with pytest.raises(Invalid) as refused:
        bring(section, editor, **what)
    assert refused.value.name == field


def test_a_picture_that_nobody_describes_keeps_a_text_from_being_approved(section, editor):
    made = bring(section, editor)
    with transaction():
        revisions.save(
            section,
            by=editor,
            markdown=f"Words.\n\n![](picture:{made.name})\n\n![ ](picture:{made.name})\n",
            base=section.current,
        )
    blockers = {one.key: one.count for one in gatekeeping.blockers(section, Act.APPROVE)}
    assert blockers["pictures"] == 2
    with transaction():
        section.stage = Stage.REVIEW
    with pytest.raises(Blocked) as refused, transaction():
        reviews.move(section, Act.APPROVE, by=builders.someone(Role.APPROVER), seen=section.current)
    assert "pictures" in {one.key for one in refused.value.blockers}


def test_documents_list_pictures_by_their_hash_as_far_as_their_readers_see_them(section, editor):
    open_one, ours = bring(section, editor), bring(section, editor, drawn(colour="red"))
    text = f"![o](picture:{open_one.name})\n\n::: city\n![c](picture:{ours.name})\n:::\n"
    builders.revision(section, text, author=editor)

    def listed(audience):
        given = compilation(section.contract, Edition(audience, "en"))
        [entry] = [
            one
            for component in manifests.manifest(given)["components"]
            for module in component["modules"]
            for one in module["sections"]
        ]
        written = manuscripts.write(given, "0" * 64)
        printed = written["components"][0]["modules"][0]["sections"][0]["pictures"]
        assert [one["sha256"] for one in printed.values()] == entry["pictures"]
        return entry["pictures"]

    assert listed(Audience.PUBLIC) == [open_one.sha256]
    assert listed(Audience.CITY) == [open_one.sha256, ours.sha256]
