"""What the shipped pack promises to those who start a contract from it."""

import re

import pytest

from workflow import packs
from workflow.rules.checks import leftovers
from workflow.rules.text import abbreviations, nodes
from workflow.rules.vocabulary import ElementKind, SignatoryStatus

PACK = packs.load("netzerocities")


def test_the_newest_version_is_taken_unless_told():
    assert packs.PackRef("netzerocities", "2024.1") in packs.available()
    assert packs.load("netzerocities", "2024.1") == PACK


def test_a_contract_consists_of_commitments_action_plan_and_investment_plan():
    assert [(one.key, one.template_version) for one in PACK.components] == [
        ("commitments", "2024"),
        ("action_plan", "2024"),
        ("investment_plan", "V2.1"),
    ]


def test_an_empty_contract_has_a_handy_number_of_sections():
    assert 25 <= len(list(PACK.sections())) <= 40


def test_front_matter_and_outlook_have_their_sections():
    keys = {section.key for section in PACK.sections()}
    assert {"ap-summary", "ap-introduction", "ap-outlook", "ip-summary"} <= keys


def test_the_four_sectors_of_the_city_have_sections_of_their_own():
    for sector in ("energy", "buildings", "transport", "waste"):
        named = [section.key for section in PACK.sections() if section.sectors == (sector,)]
        assert len(named) >= 3, sector


def test_each_known_number_of_the_checklist_is_answered_somewhere():
    answered = {number for element in PACK.elements() for number in element.checklist}
    assert answered == {choice.key for choice in PACK.choices("checklist")}


def test_the_investment_plan_has_its_fifteen_tables():
    codes = [
        element.code
        for module in PACK.component("investment_plan").modules
        for element in module.elements
        if element.kind is ElementKind.TABLE
    ]
    assert codes == [f"Table {number}" for number in range(1, 16)]


def test_inventory_tables_have_a_row_for_each_emission_source():
    table = PACK.element("ap.baseline.emissions").table
    assert [row.key for row in table.rows] == [*(s.key for s in PACK.emission_sources), "total"]
    assert table.notation_keys == ("NO", "IE", "NE")


def test_field_of_action_and_emission_source_are_two_axes():
    fields = {choice.key for choice in PACK.choices("fields_of_action")}
    assert fields.isdisjoint(source.key for source in PACK.emission_sources)
    assert len(PACK.choices("systemic_levers")) == 6
    assert [source.gpc for source in PACK.emission_sources] == ["I", "II", "III", "IV", "V"]


def test_signatory_states_are_those_of_the_vocabulary():
    assert [choice.key for choice in PACK.choices("signatory_states")] == list(SignatoryStatus)


def test_keys_are_words_and_never_codes():
    keys = [element.key for element in PACK.elements()] + [module.key for module in PACK.modules()]
    assert all(re.fullmatch(r"[a-z]+(\.[a-z_]+)+", key) for key in keys)


def test_labels_fit_into_the_columns_that_keep_them():
    assert all(len(element.code) <= 20 and len(element.key) <= 120 for element in PACK.elements())
    assert all(len(module.code) <= 20 and len(module.key) <= 80 for module in PACK.modules())
    assert all(len(text) <= 200 for part in _parts() for text in part.title.values())


def test_guidance_is_short_and_in_both_languages():
    for element in PACK.elements():
        assert set(element.guidance) == {"en", "sl"}
        assert all(20 <= len(text) <= 320 for text in element.guidance.values()), element.key


def test_every_sentence_of_guidance_is_recognised_when_it_is_left_in_a_text():
    phrases = PACK.guidance_phrases()
    assert len(phrases) > 100
    for element in PACK.elements():
        for text in element.guidance.values():
            assert leftovers.find(f"We begin. {text} We end.", phrases=phrases), text


@pytest.mark.parametrize("pack_id", ["atlantis", ""])
def test_an_unknown_pack_is_named_with_the_known_ones(pack_id):
    with pytest.raises(packs.UnknownPack, match=r"known: netzerocities 2024\.1"):
        packs.load(pack_id)


def test_words_fall_back_to_english():
    title = PACK.component("action_plan").title
    assert (title.to("sl"), title.to("de"), title["en"]) == (
        "Akcijski načrt",
        "Action Plan",
        "Action Plan",
    )
    assert dict(title) == {"en": "Action Plan", "sl": "Akcijski načrt"}


def _parts():
    return [part for component in PACK.components for part in component.parts]


def test_its_abbreviations_would_be_recognised_in_a_text():
    for one in PACK.abbreviations:
        assert one.key in abbreviations.used(nodes.of(f"Of {one.key} and more.")).words, one.key
