"""The one path from event to letter: Event → Notification per person → Digest per person and window.

An empty timestamp is work to be done; a job finds the row, does it, fills the timestamp. Ids travel, words stay: an
event names rows, never their text, so that an edited or withdrawn remark is never mailed in its old form.
"""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import EventKind, Reason, Rhythm
from .columns import Created, Key, Moment, only, to, words


class Event(db.Model):
    """Outbox, activity page and audit trail at once."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_waiting", "id", **only("relayed_at IS NULL")),)

    id: Mapped[Key]
    contract_id: Mapped[int | None] = to("contract.id")
    kind: Mapped[EventKind] = mapped_column(words(EventKind))
    actor_id: Mapped[int | None] = to("person.id")
    section_id: Mapped[int | None] = to("section.id")
    thread_id: Mapped[int | None] = to("thread.id")
    comment_id: Mapped[int | None] = to("comment.id", index=False)
    revision_id: Mapped[int | None] = to("revision.id", index=False)
    decision_id: Mapped[int | None] = to("decision.id", index=False)
    document_id: Mapped[int | None] = to("document.id", index=False)
    person_id: Mapped[int | None] = to("person.id", index=False)
    round_id: Mapped[int | None] = to("round.id", index=False)
    position_id: Mapped[int | None] = to("position.id", index=False)
    organisation_id: Mapped[int | None] = to("organisation.id", index=False)
    manifest_id: Mapped[int | None] = to("manifest.id", index=False)
    signatory_id: Mapped[int | None] = to("signatory.id", index=False)
    signatory_entry_id: Mapped[int | None] = to("signatory_entry.id", index=False)
    question_id: Mapped[int | None] = to("question.id", index=False)
    reminder_id: Mapped[int | None] = to("reminder.id", index=False)
    guest_link_id: Mapped[int | None] = to("guest_link.id", index=False)
    hook_id: Mapped[int | None] = to("hook.id", index=False)
    at: Mapped[Moment]
    relayed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    actor: Mapped["Person | None"] = relationship(foreign_keys=[actor_id])  # noqa: F821
    person: Mapped["Person | None"] = relationship(foreign_keys=[person_id])  # noqa: F821
    section: Mapped["Section | None"] = relationship()  # noqa: F821
    thread: Mapped["Thread | None"] = relationship()  # noqa: F821
    comment: Mapped["Comment | None"] = relationship()  # noqa: F821
    decision: Mapped["Decision | None"] = relationship()  # noqa: F821
    revision: Mapped["Revision | None"] = relationship()  # noqa: F821
    document: Mapped["Document | None"] = relationship()  # noqa: F821
    contract: Mapped["Contract | None"] = relationship()  # noqa: F821
    round: Mapped["Round | None"] = relationship()  # noqa: F821
    position: Mapped["Position | None"] = relationship()  # noqa: F821
    organisation: Mapped["Organisation | None"] = relationship()  # noqa: F821
    manifest: Mapped["Manifest | None"] = relationship()  # noqa: F821
    signatory: Mapped["Signatory | None"] = relationship()  # noqa: F821
    signatory_entry: Mapped["SignatoryEntry | None"] = relationship()  # noqa: F821
    question: Mapped["Question | None"] = relationship()  # noqa: F821
    reminder: Mapped["Reminder | None"] = relationship()  # noqa: F821
    guest_link: Mapped["GuestLink | None"] = relationship()  # noqa: F821
    hook: Mapped["Hook | None"] = relationship()  # noqa: F821


class Notification(db.Model):
    """One person hears of one event, once. `due_at` empty, and the rhythm `off`: only in the inbox, never by mail."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index(
            "ix_notification_due",
            "due_at",
            "person_id",
            **only("digest_id IS NULL AND read_at IS NULL AND due_at IS NOT NULL"),
        ),
        Index("ix_notification_unread", "person_id", "read_at"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = to("event.id", index=False)
    person_id: Mapped[int] = to("person.id", index=False)
    reason: Mapped[Reason] = mapped_column(words(Reason))
    rhythm: Mapped[Rhythm] = mapped_column(words(Rhythm), default=Rhythm.OFF)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    digest_id: Mapped[int | None] = to("digest.id", index=False)
    created_at: Mapped[Created]

    event: Mapped[Event] = relationship()
    person: Mapped["Person"] = relationship()  # noqa: F821
    digest: Mapped["Digest | None"] = relationship(back_populates="notifications")


class Digest(db.Model):
    """A letter to one person: all that was due. An immediate letter is a digest of one window of a minute.

    `sent_at` is filled after the mail server said yes; `closed_at` when it never will be sent (nothing left to say,
    or the server refused for good). Its Message-ID is made with the row, so a repeated attempt repeats the ID.
    Taking it up moves `next_try_at` forward: a lease, after which a killed worker's letter is anybody's again.
    """

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("person_id", "due_at"),
        Index("ix_digest_waiting", "next_try_at", **only("sent_at IS NULL AND closed_at IS NULL")),
        Index("ix_digest_sent", "rhythm", "sent_at", **only("sent_at IS NOT NULL")),
        Index(
            "ix_digest_given_up", "closed_at", **only("sent_at IS NULL AND last_error IS NOT NULL")
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id", index=False)
    rhythm: Mapped[Rhythm] = mapped_column(words(Rhythm))
    due_at: Mapped[Moment]
    composed_at: Mapped[Moment]
    next_try_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    person: Mapped["Person"] = relationship()  # noqa: F821
    notifications: Mapped[list[Notification]] = relationship(
        order_by="Notification.id", back_populates="digest"
    )
