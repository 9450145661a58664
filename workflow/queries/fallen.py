"""What fell out of the way and comes back only by a hand: documents that failed, addresses that are suspended, mail
that came and could not be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, literal, select, union_all

from ..db import db
from ..models import Bounce, Contract, Document, Inbound, Person
from ..rules.vocabulary import BuildState, MailOutcome
from .documents import FAILURES

LISTED = 10
LOOKS_BACK = timedelta(days=7)
"""How long a document or a mail that failed is worth a look."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """A document of that contract, an address, or a mail from one; `why` is empty for an address suspended by hand."""

    id: int
    name: str
    at: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Heap:
    """The newest of them, and how many there are."""

    newest: list[Fallen]
    total: int


def fallen(now: datetime) -> tuple[Heap, Heap, Heap]:
    """Documents that failed lately, suspended addresses, and mail that could not be read lately, in one query."""
    heaps = {"documents": [], "addresses": [], "mail": []}
    asked = _documents(now), _addresses(), _mail(now)
    for kind, *row in db.session.execute(union_all(*map(_newest, asked))):
        heaps[kind].append(row)
    documents, addresses, mail = heaps.values()
    worded = [(*row[:3], str(FAILURES.get(row[3], FAILURES["crash"])), row[4]) for row in documents]
    return _heap(worded), _heap(addresses), _heap(mail)


def _newest(of: Select) -> Select:
    """Those of the newest moment, since neither database takes an order within a union as it is."""
    rows = of.subquery()
    return select(select(rows).order_by(rows.c.at.desc()).limit(LISTED).subquery())


def _documents(now: datetime) -> Select:
    return (
        select(
            literal("documents").label("kind"),
            Document.id,
            Contract.city.label("name"),
            Document.finished_at.label("at"),
            Document.error.label("why"),
            func.count().over().label("total"),
        )
        .join(Contract, Contract.id == Document.contract_id)
        .where(Document.state == BuildState.FAILED, Document.finished_at >= now - LOOKS_BACK)
    )


def _addresses() -> Select:
    said = (
        select(Bounce.said)
        .where(Bounce.person_id == Person.id)
        .order_by(Bounce.at.desc(), Bounce.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(
        literal("addresses").label("kind"),
        Person.id,
        Person.email.label("name"),
        Person.mail_suspended_at.label("at"),
        said.label("why"),
        func.count().over().label("total"),
    ).where(Person.mail_suspended_at.is_not(None))


def _mail(now: datetime) -> Select:
    return select(
        literal("mail").label("kind"),
        Inbound.id,
        Inbound.sender.label("name"),
        Inbound.handled_at.label("at"),
        Inbound.last_error.label("why"),
        func.count().over().label("total"),
    ).where(Inbound.outcome == MailOutcome.FAILED, Inbound.handled_at >= now - LOOKS_BACK)


def _heap(rows: list) -> Heap:
    newest = sorted((Fallen(*row[:4]) for row in rows), key=lambda one: one.at, reverse=True)
    return Heap(newest, rows[0][4] if rows else 0)
