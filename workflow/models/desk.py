"""The desk: answers that are still being written, and remarks that people found to say the same."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import db
from ..rules.vocabulary import Disposition
from .columns import Created, Key, Moment, to, words


class AnswerDraft(db.Model):
    """A position that the city has not published yet; its author and the public know nothing of it."""

    __tablename__ = "answer_draft"

    id: Mapped[Key]
    thread_id: Mapped[int] = to("thread.id", unique=True, index=False)
    disposition: Mapped[Disposition] = mapped_column(words(Disposition))
    answer: Mapped[str] = mapped_column(Text, default="")
    carried_out_by_id: Mapped[int | None] = to("revision.id", index=False)
    duplicate_of_id: Mapped[int | None] = to("thread.id", index=False)
    by_id: Mapped[int] = to("person.id", index=False)
    saved_at: Mapped[Moment]

    thread: Mapped["Thread"] = relationship(  # noqa: F821
        foreign_keys=[thread_id], back_populates="answer_draft"
    )
    by: Mapped["Person"] = relationship()  # noqa: F821

    @property
    def version(self) -> str:
        """What a page carries to say which draft it showed."""
        return self.saved_at.isoformat()


class ThreadGroup(db.Model):
    """Remarks that make the same point, put together by a person and answered once."""

    __tablename__ = "thread_group"

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    title: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int] = to("person.id", index=False)
    created_at: Mapped[Created]

    threads: Mapped[list["Thread"]] = relationship(  # noqa: F821
        order_by="Thread.id", back_populates="group"
    )
