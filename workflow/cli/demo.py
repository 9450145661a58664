"""`flask demo …`: the invented second iteration of a real city, to try everything with."""

import click
from flask import current_app
from flask.cli import with_appcontext

from .. import clock
from ..db import transaction
from ..demo.load import load, sign_ins


@click.group(help="The demo city.")
def demo() -> None:
    pass


@demo.command("load", help="Load the demo city; doing it again changes nothing.")
@with_appcontext
def load_demo() -> None:
    current_app.extensions.pop("nudge", None)
    with transaction():
        contract = load(clock.now())
        lines = sign_ins(contract)
    click.echo(f"The demo contract of {contract.city} is at /c/{contract.slug}.")
    click.echo("\n".join(lines))
