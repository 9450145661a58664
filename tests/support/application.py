"""Concord's own processes as the tests start them: web server, worker and beat, for real."""

import http.client
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from celery import Celery

from . import nursery
from .processes import Child


class Ours(Child):
    """Runs our code, which the nursery has read already."""

    kind = nursery.Child


class LiveServer(Ours):
    """gunicorn with `wsgi:app` behind a port that is bound before anything starts."""

    def __init__(self, door: socket.socket, environment: Mapping[str, str]):
        self.url = address(door)
        super().__init__(
            "web",
            [
                *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
                *("--worker-class=gthread", "--workers=1", "--threads=8"),
                *("--access-logfile=-", f"--bind=fd://{door.fileno()}", "wsgi:app"),
            ],
            environment=environment,
            ready=lambda child: self._answers(),
            keep=[door.fileno()],
        )

    def _answers(self) -> bool:
        line = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=2)
        try:
            line.request("GET", "/healthz/live")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


class Worker(Ours):
    """A Celery worker over real Redis; `kill` is kill -9 of it and all its children."""

    def __init__(
        self, environment: Mapping[str, str], *, concurrency: int = 2, pool: str = "threads"
    ):
        self._celery = Celery("tests", broker=environment["CELERY_BROKER_URL"])
        super().__init__(
            "worker",
            [
                *(sys.executable, "-Wignore:You're running the worker"),
                *("-m", "celery", "--quiet", "--app=tasks.celery:celery", "worker"),
                *(f"--pool={pool}", f"--concurrency={concurrency}", "--loglevel=INFO"),
                *("--without-gossip", "--without-mingle"),
            ],
            environment=environment,
            ready=lambda child: child.said(" ready."),
        )

    def forked(self) -> list[int]:
        """The processes that do the work, with `pool="prefork"`."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]

    def send(self, task: str, *arguments) -> None:
        """Put a task into the queue, as beat and the web do."""
        self._celery.send_task(task, arguments, ignore_result=True)


class Listener(Ours):
    """The door for mail that comes back, on a port that is bound before it starts."""

    def __init__(self, door: socket.socket, environment: Mapping[str, str]):
        door.listen()
        self.address = door.getsockname()[:2]
        super().__init__(
            "listener",
            [
                *(sys.executable, "-m", "flask", "--app", "wsgi:app", "mail", "listen"),
                f"--descriptor={door.fileno()}",
            ],
            environment=environment,
            ready=lambda child: child.said("taking mail for"),
            keep=[door.fileno()],
        )


class Beat(Ours):
    def __init__(self, environment: Mapping[str, str], schedule: os.PathLike):
        super().__init__(
            "beat",
            [
                *(sys.executable, "-m", "celery", "--quiet", "--app=tasks.celery:celery", "beat"),
                *(f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO"),
            ],
            environment=environment,
            ready=lambda child: child.said("beat: Starting"),
        )


def address(door: socket.socket) -> str:
    host, port = door.getsockname()
    return f"http://{host}:{port}"
