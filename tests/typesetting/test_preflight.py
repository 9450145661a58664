"""What is made printable before the engine sees it."""

import pytest

from workflow.typesetting import tables
from workflow.typesetting.preflight import BREAK, breakable
from workflow.typesetting.typography import quoted


@pytest.mark.parametrize(
    ("typed", "language", "printed"),
    [
        ('He said "yes".', "en", "He said “yes”."),
        ('Rekel je "da".', "sl", "Rekel je „da“."),
        ("the city's own", "en", "the city’s own"),
        ("'only after' fifteen years", "en", "‘only after’ fifteen years"),
        ('#read("/etc/passwd")', "en", '#read("/etc/passwd")'),
        ('a 12" pipe', "en", 'a 12" pipe'),
        ('one " alone', "sl", 'one " alone'),
    ],
)
def test_quotation_marks_follow_the_language_where_they_clearly_quote(typed, language, printed):
    assert quoted(typed, language) == printed


def test_a_long_address_breaks_after_its_punctuation():
    pieces = breakable("https://example.org/a_long/path").split(BREAK)
    assert pieces[0] == "https:"
    assert "".join(pieces) == "https://example.org/a_long/path"


def test_columns_get_room_for_their_longest_word():
    table = {
        "head": [["Sector"], ["Why"]],
        "rows": [[["Stationary"], ["because " * 60]], [["Total"], [""]]],
    }
    tables.measure(table)
    narrow, wide = table["widths"]
    assert narrow >= len("Stationary")
    assert wide > 3 * narrow
    assert table["totals"] == [1]


def test_a_short_table_is_kept_on_one_page_and_a_long_one_is_not():
    def measured(rows: int) -> bool:
        table = {"head": [["a"]], "rows": [[["1"]]] * rows}
        tables.measure(table)
        return table["whole"]

    assert measured(5)
    assert not measured(200)
