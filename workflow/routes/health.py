"""Whether the process lives, and whether it can do its work: for the watchdog, not for people."""

from datetime import datetime

import redis
from flask import Blueprint, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from .. import clock
from ..db import db
from ..extensions import csrf, limiter
from ..models import Event

blueprint = Blueprint("health", __name__, url_prefix="/healthz")
csrf.exempt(blueprint)
limiter.exempt(blueprint)

PATIENCE_SECONDS = 1.0
"""How long a broker may take to answer; the pages do not need it."""


@blueprint.get("/live")
def live():
    """The process answers. No database, no broker, no file."""
    return {"alive": True}


@blueprint.get("/ready")
def ready():
    """What the process needs: 503 without the database. A silent broker delays letters and refuses no page."""
    database, waiting_since = _database()
    state = {
        "ready": database == "ok",
        "database": database,
        "broker": _broker(),
        "oldest_waiting_event_seconds": _age(waiting_since),
    }
    return state, 200 if state["ready"] else 503


def _database() -> tuple[str, datetime | None]:
    """How the database is, and since when the oldest event waits to be told."""
    try:
        db.session.execute(select(1))
        waiting = select(func.min(Event.at)).where(Event.relayed_at.is_(None))
        return "ok", db.session.scalar(waiting)
    except SQLAlchemyError as fault:
        db.session.rollback()
        current_app.logger.warning("the database does not answer: %s", fault)
        return "unreachable", None


def _broker() -> str:
    address = current_app.config["CELERY_BROKER_URL"]
    if not address.startswith(("redis://", "rediss://", "redis+socket://")):
        return "not configured"
    address = address.replace("redis+socket://", "unix://", 1)
    patience = {
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        "retry": None,
    }
    try:
        with redis.Redis.from_url(address, **patience) as broker:
            broker.ping()
    except (redis.RedisError, OSError, ValueError) as fault:
        current_app.logger.warning("the broker does not answer: %s", fault)
        return "unreachable"
    return "ok"


def _age(since: datetime | None) -> float | None:
    return round((clock.now() - since).total_seconds(), 1) if since else None
