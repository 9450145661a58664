"""What somebody's calendar was told of a deadline, so that the next telling can say whether it changed."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from .columns import Digest256, Key, Moment, to


class CalendarEntry(db.Model):
    """`uid` names the deadline in all calendars, `sha256` what was said of it; `sequence` counts how often that
    changed since, the last time at `changed_at`."""

    __tablename__ = "calendar_entry"
    __table_args__ = (UniqueConstraint("person_id", "uid"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id", index=False)
    uid: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[Digest256]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Moment]
