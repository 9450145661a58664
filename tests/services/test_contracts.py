"""An empty contract is made from a pack: outline, sectors, sections, and which section answers what."""

from collections import Counter

import pytest

from workflow import packs
from workflow.db import db, transaction
from workflow.models import Contract, Element, Event, Section, Sector
from workflow.rules.refusals import Invalid
from workflow.rules.vocabulary import EventKind, Stage
from workflow.services import contracts

PACK = packs.load("netzerocities")


def create(**changes) -> Contract:
    wanted = {"city": "Kranj", "country": "SI", "slug": "kranj"} | changes
    with transaction():
        return contracts.create(PACK, **wanted)


def test_the_outline_is_that_of_the_pack_in_every_language(ctx):
    contract = create(language="sl", languages=["sl", "en"])
    assert [one.key for one in contract.components] == [one.key for one in PACK.components]
    modules = [module.key for one in contract.components for module in one.modules]
    assert modules == [module.key for module in PACK.modules()]
    assert contract.title("sl") == "Podnebna pogodba mesta Kranj"
    assert contract.languages == ["sl", "en"]
    assert (contract.pack, contract.pack_version) == (PACK.id, PACK.version)


def test_every_section_of_the_pack_starts_as_an_empty_draft(ctx):
    create()
    sections = db.session.query(Section).order_by(Section.position).all()
    assert [section.title("en") for section in sections] == [
        plan.title["en"] for plan in PACK.sections()
    ]
    assert {section.stage for section in sections} == {Stage.DRAFT}
    assert {section.current_id for section in sections} == {None}


def test_codes_are_short_and_different(ctx):
    create()
    codes = [code for (code,) in db.session.query(Section.code)]
    assert not [code for code, count in Counter(codes).items() if count > 1]
    assert {"CO-1", "AP-A-2", "AP-A-1-E", "AP-A-1-B", "IP-B1", "AP-SUMMARY"} <= set(codes)


def test_each_element_is_answered_by_one_section(ctx):
    create()
    homeless = db.session.query(Element).filter(Element.section_id.is_(None)).all()
    assert [element.key for element in homeless] == []
    assert db.session.query(Element).count() == len(list(PACK.elements()))


def test_both_axes_of_the_sectors_are_kept(ctx):
    create()
    energy = db.session.query(Sector).filter_by(key="energy").one()
    assert energy.field_of_action == "energy_systems"
    assert energy.emission_sources == ["I.4"]


def test_the_sections_may_be_left_to_the_caller(ctx):
    create(with_sections=False)
    assert db.session.query(Section).count() == 0
    assert db.session.query(Element).count() > 0


def test_it_is_written_down_and_nobody_is_written_to(ctx):
    create()
    [event] = db.session.query(Event)
    assert event.kind is EventKind.CONTRACT_CREATED
    assert event.relayed_at


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"city": "   "}, "city"),
        ({"city": "x" * 121}, "city"),
        ({"country": "Slovenia"}, "country"),
        ({"slug": "Kranj"}, "slug"),
        ({"slug": "kranj/../x"}, "slug"),
        ({"slug": "-"}, "slug"),
        ({"slug": "x" * 81}, "slug"),
        ({"language": "slovene"}, "language"),
        ({"target_year": 2010}, "target_year"),
    ],
)
def test_a_value_that_cannot_be_taken_names_its_field(ctx, changes, name):
    with pytest.raises(Invalid) as refusal:
        create(**changes)
    assert refusal.value.name == name
    assert db.session.query(Contract).count() == 0


def test_two_contracts_do_not_share_an_address(ctx):
    create()
    with pytest.raises(Invalid, match="already"):
        create(city="Another")
