"""Letters to a server that hears several commands at once (RFC 2920): each answer counts for its own command."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from workflow.mail import Delayed, Door, Refused, Unreachable
from workflow.messages import Letter

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
SENDER = "Concord <concord@example.org>"
FINE = {"EHLO": "250-here\r\n250 PIPELINING", "DATA": "354 Go on", "QUIT": "221 Bye"}


class Server:
    """Offers PIPELINING; `says` what it is told to say to a command, else yes. `heard` has what came in one piece."""

    def __init__(self):
        self.says: dict[str, str] = {}
        self.heard: list[list[str]] = []
        self.letters: list[bytes] = []
        self.lines = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = self._socket.getsockname()
        self.url = "smtp://{}:{}".format(*self.address)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _ = self._socket.accept()
            self.lines += 1
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        line.sendall(b"220 here\r\n")
        while came := line.recv(65536):
            commands = came.decode().split("\r\n")[:-1]
            self.heard.append([command.partition(" ")[0].upper() for command in commands])
            answers = [self._answer(word) for word in self.heard[-1]]
            line.sendall("".join(f"{answer}\r\n" for answer in answers).encode())
            if answers[-1].startswith("354"):
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    if not (more := line.recv(65536)):
                        return
                    letter += more
                self.letters.append(letter)
                line.sendall(b"250 OK\r\n")

    def _answer(self, command: str) -> str:
        return (FINE | self.says).get(command, "250 OK")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def door(server):
    with Door(server.url, sender=SENDER, timeout=2) as door:
        yield door


def letter(to="maja@example.org", text="Hello\n.\n..\n.hidden\n") -> Letter:
    return Letter(
        to=to,
        name="Maja Hribar",
        subject="News",
        text=text,
        html="<p>Hello</p>",
        message_id="<digest.1@example.org>",
    )


def test_a_letter_takes_two_turns_and_no_line_of_it_ends_it(server, door):
    for _ in range(2):
        door.send(letter(), at=NOW)
    assert server.heard == [["EHLO"], ["MAIL", "RCPT", "DATA"], ["MAIL", "RCPT", "DATA"]]
    assert server.lines == 1
    for one in server.letters:
        *lines, end, nothing = one.split(b"\r\n")
        assert (end, nothing) == (b".", b"")
        assert not any(line.startswith(b".") for line in lines)


@pytest.mark.parametrize(("said", "failure"), [("450 Later", Delayed), ("550 Nobody", Refused)])
def test_a_recipient_that_is_refused_spoils_no_other_letter(server, door, said, failure):
    server.says = {"RCPT": said, "DATA": "554 No recipients"}
    with pytest.raises(failure, match=said):
        door.send(letter(), at=NOW)
    server.says = {}
    door.send(letter(), at=NOW)
    assert (len(server.letters), server.lines) == (1, 1)


def test_a_server_that_waits_for_a_letter_to_nobody_is_left(server, door):
    server.says = {"RCPT": "550 Nobody"}
    with pytest.raises(Refused, match="Nobody"):
        door.send(letter(), at=NOW)
    server.says = {}
    door.send(letter(), at=NOW)
    assert (len(server.letters), server.lines) == (1, 2)


def test_a_server_that_takes_nothing_from_us_condemns_no_letter(server, door):
    server.says = {"MAIL": "530 Sign in first", "RCPT": "503 No", "DATA": "503 No"}
    with pytest.raises(Unreachable, match="Sign in first"):
        door.send(letter(), at=NOW)


def test_a_server_that_wants_no_letter_just_now_is_tried_later(server, door):
    server.says = {"DATA": "452 Full"}
    with pytest.raises(Delayed, match="Full"):
        door.send(letter(), at=NOW)


def test_nothing_leaves_while_the_letter_before_is_not_settled(server, door):
    def not_yet():
        assert server.letters == []
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        door.send(letter(), at=NOW, ready=not_yet)
    assert server.letters == []
    door.send(letter(), at=NOW, ready=lambda: None)
    assert (len(server.letters), server.lines) == (1, 2)


@pytest.mark.parametrize("address", ["a@example.org>\r\nRCPT TO:<b@example.org", "a\n@example.org"])
def test_an_address_is_one_line(server, door, address):
    with pytest.raises(Refused):
        door.send(letter(to=address), at=NOW)
    assert server.heard == []
