"""`flask contract …` and `flask admin …`: an empty contract from a pack, and the first people who may fill it."""

import click
from flask import current_app, url_for
from flask.cli import with_appcontext
from sqlalchemy import select

from .. import packs
from ..db import db, transaction
from ..models import Contract
from ..rules.cadence import HOME
from ..rules.refusals import Invalid
from ..rules.vocabulary import Role
from ..services import contracts, people


@click.group(help="Contracts of cities.")
def contract() -> None:
    pass


@contract.command("new", help="Make an empty contract from a template pack.")
@click.option("--city", required=True, help="The name of the city.")
@click.option("--country", required=True, help="Two letters, such as SI.")
@click.option("--slug", required=True, help="The contract's place in addresses: /c/<slug>.")
@click.option("--pack", "pack_id", default="netzerocities", show_default=True)
@click.option("--pack-version", default=None, help="Left out: the newest.")
@click.option("--language", default="en", show_default=True, help="In which the texts are written.")
@click.option("--also", "languages", multiple=True, help="A further language; may be repeated.")
@click.option("--target-year", default=2030, show_default=True)
@click.option("--time-zone", default=HOME, show_default=True, help="By whose days the city goes.")
@with_appcontext
def new(
    city, country, slug, pack_id, pack_version, language, languages, target_year, time_zone
) -> None:
    try:
        pack = packs.load(pack_id, pack_version)
        with transaction():
            made = contracts.create(
                pack,
                city=city,
                country=country.upper(),
                slug=slug,
                language=language,
                languages=languages,
                target_year=target_year,
                time_zone=time_zone,
            )
    except packs.UnknownPack as unknown:
        raise click.ClickException(f"{unknown}.") from unknown
    except Invalid as refusal:
        raise click.BadParameter(refusal.message, param_hint=_option(refusal.name)) from refusal
    click.echo(f"The contract of {made.city} is at /c/{made.slug}, from {pack.id} {pack.version}.")
    click.echo(f"Next: flask admin create --contract {made.slug} --email … --name …")


@contract.command("clock", help="Say by which clock the city of a contract goes.")
@click.argument("slug")
@click.argument("time_zone")
@with_appcontext
def set_clock(slug, time_zone) -> None:
    try:
        with transaction():
            contracts.set_time_zone(_contract(slug), time_zone)
    except Invalid as refusal:
        raise click.BadParameter(refusal.message, param_hint="TIME_ZONE") from refusal
    click.echo(f"/c/{slug} goes by the clock of {time_zone}.")


@contract.command("list", help="List the contracts.")
@with_appcontext
def listing() -> None:
    for one in db.session.scalars(select(Contract).order_by(Contract.slug)):
        click.echo(f"/c/{one.slug}  {one.city}  {one.pack} {one.pack_version}  {one.time_zone}")


@click.group(help="People who look after contracts.")
def admin() -> None:
    pass


@admin.command("create", help="Give somebody the role of administrator in a contract.")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--contract", "slug", default=None, help="Left out: the only one there is.")
@click.option(
    "--password", default=None, help="Better left out: then you get a link, or are asked."
)
@click.option("--ask", is_flag=True, help="Ask for a password instead of printing a link.")
@with_appcontext
def create(email, name, slug, password, ask) -> None:
    if ask and not password:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        with transaction():
            place = _contract(slug)
            role = {"role": Role.ADMIN, "language": place.language}
            made = people.invite(place, by=None, email=email, name=name, **role)
            person = made.person
            if password:
                people.set_password(person, password=password)
    except Invalid as refusal:
        raise click.BadParameter(refusal.message, param_hint=_option(refusal.name)) from refusal
    if person.password_hash:
        click.echo(f"{person.name} may now sign in as {person.email}.")
        return
    link = _link(people.link_token(person))
    days = current_app.config["INVITATION_DAYS"]
    click.echo(f"{person.name} sets a password here, within {days} days:\n{link}")


def _contract(slug: str | None) -> Contract:
    """The contract that is meant. Raises UsageError where there is none, or several to choose from."""
    query = select(Contract).order_by(Contract.id)
    found = db.session.scalars(query.where(Contract.slug == slug) if slug else query).all()
    if len(found) == 1:
        return found[0]
    if slug:
        raise click.UsageError(f"There is no contract {slug}. `flask contract list` shows them.")
    if not found:
        raise click.UsageError("There is no contract yet. Make one with `flask contract new`.")
    raise click.UsageError("There are several contracts: say which one with --contract.")


def _link(token: str) -> str:
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]):
        return url_for("people.accept", token=token, _external=True)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
