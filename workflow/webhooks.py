"""The only door to other systems: messages signed by the Standard Webhooks scheme, sent to public addresses only.

A name is resolved once, every address that it has must be allowed, and the connection goes to one of those very
addresses, while the certificate and the Host header still name the name. Nothing follows a redirect.
"""

import asyncio
import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from standardwebhooks import Webhook

from .rules.hooks import is_loopback, is_public, wait_asked

log = logging.getLogger(__name__)

LONGEST_ADDRESS = 500
READ = 1024
"""Bytes of an answer that are read; it is only kept to tell what went wrong."""

NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?")


class Unfit(ValueError):
    """An address that nothing is sent to; the message is an English sentence that says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told to one address. Each of the `secrets` signs it; a repeated message has the same `id`."""

    id: str
    address: str
    secrets: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the other system's status, or the reason why there is none, and how long it asks us to wait."""

    status: int | None = None
    error: str | None = None
    wait: timedelta = timedelta(0)

    @property
    def taken(self) -> bool:
        return self.error is None


def checked(address: str, *, loopback: bool = False) -> httpx.URL:
    """The address as it is sent to. Raises `Unfit`; `loopback` also allows this machine, and there plain http."""
    if len(address) > LONGEST_ADDRESS:
        raise Unfit("This is too long. Please keep it under 500 characters.")
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as fault:
        raise Unfit("Please give a whole address, such as https://example.org/hooks.") from fault
    host = url.raw_host.decode("ascii")
    if url.port is not None and not 0 < url.port < 2**16:
        raise Unfit("Please give a whole address, such as https://example.org/hooks.")
    if url.userinfo:
        raise Unfit("Please leave out the name and the password: the signature is what counts.")
    if loopback and (host == "localhost" or (_is_number(host) and is_loopback(host))):
        if url.scheme in ("http", "https"):
            return url.copy_with(fragment=None)
    elif url.scheme == "http":
        raise Unfit("Only encrypted addresses can be used: they begin with https://.")
    if url.scheme != "https" or not (_is_number(host) or NAME.fullmatch(host)):
        raise Unfit("Please give a whole address, such as https://example.org/hooks.")
    if _is_number(host) and not is_public(host):
        raise Unfit("This address is not on the Internet, so nothing is sent to it.")
    return url.copy_with(fragment=None)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def post(
    messages: Sequence[Message], *, at: datetime, seconds: float, loopback: bool = False
) -> list[Answer]:
    """Send all of them at once, and wait for each no longer than so many `seconds`, whatever it does."""
    with ThreadPoolExecutor(
        max_workers=1
    ) as apart:  # a loop of somebody else's may run in this thread
        return apart.submit(asyncio.run, _post(messages, at, seconds, loopback)).result()


async def _post(
    messages: Sequence[Message], at: datetime, seconds: float, loopback: bool
) -> list[Answer]:
    async with httpx.AsyncClient(
        verify=ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
        timeout=seconds,
        # to one address, different names are reached: no connection is used for a second message
        limits=httpx.Limits(max_keepalive_connections=0),
    ) as client:
        return await asyncio.gather(
            *(_answer(client, message, at, seconds, loopback) for message in messages)
        )


async def _answer(
    client: httpx.AsyncClient, message: Message, at: datetime, seconds: float, loopback: bool
) -> Answer:
    try:
        async with asyncio.timeout(seconds):
            return await _hand_over(client, message, at, loopback)
    except TimeoutError:
        return Answer(error=f"no answer within {seconds:g} seconds")
    except Unfit as refusal:
        return Answer(error=str(refusal))
    except (OSError, httpx.HTTPError, httpx.InvalidURL, UnicodeError) as fault:
        return Answer(error=f"{type(fault).__name__}: {fault}")
    except Exception as fault:
        log.exception("message %s could not be sent", message.id)
        return Answer(error=repr(fault))


async def _hand_over(
    client: httpx.AsyncClient, message: Message, at: datetime, loopback: bool
) -> Answer:
    url = checked(message.address, loopback=loopback)
    request = client.build_request(
        "POST",
        url.copy_with(host=await _resolved(url, loopback)),
        content=message.body.encode(),
        headers=_headers(message, at) | {"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    response = await client.send(request, stream=True)
    try:
        if response.is_success:
            return Answer(response.status_code)
        said = await _beginning(response)
        wait = wait_asked(response.headers.get("Retry-After", ""), at)
        return Answer(response.status_code, f"{response.status_code} {said}".strip(), wait)
    finally:
        await response.aclose()


async def _resolved(url: httpx.URL, loopback: bool) -> str:
    """One of the addresses behind the name, after all of them were looked at."""
    host, port = url.raw_host.decode("ascii"), url.port or {"http": 80, "https": 443}[url.scheme]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if loopback and is_loopback(address):
            continue
        if url.scheme != "https" or not is_public(address):
            raise Unfit(f"{host} leads to {address}, which is not on the Internet")
    return addresses[0]


def _headers(message: Message, at: datetime) -> dict[str, str]:
    signed = (Webhook(secret).sign(message.id, at, message.body) for secret in message.secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Concord",
        "Accept-Encoding": "identity",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


async def _beginning(response: httpx.Response) -> str:
    """The first words of an answer as plain text, however long or compressed it is."""
    read = b""
    async for piece in response.aiter_raw(READ):
        read += piece
        if len(read) >= READ:
            break
    text = read[:READ].decode(errors="replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
