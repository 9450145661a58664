"""What one person has of a section for himself: an unsaved text, and when he last read it."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from .columns import Key, Moment, to


class Draft(db.Model):
    """Autosaved while typing, seen by nobody else. `seen_at` is the last sign of life of the editor's page."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "section_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id", index=False)
    section_id: Mapped[int] = to("section.id")
    base_id: Mapped[int | None] = to("revision.id", index=False)
    markdown: Mapped[str | None] = mapped_column(Text)
    saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[Moment]

    person: Mapped["Person"] = relationship()  # noqa: F821


class Visit(db.Model):
    """The revision that a person read last (`revision_id`), and the one before that (`previous_id`)."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("person_id", "section_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id", index=False)
    section_id: Mapped[int] = to("section.id")
    revision_id: Mapped[int] = to("revision.id", index=False)
    previous_id: Mapped[int | None] = to("revision.id", index=False)
    at: Mapped[Moment]
