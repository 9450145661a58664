"""The door for mail that comes back: an SMTP server that says yes only after the message is a row.

It takes mail for addresses that Concord made and for no others, so it relays nothing and stores no strangers' mail.
What a message asks for is done by a job.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import click
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, current_app
from flask.cli import with_appcontext

from ..db import transaction
from ..services import addresses, inbound

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Messages that are written down at the same time."""

MOST_RECIPIENTS = 10


class Receiver:
    """What aiosmtpd calls. The database is asked in threads, so that a slow one holds up no conversation."""

    def __init__(self, app: Flask):
        self._app = app
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="inbound")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if await self._do(addresses.opened, address) is None:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            await self._do(self._keep, envelope)
        except inbound.TooMuch:
            return "451 4.7.1 Too much mail for this address, please come later"
        except Exception:
            log.exception("a message could not be written down")
            return "451 4.3.0 The message could not be written down, please come again"
        return "250 2.0.0 Written down"

    @staticmethod
    def _keep(envelope: Envelope) -> None:
        with transaction():
            for recipient in dict.fromkeys(envelope.rcpt_tos):
                inbound.receive(
                    envelope.original_content, recipient=recipient, sender=envelope.mail_from or ""
                )

    async def _do(self, work: Callable, *arguments):
        def inside():
            with self._app.app_context():
                return work(*arguments)

        return await asyncio.get_running_loop().run_in_executor(self._threads, inside)


async def serve(app: Flask, door: socket.socket, *, hostname: str) -> None:
    """Take mail at the door until somebody asks to stop; conversations that go on then get a moment to end."""
    loop = asyncio.get_running_loop()
    receiver = Receiver(app)
    server = await loop.create_server(
        lambda: SMTP(
            receiver,
            hostname=hostname,
            ident="Concord",
            enable_SMTPUTF8=True,
            data_size_limit=inbound.LARGEST,
            timeout=60,
            loop=loop,
        ),
        sock=door,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    host, port = door.getsockname()[:2]
    print(f"taking mail for {hostname} on {host}:{port}", flush=True)
    await stop.wait()
    server.close()


@click.command("listen", help="Take mail that comes back, by SMTP, until it is told to stop.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=2525, show_default=True, help="0 means any free port.")
@click.option("--descriptor", type=int, hidden=True, help="An inherited, bound socket.")
@with_appcontext
def listen(host: str, port: int, descriptor: int | None) -> None:
    hostname = current_app.config["MAIL_REPLY_HOST"]
    if not hostname:
        raise click.UsageError("Set MAIL_REPLY_HOST to the host name of the addresses for replies.")
    if descriptor is None:
        door = socket.create_server((host, port))
    else:
        door = socket.socket(fileno=descriptor)
    asyncio.run(serve(current_app._get_current_object(), door, hostname=hostname))
