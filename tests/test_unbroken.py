"""The code of a section stays in one line, and stays what it is for whoever copies it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from workflow.filters import unbroken


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("AP-B-2-E1", ["AP-B-2-E1"]),
        ("Decide on AP-A-1-E and IP-A-1-W2, please.", ["AP-A-1-E", "IP-A-1-W2"]),
        ("CO-X: (AP-B-2-X)", ["CO-X", "AP-B-2-X"]),
        ("A-1, B-2.1 and 2026-03", []),  # no line ends before a figure
        ("a well-known e-mail, Ljubljana-Bežigrad, x-AP-B", []),
    ],
)
def test_only_what_could_be_torn_apart_is_held_together(text, kept):
    assert unbroken(text).count("<span") == len(kept)
    assert all(f'<span class="code">{code}</span>' in unbroken(text) for code in kept)


@given(st.text(alphabet="AB1-. <&\"'é", max_size=40))
def test_what_is_copied_is_what_was_written(text):
    assert unbroken(text).striptags() == Markup(escape(text)).striptags()
    assert unbroken(text).replace('<span class="code">', "").replace("</span>", "") == escape(text)
