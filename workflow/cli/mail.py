"""`flask mail …`: how the letters are doing, and a hand where one is needed, for whoever runs the service.

Every command prints words, or one JSON value with `--json`. Exit codes: 0 all is well, 1 somebody should look (a part
is silent, or what was asked for could not be done), 2 letters stand still.
"""

import dataclasses
import json
import sys
from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from .. import broker, clock
from ..db import transaction
from ..models import Person
from ..queries import mail as numbers
from ..queries import undelivered
from ..rules.vocabulary import Trouble
from ..services import digests, people, postmaster

SAYINGS = {
    Trouble.STALLED: "Letters stand still: late ones wait, and none left in the last hour.",
    Trouble.WORKER_SILENT: "No worker gave a sign of life in the last five minutes.",
    Trouble.BEAT_SILENT: "The beat gave no sign of life in the last five minutes.",
}

MOST = 1000
"""Letters that one list names."""

as_json = click.option("--json", "machine", is_flag=True, help="One JSON value, for machines.")


@click.group(help="Letters.")
def mail() -> None:
    pass


@mail.command(
    "status",
    help="What waits, since when, what failed, what left, who is at work. Exit code 2: letters stand still; "
    "1: a part is silent.",
)
@as_json
@with_appcontext
def status(machine: bool) -> None:
    now = clock.now()
    found = numbers.status(now)
    broken = found.troubles(now)
    line = broker.look(current_app.config["CELERY_BROKER_URL"])
    if machine:
        print_json(
            dataclasses.asdict(found)
            | {
                "last_sent": found.last_sent,
                "troubles": broken,
                "broker": line.state,
                "broker_calls": line.calls,
            }
        )
    else:
        _tell(found, line, now)
        for trouble in broken:
            click.echo(SAYINGS[trouble], err=True)
    sys.exit(2 if Trouble.STALLED in broken else bool(broken))


def _tell(found: numbers.MailStatus, line: broker.Broker, now: datetime) -> None:
    for what, count, since in (
        ("events that nobody was told of yet", found.events_waiting, found.oldest_event),
        ("  of them failing", found.events_failing, None),
        ("notices due and in no letter yet", found.notices_due, found.oldest_notice),
        ("letters waiting to be sent", found.letters_waiting, found.oldest_letter),
        ("  of them tried in vain", found.letters_retrying, None),
        ("letters given up in the last day", found.letters_failed, None),
        ("letters sent in the last hour", found.sent_last_hour, None),
        ("workers at work", found.workers, None),
        (f"calls in the broker ({line.state})", line.calls or 0, None),
    ):
        click.echo(f"{count:>8}  {what}{_since(since, now)}")
    for rhythm, moment in found.last_sent_by.items():
        click.echo(f"{'':>8}  last letter sent, {rhythm}: {_moment(moment)}")
    click.echo(f"{'':>8}  last letter sent: {_moment(found.last_sent)}")
    click.echo(f"{'':>8}  last tick of the beat: {_moment(found.last_beat)}")


@mail.command("failed", help="Letters given up in the last 30 days or tried in vain, and why.")
@as_json
@with_appcontext
def failed(machine: bool) -> None:
    pile = undelivered.undelivered(clock.now(), most=MOST)
    if machine:
        print_json([dataclasses.asdict(letter) for letter in pile.letters])
        return
    for letter in pile.letters:
        fate = f"again at {_moment(letter.next_try_at)}" if letter.next_try_at else "given up"
        click.echo(f"{letter.id:>8}  {letter.to}  {letter.attempts} tries, {fate}: {letter.error}")
    click.echo(f"{pile.total} letters")


@mail.command(
    "resend", help="Try these letters once more; exit code 1 if one of them is none to be tried."
)
@click.argument("ids", nargs=-1, type=int)
@click.option("--hours", type=click.IntRange(1), help="All that were given up in so many hours.")
@as_json
@with_appcontext
def resend(ids: tuple[int, ...], hours: int | None, machine: bool) -> None:
    now = clock.now()
    if bool(ids) == bool(hours):
        raise click.UsageError("Name letters (as `mail failed` lists them), or --hours.")
    if hours:
        pile = undelivered.undelivered(now, most=MOST, since=now - timedelta(hours=hours))
        ids = tuple(letter.id for letter in pile.letters if letter.given_up_at)
    with transaction():
        done = postmaster.resend(ids, now=now)
    _outcome(ids, done, machine, "to be sent again", "left already, or never failed")


@mail.command("stop", help="Try these letters no more; exit code 1 if one of them was not waiting.")
@click.argument("ids", nargs=-1, type=int, required=True)
@as_json
@with_appcontext
def stop(ids: tuple[int, ...], machine: bool) -> None:
    with transaction():
        done = postmaster.stop(ids, now=clock.now())
    _outcome(ids, done, machine, "stopped", "not waiting after a failure")


@mail.command("preview", help="The letter that this person would get now.")
@click.argument("email")
@as_json
@with_appcontext
def preview(email: str, machine: bool) -> None:
    found = digests.preview(person_of(email), clock.now())
    if machine:
        print_json(dataclasses.asdict(found) if found else None)
    elif found is None:
        click.echo("This person wants no letters.")
    elif not found.count:
        click.echo(f"Nothing waits for a letter; the next turn is at {_moment(found.next_at)}.")
    else:
        click.echo(f"At {_moment(found.next_at)} ({found.rhythm}), {found.count} notices:\n")
        click.echo(f"Subject: {found.subject}\n\n{found.text}")


@mail.command(
    "send-now",
    help="Let what was put off be tried at the worker's next look, within seconds. With EMAIL: what waits for this "
    "person's next letter.",
)
@click.argument("email", required=False)
@as_json
@with_appcontext
def send_now(email: str | None, machine: bool) -> None:
    now = clock.now()
    person = person_of(email) if email else None
    with transaction():
        count = postmaster.hasten_for(person, now=now) if person else postmaster.hasten(now=now)
    what = "notices" if email else "letters"
    if machine:
        print_json({what: count})
    else:
        click.echo(f"{count} {what} go now")


def person_of(email: str) -> Person:
    """The person with this address; the command ends where there is none."""
    found = people.find(email)
    if found is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return found


def _outcome(ids: tuple[int, ...], done: list[int], machine: bool, did: str, not_: str) -> None:
    left = sorted(set(ids) - set(done))
    if machine:
        print_json({"done": done, "refused": left})
    else:
        click.echo(f"{len(done)} {did}")
        for letter_id in left:
            click.echo(f"{letter_id}: {not_}", err=True)
    sys.exit(1 if left else 0)


def print_json(value) -> None:
    click.echo(json.dumps(value, default=_moment, ensure_ascii=False, indent=1))


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "never"


def _since(moment: datetime | None, now: datetime) -> str:
    return f", the oldest for {int((now - moment).total_seconds())} s" if moment else ""
