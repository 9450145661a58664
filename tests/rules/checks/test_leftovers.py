import json
from pathlib import Path
from time import process_time

import pytest

from workflow.rules.checks import leftovers
from workflow.rules.checks.leftovers import LeftoverKind

DEMO = Path(__file__).parents[3] / "workflow" / "demo" / "ljubljana.json"

LEFT_IN = [
    ("The list follows. TBD: renewal dates.", LeftoverKind.MARKER, "TBD"),
    ("Cost: TBC", LeftoverKind.MARKER, "TBC"),
    ("Owner: T.B.D by the council", LeftoverKind.MARKER, "T.B.D"),
    ("A cut of XX % is planned.", LeftoverKind.MARKER, "XX %"),
    ("Done in 20XX.", LeftoverKind.MARKER, "20XX"),
    ("The share is ??? today.", LeftoverKind.MARKER, "???"),
    ("Signed by [ … ] on Monday.", LeftoverKind.MARKER, "[ … ]"),
    ("Name: ______", LeftoverKind.MARKER, "______"),
    ("Cost\nto be defined\nOwner", LeftoverKind.MARKER, "to be defined"),
    ("Strošek (treba je še dopolniti)", LeftoverKind.MARKER, "treba je še dopolniti"),
    ("(Indicate name of intervention)", LeftoverKind.PROMPT, "Indicate name of intervention"),
    ("Indicate name of intervention", LeftoverKind.PROMPT, "Indicate name of intervention"),
    ("Note: fill out one sheet per intervention.", LeftoverKind.PROMPT, None),
    ("Before sending, please remove the texts with yellow highlight.", LeftoverKind.PROMPT, None),
    ("Click or tap here to enter text.", LeftoverKind.PROMPT, None),
    ("Guiding questions:\nWho?", LeftoverKind.PROMPT, "Guiding questions:"),
    ("Ukrep (vpišite ime ukrepa)", LeftoverKind.PROMPT, "vpišite ime ukrepa"),
    ("Summary (max. 300 words)", LeftoverKind.PROMPT, "max. 300 words"),
    ("see Error! Bookmark not defined.", LeftoverKind.BROKEN_REFERENCE, None),
    ("Error! Reference source not found.", LeftoverKind.BROKEN_REFERENCE, None),
    ("gl. Napaka! Zaznamek ni definiran.", LeftoverKind.BROKEN_REFERENCE, None),
    ("Błąd! Nie zdefiniowano zakładki.", LeftoverKind.BROKEN_REFERENCE, None),
    ("Erro! A origem da referência não foi encontrada.", LeftoverKind.BROKEN_REFERENCE, None),
    ("Erreur ! Signet non défini.", LeftoverKind.BROKEN_REFERENCE, None),
    ("¡Error! Marcador no definido.", LeftoverKind.BROKEN_REFERENCE, None),
    ("Errore. Il segnalibro non è definito.", LeftoverKind.BROKEN_REFERENCE, None),
    ("Total: #REF!", LeftoverKind.BROKEN_REFERENCE, "#REF!"),
]

FINE = [
    "",
    "The works are to be completed by 2028, and the fee is to be agreed with the ministry.",
    "Each department will provide a text on its project and list the figures it works towards.",
    "State figures show a lower number of cars; list prices rose.",
    "Describe it in the title: add a table, give a name, provide one number for all services.",
    "Action 1.1 (state and city share the cost).",
    "Not applicable, because the city has no port. N/A",
    "The XX. session of the council; XXI century; group X.",
    "An error! says the meter. Errors happen.",
    "Kdor želi, navede ime. Podatki bodo določeni z odlokom.",
    "Is it enough? Really?? We think so…",
    "See [1], [a] and footnote [^2].",
    "The table guidelines of the city are public.",
    "Kurilno olje, plin in še kaj; drugo ni določeno v odloku.",
]


@pytest.mark.parametrize(("text", "kind", "words"), LEFT_IN)
def test_what_was_left_in_is_found_once_with_its_place(text, kind, words):
    [found] = leftovers.find(text)
    assert found.kind is kind
    assert text[found.start : found.end] == found.text
    if words:
        assert found.text == words


@pytest.mark.parametrize("text", FINE)
def test_honest_sentences_close_no_gate(text):
    assert leftovers.find(text) == []


def test_an_open_question_in_a_sentence_is_only_a_hint():
    text = "The route is still to be decided. Two steps follow."
    assert leftovers.find(text) == []
    [hint] = leftovers.find(text, hints=True)
    assert (hint.kind, hint.text) == (LeftoverKind.HINT, "to be decided")


def test_guidance_is_found_over_line_breaks_and_whatever_its_capitals():
    text = "We begin.\nExplain why this ORDER\n of steps. Then we go on."
    [found] = leftovers.find(text, phrases=["Explain why this order of steps."])
    assert found.kind is LeftoverKind.GUIDANCE
    assert text[found.start : found.end] == found.text


def test_short_guidance_is_anybodys_words():
    assert leftovers.find("Use the same years.", phrases=["Use the same years."]) == []


def test_findings_stand_in_reading_order_and_never_overlap():
    text = "TBD (Indicate name of TBD) ??? Error! Bookmark not defined. TBC"
    found = leftovers.find(text, hints=True)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))
    assert len(found) == 5


def test_the_demo_city_left_exactly_one_marker():
    sections = json.loads(DEMO.read_text(encoding="utf-8"))["sections"]
    found = {
        section["id"]: [
            one.text
            for paragraph in section["paragraphs"]
            for one in leftovers.find(paragraph["text"])
        ]
        for section in sections
    }
    assert {key: words for key, words in found.items() if words} == {"S-09": ["TBD"]}


def test_a_long_text_is_read_in_a_moment():
    text = "The works are to be completed by 2028 (state and city share the cost).\n" * 6_000
    started = process_time()
    assert leftovers.find(text, hints=True) == []
    assert process_time() - started < 2
