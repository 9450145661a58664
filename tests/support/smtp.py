"""A real SMTP server that keeps what it receives and misbehaves when a test asks for it."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Coroutine
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from .processes import until


class Sink:
    """`letters` holds what was accepted, oldest first; `raw` holds the same as bytes, `senders` their envelopes'."""

    def __init__(self):
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self._recipients: list[list[str]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.accept()

    def start(self) -> "Sink":
        self._thread.start()
        self._server = self._in_loop(self._listen())
        return self

    @property
    def url(self) -> str:
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"smtp://{host}:{port}"

    def stop(self) -> None:
        self._in_loop(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def clear(self) -> None:
        self.letters.clear()
        self.raw.clear()
        self.senders.clear()
        self._recipients.clear()
        self.accept()

    def to(self, address: str) -> list[EmailMessage]:
        """The letters whose envelope names this recipient."""
        pairs = zip(self.letters, self._recipients, strict=True)
        return [letter for letter, recipients in pairs if address in recipients]

    def wait(self, count: int, *, seconds: float = 20) -> list[EmailMessage]:
        """The letters, as soon as there are so many of them."""
        until(
            lambda: len(self.letters) >= count,
            seconds=seconds,
            otherwise=lambda: (
                f"{len(self.letters)} letters instead of {count} in {seconds} s: "
                + ", ".join(str(letter["subject"]) for letter in self.letters)
            ),
        )
        return self.letters

    def accept(self) -> None:
        """Behave well again."""
        self._stall = 0.0
        self._refusal: str | None = None
        self._refused: str | None = None
        self._drop: str | None = None

    def refuse(self, reply: str = "451 Try again later", *, only: str | None = None) -> None:
        """Answer letters (`only` those to this recipient) with an SMTP error, 4yz or 5yz."""
        self._refusal, self._refused = reply, only

    def stall(self, seconds: float) -> None:
        """Take so long to answer each letter; it counts as accepted after that time."""
        self._stall = seconds

    def drop(self, *, accepted: bool = False) -> None:
        """Hang up instead of answering a letter, before or after having `accepted` it."""
        self._drop = "after" if accepted else "before"

    def _in_loop(self, work: Coroutine):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> asyncio.Server:
        def session() -> SMTP:
            return SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=self._loop)

        return await self._loop.create_server(session, "127.0.0.1", 0)

    async def _hang_up(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._stall:
            await asyncio.sleep(self._stall)
        if self._refusal and (self._refused is None or self._refused in envelope.rcpt_tos):
            return self._refusal
        if self._drop != "before":
            content = envelope.original_content
            letter = email.message_from_bytes(content, policy=email.policy.default)
            self._recipients.append(list(envelope.rcpt_tos))
            self.raw.append(content)
            self.senders.append(envelope.mail_from)
            self.letters.append(letter)
        if self._drop:
            server.transport.abort()
        return "250 Message accepted for delivery"
