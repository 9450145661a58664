"""The log of moderation: what was held, shown, hidden, flagged and appealed, by whom and why. Never rewritten."""

from datetime import datetime

from sqlalchemy import Index, Text, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import ModerationAct
from .columns import Created, Key, only, to, words
from .thread import Comment


class ModerationEntry(db.Model):
    """One line about one comment. A flag or an appeal waits until `settled_at`."""

    __tablename__ = "moderation_entry"
    __table_args__ = (
        Index(
            "ix_moderation_entry_waiting",
            "contract_id",
            **only("settled_at IS NULL AND act IN ('flag', 'appeal')"),
        ),
    )

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    comment_id: Mapped[int] = to("comment.id")
    act: Mapped[ModerationAct] = mapped_column(words(ModerationAct))
    by_id: Mapped[int | None] = to("person.id", index=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Created]
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    comment: Mapped[Comment] = relationship()
    by: Mapped["Person | None"] = relationship()  # noqa: F821


Comment.hidden_because = column_property(
    select(ModerationEntry.reason)
    .where(ModerationEntry.comment_id == Comment.id, ModerationEntry.act == ModerationAct.HIDE)
    .order_by(ModerationEntry.id.desc())
    .limit(1)
    .correlate_except(ModerationEntry)
    .scalar_subquery(),
    deferred=True,
)
"""The reason that the last moderator who hid it gave; read only where it is asked for with `undefer`."""
