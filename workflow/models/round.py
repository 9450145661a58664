"""A round of consultation: sections that are open for comments together, and answered together."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from .columns import Key, Moment, to


class Round(db.Model):
    """`answers_published_at` is when the city's positions of the round were told to everybody, last."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    opened_by_id: Mapped[int] = to("person.id", index=False)
    opened_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers_published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    contract: Mapped["Contract"] = relationship()  # noqa: F821
