"""A mail server that says yes to everything, fast, and spools what it gets: `python -m benchmarks.sink FILE`.

It runs in a process of its own and prints its port. The spool holds each letter after its length in four bytes.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

END = b"\r\n.\r\n"


class Session(asyncio.Protocol):
    """One connection; commands are answered by their first letters."""

    ANSWERS = {
        b"EHLO": b"250-localhost\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n",
        b"DATA": b"354 Go on\r\n",
        b"QUIT": b"221 Bye\r\n",
    }

    def __init__(self, spool: BinaryIO):
        self._spool = spool
        self._seen = bytearray()
        self._in_letter = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        transport.write(b"220 localhost\r\n")

    def data_received(self, data: bytes) -> None:
        """Read what came; what is answered goes out together."""
        self._seen += data
        answers, leaving = bytearray(), False
        while True:
            mark = END if self._in_letter else b"\r\n"
            at = self._seen.find(mark, max(0, len(self._seen) - len(data) - len(mark)))
            if at < 0:
                break
            said = bytes(self._seen[:at])
            del self._seen[: at + len(mark)]
            if self._in_letter:
                self._spool.write(len(said).to_bytes(4) + said)
                self._spool.flush()
            command = b"" if self._in_letter else said[:4].upper()
            self._in_letter = command == b"DATA"
            answers += self.ANSWERS.get(command, b"250 OK\r\n")
            leaving = command == b"QUIT"
        if answers:
            self._transport.write(bytes(answers))
        if leaving:
            self._transport.close()


def letters(spool: Path) -> Iterator[bytes]:
    """What was received, in its order."""
    with spool.open("rb") as file:
        while length := file.read(4):
            yield file.read(int.from_bytes(length))


async def main(spool: Path) -> None:
    with spool.open("ab") as file:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Session(file), "127.0.0.1", 0)
        print(f"port {server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
