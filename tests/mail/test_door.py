import email
import email.policy
import socket
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.smtp import Sink
from workflow.mail import Delayed, Door, Refused, Unreachable
from workflow.messages import Block, Letter, Lines, as_blocks, host_of

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SENDER = "Concord <concord@example.org>"


def letter(to="maja@example.org", **what) -> Letter:
    what = {
        "name": "Maja Hribar",
        "subject": "Novosti",
        "text": "Živjo\n",
        "html": "<p>Živjo</p>",
        "message_id": "<digest.1@example.org>",
        "language": "sl",
    } | what
    return Letter(to=to, **what)


@pytest.fixture
def door(smtp_sink: Sink):
    with Door(smtp_sink.url, sender=SENDER, timeout=1) as door:
        yield door


class Scripted:
    """A server that says what it is told to say, line by line, and remembers what it heard."""

    def __init__(self, host: str, *answers: str):
        self.heard: list[str] = []
        self._answers = answers
        self._socket = socket.create_server((host, 0))
        self.address = "{}:{}".format(*self._socket.getsockname())
        threading.Thread(target=self._talk, daemon=True).start()

    def _talk(self) -> None:
        line, _ = self._socket.accept()
        with line, line.makefile("rb") as heard:
            for answer in self._answers:
                line.sendall(answer.encode() + b"\r\n")
                self.heard.append(heard.readline().decode().strip())


def test_many_letters_go_over_one_connection(smtp_sink, door):
    ports = set()
    for number in range(5):
        door.send(letter(message_id=f"<digest.{number}@example.org>"), at=NOW)
        ports.add(door._line.sock.getsockname()[1])
    assert len(ports) == 1
    assert len(smtp_sink.letters) == 5


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again(smtp_sink, door):
    door.send(letter(), at=NOW)
    door._line.sock.shutdown(socket.SHUT_RDWR)
    door.send(letter(), at=NOW)
    assert len(smtp_sink.letters) == 2


def test_4yz_is_for_later_and_5yz_is_for_good(smtp_sink, door):
    for reply, failure in (("451 Later", Delayed), ("550 Never", Refused)):
        smtp_sink.refuse(reply)
        with pytest.raises(failure, match=reply[:3]):
            door.send(letter(), at=NOW)
    smtp_sink.accept()
    door.send(letter(), at=NOW)
    assert len(smtp_sink.letters) == 1


def test_a_server_that_does_not_answer_in_time_is_left(smtp_sink, door):
    smtp_sink.stall(5)
    with pytest.raises(Delayed, match="timed out"):
        door.send(letter(), at=NOW)
    smtp_sink.accept()
    door.send(letter(), at=NOW)


def test_no_server_means_no_letter_to_anybody():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Door(f"smtp://127.0.0.1:{port}", sender=SENDER) as door, pytest.raises(Unreachable):
        door.send(letter(), at=NOW)


@pytest.mark.parametrize(
    "answers",
    [
        ("554 Not you",),
        ("220 Hello", "250 here", "530 Sign in first"),
        ("220 Hello", "250 here", "250 Go on", "421 Too many connections"),
    ],
)
def test_a_server_that_takes_nothing_from_us_condemns_no_letter(answers):
    server = Scripted("127.0.0.1", *answers)
    door = Door(f"smtp://{server.address}", sender=SENDER, timeout=2)
    with pytest.raises(Unreachable):
        door.send(letter(), at=NOW)


def test_a_password_goes_to_no_stranger_without_tls():
    server = Scripted("127.0.0.2", "220 Hello", "250-here\r\n250 AUTH PLAIN LOGIN", "250 bye")
    door = Door(f"smtp://concord:secret@{server.address}", sender=SENDER, timeout=2)
    with pytest.raises(Unreachable, match="no TLS"):
        door.send(letter(), at=NOW)
    assert not any("AUTH" in line for line in server.heard)


@pytest.mark.parametrize(
    "address", ["", "nobody", "@example.org", "a b@example.org", "a@\x00.org", "a@\u200b.org"]
)
def test_an_address_that_is_none_is_refused_and_not_tried_again(door, address):
    with pytest.raises(Refused):
        door.send(letter(to=address), at=NOW)


def test_letters_reach_addresses_in_any_script(smtp_sink, door):
    door.send(letter(to="špela@žalec.example"), at=NOW)
    door.send(letter(to="spela@žalec.example"), at=NOW)
    assert len(smtp_sink.to("špela@xn--alec-kbb.example")) == 1
    assert len(smtp_sink.to("spela@xn--alec-kbb.example")) == 1


def test_an_address_that_the_server_cannot_spell_is_refused():
    server = Scripted("127.0.0.1", "220 Hello", "250 here", "250 bye")
    door = Door(f"smtp://{server.address}", sender=SENDER, timeout=2)
    with pytest.raises(Refused):
        door.send(letter(to="špela@example.org"), at=NOW)


def test_a_name_or_subject_cannot_add_a_header(smtp_sink, door):
    door.send(letter(name='Maja\r\nBcc: all@example.org "x" <y@z>'), at=NOW)
    [taken] = smtp_sink.letters
    assert taken["Bcc"] is None
    assert [address.addr_spec for address in taken["To"].addresses] == ["maja@example.org"]
    with pytest.raises(Refused):
        door.send(letter(subject="Hello\r\nBcc: all@example.org"), at=NOW)


def test_every_line_is_short_enough_and_the_text_comes_through_whole(smtp_sink, door):
    text = "ž" * 5000 + "\n.\n..\nFrom me\n"
    door.send(letter(text=text, html=f"<p>{text}</p>", subject="š" * 200), at=NOW)
    [taken] = smtp_sink.letters
    assert taken.get_body(("plain",)).get_content().replace("\r\n", "\n") == text
    assert taken["Subject"] == "š" * 200
    raw = b"".join(as_blocks(letter(text=text, html=text), sender=SENDER, at=NOW))
    assert max(map(len, raw.split(b"\r\n"))) <= 78


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]))
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from("..\n=")
LINES = st.text(SIGNS, max_size=400)


@given(name=WORDS, subject=WORDS.map(lambda words: " ".join(words.split())), text=LINES, html=LINES)
def test_any_words_come_through_as_they_were(name, subject, text, html):
    made = letter(name=name, subject=subject, text=text, html=html)
    raw = b"".join(as_blocks(made, sender=SENDER, at=NOW))
    taken = email.message_from_bytes(raw, policy=email.policy.default)
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998
    assert not taken.defects
    assert not any(line.startswith(b".") for line in raw.split(b"\r\n"))
    assert taken["Subject"] == subject
    assert [one.addr_spec for one in taken["To"].addresses] == ["maja@example.org"]
    for kind, said in (("plain", text), ("html", html)):
        part = taken.get_body((kind,))
        ends = said.replace("\r\n", "\n").replace("\r", "\n")
        got = part.get_payload(decode=True).decode().replace("\r\n", "\n")
        assert got.removesuffix("\n") == ends.removesuffix("\n")


@given(blocks=st.lists(LINES.map(lambda lines: " ".join(lines.split())), min_size=1))
def test_blocks_that_letters_share_come_through_as_one_text(blocks):
    lines = Lines([Block(one) for one in blocks])
    raw = b"".join(as_blocks(letter(text=lines, html=lines), sender=SENDER, at=NOW))
    taken = email.message_from_bytes(raw, policy=email.policy.default)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    for kind in ("plain", "html"):
        got = taken.get_body((kind,)).get_payload(decode=True).decode().replace("\r\n", "\n")
        assert got == str(lines) == "\n".join(blocks) + "\n"


@pytest.mark.parametrize("length", range(30, 120, 5))
def test_a_long_name_is_folded_and_comes_through(length):
    name, address = ("Maja " * 30)[:length].strip(), f"{'m' * 40}@example.org"
    raw = b"".join(as_blocks(letter(name=name, to=address), sender=SENDER, at=NOW))
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    [taken] = email.message_from_bytes(raw, policy=email.policy.default)["To"].addresses
    assert (taken.display_name, taken.addr_spec) == (name, address)


def test_addresses_of_machines_are_never_broken(smtp_sink, door):
    way_out = f"<https://concord.example.org/unsubscribe/{'x' * 150}>"
    roots = " ".join(f"<section.{number}@example.org>" for number in range(40))
    headers = {"List-Unsubscribe": way_out, "References": roots}
    raw = b"".join(as_blocks(letter(headers=headers), sender=SENDER, at=NOW))
    assert f"List-Unsubscribe: {way_out}\r\n".encode() in raw
    assert b"=?" not in raw.partition(b"References:")[2].partition(b"\r\nContent")[0]
    door.send(letter(headers=headers), at=NOW)
    assert smtp_sink.letters[0]["References"].split() == roots.split()


def test_text_comes_first_and_robots_know_what_it_is(smtp_sink, door):
    door.send(letter(), at=NOW)
    [taken] = smtp_sink.letters
    assert [part.get_content_type() for part in taken.iter_parts()] == ["text/plain", "text/html"]
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Content-Language"] == "sl"
    assert taken["Date"].datetime == NOW


def test_message_ids_live_at_the_senders_host():
    assert host_of(SENDER) == "example.org"
