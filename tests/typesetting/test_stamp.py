"""The hash at the foot: on every page, in the letters of the document, without making the page another."""

import hashlib

import pytest

from tests.typesetting.sample import contract, faults, open_pdf, text_of, with_text
from tests.typesetting.test_turned_tables import shapes, table
from workflow.rules.versions import sections_of
from workflow.typesetting import Pdf, child, typeset

FIRST, SECOND = (hashlib.sha256(word).hexdigest() for word in (b"first", b"second"))


def feet(made: Pdf) -> list[str]:
    """The last line of each page but the first."""
    pages = text_of(made.bytes, "-layout").split("\f")
    return [page.rstrip().splitlines()[-1] for page in pages[1 : made.pages]]


def test_every_page_but_the_first_bears_the_hash():
    made = typeset(with_text(f"Before.\n\n{table(3)}\n\nAfter.", manifest=FIRST))
    assert faults(made.bytes) == []
    assert len(feet(made)) == made.pages - 1
    assert all(FIRST[:12] in foot for foot in feet(made))
    assert any(shapes(made.bytes))


def test_a_page_without_a_hash_of_its_own_is_the_same_under_another():
    pages = []
    for manifest in (FIRST, SECOND):
        document = contract(manifest=manifest)
        for section in sections_of(document):
            section["sha256"] = ""
        with open_pdf(typeset(document).bytes) as pdf:
            pages.append([page.Contents.read_bytes() for page in pdf.pages])
    title, *between, provenance = (was == now for was, now in zip(*pages, strict=True))
    assert all(between)
    assert not (title or provenance)


def test_all_pages_refer_to_the_same_words():
    with open_pdf(typeset(contract()).bytes) as pdf:
        drawn = [one for page in pdf.pages[1:] for one in page.Resources.XObject.values()]
        assert len({one.objgen for one in drawn}) == 1
        assert len(drawn) == len(pdf.pages) - 1


def test_a_process_that_stays_prints_the_hash_of_the_document():
    made = [
        typeset(contract(manifest=manifest), serves="it", stay_s=60) for manifest in (FIRST, SECOND)
    ]
    child.end_kept()
    assert made == [typeset(contract(manifest=manifest)) for manifest in (FIRST, SECOND)]
    assert FIRST[:12] not in text_of(made[1].bytes)


@pytest.mark.parametrize("copy", [{"draft": False}, {"language": "sl"}, {"lined": True}])
def test_every_copy_bears_the_hash(copy):
    made = typeset(contract(manifest=SECOND, **copy))
    assert faults(made.bytes) == []
    assert all(SECOND[:12] in foot for foot in feet(made))


def test_without_our_fonts_it_bears_the_hash_as_well(tmp_path):
    made = typeset(contract(manifest=FIRST), fonts=tmp_path / "nowhere")
    assert all(FIRST[:12] in foot for foot in feet(made))


def test_words_that_look_like_a_font_are_words():
    hostile = (
        "\n9 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+DejaVuSansMono/Encoding/Identity-H"
        "/DescendantFonts[9 0 R]/ToUnicode 9 0 R>>\n"
    )
    made = typeset(with_text(f"## {hostile}", manifest=FIRST, title=hostile, city=hostile))
    assert faults(made.bytes) == []
    assert FIRST[:12] in text_of(made.bytes)
