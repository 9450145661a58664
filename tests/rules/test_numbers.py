"""A typed number is read as it was meant, or refused with both readings."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.numbers import Ambiguous, Unreadable, read

POINT, COMMA = ".", ","


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("3100", POINT, 3100),
        ("3,100", POINT, 3100),
        ("3.100", COMMA, 3100),
        ("18,500,000", POINT, 18_500_000),
        ("18.500.000", COMMA, 18_500_000),
        ("18.500.000", POINT, 18_500_000),
        ("18,500,000", COMMA, 18_500_000),
        ("1,234.5", COMMA, 1234.5),
        ("1.234,5", POINT, 1234.5),
        ("3.5", COMMA, 3.5),
        ("3,5", POINT, 3.5),
        ("0.125", POINT, 0.125),
        ("0,125", COMMA, 0.125),
        ("0.125", COMMA, 0.125),
        ("0,125", POINT, 0.125),
        ("18 500 000 €", COMMA, 18_500_000),
        ("18\u00a0500\u202f000", POINT, 18_500_000),
        ("1'250 t CO2e", POINT, 1250),
        ("3100 t", COMMA, 3100),
        ("0", POINT, 0),
    ],
)
def test_what_can_be_meant_in_one_way_is_taken_so(text, decimal, number):
    assert read(text, decimal=decimal) == number


@pytest.mark.parametrize(("text", "decimal"), [("3.100", POINT), ("3,100", COMMA)])
def test_what_may_be_a_thousand_times_more_is_refused_with_both_readings(text, decimal):
    with pytest.raises(Ambiguous) as refusal:
        read(text, decimal=decimal)
    assert refusal.value.readings == (3.1, 3100)


@pytest.mark.parametrize(
    "text", ["", "about 3", "18.5 million", "-4", "1e9", "1,23,4", "1..2", "9" * 16, "NaN", "inf"]
)
@pytest.mark.parametrize("decimal", [POINT, COMMA])
def test_words_and_other_signs_are_no_number(text, decimal):
    with pytest.raises(Unreadable):
        read(text, decimal=decimal)


@given(st.text(alphabet="0123456789.,' €t-", max_size=12), st.sampled_from([POINT, COMMA]))
def test_whatever_is_typed_is_read_or_refused(text, decimal):
    with suppress(Ambiguous, Unreadable):
        assert 0 <= read(text, decimal=decimal) < 1e16
