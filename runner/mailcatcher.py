"""The mail catcher: a real SMTP server that keeps every letter as a file and sends nothing on.

A letter appears in the folder whole or not at all: `<time>-<number>.eml`, the oldest name first.
The sender and the recipients of the envelope stand in the X-Envelope-… headers on top.
"""

import argparse
import asyncio
import itertools
import os
import signal
import socket
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_LETTER = 50 * 1024 * 1024


class Catcher:
    """What aiosmtpd calls for each letter."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{time.time_ns():020d}-{next(self._numbers):06d}.eml"
        self._keep(name, envelope)
        print(f"{envelope.mail_from} -> {', '.join(envelope.rcpt_tos)}", flush=True)
        return "250 Message accepted for delivery"

    def _keep(self, name: str, envelope: Envelope) -> None:
        unfinished = self._folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(f"X-Envelope-From: {envelope.mail_from}\r\n".encode())
            file.write(f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode())
            file.write(envelope.original_content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / name)


async def serve(door: socket.socket, folder: Path) -> None:
    catcher = Catcher(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            catcher,
            hostname="localhost",
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_LETTER,
            loop=loop,
        ),
        sock=door,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    host, port = door.getsockname()[:2]
    print(f"listening on {host}:{port}, letters go to {folder}", flush=True)
    await stop.wait()
    server.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--descriptor", type=int, help="an inherited, bound socket")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--folder", type=Path, required=True)
    given = arguments.parse_args()
    if given.descriptor is None:
        door = socket.create_server((given.host, given.port))
    else:
        door = socket.socket(fileno=given.descriptor)
    asyncio.run(serve(door, given.folder))


if __name__ == "__main__":
    main()
