"""A real HTTP server that takes messages as another system would, and misbehaves when a test asks for it."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .processes import until


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """`calls` holds every request, oldest first, whatever it was answered."""

    def __init__(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_words) -> None:
                pass

        self.calls: list[Call] = []
        self.behave()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def behave(self) -> None:
        """Take everything."""
        self.status, self.said, self.more = 200, b"ok", {}
        self.stalls, self.hangs_up, self.drips = 0.0, False, False

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def wait(self, count: int, *, seconds: float = 20) -> list[Call]:
        """The calls, as soon as there are so many."""
        until(
            lambda: len(self.calls) >= count,
            seconds=seconds,
            otherwise=lambda: f"{len(self.calls)} calls instead of {count}",
        )
        return self.calls

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(Call(request.path, headers, body))
        time.sleep(self.stalls)
        if self.hangs_up:
            request.close_connection = True
            request.connection.close()
            return
        with suppress(OSError):  # the other side has left
            self._answer(request)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        if self.drips:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(200):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.1)
        request.send_response(self.status)
        for name, value in self.more.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(self.said)))
        request.end_headers()
        request.wfile.write(self.said)

    def stop(self) -> None:
        """Be there no more; once more does nothing."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.stop()
