import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.text import eyes, render
from workflow.rules.vocabulary import Visibility

EVERYONE = {Visibility.PUBLIC}
PARTICIPANTS = {Visibility.PUBLIC, Visibility.PARTICIPANTS}
CITY = set(Visibility)

TEXT = """Open words.[^1]

::: participants
Words among partners.

::: city
Deep secret.
:::
:::

::: city
Secret words.[^2]

| Year | Cost |
|---|---|
| 2030 | secret figure |

- secret item

[^2]: Secret note.
:::

Closing words.

[^1]: Open note.
"""


@pytest.mark.parametrize(
    ("seen", "there", "gone"),
    [
        (EVERYONE, ["Open words", "Closing words", "Open note"], ["partners", "ecret"]),
        (PARTICIPANTS, ["Open words", "partners", "Open note"], ["ecret"]),
        (CITY, ["Open words", "partners", "Secret words", "secret figure", "Secret note"], []),
    ],
    ids=["everyone", "participants", "the city"],
)
def test_each_reader_gets_what_is_for_his_eyes(seen, there, gone):
    rendered = render(TEXT)
    for text in (eyes.shown(rendered, seen).html, eyes.without(TEXT, seen)):
        assert [words for words in there if words not in text] == []
        assert [words for words in gone if words in text] == []


def test_offsets_are_those_of_the_whole_text():
    rendered = render(TEXT)
    start = rendered.plain.index("Closing words")
    assert f'data-start="{start}"' in eyes.shown(rendered, EVERYONE).html


def test_blocks_that_may_be_remarked_on_are_only_those_that_are_seen():
    rendered = render(TEXT)
    seen = "".join(rendered.plain[b.start : b.end] for b in eyes.shown(rendered, EVERYONE).blocks)
    assert "ecret" not in seen
    assert "Closing words" in seen


@pytest.mark.parametrize(
    ("words", "visibility"),
    [
        ("Open words", Visibility.PUBLIC),
        ("among partners", Visibility.PARTICIPANTS),
        ("Deep secret", Visibility.CITY),
        ("secret figure", Visibility.CITY),
        ("Secret note", Visibility.CITY),
    ],
)
def test_what_is_said_about_a_block_is_for_no_more_eyes_than_the_block(words, visibility):
    rendered = render(TEXT)
    start = rendered.plain.index(words)
    assert eyes.narrowed(rendered, start, start + len(words)) is visibility


def test_a_block_that_is_never_closed_hides_all_that_follows():
    assert eyes.without("Open.\n\n::: city\nSecret.\n\nSecret too.\n", EVERYONE) == "Open.\n"


def test_marks_inside_of_code_hide_nothing():
    text = "```\n::: city\n:::\n```\n"
    assert eyes.without(text, EVERYONE) == text


def test_a_text_without_such_blocks_is_left_as_it_is():
    rendered = render("# One\n\nTwo.\n")
    assert eyes.shown(rendered, EVERYONE) is rendered
    assert not eyes.restricted(rendered.markdown)


pieces = st.lists(
    st.one_of(
        st.text("abc ", min_size=1).map(lambda words: ("open", words.strip() or "a")),
        st.integers(0, 999).map(lambda n: ("hidden", f"xsecretx{n}x")),
    ),
    max_size=8,
)


@given(pieces)
def test_no_secret_word_ever_passes(parts):
    text = "\n\n".join(
        words if kind == "open" else f"::: city\n{words}\n\n> {words}\n\n1. {words}\n:::"
        for kind, words in parts
    )
    for found in (eyes.shown(render(text), EVERYONE).html, eyes.without(text, EVERYONE)):
        assert "secret" not in found
    assert [
        w for kind, w in parts if kind == "open" and w not in eyes.without(text, EVERYONE)
    ] == []


def test_passages_are_found_again_in_what_is_left():
    text = "First words.\n\n::: city\n\nHidden words.\n\n:::\n\nLast words of all.\n"
    plain = render(text).plain
    spans = {
        passage: (plain.index(passage), plain.index(passage) + len(passage))
        for passage in ("First", "Hidden", "words of all")
    }
    spans["over"] = (plain.index("words"), plain.index("Last") + 4)
    left = render(eyes.without(text, {Visibility.PUBLIC})).plain
    moved = eyes.moved(text, spans, {Visibility.PUBLIC})
    assert {name: left[start:end] for name, (start, end) in moved.items()} == {
        "First": "First",
        "words of all": "words of all",
        "over": "words.\n\nLast",
    }
    assert eyes.moved(text, spans, frozenset(Visibility)) == spans


WITHIN = {
    "a chart": "::: chart baseline\nCaption\n:::",
    "a block of the same name": "::: city\nDeeper.\n:::",
    "a block for more eyes": "::: participants\nDeeper.\n:::",
    "a chart with more colons": ":::: chart baseline\nCaption\n::::",
    "a chart in a list": "- ::: chart baseline\n  Caption\n  :::",
}


@pytest.mark.parametrize("inner", WITHIN.values(), ids=WITHIN)
def test_words_after_a_block_within_a_block_are_for_no_other_eyes(inner):
    text = f"Open.\n\n::: city\nSecret one.\n\n{inner}\n\nSecret two.\n:::\n\nEnd.\n"
    for seen in (EVERYONE, PARTICIPANTS):
        assert eyes.without(text, seen) == "Open.\n\n\nEnd.\n"
        assert "Secret" not in eyes.shown(render(text), seen).html
    assert ":::" not in eyes.shown(render(text), CITY).html


def test_more_colons_close_the_outer_block_and_what_stands_within_it():
    text = ":::: city\nSecret.\n\n::: participants\nSecret.\n::::\n\nEnd.\n"
    assert eyes.without(text, EVERYONE) == "End.\n"
