"""A pack that somebody got wrong is refused with every fault named: file, key and what is expected."""

import shutil

import pytest

from workflow import packs
from workflow.packs.shelf import SHELF

AP, CO, LISTS, PACK = "action-plan.yaml", "commitments.yaml", "lists.yaml", "pack.yaml"

FAULTS = {
    "a title without Slovene": (
        CO,
        "title: {en: Introduction, sl: Uvod}\n        purpose",
        "title: {en: Introduction}\n        purpose",
        "commitments.yaml: co.text > co.introduction: `title` has no text in `sl`",
    ),
    "a kind nobody knows": (
        AP,
        "kind: text\n            required: true\n            title: {en: Summary",
        "kind: poem\n            required: true\n            title: {en: Summary",
        "ap.summary > ap.summary.text: `kind` is text, table, form, not 'poem'",
    ),
    "a key given twice": (
        AP,
        "key: ap.policies.gap",
        "key: ap.policies.text",
        "ap.policies.text: the element is there 2 times",
    ),
    "a section that answers nothing known": (
        AP,
        "answers: [ap.outlook.text]",
        "answers: [ap.outlook.poem]",
        "ap-outlook: the section answers the unknown element ap.outlook.poem of module ap.outlook",
    ),
    "a required element without a section": (
        AP,
        "answers: [ap.policies.text, ap.policies.gap]",
        "answers: [ap.policies.text]",
        "ap.policies.gap: no section of module ap.policies answers the required element",
    ),
    "a misspelt name": (
        CO,
        'checklist: ["8", "11", "12"]\n        elements',
        'cheklist: ["8"]\n        elements',
        "co.goal: `cheklist` is not known here",
    ),
    "a word that YAML takes for false": (
        LISTS,
        '- key: "NO"',
        "- key: NO",
        "lists.yaml: notation_keys 1: `key` has to be text; put False in quotes",
    ),
    "a version that YAML takes for a number": (
        PACK,
        'version: "2024.1"',
        "version: 2024.1",
        "pack.yaml: `version` has to be text; put 2024.1 in quotes",
    ),
    "a list that is not there": (
        CO,
        "choices: levels",
        "choices: storeys",
        "co.signatories.list: level chooses from the unknown list storeys",
    ),
    "a sector of no known field": (
        LISTS,
        "field_of_action: energy_systems",
        "field_of_action: alchemy",
        "energy: the sector names the unknown field of action alchemy",
    ),
    "a checklist number that nobody asks": (
        AP,
        'checklist: ["26"]\n            title: {en: Description of social',
        'checklist: ["27"]\n            title: {en: Description of social',
        "ap.social.text: checklist number 27 is unknown",
    ),
    "a table without columns": (
        AP,
        "columns: *interventions",
        "columns: []",
        "table: the table has no columns",
    ),
    "a file that is no YAML": (
        CO,
        "key: commitments",
        "key: [commitments",
        "commitments.yaml: not YAML",
    ),
    "a file that is not there": (
        PACK,
        "- commitments.yaml",
        "- promises.yaml",
        "promises.yaml: the file cannot be read",
    ),
}


@pytest.fixture
def shelf(tmp_path):
    shutil.copytree(SHELF / "netzerocities", tmp_path / "netzerocities")
    return tmp_path


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_place(shelf, name):
    file, right, wrong, complaint = FAULTS[name]
    path = shelf / "netzerocities" / "2024.1" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(packs.PackError) as refusal:
        packs.load("netzerocities", shelf=shelf)
    assert complaint in str(refusal.value)


def test_all_faults_are_named_at_once(shelf):
    path = shelf / "netzerocities" / "2024.1" / CO
    path.write_text(
        path.read_text(encoding="utf-8").replace("sl: Uvod", "de: Einleitung"), encoding="utf-8"
    )
    with pytest.raises(packs.PackError) as refusal:
        packs.load("netzerocities", shelf=shelf)
    assert len(refusal.value.faults) == 6


def test_versions_are_ordered_by_number_and_not_by_letter(shelf):
    for version in ("2024.10", "2024.9"):
        folder = shelf / "netzerocities" / version
        shutil.copytree(SHELF / "netzerocities" / "2024.1", folder)
        pack = folder / PACK
        pack.write_text(
            pack.read_text(encoding="utf-8").replace("2024.1", version, 1), encoding="utf-8"
        )
    assert [ref.version for ref in packs.available(shelf)] == ["2024.1", "2024.9", "2024.10"]
    assert packs.load("netzerocities", shelf=shelf).version == "2024.10"
