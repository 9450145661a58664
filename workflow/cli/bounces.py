"""`flask mail suspended …`: addresses whose letters come back, for whoever runs the service."""

import dataclasses

import click
from flask.cli import with_appcontext

from .. import clock
from ..db import transaction
from ..queries import bounced
from ..rules.refusals import Invalid
from ..services import bouncing
from .mail import as_json, person_of, print_json


@click.command("suspended", help="Addresses that get no letters because those came back, and why.")
@as_json
@with_appcontext
def suspended(machine: bool) -> None:
    found = bounced.suspended()
    if machine:
        print_json([dataclasses.asdict(one) for one in found])
        return
    for one in found:
        since = one.since.isoformat(timespec="minutes")
        click.echo(f"{one.email}  since {since}, {one.letters} letters: {one.said or 'by hand'}")
    click.echo(f"{len(found)} addresses")


@click.command("suspend", help="Send nothing more to this address; the inbox on the page stays.")
@click.argument("email")
@with_appcontext
def suspend(email: str) -> None:
    with transaction():
        bouncing.suspend(person_of(email), now=clock.now())
    click.echo(f"No letters go to {email} any more.")


@click.command("resume", help="Send letters to this address again; what came back is forgotten.")
@click.argument("email")
@with_appcontext
def resume(email: str) -> None:
    with transaction():
        bouncing.resume(person_of(email), now=clock.now())
    click.echo(f"Letters go to {email} again.")


@click.command(
    "correct", help="Give the person of one address another one, and letters another chance."
)
@click.argument("email")
@click.argument("correct_email")
@with_appcontext
def correct(email: str, correct_email: str) -> None:
    try:
        with transaction():
            bouncing.correct(person_of(email), correct_email, now=clock.now())
    except Invalid as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"The address is {correct_email} now. The person signs in with it, too.")


COMMANDS = (suspended, suspend, resume, correct)
