"""What a city's documents bear: said by who steers the contract, checked, and printed from then on."""

import io

import docx
import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.pictures import drawn
from tests.typesetting.sample import faults, open_pdf, structure, words_of
from workflow import storage, word
from workflow.db import db, transaction
from workflow.models import Event, Imprint
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Audience, EventKind, Role
from workflow.services import imprints, manifests, manuscripts
from workflow.typesetting import pictures, typeset

pytestmark = pytest.mark.usefixtures("ctx")

ALT = "Coat of arms of Ljubljana"


@pytest.fixture
def contract():
    made = builders.contract()
    builders.section("A-1", markdown="Heat.")
    return made


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR)


def change(contract, by, **what) -> Imprint:
    with transaction():
        return imprints.change(contract, by=by, **what)


def document(contract, language="en") -> dict:
    given = compilation(contract, Edition(Audience.PUBLIC, language))
    return manuscripts.write(given, manifests.digest(manifests.manifest(given)))


def files(given: dict) -> dict:
    return {sha256: storage.find(sha256) for sha256, _name in pictures.files(given)}


def test_who_changed_what_stands_in_the_record(contract, maja):
    def changed(**what) -> list[EventKind]:
        newest = db.session.scalar(select(func.max(Event.id))) or 0
        change(contract, maja, **what)
        events = db.session.scalars(select(Event).where(Event.id > newest).order_by(Event.id)).all()
        assert {(one.actor_id, one.contract_id) for one in events} <= {(maja.id, contract.id)}
        assert all(one.relayed_at for one in events)
        return [one.kind for one in events]

    logo, colour, grant = EventKind.LOGO_CHANGED, EventKind.COLOUR_CHANGED, EventKind.GRANT_CHANGED
    assert changed() == []
    assert changed(grant="101036519", colour="#0b5d5b") == [colour, grant]
    assert changed(grant="101 036 519", colour="0B5D5B") == []
    assert changed(grant="101036519", colour="0B5D5B", alt=ALT, logo=drawn()) == [logo]
    assert changed(grant="101036519", colour="0B5D5B", alt=ALT, logo=drawn()) == []
    assert changed(grant="101036519", colour="0B5D5B", alt="Another word") == [logo]
    assert changed(without_logo=True) == [logo, colour, grant]


def test_all_of_it_is_kept_and_changed_in_one_row(contract, maja):
    change(contract, maja, grant="101 036 519", colour="0B5D5B", alt=f" {ALT} ", logo=drawn())
    made = change(contract, maja, grant="", colour="#222222", alt=ALT)
    assert db.session.scalar(select(func.count()).select_from(Imprint)) == 1
    assert (made.grant, made.colour, made.logo_alt) == ("", "#222222", ALT)
    assert storage.find(made.logo.sha256)
    gone = change(contract, maja, without_logo=True, alt=ALT)
    assert (gone.logo, gone.logo_alt, gone.colour) == (None, "", None)


@pytest.mark.parametrize(
    ("what", "field", "words"),
    [
        ({"colour": "#ffcc00"}, "colour", "hard to read"),
        ({"colour": "#777777"}, "colour", "hard to read"),
        ({"colour": "teal"}, "colour", "six digits"),
        ({"grant": "12"}, "grant", "six to nine digits"),
        ({"grant": "H2020-101036519"}, "grant", "six to nine digits"),
        ({"logo": drawn()}, "alt", "what it shows|what the picture shows"),
        ({"logo": drawn(), "alt": "a" * 301}, "alt", "300"),
        ({"logo": b"<svg/>", "alt": ALT}, "picture", "PNG"),
    ],
    ids=str,
)
def test_what_cannot_be_printed_is_refused_and_nothing_changes(contract, maja, what, field, words):
    change(contract, maja, grant="101036519")
    with pytest.raises(Invalid) as refused:
        change(contract, maja, **what)
    assert refused.value.name == field
    assert any(one in refused.value.message for one in words.split("|"))
    assert db.session.scalars(select(Imprint)).one().grant == "101036519"


def test_a_logo_that_is_there_needs_its_words_too(contract, maja):
    change(contract, maja, alt=ALT, logo=drawn())
    with pytest.raises(Invalid):
        change(contract, maja, alt="")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR, Role.ADMIN}))
def test_nobody_else_changes_it(contract, role):
    with pytest.raises(Denied):
        change(contract, builders.person(role), grant="101036519")


def test_documents_bear_it_and_are_built_anew(contract, maja):
    before = manifests.manifest(compilation(contract, Edition(Audience.PUBLIC, "en")))
    change(contract, maja, grant="101036519", colour="#7a1f1f", alt=ALT, logo=drawn((300, 100)))
    after = manifests.manifest(compilation(contract, Edition(Audience.PUBLIC, "en")))
    assert before != after
    given = document(contract)
    made = typeset(given, files=files(given))
    assert faults(made.bytes) == []
    assert made.standards == ("ua-1", "a-2a")
    assert "under grant agreement No 101036519" in words_of(made.bytes)
    with open_pdf(made.bytes) as pdf:
        alts = [str(one.Alt) for one in structure(pdf) if one.get("/S") == "/Figure"]
        colours = pdf.pages[0].Contents.read_bytes()
    assert alts == [ALT]
    assert b"0.478" in colours  # the red of #7a1f1f
    file = docx.Document(io.BytesIO(word.write(given, files=files(given)).bytes))
    assert file.inline_shapes[0]._inline.docPr.get("descr") == ALT


def test_without_it_documents_are_as_ever(contract):
    given = document(contract)
    assert "logo" not in given
    assert "colour" not in given
    assert not any("grant agreement" in sentence for sentence in given["disclaimer"])


def test_another_contract_has_its_own(contract, maja):
    change(contract, maja, grant="101036519")
    other = builders.contract("kranj", city="Kranj")
    assert not any("101036519" in sentence for sentence in document(other)["disclaimer"])
