"""Pictures in print: seen, said in words, numbered and listed; in Word as well."""

import hashlib
import io

import docx
import pytest

from tests.support.pictures import drawn
from tests.typesetting.sample import faults, open_pdf, structure, with_text, words_of
from workflow import word
from workflow.rules.picture_files import rewritten
from workflow.typesetting import pictures, typeset

FILES = {
    "map": rewritten(drawn((800, 500))),
    "tall": rewritten(drawn((100, 2000), kind="JPEG")),
    "clear": rewritten(drawn(mode="RGBA", colour=(10, 90, 90, 120))),
}


@pytest.fixture
def printed(tmp_path):
    """`printed(markdown)` is the document and its files; pictures are named `{map}`, `{tall}`, `{clear}`."""

    def printed(markdown: str) -> tuple[dict, dict]:
        known, files, names = {}, {}, {}
        for key, made in FILES.items():
            sha256 = hashlib.sha256(made.content).hexdigest()
            files[sha256] = tmp_path / sha256
            files[sha256].write_bytes(made.content)
            names[key] = f"picture:{sha256[:32]}"
            known[sha256[:32]] = {
                "sha256": sha256,
                "ending": made.ending,
                "width": made.width,
                "height": made.height,
            }
        document = with_text(markdown.format(**names))
        document["components"][0]["modules"][0]["sections"][0]["pictures"] = known
        return document, files

    return printed


TEXT = """Before.

![A map of the network]({map})

Figure: Heat for *all*[^1]

Source: the city

![A tower]({tall})

![Clear glass]({clear})

Figure: Glass

After.

[^1]: As of 2024.
"""


def test_pictures_are_numbered_listed_and_said_in_words(printed):
    document, files = printed(TEXT)
    made = typeset(document, files=files)
    assert made.standards == ("ua-1", "a-2a")
    assert faults(made.bytes) == []
    words = words_of(made.bytes)
    assert "List of figures" in words
    assert words.count("Heat for all") == 2
    assert "Figure 1 Heat for all" in words.split("After.")[0].rpartition("Before.")[2]
    assert "Figure 2 Glass" in words
    assert "Source: the city" in words
    with open_pdf(made.bytes) as pdf:
        alts = [str(one.Alt) for one in structure(pdf) if one.get("/S") == "/Figure"]
        images = sum(len(page.get_images()) for page in pdf.pages)
    assert alts == ["A map of the network", "A tower", "Clear glass"]
    assert images >= 3


def test_a_picture_whose_file_is_not_there_is_told_in_words():
    made = typeset(with_text(f"![A lost map](picture:{'0' * 32})\n\nFigure: Lost"))
    assert "[Image: A lost map] Figure 1 Lost" in words_of(made.bytes)
    assert "List of figures" not in words_of(made.bytes)
    assert [one.kind for one in made.warnings] == ["images"]
    assert faults(made.bytes) == []


def test_a_picture_without_words_is_printed_with_its_caption_as_words(printed):
    document, files = printed("![]({map})\n\nFigure: The map")
    with open_pdf(typeset(document, files=files).bytes) as pdf:
        assert [str(one.Alt) for one in structure(pdf) if one.get("/S") == "/Figure"] == ["The map"]


def test_a_picture_keeps_its_shape_and_stays_on_its_page():
    wide, tall, small = {"picture": "a"}, {"picture": "a"}, {"picture": "a"}
    for node, width, height in ((wide, 2400, 100), (tall, 100, 2000), (small, 59, 59)):
        assert pictures.place(
            node, {"a": {"sha256": "x", "ending": "png", "width": width, "height": height}}
        )
    assert wide["width"] == pictures.WIDEST_MM
    assert tall["width"] * 20 <= pictures.TALLEST_MM + 1
    assert small["width"] == pytest.approx(10, abs=0.1)


def test_word_files_hold_the_pictures_with_their_words(printed):
    document, files = printed(TEXT)
    made = docx.Document(io.BytesIO(word.write(document, files=files).bytes))
    assert [one._inline.docPr.get("descr") for one in made.inline_shapes] == [
        "A map of the network",
        "A tower",
        "Clear glass",
    ]
    captions = [one.text for one in made.paragraphs if one.style.name == "Caption"]
    assert "Figure 1  Heat for all" in [caption.replace("*", "") for caption in captions]
    assert word.write(document, files=files).bytes == word.write(document, files=files).bytes
