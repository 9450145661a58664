"""Charts in print: drawn as vectors, said in one sentence, with their numbers in a table; so elsewhere."""

import copy
import io
import zipfile

import docx
import html5lib
import pytest

from tests.typesetting.sample import faults, open_pdf, structure, with_text, words_of
from workflow import webpage, word
from workflow.queries.figures import Emissions, Gap, GapStep, SourceRow
from workflow.rules.text.pictures import NAME_LENGTH
from workflow.services import chart_manuscripts
from workflow.typesetting import typeset
from workflow.webpage.drawings import ROOM

TEXT = """See [@fig:base] and [@fig:way].

::: chart baseline {#fig:base}
Emissions of *all* sectors
:::

::: chart gap {#fig:way}
:::

Source: the action plan

After.
"""
EMISSIONS = Emissions(
    2018,
    "t CO2e",
    1000.0,
    [
        SourceRow("transport", "Transport", 600.0, 0.6, "#1b4b86"),
        SourceRow("waste", "Waste & <water>", 400.0, 0.4, "#7a4700"),
    ],
    "the city's inventory",
)
GAP = Gap(
    "t CO2e",
    [
        GapStep("Emissions in 2018", 1000.0, "total"),
        GapStep("Saved by plans already made", 300.0, "cut"),
        GapStep("Saved by this contract", 500.0, "cut"),
        GapStep("Left in 2030", 200.0, "rest"),
    ],
    None,
)


def document(app) -> dict:
    made = with_text(TEXT)
    with app.test_request_context("/"):
        made["charts"] = {
            "baseline": chart_manuscripts.write(EMISSIONS, 2030),
            "gap": chart_manuscripts.write(GAP, 2030),
        }
    return made


def page_of(given: dict) -> str:
    with zipfile.ZipFile(io.BytesIO(webpage.write(given).bytes)) as files:
        return files.read("index.html").decode()


def test_a_chart_is_drawn_said_in_words_and_followed_by_its_numbers(app):
    made = typeset(document(app))
    assert made.standards == ("ua-1", "a-2a")
    assert made.warnings == ()
    assert faults(made.bytes) == []
    words = words_of(made.bytes).replace("\u00a0", " ")
    assert "See Figure 1 and Figure 2." in words
    assert words.count("Figure 1 Emissions of all sectors") == 2
    assert "Figure 2 From the baseline to what remains in 2030" in words
    assert "Source: the city's inventory" in words.replace("’", "'")
    assert "Source: the action plan" in words
    with open_pdf(made.bytes) as pdf:
        tags = list(structure(pdf))
        alts = [str(one.Alt) for one in tags if one.get("/S") == "/Figure" and "/Alt" in one]
        heads = [one for one in tags if one.get("/S") == "/TH"]
        images = sum(len(page.get_images()) for page in pdf.pages)
    assert alts == [
        "Bar chart: Emissions by source sector, 2018 (t CO2e). Transport 600; Waste & <water> 400.",
        "Waterfall chart: From the baseline to what remains in 2030 (t CO2e). Emissions in 2018 1,000; "
        "Saved by plans already made −300; Saved by this contract −500; Left in 2030 200.",
    ]
    assert len(heads) >= 5
    assert images == 0


def test_the_bars_of_a_way_begin_where_the_one_before_ended(app):
    with app.test_request_context("/"):
        bars = chart_manuscripts.write(GAP, 2030)["bars"]
    assert [(bar["start"], bar["end"]) for bar in bars] == [(0, 1), (0.7, 1), (0.2, 0.7), (0, 0.2)]


def test_a_chart_without_figures_is_its_caption_in_words():
    made = typeset(with_text(TEXT))
    assert [(one.kind, one.details) for one in made.warnings] == [("charts", ("baseline", "gap"))]
    assert "Figure 1 Emissions of all sectors" in words_of(made.bytes).replace("\u00a0", " ")
    assert "Figure 2 Chart: gap" in words_of(made.bytes).replace("\u00a0", " ")
    assert faults(made.bytes) == []


@pytest.mark.parametrize(
    "shown", ["::: chart gap\n:::", f"![A map](picture:{'a' * NAME_LENGTH})"], ids=["chart", "map"]
)
def test_where_nothing_can_be_drawn_the_source_that_was_typed_still_stands(shown):
    given = with_text(f"Before.\n\n{shown}\n\nSource: the action plan\n\nAfter.\n")
    pdf = words_of(typeset(copy.deepcopy(given)).bytes)
    written = docx.Document(io.BytesIO(word.write(copy.deepcopy(given)).bytes))
    paragraphs = "\n".join(one.text for one in written.paragraphs)
    html = page_of(given).replace('<small class="source">', "")
    for text in (pdf, paragraphs, html):
        assert text.count("Source: the action plan") == 1
        assert text.index("Before.") < text.index("Source:") < text.index("After.")


def test_word_has_the_caption_and_the_numbers(app):
    made = docx.Document(io.BytesIO(word.write(document(app)).bytes))
    captions = [one.text for one in made.paragraphs if one.style.name == "Caption"]
    assert "Figure 1  Emissions of all sectors" in captions
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert cells == [
        ["Sector", "t CO2e", "Share"],
        ["Transport", "600", "60%"],
        ["Waste & <water>", "400", "40%"],
        ["Total", "1,000", "100%"],
    ]


def test_web_pages_have_the_caption_and_the_numbers(app):
    html = page_of(document(app)).replace("\u00a0", " ")
    assert '<figure id="fig:base"><figcaption><b>Figure 1</b> Emissions of <em>all</em>' in html
    assert "Waste &amp; &lt;water&gt;" in html
    assert '<a href="#fig:way">Figure 2</a>' in html


def test_web_pages_draw_the_chart_and_tell_it_in_words(app):
    page = html5lib.parse(page_of(document(app)), namespaceHTMLElements=False)
    drawn = [one for one in page.iter() if str(one.tag).endswith("svg")]
    assert [one.get("role") for one in drawn] == ["img", "img"]
    assert drawn[0].get("aria-label") == (
        "Bar chart: Emissions by source sector, 2018 (t CO2e). Transport 600; Waste & <water> 400."
    )
    bars = [one for one in drawn[1].iter() if str(one.tag).endswith("rect")]
    places = [(float(one.get("x")), float(one.get("width"))) for one in bars]
    assert [x for x, _ in places] == [0, 0.7 * ROOM, 0.2 * ROOM, 0]
    assert [width for _, width in places] == [ROOM, 0.3 * ROOM, 0.5 * ROOM, 0.2 * ROOM]
    words = ["".join(one.itertext()) for one in drawn[0].iter() if str(one.tag).endswith("text")]
    assert words == ["Transport", "60060%", "Waste & <water>", "40040%"]
    figures = [one for one in page.iter("figure") if one.find("figcaption") is not None]
    assert [[str(child.tag).rpartition("}")[2] for child in one] for one in figures] == [
        ["figcaption", "svg", "div", "small"],
        ["figcaption", "svg", "div", "small"],
    ]
