"""Remarks on a section: a thread is anchored to a passage, a block or the whole section, and gets an answer."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import (
    AnchorStatus,
    Channel,
    Disposition,
    Moderation,
    RemarkKind,
    RoundAudience,
    Visibility,
)
from .columns import Created, Key, to, words

# fmt: off
COUNTED = (
    "section_id", "withdrawn_at", "moderation", "visibility", "kind", "answered_at", "contested_at",
    "disposition", "carried_out_by_id", "author_id", "organisation_id", "created_at",
)
# fmt: on
"""All that the counts of a section look at, so that the index alone answers them."""


class Thread(db.Model):
    """`quote`, `prefix`, `suffix` are a W3C TextQuoteSelector, `start` and `end` (characters of the revision's plain
    text, half-open) a TextPositionSelector; all empty for a remark on the section as a whole.

    `replacement` is a suggested edit: so the passage should read. `on_behalf_of` and `source` tell whose words were
    written down for them and where (a workshop's table, a letter); nobody is named unless he agreed to it, which was
    noted at `consented_at`. The author may agree to the answer or contest it, once.

    `late` came after its section's round and waits for the next one. `official` is the position of an organisation,
    submitted by its delegate; what its members said among themselves names it as `consolidated`.
    """

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("section_id", "number"),
        Index("ix_thread_counted", *COUNTED),
        CheckConstraint("start_at IS NULL OR start_at <= end_at", name="anchor_order"),
        CheckConstraint(
            "disposition IS NULL OR disposition = 'accepted' OR answer <> ''", name="reason_given"
        ),
    )

    id: Mapped[Key]
    section_id: Mapped[int] = to("section.id", index=False)
    number: Mapped[int]
    revision_id: Mapped[int] = to("revision.id")
    author_id: Mapped[int] = to("person.id")
    organisation_id: Mapped[int | None] = to("organisation.id")
    kind: Mapped[RemarkKind] = mapped_column(words(RemarkKind))
    visibility: Mapped[Visibility] = mapped_column(
        words(Visibility), default=Visibility.PARTICIPANTS
    )
    channel: Mapped[Channel] = mapped_column(words(Channel), default=Channel.WEB)
    language: Mapped[str] = mapped_column(String(8), default="en")
    quote: Mapped[str | None] = mapped_column(Text)
    prefix: Mapped[str | None] = mapped_column(Text)
    suffix: Mapped[str | None] = mapped_column(Text)
    start: Mapped[int | None] = mapped_column("start_at")
    end: Mapped[int | None] = mapped_column("end_at")
    block: Mapped[int | None]
    replacement: Mapped[str | None] = mapped_column(Text)
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(200))
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    round_id: Mapped[int | None] = to("round.id")
    late: Mapped[bool] = mapped_column(default=False)
    moderation: Mapped[Moderation] = mapped_column(words(Moderation), default=Moderation.SHOWN)
    official: Mapped[bool] = mapped_column(default=False)
    consolidated_id: Mapped[int | None] = to("thread.id")
    group_id: Mapped[int | None] = to("thread_group.id")
    assignee_id: Mapped[int | None] = to("person.id")
    created_at: Mapped[Created]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    disposition: Mapped[Disposition | None] = mapped_column(words(Disposition))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = to("person.id", index=False)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried_out_by_id: Mapped[int | None] = to("revision.id", index=False)
    duplicate_of_id: Mapped[int | None] = to("thread.id", index=False)
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    contested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    contest: Mapped[str] = mapped_column(Text, default="")
    supports: Mapped[int] = mapped_column(default=0)
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    section: Mapped["Section"] = relationship()  # noqa: F821
    revision: Mapped["Revision"] = relationship(foreign_keys=[revision_id])  # noqa: F821
    author: Mapped["Person"] = relationship(foreign_keys=[author_id])  # noqa: F821
    answered_by: Mapped["Person | None"] = relationship(foreign_keys=[answered_by_id])  # noqa: F821
    organisation: Mapped["Organisation | None"] = relationship()  # noqa: F821
    duplicate_of: Mapped["Thread | None"] = relationship(
        foreign_keys=[duplicate_of_id], remote_side="Thread.id"
    )
    consolidated: Mapped["Thread | None"] = relationship(
        foreign_keys=[consolidated_id], remote_side="Thread.id"
    )
    assignee: Mapped["Person | None"] = relationship(foreign_keys=[assignee_id])  # noqa: F821
    round: Mapped["Round | None"] = relationship()  # noqa: F821
    group: Mapped["ThreadGroup | None"] = relationship(back_populates="threads")  # noqa: F821
    answer_draft: Mapped["AnswerDraft | None"] = relationship(  # noqa: F821
        foreign_keys="AnswerDraft.thread_id", back_populates="thread"
    )
    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.id", back_populates="thread")
    placements: Mapped[list["Placement"]] = relationship(back_populates="thread")

    @hybrid_property
    def shown(self) -> bool:
        """Neither waiting for its author or a moderator, nor hidden."""
        return self.moderation is Moderation.SHOWN

    @shown.inplace.expression
    @classmethod
    def _shown(cls) -> ColumnElement[bool]:
        return cls.moderation == Moderation.SHOWN

    @hybrid_property
    def addressed(self) -> bool:
        """Shown, and said to the city: not among the members of an organisation."""
        return self.shown and self.visibility is not Visibility.ORGANISATION

    @addressed.inplace.expression
    @classmethod
    def _addressed(cls) -> ColumnElement[bool]:
        return and_(cls.shown, cls.visibility != Visibility.ORGANISATION)

    @hybrid_property
    def on_display(self) -> bool:
        """Everybody reads it, on the public page of its section: it was said in a public round, and is shown."""
        public = self.round is not None and self.round.audience is RoundAudience.PUBLIC
        seen = self.shown and self.visibility is Visibility.PUBLIC
        return public and seen and self.withdrawn_at is None

    @on_display.inplace.expression
    @classmethod
    def _on_display(cls) -> ColumnElement[bool]:
        public = cls.round.has(audience=RoundAudience.PUBLIC)
        seen = and_(cls.shown, cls.visibility == Visibility.PUBLIC)
        return and_(public, seen, cls.withdrawn_at.is_(None))

    @hybrid_property
    def contested(self) -> bool:
        """The author contests the answer, and nobody has answered again since."""
        return self.contested_at is not None and self.contested_at >= self.answered_at

    @contested.inplace.expression
    @classmethod
    def _contested(cls) -> ColumnElement[bool]:
        return and_(cls.contested_at.is_not(None), cls.contested_at >= cls.answered_at)

    @hybrid_property
    def unanswered(self) -> bool:
        """Nobody has answered yet, or the author contests the answer."""
        return self.answered_at is None or self.contested

    @unanswered.inplace.expression
    @classmethod
    def _unanswered(cls) -> ColumnElement[bool]:
        return or_(cls.answered_at.is_(None), cls.contested)


class Comment(db.Model):
    """One utterance in a thread; the first is the remark itself. Withdrawn words are emptied, the row stays.

    `token` comes with the form that made it, so that a double click makes one comment. `named` is who is mentioned in
    the words: the id and the name of each, as it was when they were said.
    """

    __tablename__ = "comment"

    id: Mapped[Key]
    thread_id: Mapped[int] = to("thread.id")
    author_id: Mapped[int] = to("person.id")
    language: Mapped[str] = mapped_column(String(8), default="en")
    text: Mapped[str] = mapped_column(Text)
    translation: Mapped[str | None] = mapped_column(Text)
    named: Mapped[list | None] = mapped_column(JSON(none_as_null=True))
    token: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_at: Mapped[Created]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    moderation: Mapped[Moderation] = mapped_column(
        words(Moderation), default=Moderation.SHOWN, index=True
    )

    thread: Mapped[Thread] = relationship(back_populates="comments")
    author: Mapped["Person"] = relationship()  # noqa: F821

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who are mentioned, to mark them where the words are read."""
        return names_in(self.named)

    @hybrid_property
    def shown(self) -> bool:
        return self.moderation is Moderation.SHOWN

    @shown.inplace.expression
    @classmethod
    def _shown(cls) -> ColumnElement[bool]:
        return cls.moderation == Moderation.SHOWN


class Placement(db.Model):
    """Where a thread's passage stands in a later revision; made once, in the transaction that saved it."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("thread_id", "revision_id"),)

    id: Mapped[Key]
    thread_id: Mapped[int] = to("thread.id", index=False)
    revision_id: Mapped[int] = to("revision.id")
    status: Mapped[AnchorStatus] = mapped_column(words(AnchorStatus))
    start: Mapped[int | None] = mapped_column("start_at")
    end: Mapped[int | None] = mapped_column("end_at")
    similarity: Mapped[float] = mapped_column(default=1.0)

    thread: Mapped[Thread] = relationship(back_populates="placements")


class Support(db.Model):
    """A person stands behind somebody's remark, once."""

    __tablename__ = "support"
    __table_args__ = (UniqueConstraint("thread_id", "person_id"),)

    id: Mapped[Key]
    thread_id: Mapped[int] = to("thread.id", index=False)
    person_id: Mapped[int] = to("person.id")
    created_at: Mapped[Created]


def names_in(named: list | None) -> tuple[str, ...]:
    """The names of a comment's `named`, for whoever reads single columns."""
    return tuple(name for _, name in named or ())
