"""The life of a signatory, drawn; and what a signature is worth under which manifest."""

import pytest

from workflow.rules.signing import (
    NEEDS_REASON,
    SIGNING,
    UNSIGNED,
    Hold,
    Party,
    held,
    replay,
    steps,
)
from workflow.rules.vocabulary import SignatoryStatus

INVITED, PREPARING, CHECKED, SIGNED, WITHDRAWN = SignatoryStatus

DRAWN = """
               invited in_preparation legal_check signed withdrawn
invited        -       both           both        both   both
in_preparation -       -              both        both   both
legal_check    -       both           -           both   both
signed         -       both           -           both   both
withdrawn      city    -              -           -      -
"""
WHO = {
    "-": frozenset(),
    "both": frozenset(Party),
    "city": frozenset({Party.CITY}),
}


def drawn():
    heads, *rows = DRAWN.strip().splitlines()
    for row in rows:
        name, *cells = row.split()
        for head, cell in zip(heads.split(), cells, strict=True):
            yield SignatoryStatus(name), SignatoryStatus(head), WHO[cell]


@pytest.mark.parametrize(("status", "target", "who"), list(drawn()))
def test_each_status_leads_where_the_picture_shows(status, target, who):
    assert SIGNING[status].get(target, frozenset()) == who
    for party in Party:
        assert (target in steps(status, frozenset({party}))) == (party in who)


def test_nobody_takes_a_step_in_nobodys_name():
    assert all(steps(status, frozenset()) == [] for status in SignatoryStatus)


def test_a_reason_is_asked_for_steps_back_and_for_no_other():
    order = [INVITED, PREPARING, CHECKED, SIGNED]
    back = {
        (status, target)
        for status, row in SIGNING.items()
        for target in row
        if target is WITHDRAWN
        or (status in order and target in order and order.index(target) < order.index(status))
    }
    assert back == NEEDS_REASON


def test_what_a_signature_is_worth():
    assert held(SIGNED, 3, 3) is Hold.CURRENT
    assert held(SIGNED, 2, 3) is Hold.EARLIER
    assert {held(status, None, 3) for status in UNSIGNED | {WITHDRAWN}} == {None}


def test_a_record_replays_and_one_that_cannot_be_is_found():
    assert replay([INVITED, INVITED, PREPARING, CHECKED, SIGNED, SIGNED, PREPARING]) is PREPARING
    with pytest.raises(ValueError, match="withdrawn does not lead to signed"):
        replay([INVITED, WITHDRAWN, SIGNED])
