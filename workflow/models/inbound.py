"""Mail that comes back: each message is a row before anybody acts on it."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import MailOutcome, MailProblem
from .columns import Digest256, Key, Moment, only, to, words


class Inbound(db.Model):
    """A message as it came to one address. However often it is delivered, it is one row.

    An empty `handled_at` is work to be done. `sha256` is that of the bytes in `raw`, which are forgotten some weeks
    after they were acted on. `event` tells the person that, and why, the message was not taken as it came.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("message_id", "recipient"),
        Index("ix_inbound_waiting", "next_try_at", **only("handled_at IS NULL")),
        Index("ix_inbound_lately", "person_id", "received_at"),
        Index("ix_inbound_failed", "handled_at", **only("outcome = 'failed'")),
    )

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(200))
    recipient: Mapped[str] = mapped_column(String(254))
    sender: Mapped[str] = mapped_column(String(254))
    sha256: Mapped[Digest256]
    size: Mapped[int]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    received_at: Mapped[Moment]
    next_try_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[MailOutcome | None] = mapped_column(words(MailOutcome))
    problem: Mapped[MailProblem | None] = mapped_column(words(MailProblem))
    last_error: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int | None] = to("person.id", index=False)
    comment_id: Mapped[int | None] = to("comment.id", index=False)
    event_id: Mapped[int | None] = to("event.id")

    person: Mapped["Person | None"] = relationship()  # noqa: F821
    comment: Mapped["Comment | None"] = relationship()  # noqa: F821
    event: Mapped["Event | None"] = relationship()  # noqa: F821
