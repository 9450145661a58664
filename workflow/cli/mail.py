"""`flask mail …`: how the letters are doing, for whoever runs the service."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from .. import clock
from ..queries import mail as numbers


@click.group(help="Letters.")
def mail() -> None:
    pass


@mail.command("status", help="What waits, since when, what failed, what left.")
@with_appcontext
def status() -> None:
    now = clock.now()
    found = numbers.status(now)
    for what, count, since in (
        ("events that nobody was told of yet", found.events_waiting, found.oldest_event),
        ("  of them failing", found.events_failing, None),
        ("notices due and in no letter yet", found.notices_due, found.oldest_notice),
        ("letters waiting to be sent", found.letters_waiting, found.oldest_letter),
        ("  of them tried in vain", found.letters_retrying, None),
        ("letters given up in the last day", found.letters_failed, None),
        ("letters sent in the last hour", found.sent_last_hour, None),
    ):
        click.echo(f"{count:>8}  {what}{_since(since, now)}")
    last = found.last_sent.isoformat(timespec="seconds") if found.last_sent else "never"
    click.echo(f"{'':>8}  last letter sent: {last}")


def _since(moment: datetime | None, now: datetime) -> str:
    return f", the oldest for {int((now - moment).total_seconds())} s" if moment else ""
