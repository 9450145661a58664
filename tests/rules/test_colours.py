"""How well a colour is told from white."""

import pytest

from workflow.rules import colours


@pytest.mark.parametrize(
    ("typed", "read"),
    [("#0B5D5B", "#0b5d5b"), (" 0b5d5b ", "#0b5d5b"), ("#fff", None), ("teal", None), ("", None)],
)
def test_a_colour_is_six_digits_with_or_without_the_sign(typed, read):
    assert colours.read(typed) == read


@pytest.mark.parametrize(
    ("colour", "contrast"),
    [("#ffffff", 1), ("#000000", 21), ("#767676", 4.54), ("#777777", 4.48), ("#ff0000", 4.0)],
)
def test_contrast_is_that_of_the_guidelines(colour, contrast):
    assert colours.contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)
