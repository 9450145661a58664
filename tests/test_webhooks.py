"""The door to other systems: which addresses it takes, and that it goes nowhere else than where it looked."""

import re
import socket
import ssl
import subprocess

import pytest

from tests.support.receiver import receiving
from workflow import clock, webhooks
from workflow.webhooks import Answer, Message, Unfit, checked

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


def sent(address: str, *, loopback: bool = False, seconds: float = 2) -> Answer:
    message = Message("msg_1", address, (SECRET,), '{"type":"test"}')
    [answer] = webhooks.post([message], at=clock.now(), seconds=seconds, loopback=loopback)
    return answer


@pytest.mark.parametrize(
    "address",
    [
        *("", "nonsense", "https://", "https:///x", "//example.org/x", "ftp://example.org/x"),
        *("javascript:alert(1)", "file:///etc/passwd", "http://example.org/x", "https://host/x"),
        *("https://me:secret@example.org/x", "https://me@example.org/x", "https://a b.org/x"),
        *("https://example.org:99999999/x", "https://xn--/x", "https://example.org/\x00"),
        *("https://10.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://2130706433/x"),
        *("https://[::ffff:169.254.169.254]/latest", "https://ex%2eorg/x"),
        "https://example.org/" + "x" * 500,
    ],
)
def test_an_address_that_cannot_be_used_is_refused_before_anything_is_sent(address):
    with pytest.raises(Unfit):
        checked(address)
    assert sent(address).error


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/hooks?for=concord#top", "https://example.org/hooks?for=concord"),
        ("https://EXAMPLE.org:8443/Hooks", "https://example.org:8443/Hooks"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
    ],
)
def test_a_whole_address_is_kept_in_one_spelling(given, kept):
    assert str(checked(given)) == kept


@pytest.mark.parametrize(
    "behind",
    [["127.0.0.1"], ["10.1.2.3"], ["8.8.8.8", "192.168.0.1"], ["::1"], ["64:ff9b::7f00:1"]],
    ids=str,
)
def test_a_name_that_leads_inside_is_not_followed(receiver, monkeypatch, behind):
    looked_up = resolving(monkeypatch, behind)
    answer = sent(f"https://hooks.example:{receiver.port}/x")
    assert "not on the Internet" in answer.error
    assert looked_up == ["hooks.example"]
    assert receiver.calls == []


def test_a_name_is_resolved_once_and_what_was_found_is_what_is_called(receiver, monkeypatch):
    looked_up = resolving(monkeypatch, ["127.0.0.1"])
    answer = sent(f"http://localhost:{receiver.port}/x?y=1", loopback=True)
    assert answer == Answer(200)
    assert looked_up == ["localhost"]
    [call] = receiver.calls
    assert call.headers["host"] == f"localhost:{receiver.port}"
    assert call.path == "/x?y=1"


def test_plain_http_goes_to_this_machine_only_and_only_where_that_is_allowed(receiver, monkeypatch):
    assert sent(receiver.url).error
    resolving(monkeypatch, ["8.8.8.8"])
    assert "not on the Internet" in sent("http://localhost/x", loopback=True).error
    assert receiver.calls == []
    assert sent(receiver.url, loopback=True) == Answer(200)


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert sent(receiver.url, loopback=True) == Answer(200)


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run(
        ["openssl", *made, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    receiver.encrypt(context)
    answer = sent(f"https://localhost:{receiver.port}/x", loopback=True)
    assert "certificate" in answer.error.lower()
    assert receiver.calls == []


def test_of_a_long_answer_only_the_beginning_is_read(receiver):
    receiver.status, receiver.said = 500, b"y" * 50_000_000
    answer = sent(receiver.url, loopback=True)
    assert answer.status == 500
    assert len(answer.error) <= len("500 ") + webhooks.READ


def resolving(monkeypatch, addresses: list[str]) -> list[str]:
    """From now on every name leads to these addresses, and a number to itself; returns the names that were asked."""
    asked: list[str] = []

    def look_up(host, port, *_how, **_more):
        name = host.decode() if isinstance(host, bytes) else host
        number = re.fullmatch(r"[0-9.]+|.*:.*", name)
        if not number:
            asked.append(name)
        found = [name] if number else addresses
        return [
            (
                socket.AF_INET6 if ":" in one else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (one, int(port or 0)),
            )
            for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked
