"""`flask audit …`: sealing, verifying, and the hash to be kept elsewhere, for whoever answers for the record."""

import sys

import click
from flask.cli import with_appcontext

from ..db import transaction
from ..queries import ledgers
from ..rules.chain import Fault, Finding
from ..services import audit as chain

SAYINGS = {
    Fault.ROW_CHANGED: "changed after it was sealed",
    Fault.ROW_REMOVED: "removed after it was sealed",
    Fault.ROW_INSERTED: "put in afterwards: it has no seal and is dated before sealed rows",
    Fault.SEAL_CHANGED: "the seal was changed, or made to fit a changed row",
    Fault.SEAL_REMOVED: "the seal was removed",
    Fault.SEAL_MISPLACED: "the seal does not follow the one before it",
    Fault.HEAD_UNKNOWN: "the expected head is not in the chain: its end was cut off or made anew",
}


@click.group(help="The tamper-evident record.")
def audit() -> None:
    pass


@audit.command("seal", help="Seal what waits; the worker does so every minute.")
@with_appcontext
def seal() -> None:
    with transaction():
        count = chain.seal()
    click.echo(f"{count} rows sealed")


@audit.command("head", help="Position and hash of the newest seal, to be kept elsewhere.")
@with_appcontext
def head() -> None:
    click.echo(str(ledgers.head()))


@audit.command(
    "verify", help="Compute the chain again; names every row that does not fit. Exit code 1 if any."
)
@click.option("--since", default=0, type=click.IntRange(0), help="Begin behind this position.")
@click.option("--expect", "expected", help="A head kept elsewhere, as `audit head` printed it.")
@with_appcontext
def verify(since: int, expected: str | None) -> None:
    faults = walked = 0

    def count(seals: int) -> None:
        nonlocal walked
        walked += seals

    for finding in chain.verify(since=since, expected=expected, on_progress=count):
        faults += 1
        click.echo(said(finding), err=True)
    click.echo(f"{walked} seals verified, {faults} faults; head {ledgers.head()}")
    sys.exit(1 if faults else 0)


def said(finding: Finding) -> str:
    ids = f"{finding.id} to {finding.until}" if finding.until else str(finding.id)
    of = " of {} {}".format(*finding.of) if finding.of else ""
    return f"{finding.table} {ids}{of}: {SAYINGS[finding.fault]}"
