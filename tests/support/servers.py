"""Real PostgreSQL and Redis servers in temporary folders, started once per test run."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

from .machine import find
from .processes import Child

QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "jit=off",
)


class Postgres:
    """A throw-away cluster that listens on a socket only and does not wait for the disk."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="concord-pg-"))
        self.user = _unprivileged_user()
        data = self.folder / "data"
        if self.user:
            self.folder.chmod(0o755)
            shutil.chown(self.folder, self.user)
        subprocess.run(
            [find("initdb"), "--pgdata", data, "--username=concord", "--auth=trust"]
            + ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd="/",
            user=self.user,
            extra_groups=[] if self.user else None,
        )
        command = [find("postgres"), "-D", data, "-k", self.folder, "-c", "listen_addresses="]
        command += [word for option in QUICK for word in ("-c", option)]
        self._child = Child(
            "PostgreSQL",
            command,
            environment=_plain_environment(),
            ready=lambda child: child.said("ready to accept connections"),
            user=self.user,
            ask_with=signal.SIGINT,  # does not wait for connections to end
        )
        self._child.start()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://concord@/{database}?host={self.folder}"

    @property
    def version(self) -> str:
        with psycopg.connect(self.dsn("postgres")) as connection:
            return connection.execute("SHOW server_version").fetchone()[0]

    def dsn(self, database: str) -> str:
        return f"host={self.folder} user=concord dbname={database}"

    def restart(self) -> None:
        """Every connection ends; what was committed is there again."""
        self._child.restart()

    def stop(self) -> None:
        self._child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A real Redis on a random port that keeps nothing on disk."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="concord-redis-"))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._child = Child(
            "Redis",
            [find("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
            + ["--save", "", "--appendonly", "no", "--dir", str(self.folder)],
            environment=_plain_environment(),
            ready=lambda child: child.said("Ready to accept connections"),
        )
        self._child.start()

    def url(self, number: int) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"

    def restart(self) -> None:
        """All that waits in it is gone."""
        self._child.restart()

    @property
    def version(self) -> str:
        words = next(line for line in self._child.log if "version=" in line)
        return words.partition("version=")[2].partition(",")[0]

    def stop(self) -> None:
        self._child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: whom it runs as instead."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
