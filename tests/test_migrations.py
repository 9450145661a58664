"""Migrations carry the rows that are there: on both databases, forwards and backwards."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests import builders
from workflow.db import db, transaction
from workflow.models import Event, Hook, Signatory
from workflow.rules.vocabulary import EventKind, OrganisationKind, Role, SignatoryStatus, Tier
from workflow.services import hooks

pytestmark = pytest.mark.both_databases

WRITTEN = {
    "municipal utility": OrganisationKind.CITY_COMPANY,
    "NGO": OrganisationKind.NGO,
    "academia": OrganisationKind.SCIENCE_EDUCATION,
    "business association": OrganisationKind.BUSINESS,
    "neighbouring municipality": OrganisationKind.MUNICIPALITY,
    "national government": OrganisationKind.GOVERNMENT,
    "finance": OrganisationKind.FINANCE,
    "citizens": OrganisationKind.CITIZENS,
    "civil society": OrganisationKind.CIVIL_SOCIETY,
    "media": OrganisationKind.MEDIA,
    "partner": OrganisationKind.OTHER,
    "Cooperative, žadruga": OrganisationKind.OTHER,
}


@pytest.fixture
def before(app, ctx):
    """The database as it was before kinds of organisations were a closed list."""
    contract = builders.contract()
    downgrade(revision="0007")
    yield contract.id
    db.session.rollback()
    upgrade()


def test_what_was_written_becomes_a_kind_and_the_words_are_kept(before):
    for written in WRITTEN:
        db.session.execute(
            text(
                "INSERT INTO organisation (contract_id, name, kind, detail, invented) VALUES (:c, :n, :k, :d, false)"
            ),
            {
                "c": before,
                "n": written,
                "k": written,
                "d": "owned by us" if written == "NGO" else None,
            },
        )
    db.session.commit()
    db.session.remove()
    upgrade()
    rows = db.session.execute(text("SELECT name, kind, detail FROM organisation")).all()
    assert {row.name: row.kind for row in rows} == {
        written: kind.value for written, kind in WRITTEN.items()
    }
    words = {row.name: row.detail for row in rows}
    assert words["Cooperative, žadruga"] == "Cooperative, žadruga"
    assert words["NGO"] == "NGO; owned by us"
    assert words["media"] is None


@pytest.fixture
def promised(app, ctx):
    """The database as it was when commitments belonged to organisations."""
    organisation = builders.organisation("Heat utility")
    ids = {"o": organisation.id, "c": organisation.contract_id}
    downgrade(revision="0013")
    yield ids
    db.session.rollback()
    upgrade()


def test_commitments_of_organisations_make_signatories_who_have_not_signed(promised):
    db.session.execute(
        text(
            "INSERT INTO commitment (organisation_id, title, tonnes_per_year, by_year, status) "
            "VALUES (:o, 'No more coal.', 3100, 2030, 'signed')"
        ),
        promised,
    )
    db.session.commit()
    db.session.remove()
    upgrade()
    [signatory] = db.session.query(Signatory)
    [commitment] = signatory.commitments
    assert (signatory.organisation_id, signatory.status) == (
        promised["o"],
        SignatoryStatus.LEGAL_CHECK,
    )
    assert (commitment.text, commitment.tonnes_per_year, commitment.tier) == (
        "No more coal.",
        3100.0,
        Tier.FRAMEWORK,
    )
    assert not commitment.may_publish
    db.session.remove()
    downgrade(revision="0013")
    row = db.session.execute(text("SELECT * FROM commitment")).mappings().one()
    assert (row["organisation_id"], row["title"], row["status"]) == (
        promised["o"],
        "No more coal.",
        "legal_check",
    )


def test_web_hooks_leave_with_what_was_recorded_of_them_and_nothing_else(app, ctx):
    maja = builders.person(Role.COORDINATOR)
    told = builders.event(EventKind.SECTION_APPROVED)
    hook, _delivery = builders.hook(told=told)
    with transaction():
        hooks.give_up(db.session.get(Hook, hook.id), told.at)
    given_up = db.session.query(Event).filter_by(kind=EventKind.HOOK_GIVEN_UP).one()
    builders.notice(maja, given_up)
    builders.notice(maja, told)
    db.session.remove()
    downgrade(revision="0020")
    left = db.session.execute(text("SELECT kind FROM event")).scalars().all()
    assert left == ["section_approved"]
    assert db.session.scalar(text("SELECT count(*) FROM notification")) == 1
    db.session.remove()
    upgrade()
    assert db.session.query(Hook).count() == 0
    assert db.session.query(Event).one().hook_id is None
