"""A quotation without a history is found where it can only be meant, or not at all."""

from workflow.rules.text import anchors, render
from workflow.rules.vocabulary import AnchorStatus

TEXT = render(
    "The city renovates forty public buildings a year until 2030, schools first.\n\n"
    "Trams run every five minutes. Buses run every ten minutes.\n\n"
    "Trams are quiet. Buses are not quiet."
)


def found(exact, prefix="", suffix="", start=0):
    selector = anchors.Selector(exact, prefix, suffix, start, start + len(exact))
    placement = anchors.find(TEXT, selector)
    words = None if placement.start is None else TEXT.plain[placement.start : placement.end]
    return placement.status, words


def test_words_in_their_place_are_exact():
    start = TEXT.plain.index("forty public")
    passage = anchors.select(TEXT, start, start + 12)
    assert anchors.find(TEXT, passage).status is AnchorStatus.EXACT


def test_words_in_another_place_have_moved():
    assert found("forty public buildings") == (AnchorStatus.MOVED, "forty public buildings")


def test_words_in_two_places_are_told_apart_by_their_context():
    status, _ = found("minutes", "Trams run every five ", ". Buses run every ten")
    assert status is AnchorStatus.MOVED
    assert found("minutes") == (AnchorStatus.ORPHANED, None)


def test_short_words_need_their_context():
    assert found("forty", "Nobody ever said ", " of these words") == (AnchorStatus.ORPHANED, None)
    assert found("forty", "The city renovates ", " public buildings")[1] == "forty"


def test_words_that_changed_a_little_are_found():
    assert found("renovates sixty public buildings a year") == (
        AnchorStatus.EDITED,
        "renovates forty public buildings a year",
    )


def test_words_that_are_nowhere_are_orphans():
    assert found("something entirely different from all this") == (AnchorStatus.ORPHANED, None)
    assert found("   ") == (AnchorStatus.ORPHANED, None)
    assert anchors.find(render(""), anchors.select(TEXT, 0, 20)) == anchors.ORPHANED
