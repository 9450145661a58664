"""Which addresses get no letters, since when, and what was said of them last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ..db import db
from ..models import Bounce, Person


@dataclass(frozen=True, slots=True)
class Suspended:
    """`said` is the server's last word; None where somebody suspended the address by hand."""

    email: str
    since: datetime
    letters: int
    said: str | None


def suspended() -> list[Suspended]:
    """Every suspended address, the newest first."""
    last = (
        select(Bounce.said)
        .where(Bounce.person_id == Person.id)
        .order_by(Bounce.at.desc(), Bounce.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    letters = (
        select(func.count())
        .select_from(Bounce)
        .where(Bounce.person_id == Person.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Person.email, Person.mail_suspended_at, letters, last)
        .where(Person.mail_suspended_at.is_not(None))
        .order_by(Person.mail_suspended_at.desc(), Person.id)
    )
    return [Suspended(*row) for row in rows]
