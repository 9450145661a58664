"""What the environment asks `make run` for: the only place that reads it and knows the defaults.

A given DATABASE_URL, CELERY_BROKER_URL or SMTP_URL replaces the embedded part of that kind.
"""

import fcntl
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes on Linux and 104 on macOS


class Refusal(Exception):
    """Why Concord cannot start, in one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Settings:
    """Where this run listens and keeps its data; `None` stands for an embedded part."""

    host: str
    port: int
    mail_port: int
    reply_port: int
    data_dir: Path
    database_url: str | None
    broker_url: str | None
    smtp_url: str | None
    demo: bool
    given: dict[str, str]

    @classmethod
    def read(cls, environment: dict[str, str]) -> "Settings":
        database_url = environment.get("DATABASE_URL") or None
        if database_url and not environment.get("SECRET_KEY"):
            raise Refusal(
                "SECRET_KEY is missing: with a DATABASE_URL of your own, set SECRET_KEY to a long "
                "random text and keep it."
            )
        return cls(
            host=environment.get("HOST") or "127.0.0.1",
            port=_port("PORT", environment.get("PORT") or "8000"),
            mail_port=_port("MAIL_PORT", environment.get("MAIL_PORT") or "0"),
            reply_port=_port("MAIL_REPLY_PORT", environment.get("MAIL_REPLY_PORT") or "0"),
            data_dir=Path(environment.get("DATA_DIR") or ROOT / "var").expanduser().absolute(),
            database_url=database_url,
            broker_url=environment.get("CELERY_BROKER_URL") or None,
            smtp_url=environment.get("SMTP_URL") or None,
            demo=environment.get("CONCORD_DEMO", "0" if database_url else "1") == "1",
            given=dict(environment),
        )

    @property
    def mail_folder(self) -> Path:
        return self.data_dir / "mail"

    @property
    def broker_folder(self) -> Path:
        return self.data_dir / "broker"

    @property
    def beat_folder(self) -> Path:
        return self.data_dir / "beat"


def _port(name: str, text: str) -> int:
    """0 means any free port."""
    if not text.isdecimal() or int(text) > 65535:
        raise Refusal(f"{name}={text} is not a port: give a number from 1 to 65535.")
    return int(text)


def claim_folder(settings: Settings) -> int:
    """Make DATA_DIR and its folders and lock it for this run; returns the lock's descriptor."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        for part in (settings.mail_folder, settings.broker_folder, settings.beat_folder):
            part.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(
            f"The data folder {folder} cannot be written ({error.strerror}): choose another one "
            "with DATA_DIR=…"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.read(lock, 20).decode() or "unknown"
        os.close(lock)
        raise Refusal(
            f"Concord already runs on the data folder {folder} (process {owner}): stop it first, "
            "or choose another folder with DATA_DIR=…"
        ) from error
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def claim_port(host: str, port: int, *, name: str) -> socket.socket:
    """Bind the port now and keep it: a part that is restarted finds its door still its own."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise Refusal(f"HOST={host} is no address of this machine ({error.strerror}).") from error
    try:
        door = socket.socket(family, kind, proto)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except OSError as error:
        raise Refusal(
            f"Port {port} on {host} cannot be used ({error.strerror}): "
            f"choose another one with {name}=…"
        ) from error
    return door


def claim_broker_socket(settings: Settings) -> Path:
    """A path for the broker's socket that the kernel accepts, in DATA_DIR where it is short."""
    path = settings.broker_folder / "socket"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.mkdtemp(prefix="concord-")) / "socket"


def secret_key(settings: Settings) -> str:
    """The key that signs sessions and links; the embedded mode makes it once and keeps it."""
    if given := settings.given.get("SECRET_KEY"):
        return given
    path = settings.data_dir / "secret-key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
