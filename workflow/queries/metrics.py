"""What machines are told about the service: the state of the queues, and sums over all that was ever sent."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from .. import broker
from ..db import db
from ..models import Digest, Document
from ..rules.vocabulary import BuildState
from . import mail
from .queues import QueueLine, queues


@dataclass(frozen=True, slots=True)
class Numbers:
    """`sent` and `documents` are numbers of rows, by rhythm and by state."""

    mail: mail.MailStatus
    queues: list[QueueLine]
    broker: broker.Broker
    sent: dict[str, int]
    given_up: int
    documents: dict[str, int]


def numbers(now: datetime) -> Numbers:
    """Five queries; the sums read an index of what was sent, some ten milliseconds for each hundred thousand."""
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
    )


def _counted(column, *conditions) -> dict:
    rows = db.session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return dict(rows.all())
