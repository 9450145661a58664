"""The picture of a timeline: marks stand in proportion, no label covers another, no stem crosses one, all fits."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.complete import many
from workflow.queries import timeline

FIRST = date(2026, 1, 10)


@dataclass(frozen=True)
class Dated:
    day: date
    kind: str
    text: str
    late: bool = False


def drawn(*marks: tuple[int, str]) -> timeline.Picture:
    """Marks as days from the first on and texts; the first is today."""
    listed = [Dated(FIRST, "today", "Today")]
    listed += [Dated(FIRST + timedelta(days=at), "milestone", text) for at, text in sorted(marks)]
    return timeline.drawn(listed)


def boxes(picture: timeline.Picture) -> list[tuple[float, float, float, float]]:
    """Left, right, top and bottom of each label."""
    return [
        (
            spot.x,
            spot.x + max(8, *map(len, spot.texts)) * timeline.LETTER,
            spot.y,
            spot.y + timeline.ROW * (len(spot.texts) + 1),
        )
        for spot in picture.spots
    ]


marks = st.lists(
    st.tuples(st.integers(0, 400), st.text("abc de", min_size=1, max_size=60)), max_size=25
)


@given(marks)
@settings(max_examples=many(150))
def test_labels_keep_out_of_each_other_s_way(listed):
    picture = drawn(*listed)
    found = boxes(picture)
    for n, (left, right, top, bottom) in enumerate(found):
        assert left >= 0 and right <= timeline.WIDTH + 1
        assert top >= 0 and bottom <= picture.line + 1
        for other_left, other_right, other_top, other_bottom in found[n + 1 :]:
            apart = right <= other_left or other_right <= left
            assert apart or bottom <= other_top + 1 or other_bottom <= top + 1


@given(marks)
@settings(max_examples=many(150))
def test_no_stem_crosses_a_label(listed):
    picture = drawn(*listed)
    found = boxes(picture)
    for spot in picture.spots:
        for left, right, top, bottom in found:
            within = left < spot.x - 0.5 and spot.x + 0.5 < right
            assert not within or bottom <= spot.y + 1 or picture.line <= top


def test_distances_are_true_and_months_are_marked():
    picture = drawn((50, "Half"), (100, "All"))
    start, half, whole = (spot.x for spot in picture.spots)
    assert (start, picture.today) == (0, 0)
    assert half == pytest.approx(whole / 2, abs=0.2)
    assert [tick.day for tick in picture.ticks] == [date(2026, m, 1) for m in (2, 3, 4)]
    assert picture.end == whole


def test_what_falls_on_one_day_stands_under_one_stem():
    picture = drawn(*((5, f"Text {n}") for n in range(6)))
    [_today, spot] = picture.spots
    assert spot.texts == ["Text 0", "Text 1", "Text 2", "…"]


def test_nothing_to_come_is_a_picture_of_today():
    picture = drawn()
    assert [spot.texts for spot in picture.spots] == [["Today"]]


def test_long_ways_are_marked_by_the_quarter():
    picture = drawn((800, "Far"))
    assert {tick.day.month for tick in picture.ticks} == {1, 4, 7, 10}
