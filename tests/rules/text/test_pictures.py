"""A picture that stands alone is a figure: one text for readers, printers and those who remark on its caption."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import sentence
from tests.support.complete import many
from workflow.rules.text import (
    canonical,
    changed,
    dialect,
    eyes,
    merge,
    nodes,
    pictures,
    render,
    units,
)
from workflow.rules.text.sources import source_of
from workflow.rules.vocabulary import Visibility

NAME = "0123456789abcdef" * 2
PICTURE = f"![The network on a map](picture:{NAME})"

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40
)


def figures(markdown: str) -> list[dict]:
    return [node for node in nodes.of(markdown) if node["t"] == "figure"]


@pytest.mark.parametrize(
    "markdown",
    [
        f"{PICTURE}\n\nFigure: Heat for *all*",
        f"Figure: Heat for *all*\n\n{PICTURE}",
        f"{PICTURE}\n\nSlika: Heat for *all*",
        f"{PICTURE}\n\nAbbildung: Heat for *all*",
    ],
)
def test_the_paragraph_beside_a_picture_is_its_caption(markdown):
    rendered = render(markdown)
    assert rendered.html.startswith("<figure>")
    assert f'src="/pictures/{NAME}"' in rendered.html
    assert 'alt="The network on a map"' in rendered.html
    assert "<figcaption" in rendered.html
    assert rendered.plain.strip() == "Heat for all"
    (figure,) = figures(markdown)
    assert figure["caption"] == ["Heat for ", {"t": "em", "c": ["all"]}]
    assert (figure["picture"], figure["alt"]) == (NAME, "The network on a map")


def test_a_caption_belongs_to_the_picture_before_it_and_a_source_stays_with_it():
    first, second = figures(
        f"{PICTURE}\n\nFigure: One\n\nSource: the city\n\n{PICTURE}\n\nWords about it."
    )
    assert (first["caption"], first["source"]) == (["One"], ["the city"])
    assert (second["caption"], second["source"]) == (None, None)


@pytest.mark.parametrize(
    "markdown", ["Figure: out of nothing", "![x](/own.png)\n\nFigure: what it shows"]
)
def test_without_a_picture_of_ours_beside_it_a_caption_is_a_paragraph(markdown):
    assert "figure" not in render(markdown).html
    assert "Figure: " in render(markdown).plain


@pytest.mark.parametrize("name", ["", "12", "../" * 8, NAME.upper(), NAME + "0", "javascript:x"])
def test_no_other_address_is_a_picture_of_ours(name):
    html = render(f"![x](picture:{name})\n\n[y](picture:{name})").html
    assert "<img" not in html
    assert "<a" not in html


def test_a_caption_can_be_quoted_and_changed_where_it_stands():
    rendered = render(f"{PICTURE}\n\nFigure: Heat for all\n")
    at = rendered.plain.index("for all")
    source = source_of(rendered, at, at + len("for all"))
    assert rendered.markdown[source.start : source.end] == "for all"


def test_a_picture_among_words_for_fewer_eyes_goes_with_them():
    markdown = f"Open.\n\n::: city\n{PICTURE}\n\nFigure: Ours\n:::\n\nEnd.\n"
    shown = eyes.shown(render(markdown), {Visibility.PUBLIC})
    assert NAME not in shown.html
    assert "Ours" not in shown.html
    assert NAME not in eyes.without(markdown, {Visibility.PUBLIC})
    assert NAME in eyes.without(markdown, set(Visibility))


@given(alt=words, caption=words, source=words)
@settings(max_examples=many(150), deadline=None)
def test_what_is_said_of_a_picture_is_read_again_as_it_was_said(alt, caption, source):
    markdown = canonical(
        pictures.written(NAME, alt=alt, caption=caption, source=source, words=("Figure", "Source"))
    )
    assert canonical(markdown) == markdown
    tokens = dialect.parser().parse(markdown, {})
    (found,) = pictures.names(tokens)
    assert found == NAME
    html = render(markdown).html
    assert html.count("<img") == 1
    assert ("<figcaption" in html) == bool(canonical(" ".join(caption.split())).strip())


@given(before=st.lists(sentence, max_size=4), line=st.integers(-3, 30))
def test_a_picture_that_is_put_into_a_text_takes_no_word_away(before, line):
    text = "\n\n".join(before)
    placed = canonical(pictures.placed(text, PICTURE, line=line))
    assert len(figures(placed)) == 1
    assert render(placed).plain.split() == render(text).plain.split()
    assert [unit.text for unit in units.split(placed) if unit.text != PICTURE] == [
        unit.text for unit in units.split(canonical(text))
    ]


def test_two_people_who_change_words_around_a_picture_keep_it():
    base = f"One.\n\n{PICTURE}\n\nFigure: Heat\n\nTwo.\n"
    merged = merge.three_way(base, base.replace("One", "Eins"), base.replace("Heat", "Warmth"))
    assert merged.markdown == base.replace("One", "Eins").replace("Heat", "Warmth")


def test_what_became_of_pictures_is_marked_in_a_document_of_changes():
    other = PICTURE.replace("0123", "ffff").replace("network", "tower")
    old = f"Words.\n\n{PICTURE}\n\nFigure: Heat now\n\n{other}\n\nSource: the tower's owner\n"
    made = changed.of(
        old, f"Words.\n\n{PICTURE}\n\nFigure: Heat then\n\n![New](picture:{'e' * 32})"
    )
    figures = [node for node in made if node["t"] == "figure"]
    assert [figure["alt"] for figure in figures] == ["The network on a map", "New"]
    assert {"t": "gone", "c": ["now"]} in figures[0]["caption"]
    assert {"t": "ins", "c": ["then"]} in figures[0]["caption"]
    marked = [(node["mark"], node["c"][0]["c"]) for node in made if "mark" in node]
    assert ("gone", ["The tower on a map"]) in marked
    assert ("gone", ["the tower's owner"]) in marked
    assert ("ins", ["New"]) in marked
