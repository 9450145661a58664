"""Which addresses are on the Internet at large, and what may be told of at all."""

from datetime import UTC, datetime, timedelta

import pytest

from workflow.rules import hooks
from workflow.rules.audience import INTERNAL, MODERATED, OF_ONES_WORDS
from workflow.rules.hooks import OFFERED, is_loopback, is_public
from workflow.rules.vocabulary import EventKind

PUBLIC = ("8.8.8.8", "193.2.1.66", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")
# fmt: off
NOT_PUBLIC = (
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1",
    "ff0e::1", "2001:db8::1", "2001::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::",
    "2002:a00:1::", "192.88.99.1", "2001:2::1", "3fff::1",
)
# fmt: on


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_a_house_a_machine_or_of_nobody_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("8.8.8.8", False)],
)
def test_this_machine_is_known(address, own):
    assert is_loopback(address) is own


def test_nothing_is_offered_that_not_everybody_may_know():
    for kinds in (INTERNAL, MODERATED, OF_ONES_WORDS - {EventKind.REMARK_RELEASED}):
        assert kinds.isdisjoint(OFFERED)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("-5", timedelta()),
        ("", timedelta()),
        ("later", timedelta()),
        ("²", timedelta()),
        ("9" * 5000, timedelta()),
        ("999999999999", timedelta(days=1)),
        ("Fri, 27 Nov 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("Fri, 27 Nov 2026 11:30:00 GMT", timedelta()),
        ("Fri, 27 Nov 9999 11:30:00 GMT", timedelta(days=1)),
        ("Fri, 27 Nov 2026 12:30:00", timedelta(minutes=30)),
    ],
)
def test_how_long_another_system_asks_to_wait(said, wait):
    assert hooks.wait_asked(said, datetime(2026, 11, 27, 12, 0, tzinfo=UTC)) == wait
