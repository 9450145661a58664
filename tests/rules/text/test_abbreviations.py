"""Abbreviations are listed with the words that they stand for, and nothing else is taken for one."""

import pytest

from workflow.rules.text import nodes
from workflow.rules.text.abbreviations import Explained, collected, used


def of(markdown: str, language: str = "en", known: dict | None = None) -> list[Explained]:
    return collected([(language, used(nodes.of(markdown)))], known or {})


def pairs(markdown: str, **given) -> list[tuple[str, str]]:
    return [(one.short, one.long) for one in of(markdown, **given)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The Climate City Contract (CCC) binds.", "CCC", "Climate City Contract"),
        ("The CCC (Climate City Contract) binds.", "CCC", "Climate City Contract"),
        ("A **sustainable energy** and climate action plan (SECAP).", "SECAP", None),
        (
            "Many non-governmental organisations (NGOs) wrote.",
            "NGO",
            "non-governmental organisations",
        ),
        ("The Covenant of Mayors (CoM) asks.", "CoM", "Covenant of Mayors"),
        ("greenhouse gases (GHG), above all", "GHG", "greenhouse gases"),
        ("GHG (greenhouse gases, above all CO2)", "GHG", "greenhouse gases"),
        ("MOL (the Municipality of Ljubljana)", "MOL", "Municipality of Ljubljana"),
        ("Emisije toplogrednih plinov (TGP) padajo.", "TGP", "toplogrednih plinov"),
        ("Ljubljanski potniški promet (LPP) vozi.", "LPP", "Ljubljanski potniški promet"),
        ("Die Treibhausgase (THG) sinken.", "THG", "Treibhausgase"),
        ("It grew. Measuring, reporting and verification (MRV) follow.", "MRV", None),
    ],
)
def test_both_ways_of_explaining_are_understood(text, short, long):
    [(found, words)] = pairs(text)
    assert found == short
    assert long is None or words == long


@pytest.mark.parametrize(
    "text",
    [
        "The plant gives megawatt hours (MWh) and kilowatts (kW).",
        "It costs millions of euros (EUR) and carbon dioxide (CO2) falls.",
        "Annex three (III) and phase two (II) follow.",
        "See the module (A-1), the section (AP-B-2) and the table (B2).",
        "THE EMISSIONS GAP (TEG)",
        "# The emissions gap (TEG)",
        "`The emissions gap (TEG)`",
        "Still to be defined (TBD) and to be confirmed (TBC).",
        "He spoke (OK) and went (NO).",
        "The city (see the CCC) and the utility (JPE) agree.",
        "GPC (IPCC-based) and EUR (capital).",
        "LJUBLJANA (the capital) and its people.",
        "The year (2030) and the scope (2).",
        "Words end here. Later Agencies (EEA) speak.",
    ],
)
def test_units_numerals_codes_and_headings_are_no_abbreviations(text):
    assert pairs(text) == []


def test_tables_lists_and_notes_explain_as_well():
    text = """Words[^1].

- Energy performance certificate (EPC)

| Measure | By |
|---|---|
| Air quality plan (AQP) | Just transition mechanism (JTM) |

[^1]: The emissions trading system (ETS).
"""
    assert [short for short, _ in pairs(text)] == ["AQP", "EPC", "ETS", "JTM"]


def test_the_first_explanation_counts():
    assert pairs("Action plan (AP) here. Another programme (AP) there.") == [("AP", "Action plan")]


def test_what_is_known_is_listed_where_it_is_used_and_not_explained():
    known = {
        "GHG": ("greenhouse gas", "en"),
        "EU": ("European Union", "en"),
        "NGO": ("non-governmental organisation", "en"),
        "CCC": ("Climate City Contract", "en"),
    }
    found = of("Podnebna pogodba (CCC)? GHG and NGOs count, CO2e too.", language="sl", known=known)
    assert [(one.short, one.long) for one in found] == [
        ("CCC", "Climate City Contract"),
        ("GHG", "greenhouse gas"),
        ("NGO", "non-governmental organisation"),
    ]
    assert of("A Global Horizon Group (GHG) met.", known=known)[0].long == "Global Horizon Group"


def test_several_texts_make_one_list_each_entry_in_its_language():
    texts = [
        ("sl", used(nodes.of("Toplogredni plini (TGP) in drugo."))),
        ("en", used(nodes.of("The building renovation strategy (BRS), once more (TGP)."))),
    ]
    assert collected(texts, {}) == [
        Explained("BRS", "building renovation strategy", "en"),
        Explained("TGP", "Toplogredni plini", "sl"),
    ]
