"""The compiled contract as a reader, a screen reader and a validator find it."""

import re
from collections import Counter

import pytest

from tests.typesetting.sample import (
    contract,
    faults,
    open_pdf,
    remark,
    section,
    structure,
    text_of,
    with_text,
    words_of,
)
from workflow.typesetting import Pdf, tables, typeset


@pytest.fixture(scope="module")
def compiled() -> Pdf:
    return typeset(contract())


def test_an_independent_validator_finds_nothing(compiled):
    assert compiled.standards == ("ua-1", "a-2a")
    assert compiled.warnings == ()
    assert faults(compiled.bytes) == []


def test_it_says_its_language_and_its_title(compiled):
    pdf = open_pdf(compiled.bytes)
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Climate City Contract"


def test_headings_never_skip_a_level(compiled):
    levels = [
        int(str(element.S)[2:])
        for element in structure(open_pdf(compiled.bytes))
        if str(element.S)[:2] == "/H" and str(element.S)[2:].isdigit()
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert {1, 2, 3, 4} <= set(levels)


def test_tables_have_header_cells_with_a_scope(compiled):
    pdf = open_pdf(compiled.bytes)
    headers = [element for element in structure(pdf) if str(element.S) == "/TH"]
    scopes = Counter(
        str(attributes["/Scope"])
        for header in headers
        for attributes in header.A
        if "/Scope" in attributes
    )
    assert len(headers) >= 3 + 2
    assert scopes == {"/Column": len(headers)}


def test_a_long_table_repeats_its_head_on_every_page(compiled):
    pages = text_of(compiled.bytes, "-layout").split("\f")
    with_rows = [text for text in pages if "19" in text and "Tonnes" in text]
    assert len(with_rows) >= 3


def test_pages_are_counted_and_numbered(compiled):
    pages = text_of(compiled.bytes, "-layout").rstrip("\f").split("\f")
    assert compiled.pages == len(open_pdf(compiled.bytes).pages) == len(pages)
    for number, text in enumerate(pages[1:], 2):
        assert f"{number} of {compiled.pages}" in text


def test_the_contents_lead_to_the_right_pages(compiled):
    pages = text_of(compiled.bytes, "-layout").split("\f")
    contents = next(text for text in pages if "Contents" in text and "Annex" not in text[:20])
    line = next(line for line in contents.splitlines() if "The emissions gap" in line)
    assert "The emissions gap" in pages[int(re.search(r"\d+$", line.strip()).group()) - 1]
    assert open_pdf(compiled.bytes).Root.Outlines.Count != 0


def test_the_title_page_names_the_city_its_target_and_that_it_is_a_draft(compiled):
    title = text_of(compiled.bytes, "-l", "1")
    for words in ("Ljubljana", "2030", "DRAFT", "24 March 2026", contract()["manifest"]):
        assert words in title


def test_draft_stands_on_every_page_until_it_is_final(compiled):
    assert all("DRAFT" in page for page in text_of(compiled.bytes).rstrip("\f").split("\f"))
    final = text_of(typeset(contract(draft=False)).bytes)
    assert "DRAFT" not in final
    assert "FINAL" in final


def test_a_final_contract_names_the_manifest_that_it_is_frozen_under():
    sealed = "5ea1ed" * 10 + "5ea1"
    words = words_of(typeset(contract(draft=False, sealed=sealed)).bytes)
    assert words.count(f"Frozen under {sealed}") == 2


def test_every_section_shows_its_state_and_the_hash_of_its_text(compiled):
    words = words_of(compiled.bytes)
    gap = contract()["components"][0]["modules"][0]["sections"][1]
    assert f"Approved Revision 3 {gap['sha256'][:12]}" in words
    assert gap["sha256"] in text_of(compiled.bytes, "-layout")
    assert "No text yet" in words


def test_running_heads_name_the_component_and_the_section(compiled):
    pages = text_of(compiled.bytes, "-layout").split("\f")
    running_on = next(text for text in pages if "1990" in text)
    head = running_on.strip().splitlines()[0]
    assert "Action Plan" in head
    assert "The emissions gap" in head


def test_captions_sources_notes_and_quotes_are_set(compiled):
    words = words_of(compiled.bytes)
    assert "Table 1" in words
    assert "Emission factors applied" in words
    assert "Source: the city’s inventory" in words
    assert "“mostly coal”" in words
    kinds = Counter(str(element.S) for element in structure(open_pdf(compiled.bytes)))
    assert kinds["/Note"] == 1
    assert kinds["/Caption"] == 1
    assert kinds["/TOC"] >= 1


def test_a_note_stands_on_the_page_of_its_mark():
    paragraphs = [f"{'Words of the plan. ' * (15 + at % 7)}word{at}x[^{at}]" for at in range(60)]
    notes = [f"[^{at}]: note{at}x {'A note that says more. ' * (at * 7 % 24)}" for at in range(60)]
    pages = text_of(typeset(with_text("\n\n".join(paragraphs + notes))).bytes).split("\f")
    assert len(pages) > 10

    def page_of(word: str) -> int:
        return next(at for at, page in enumerate(pages) if word in page)

    assert [at for at in range(60) if page_of(f"word{at}x") != page_of(f"note{at}x")] == []


def test_the_annex_prints_every_remark_with_its_answer(compiled):
    words = words_of(compiled.bytes)
    annex = words[words.rindex("Comments and answers") - 400 :]
    for said in (
        "Before or after sinks?",
        "“the gap is 950,514 tonnes”",
        "Accepted",
        "Maja Hribernik",
    ):
        assert said in words
    assert "Not yet answered" in annex
    assert "On the whole section" in words
    assert "I second this." in words


def test_abbreviations_are_listed_each_in_its_language():
    listed = [
        {"short": "GHG", "long": "greenhouse gas", "language": "en"},
        {"short": "TGP", "long": "toplogredni plin", "language": "sl"},
    ]
    made = typeset(contract(abbreviations=listed))
    words = " ".join(text_of(made.bytes, "-raw").split())
    assert "Abbreviation Meaning GHG greenhouse gas TGP toplogredni plin" in words
    assert faults(made.bytes) == []
    assert "/Lang(sl)" in "".join(
        f"/Lang({one.Lang})" for one in structure(open_pdf(made.bytes)) if "/Lang" in one
    )
    assert "Abbreviation" not in words_of(typeset(contract()).bytes)


def test_what_was_said_and_its_answer_stay_on_one_page():
    made = contract()
    made["annex"]["sections"][0]["remarks"] = [
        remark(
            str(n), f"Said number {n}. " + "Words and words. " * 12, answer=f"Answer number {n}."
        )
        for n in range(1, 31)
    ]
    pages = text_of(typeset(made).bytes).split("\f")
    for n in range(1, 31):
        [said] = [at for at, page in enumerate(pages) if f"Said number {n}." in page]
        [answered] = [at for at, page in enumerate(pages) if f"Answer number {n}." in page]
        assert said == answered


def test_a_remark_longer_than_a_page_runs_on():
    made = contract()
    long = "A very long remark goes on. " * 400
    made["annex"]["sections"][0]["remarks"] = [remark("1", long + "Its end.")]
    assert "Its end." in words_of(typeset(made).bytes)


def test_small_tables_stay_whole_and_tall_ones_may_break():
    def whole(rows: int, words: str) -> bool:
        node = {"t": "table", "head": [["A"], ["B"]], "rows": [[["x"], [words]]] * rows}
        tables.measure(node)
        return node["whole"]

    assert whole(8, "few words")
    assert whole(14, "few words")
    assert not whole(15, "few words")
    assert not whole(12, "words that need more than one line of the page " * 4)


def test_what_does_not_apply_is_said_with_its_reason(compiled):
    assert "Activity by sector: Part of A-1." in words_of(compiled.bytes)


def test_the_same_input_gives_the_same_bytes(compiled):
    assert typeset(contract()).bytes == compiled.bytes


def test_slovene_has_its_own_words_and_quotation_marks():
    labels = {
        "draft": "Osnutek",
        "contents": "Kazalo",
        "table": "Preglednica",
        "page_of": "{page} od {pages}",
    }
    made = typeset(with_text('Rekli so "da" in šli.', language="sl", labels=labels))
    words = words_of(made.bytes)
    assert "„da“" in words
    assert "OSNUTEK" in words
    assert "Kazalo" in words
    assert f"2 od {made.pages}" in words
    assert str(open_pdf(made.bytes).Root.Lang) == "sl"
    assert faults(made.bytes) == []


def test_the_engines_own_fonts_are_enough(tmp_path):
    made = typeset(with_text("Čakamo na ☂ in Ελλάδα."), fonts=tmp_path / "nowhere")
    assert "Čakamo na" in words_of(made.bytes)
    assert faults(made.bytes) == []


def test_a_contract_without_a_word_is_a_document_too():
    made = typeset(contract(components=[], disclaimer=[], annex={"sections": []}))
    assert "No comments have been made" in words_of(made.bytes)
    assert faults(made.bytes) == []


def test_a_long_name_of_a_city_fits_the_title_page():
    made = typeset(contract(city="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch"))
    assert "gogoch" in words_of(made.bytes)


def test_progress_is_told_step_by_step():
    told: list[tuple[str, int]] = []
    typeset(contract(), on_step=lambda step, percent: told.append((step, percent)))
    steps = [step for step, _ in told]
    assert list(dict.fromkeys(steps)) == ["preflight", "glyphs", "pages", "written"]
    percents = [percent for _, percent in told]
    assert percents == sorted(percents)


def test_a_section_title_of_many_lines_is_shortened_in_the_running_head_only():
    title = "A very long title " * 20
    made = contract()
    made["components"][0]["modules"][0]["sections"].append(section("X", title, "Words."))
    assert title.strip() in words_of(typeset(made).bytes)
