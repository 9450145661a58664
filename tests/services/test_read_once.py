"""No text is read twice, and nobody loses what was known when he began to ask."""

import pytest

from workflow.services.read_once import KNOWN, ReadOnce


@pytest.fixture
def read():
    return []


@pytest.fixture
def lengths(read):
    def find(markdown: str) -> int:
        read.append(markdown)
        return len(markdown)

    return ReadOnce(find, most=2)


def test_a_text_is_read_once(lengths, read):
    assert [lengths.hold().of("a", text) for text in ("four", None, "four")] == [4, 4, 4]
    assert read == ["four"]
    assert lengths.hold().asking == {KNOWN: ["a"]}


def test_what_was_known_at_the_start_stays_at_hand_though_others_begin_anew(lengths, read):
    first = lengths.hold()
    assert [first.of("a", "one"), first.of("b", "three")] == [3, 5]
    mine = lengths.hold()
    assert mine.asking == {KNOWN: []}
    assert mine.of("c", "four") == 4
    begun = lengths.hold()
    assert begun.asking == {KNOWN: ["c"]}
    mine.of("d", "five!")
    others = lengths.hold()
    assert others.asking == {KNOWN: []}
    assert begun.of("c", None) == 4
    assert first.of("a", None) == 3
    assert read == ["one", "three", "four", "five!"]
