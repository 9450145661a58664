"""Suggested words go into the Markdown as they were read, or they do not go in at all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import SNIPPETS, corpus, markdown
from tests.support.complete import many
from workflow.rules.text import canonical, render
from workflow.rules.text.suggestions import Clash, Reason, Refusal, Suggestion, apply, clashes

SOURCE = """# Plan

The city **cuts** emissions by 30 % until
2030 &amp; later[^1]. It fixes `x` [schools](http://a.b).

- one plan
- two | trams

| A | B |
|---|---|
| x \\| y | 1 |

[^1]: A note.
"""
TEXT = render(SOURCE)


def suggest(quote, replacement):
    start = TEXT.plain.index(quote)
    return Suggestion(start, start + len(quote), replacement)


def written(*suggestions):
    outcome = apply(TEXT, suggestions)
    assert (outcome.clashes, outcome.refusals) == ([], [])
    return outcome.markdown


def test_words_are_replaced_where_they_stand():
    assert written(suggest("30 %", "40 %")) == SOURCE.replace("30 %", "40 %")
    assert written(suggest("two", "three")) == SOURCE.replace("two", "three")
    assert written(suggest("A note", "One note")) == SOURCE.replace("A note", "One note")


def test_formatting_between_the_words_stays():
    assert written(suggest("city cuts emissions", "city cuts all emissions")) == SOURCE.replace(
        "** emissions", "** all emissions"
    )
    assert written(suggest("cuts", "reduces")) == SOURCE.replace("cuts", "reduces")
    assert written(suggest("schools", "homes")) == SOURCE.replace("[schools]", "[homes]")


def test_the_end_of_a_line_is_a_space_like_any_other():
    assert written(suggest("until 2030 &", "until 2035 &")) == SOURCE.replace("2030", "2035")


def test_many_suggestions_are_applied_together():
    assert written(suggest("30 %", "40 %"), suggest("schools", "homes"), suggest("one", "a")) == (
        SOURCE.replace("30 %", "40 %").replace("schools", "homes").replace("- one", "- a")
    )
    assert written() == SOURCE


def test_the_same_suggestion_made_twice_is_applied_once():
    assert written(suggest("30 %", "40 %"), suggest("30 %", "40 %")) == written(
        suggest("30 %", "40 %")
    )


def test_suggestions_for_the_same_words_clash():
    one, other, apart = suggest("30 %", "40 %"), suggest("by 30", "x"), suggest("schools", "y")
    assert apply(TEXT, [one, apart, other]).clashes == [Clash(0, 2)]
    assert apply(TEXT, [one, apart, other]).markdown is None
    assert clashes([one, apart]) == []
    assert clashes([Suggestion(5, 5, "a"), Suggestion(5, 5, "b")]) == [Clash(0, 1)]
    assert clashes([Suggestion(2, 9, "a"), Suggestion(5, 5, "b")]) == [Clash(0, 1)]


def test_words_across_formatting_are_left_to_a_person():
    for quote, replacement in (("cuts emissions", "saves"), ("later[1].", "later.")):
        outcome = apply(TEXT, [suggest(quote, replacement)])
        assert outcome.markdown is None
        assert outcome.refusals == [Refusal(0, Reason.FORMATTING)]


def test_a_passage_outside_of_the_text_is_refused():
    for start, end in ((-1, 2), (3, 2), (0, len(TEXT.plain) + 1)):
        assert apply(TEXT, [Suggestion(start, end, "x")]).refusals == [Refusal(0, Reason.OUTSIDE)]


def test_what_would_be_markup_is_escaped_and_what_is_not_stays_plain():
    assert "\\*later\\*[^1]" in written(suggest("later", "*later*"))
    assert "CO_2[^1]" in written(suggest("later", "CO_2"))
    assert "- \\- two | trams" in written(suggest("two", "- two"))
    assert "1\\. The city" in written(suggest("The city", "1. The city"))
    assert "| x \\| z | 1 |" in written(suggest("x | y", "x | z"))
    assert "fixes `*x*`" in written(suggest("fixes x", "fixes *x*"))


def test_words_can_be_added_and_removed():
    assert written(Suggestion(0, 0, "Big ")).startswith("# Big Plan")
    assert written(suggest("30 % ", "")) == SOURCE.replace("30 % ", "")
    assert written(suggest("two", "")) == SOURCE.replace("two ", "")


@settings(max_examples=many(150))
@given(markdown, st.data())
def test_what_is_applied_reads_as_promised(source, data):
    rendered = render(source)
    end = len(rendered.plain)
    place = st.tuples(st.integers(0, end), st.integers(0, end)).map(sorted)
    places = data.draw(st.lists(place, min_size=1, max_size=2))
    replacement = st.sampled_from(SNIPPETS).map(lambda text: " ".join(text.split()))
    suggestions = [Suggestion(*place, data.draw(replacement)) for place in places]
    outcome = apply(rendered, suggestions)
    assert (outcome.markdown is None) == bool(outcome.clashes or outcome.refusals)
    if outcome.markdown is not None:
        assert canonical(outcome.markdown) == outcome.markdown
        plain = rendered.plain
        for one in sorted(set(suggestions), key=lambda one: -one.start):
            plain = plain[: one.start] + one.replacement + plain[one.end :]
        shown = render(outcome.markdown).plain
        assert "".join(shown.split()) == "".join(canonical(" ".join(plain.split())).split())


def test_naughty_strings_are_written_as_typed_or_refused():
    for text in [*corpus("naughty-strings.json"), "<b>", "](x)", "&amp;", "`", "[^1]", "# x"]:
        outcome = apply(TEXT, [suggest("later", text)])
        if outcome.markdown is not None:
            shown = render(outcome.markdown).plain
            assert "".join(shown.split()) == "".join(
                canonical(" ".join(TEXT.plain.replace("later", text, 1).split())).split()
            )
