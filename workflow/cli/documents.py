"""`flask documents …`: housekeeping, for whoever runs the service."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from .. import clock
from ..db import db, transaction
from ..models import Document
from ..services import tidying


@click.group(help="Compiled documents.")
def documents() -> None:
    pass


@documents.command(
    "tidy",
    help="Take away old documents as CONCORD_DOCUMENT_DAYS says; the worker does so every hour.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@with_appcontext
def tidy(dry_run: bool) -> None:
    gone, freed = 0, 0
    for document_id in tidying.old(clock.now()):
        document = db.session.scalars(select(Document).where(Document.id == document_id)).one()
        words = _words(document)
        freed += document.size or 0
        with transaction():
            going = dry_run or tidying.remove(document_id, now=clock.now())
        gone += going
        if going:
            click.echo(words)
    click.echo(f"{gone} documents, {freed / 1e6:.1f} MB" + (" would go" if dry_run else " gone"))


def _words(document: Document) -> str:
    edition = document.edition
    asked = clock.day_of(document.created_at, document.contract.time_zone).isoformat()
    return (
        f"{document.id}  {document.manifest['contract']}  {edition.kind} {edition.format} "
        f"{edition.audience} {edition.language}  asked for {asked}  {document.state}"
    )
