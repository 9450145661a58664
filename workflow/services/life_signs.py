"""Signs of life: a part that works says so; those that were not seen for a day are forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from ..db import db
from ..models import LifeSign
from ..rules.vocabulary import Part
from .upserts import put

REMEMBERED = timedelta(days=1)


def give(part: Part, name: str, now: datetime) -> None:
    """The part of that name is at work now."""
    put(LifeSign, {"part": part, "name": name[:200]}, {"at": now}, change={"at": now})


def forget(now: datetime) -> None:
    """Workers come and go under new names; what has long been silent is no news."""
    db.session.execute(delete(LifeSign).where(LifeSign.at < now - REMEMBERED))
