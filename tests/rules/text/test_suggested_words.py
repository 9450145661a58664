"""Whatever suggestions are taken over, no other word of the text is touched."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.complete import many
from workflow.rules.text.render import render
from workflow.rules.text.suggestions import Suggestion, apply

WORD = st.text("abcdefghijklmnoprstuvz", min_size=1, max_size=9)
PARAGRAPH = st.lists(WORD, min_size=3, max_size=12)


@st.composite
def texts(draw):
    """Words in paragraphs, headings and lists, some of them strong, and which of them are replaced by what."""
    paragraphs = draw(st.lists(PARAGRAPH, min_size=1, max_size=5))
    lines, words = [], []
    for paragraph in paragraphs:
        mark = draw(st.sampled_from(["", "## ", "- "]))
        strong = draw(st.integers(0, len(paragraph)))
        shown = [f"**{word}**" if n == strong else word for n, word in enumerate(paragraph)]
        lines.append(mark + " ".join(shown))
        words += paragraph
    numbers = draw(st.sets(st.integers(0, len(words) - 1), max_size=6))
    wanted = {n: draw(st.lists(WORD, max_size=3)) for n in numbers}
    return "\n\n".join(lines), words, wanted


def passages(plain, words):
    """Where each word stands."""
    at, found = 0, []
    for word in words:
        start = plain.index(word, at)
        at = start + len(word)
        found.append((start, at))
    return found


@settings(max_examples=many(150))
@given(texts())
def test_suggestions_that_do_not_overlap_keep_every_other_word(drawn):
    source, words, wanted = drawn
    rendered = render(source)
    assume(rendered.plain.split() == words)
    places = passages(rendered.plain, words)
    chosen = [Suggestion(*places[n], " ".join(wanted[n])) for n in sorted(wanted)]
    outcome = apply(rendered, chosen)
    assert outcome.clashes == []
    if outcome.markdown is None:
        assert outcome.refusals
        return
    plain = render(outcome.markdown).plain
    for n, place in zip(sorted(wanted), outcome.places, strict=True):
        assert (plain[slice(*place)] if place else "") == " ".join(wanted[n])
    expected = [one for n, word in enumerate(words) for one in wanted.get(n, [word])]
    assert plain.split() == expected


@settings(max_examples=many(60))
@given(texts())
def test_plain_words_are_always_taken_over(drawn):
    source, words, wanted = drawn
    rendered = render(source)
    assume(rendered.plain.split() == words)
    places = passages(rendered.plain, words)
    chosen = [Suggestion(*places[n], " ".join(wanted[n])) for n in sorted(wanted) if wanted[n]]
    assert apply(rendered, chosen).markdown is not None


def test_who_removes_words_leaves_no_space_before_a_mark():
    for source, quote, left in (
        ("Ten trees in time.\n", "in time", "Ten trees.\n"),
        ("Ten trees, in time, grow.\n", "in time", "Ten trees,, grow.\n"),
        ("Ten trees in time\n\nA park.\n", "in time", "Ten trees\n\nA park.\n"),
        ("Ten trees in time\n", "in time", "Ten trees\n"),
        ("Ten trees in time grow.\n", "in time", "Ten trees grow.\n"),
    ):
        start = source.index(quote)
        outcome = apply(render(source), [Suggestion(start, start + len(quote), "")])
        assert outcome.markdown == left


def test_a_suggestion_over_several_lines_changes_each_line_by_itself():
    source = "One **two** three.\n\n- four five\n- six\n"
    rendered = render(source)
    quote = "three.\n\nfour five\nsix"
    start = rendered.plain.index(quote)
    one = Suggestion(start, start + len(quote), "three.\nfour and five\nseven")
    assert apply(rendered, [one]).markdown == "One **two** three.\n\n- four and five\n- seven\n"


def test_a_suggestion_over_the_cells_of_a_table_keeps_the_cells():
    source = "| A | B |\n|---|---|\n| one | two |\n"
    rendered = render(source)
    start = rendered.plain.index("one\ttwo")
    outcome = apply(rendered, [Suggestion(start, start + 7, "one\nthree")])
    assert outcome.markdown == source.replace("two", "three")
