"""Letters that come back: what servers say, in their shapes, and when an address counts as dead."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workflow.rules import bouncing
from workflow.rules.received import bounced
from workflow.rules.vocabulary import BounceKind

SHAPES = Path(__file__).parent / "bounces"
PERMANENT, TEMPORARY = BounceKind.PERMANENT, BounceKind.TEMPORARY
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

MEANT = {
    "postfix-unknown": PERMANENT,
    "exim-unknown": PERMANENT,
    "exchange-unknown": PERMANENT,
    "gmail-unknown": PERMANENT,
    "postfix-delayed": TEMPORARY,
    "exchange-full": TEMPORARY,
    "postfix-blocked": None,
    "absence": None,
}


def test_every_shape_has_its_meaning():
    assert {file.stem for file in SHAPES.glob("*.eml")} == set(MEANT)


@pytest.mark.parametrize("shape", MEANT)
def test_what_a_server_says_is_understood(shape):
    found = bounced((SHAPES / f"{shape}.eml").read_bytes())
    assert (found.kind if found else None) is MEANT[shape]


def test_what_was_said_is_kept():
    found = bounced((SHAPES / "postfix-unknown.eml").read_bytes())
    assert found.said.startswith("5.1.1 550 5.1.1 <ana@example.org>: Recipient address rejected:")


@pytest.mark.parametrize("raw", [b"", b"\0\xff", b"Content-Type: multipart/report\r\n\r\nx"])
def test_a_broken_report_says_nothing(raw):
    assert bounced(raw) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 5.1.1 User unknown", PERMANENT),
        ("550 No such user here", PERMANENT),
        ("550 Requested action not taken: mailbox unavailable", PERMANENT),
        ("550 ana@example.org not listed in the directory", PERMANENT),
        ("550 Mailbox is blocked", PERMANENT),
        ("550 Unknown local part ana in <ana@example.org>", PERMANENT),
        ("550 5.2.1 The account is disabled", PERMANENT),
        ("552 5.2.2 Mailbox full", TEMPORARY),
        ("451 4.7.1 Greylisted", None),
        ("451 4.3.0 Try again later", TEMPORARY),
        ("550 5.7.1 Blocked as spam", None),
        ("550 relay not permitted", None),
        ("550 Relaying denied", None),
        ("550 Message rejected as spam by the content filter", None),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts", None),
        ("550 Access denied, 192.0.2.1 is listed at a block list", None),
        ("550 Authentication required", None),
        ("554 Transaction failed", None),
        ("552 5.3.4 Message too big", None),
        ("550 5.1.8 Sender address has no host", None),
        ("the connection broke", None),
    ],
)
def test_only_what_is_said_of_the_address_counts(said, kind):
    assert bouncing.kind(said) is kind


@pytest.mark.parametrize("kind", BounceKind)
def test_an_address_is_dead_after_so_many_letters_within_the_time(kind):
    limit = bouncing.LIMITS[kind]
    recent = [(kind, NOW - timedelta(hours=number)) for number in range(limit.letters)]
    assert bouncing.dead(recent, NOW)
    assert not bouncing.dead(recent[1:], NOW)
    assert not bouncing.dead([*recent[1:], (kind, NOW - limit.within)], NOW)


def test_failures_of_both_kinds_are_counted_apart():
    mixed = [(PERMANENT, NOW)] * 2 + [(TEMPORARY, NOW)] * 9
    assert not bouncing.dead(mixed, NOW)
