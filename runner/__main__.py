"""`python -m runner`: claims folder and port, prepares, starts the parts, stops them in the end."""

import os
import shutil
import socket
import sys
from pathlib import Path

from . import parts, settings
from .builds import FRONT_END, build_all
from .log import Log
from .prepared import Prepared
from .settings import ROOT, Refusal, Settings
from .supervisor import Stopped, Supervisor

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi:app"]


def main() -> int:
    try:
        asked = Settings.read(dict(os.environ))
        lock = settings.claim_folder(asked)
        door = settings.claim_port(asked.host, asked.port, name="PORT")
        run = Run(asked, door)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    try:
        return run.to_the_end()
    finally:
        door.close()
        os.close(lock)


class Run:
    """One `make run`, from the first process to the last."""

    def __init__(self, asked: Settings, door: socket.socket):
        self._asked = asked
        self._door = door
        self._log = Log()
        self._helpers: list[parts.Part] = []
        self._environment = self._outside_world()
        self._supervisor = Supervisor(
            folder=ROOT, environment=self._environment, log=self._log, owner=os.getppid()
        )

    def to_the_end(self) -> int:
        """Returns the exit status: 0 when somebody asked to stop, 1 when it could not run."""
        status = 0
        try:
            self._start()
            self._supervisor.watch()
        except Stopped:
            pass
        except Refusal as refusal:
            self._log.say(str(refusal))
            status = 1
        finally:
            self._log.say("stopping …")
            self._supervisor.stop()
            self._forget_broker_socket()
            self._log.say("stopped, nothing is left running")
        return status

    def _outside_world(self) -> dict[str, str]:
        """What every part gets to know, and the embedded helpers that nobody has given us."""
        asked = self._asked
        host, port = self._door.getsockname()[:2]
        world = dict(asked.given) | {
            "DATA_DIR": str(asked.data_dir),
            "CONCORD_DEMO": "1" if asked.demo else "0",
            "PYTHONUNBUFFERED": "1",
        }
        world.setdefault("BASE_URL", f"http://{_reachable(host)}:{port}")
        world["SECRET_KEY"] = settings.secret_key(asked)
        self._broker_socket = None
        if asked.broker_url is None:
            self._broker_socket = settings.claim_broker_socket(asked)
            # Celery and the rate limits spell the address of one and the same socket differently.
            world["CELERY_BROKER_URL"] = f"redis+socket://{self._broker_socket}"
            world["REDIS_URL"] = f"redis+unix://{self._broker_socket}"
            self._helpers.append(parts.broker(asked, self._broker_socket))
        elif asked.broker_url.startswith(("redis://", "rediss://")):
            world.setdefault("REDIS_URL", asked.broker_url)
        if asked.smtp_url is None:
            self._mail_door = settings.claim_port("127.0.0.1", asked.mail_port, name="MAIL_PORT")
            mail_host, mail_port = self._mail_door.getsockname()
            world["SMTP_URL"] = f"smtp://{mail_host}:{mail_port}"
            world["MAIL_CATCHER_DIR"] = str(asked.mail_folder)
            world.setdefault("MAIL_REPLY_HOST", "reply.localhost")
            self._helpers.append(parts.mail(asked, self._mail_door))
        self._reply_door = None
        if world.get("MAIL_REPLY_HOST"):
            self._reply_door = settings.claim_port(
                "127.0.0.1", asked.reply_port, name="MAIL_REPLY_PORT"
            )
        return world

    def _start(self) -> None:
        build_all(self._log.say, self._build)
        self._supervisor.start(*self._helpers)
        self._supervisor.until_answering(*(helper.name for helper in self._helpers))
        sign_ins = self._prepare_database()
        self._supervisor.start(parts.web(self._door))
        self._supervisor.until_answering("web")
        self._supervisor.start(parts.worker(), parts.beat(self._asked.beat_folder))
        if self._reply_door is not None:
            self._supervisor.start(parts.listener(self._reply_door))
        self._log.say(self._welcome(sign_ins))

    def _prepare_database(self) -> list[str]:
        """Migrate and seed; returns what is to be said about signing in."""
        prepared = Prepared(self._asked)
        sign_ins = prepared.sign_ins()
        if sign_ins is None:
            self._log.say("bringing the database up to date")
            self._step("the database could not be brought up to date", "db", "upgrade")
            sign_ins = []
            if self._asked.demo:
                self._log.say("loading the demo city")
                sign_ins = self._step("the demo city could not be loaded", "demo", "load")
            prepared.remember(sign_ins)
        return sign_ins

    def _step(self, failure: str, *command: str) -> list[str]:
        """Run a `flask` command; returns what it said, Refusal when it fails."""
        said: list[str] = []
        if self._supervisor.once([*FLASK, *command], hear=said.append):
            for line in said:
                self._log.line("prepare", line)
            raise Refusal(f"Concord cannot start: {failure}, see above.")
        return said

    def _build(self, command: list[str], environment: dict[str, str]) -> int:
        return self._supervisor.once(
            command,
            hear=lambda line: self._log.line("prepare", line),
            folder=FRONT_END,
            environment=environment,
        )

    def _welcome(self, sign_ins: list[str]) -> str:
        address = self._environment["BASE_URL"]
        lines = ["", f"Concord is ready at {address}", *sign_ins]
        if self._asked.smtp_url is None:
            lines.append(f"Every letter it sends is caught: {address}/mail")
        lines += [f"Its data is kept in {self._asked.data_dir}. Ctrl-C stops everything.", ""]
        return "\n".join(lines)

    def _forget_broker_socket(self) -> None:
        path: Path | None = self._broker_socket
        if path is not None and path.parent != self._asked.broker_folder:
            shutil.rmtree(path.parent)


def _reachable(host: str) -> str:
    """The address that a browser on this machine may use."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    sys.exit(main())
