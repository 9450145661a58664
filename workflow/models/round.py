"""A round of consultation: sections that are open for comments together, and answered together."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, db
from ..rules.vocabulary import RoundAudience, RoundChange
from .columns import Created, Key, Moment, only, to, words

round_section = Table(
    "round_section",
    Base.metadata,
    Column("round_id", ForeignKey("round.id"), primary_key=True),
    Column("section_id", ForeignKey("section.id"), primary_key=True, index=True),
)


class Round(db.Model):
    """Planned until `opened_at`, over from `closed_at` on; what was on display in between stands in `Display`.

    `answers_published_at` is when the city's positions of the round were told to everybody, last.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        Index("ix_round_running", "closes_at", **only("closed_at IS NULL")),
    )

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[RoundAudience] = mapped_column(
        words(RoundAudience), default=RoundAudience.INVITED
    )
    announcement: Mapped[str] = mapped_column(Text, default="")
    opened_by_id: Mapped[int] = to("person.id", index=False)
    opens_at: Mapped[Created]
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[Moment]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers_published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    contract: Mapped["Contract"] = relationship()  # noqa: F821
    opened_by: Mapped["Person"] = relationship()  # noqa: F821
    sections: Mapped[list["Section"]] = relationship(  # noqa: F821
        secondary=round_section, order_by="Section.position"
    )
    changes: Mapped[list["RoundEntry"]] = relationship(order_by="RoundEntry.id")


class RoundEntry(db.Model):
    """Evidence: a running round was extended, or a displayed text corrected; both closings or both texts are named."""

    __tablename__ = "round_entry"

    id: Mapped[Key]
    round_id: Mapped[int] = to("round.id")
    change: Mapped[RoundChange] = mapped_column(words(RoundChange))
    section_id: Mapped[int | None] = to("section.id", index=False)
    closes_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    before_id: Mapped[int | None] = to("revision.id", index=False)
    after_id: Mapped[int | None] = to("revision.id", index=False)
    by_id: Mapped[int] = to("person.id", index=False)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[Created]

    by: Mapped["Person"] = relationship()  # noqa: F821
    section: Mapped["Section | None"] = relationship()  # noqa: F821
    before: Mapped["Revision | None"] = relationship(foreign_keys=[before_id])  # noqa: F821
    after: Mapped["Revision | None"] = relationship(foreign_keys=[after_id])  # noqa: F821
