"""Whether the process lives, and whether it can do its work: for the watchdog, not for people."""

from datetime import datetime

from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from .. import broker, clock
from ..db import db
from ..extensions import csrf, limiter
from ..queries import mail

blueprint = Blueprint("health", __name__, url_prefix="/healthz")
csrf.exempt(blueprint)
limiter.exempt(blueprint)


@blueprint.get("/live")
def live():
    """The process answers. No database, no broker, no file."""
    return {"alive": True}


@blueprint.get("/ready")
def ready():
    """What the process needs: 503 without the database. A silent broker delays letters and refuses no page; letters
    that stand still and parts that have gone silent are told as `troubles`, and refuse none either."""
    now = clock.now()
    letters = _letters(now)
    state = {
        "ready": letters is not None,
        "database": broker.UNREACHABLE if letters is None else broker.OK,
        "broker": _broker(),
        "oldest_waiting_event_seconds": _age(letters and letters.oldest_event, now),
        "troubles": letters.troubles(now) if letters else [],
    }
    return state, 200 if state["ready"] else 503


def _letters(now: datetime) -> mail.MailStatus | None:
    """How the letters are doing; None when the database does not answer."""
    try:
        return mail.status(now)
    except SQLAlchemyError as fault:
        db.session.rollback()
        current_app.logger.warning("the database does not answer: %s", fault)
        return None


def _broker() -> str:
    found = broker.look(current_app.config["CELERY_BROKER_URL"])
    if found.fault:
        current_app.logger.warning("the broker does not answer: %s", found.fault)
    return found.state


def _age(since: datetime | None, now: datetime) -> float | None:
    return round((now - since).total_seconds(), 1) if since else None
