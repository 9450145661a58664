"""The register of what reviewers ask after submission, and what the city answers in text and letter."""

from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import QuestionState, ReviewBody
from .columns import Created, Key, only, to, words


class Question(db.Model):
    """One question. `quote`, `prefix`, `suffix` are a W3C TextQuoteSelector, `start` and `end` (characters of the plain
    text of `revision`, half-open) a TextPositionSelector; empty for a question about a section or the whole. A quote
    without a position is one whose words that text does not have, or has more than once.

    `checklist` is the item of the reviewers' Coherence and Completeness Checklist. `answer` was written last by
    `answered_by`; it is a draft until `answered_at`. `addendum` is the dated addendum that carried the answer out of
    the house.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        Index(
            "uq_question_contract_id_body_reference",
            *("contract_id", "body", "reference"),
            unique=True,
            **only("reference <> ''"),
        ),
    )

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    number: Mapped[int]
    body: Mapped[ReviewBody] = mapped_column(words(ReviewBody))
    reference: Mapped[str] = mapped_column(String(60), default="")
    checklist: Mapped[int | None]
    asked_on: Mapped[date]
    due_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text)
    section_id: Mapped[int | None] = to("section.id")
    revision_id: Mapped[int | None] = to("revision.id", index=False)
    quote: Mapped[str | None] = mapped_column(Text)
    prefix: Mapped[str | None] = mapped_column(Text)
    suffix: Mapped[str | None] = mapped_column(Text)
    start: Mapped[int | None] = mapped_column("start_at")
    end: Mapped[int | None] = mapped_column("end_at")
    assignee_id: Mapped[int | None] = to("person.id", index=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = to("person.id", index=False)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried_out_by_id: Mapped[int | None] = to("revision.id", index=False)
    addendum_id: Mapped[int | None] = to("manifest.id")
    entered_by_id: Mapped[int] = to("person.id", index=False)
    created_at: Mapped[Created]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    section: Mapped["Section | None"] = relationship()  # noqa: F821
    contract: Mapped["Contract"] = relationship()  # noqa: F821
    revision: Mapped["Revision | None"] = relationship(foreign_keys=[revision_id])  # noqa: F821
    carried_out_by: Mapped["Revision | None"] = relationship(  # noqa: F821
        foreign_keys=[carried_out_by_id]
    )
    assignee: Mapped["Person | None"] = relationship(foreign_keys=[assignee_id])  # noqa: F821
    answered_by: Mapped["Person | None"] = relationship(foreign_keys=[answered_by_id])  # noqa: F821
    entered_by: Mapped["Person"] = relationship(foreign_keys=[entered_by_id])  # noqa: F821
    addendum: Mapped["Manifest | None"] = relationship()  # noqa: F821

    @property
    def state(self) -> QuestionState:
        if self.addendum_id:
            return QuestionState.SENT
        if self.answered_at:
            return QuestionState.ANSWERED
        return QuestionState.DRAFTED if self.answer else QuestionState.OPEN

    @property
    def version(self) -> str:
        """What a page carries to say which answer it showed."""
        return _hash(self.carried_out_by_id, self.answered_at, self.answer)

    @property
    def as_sent(self) -> str:
        """What a letter carries to say which answer to which question it showed."""
        asked = self.body, self.reference, self.checklist, self.asked_on, self.section_id
        return _hash(self.version, *asked, self.quote, self.text)


def _hash(*shown: object) -> str:
    return sha256(" ".join(str(one) for one in shown).encode()).hexdigest()[:16]
