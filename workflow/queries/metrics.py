"""What machines are told about the service: the state of the queues, and sums over all that was ever sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, case, func, select

from .. import broker
from ..db import db
from ..models import Digest, Document
from ..rules.vocabulary import BuildState, Rhythm
from . import mail
from .queues import QueueLine, queues

BOUNDS = (5, 15, 60, 300, 900, 3600, 6 * 3600, 86_400)
"""Seconds."""

LATELY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delays:
    """`within` has a number for each of `BOUNDS`, the larger ones holding the smaller ones, and at last all."""

    within: tuple[int, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """`sent` and `documents` are numbers of rows, by rhythm and by state; `delays` are those of the last hour's letters
    by rhythm: how many left within so many seconds after they were due, and the sum of the seconds."""

    mail: mail.MailStatus
    queues: list[QueueLine]
    broker: broker.Broker
    sent: dict[str, int]
    given_up: int
    documents: dict[str, int]
    delays: dict[Rhythm, Delays]


def numbers(now: datetime) -> Numbers:
    """Six queries; the sums read an index of what was sent, some ten milliseconds for each hundred thousand."""
    found = mail.status(now)
    sent = dict.fromkeys(mail.MAILED, 0) | _counted(
        Digest.rhythm, Digest.rhythm.in_(mail.MAILED), Digest.sent_at.is_not(None)
    )
    given_up = db.session.scalar(
        select(func.count()).select_from(Digest).where(mail.GIVEN_UP, Digest.closed_at.is_not(None))
    )
    return Numbers(
        mail=found,
        queues=queues(found),
        broker=broker.look(current_app.config["CELERY_BROKER_URL"]),
        sent=sent,
        given_up=given_up,
        documents=dict.fromkeys(BuildState, 0) | _counted(Document.state),
        delays=_delays(now),
    )


def _delays(now: datetime) -> dict[Rhythm, Delays]:
    """From when a letter was due to when it left. An event is due at once after a burst, or at its reader's hour."""
    seconds = _seconds()
    within = [func.count(case((seconds <= bound, 1))) for bound in BOUNDS]
    rows = db.session.execute(
        select(Digest.rhythm, *within, func.count(), func.sum(seconds))
        .where(Digest.rhythm.in_(mail.MAILED), Digest.sent_at >= now - LATELY)
        .group_by(Digest.rhythm)
    )
    found = {rhythm: Delays(tuple(counts), float(total)) for rhythm, *counts, total in rows}
    return dict.fromkeys(mail.MAILED, Delays((0,) * (len(BOUNDS) + 1), 0)) | found


def _seconds() -> ColumnElement[float]:
    """From due to sent."""
    if db.engine.dialect.name == "sqlite":
        return (func.julianday(Digest.sent_at) - func.julianday(Digest.due_at)) * 86_400
    return func.extract("epoch", Digest.sent_at - Digest.due_at)


def _counted(column, *conditions) -> dict:
    rows = db.session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return dict(rows.all())
