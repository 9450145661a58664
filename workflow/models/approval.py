"""Who has to agree to a section, step by step, and the positions that they took on exactly which text."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, db
from ..rules.vocabulary import Role, Stance
from .columns import Digest256, Key, Moment, to, words

approval_step_person = Table(
    "approval_step_person",
    Base.metadata,
    Column("step_id", ForeignKey("approval_step.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)


class ApprovalStep(db.Model):
    """A step of approval: of one section, or (no section) of every section that has none of its own.

    Steps of the same `order` run side by side, the next order begins when they are passed. Asked are the named
    people, else everybody with the role at the section. A section without any steps needs one judge.
    """

    __tablename__ = "approval_step"
    __table_args__ = (
        CheckConstraint("quorum >= 1", name="quorum"),
        Index("ix_approval_step_section", "contract_id", "section_id", "order_no"),
    )

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    section_id: Mapped[int | None] = to("section.id", index=False)
    order: Mapped[int] = mapped_column("order_no")
    title: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role | None] = mapped_column(words(Role))
    quorum: Mapped[int] = mapped_column(default=1)

    people: Mapped[list["Person"]] = relationship(  # noqa: F821
        secondary=approval_step_person, order_by="Person.name"
    )


class Position(db.Model):
    """Evidence: a person's stance on one text in one review. The last of a person in a review counts.

    `review_id` is the decision that submitted the text; another submission or another text begins with no positions.
    """

    __tablename__ = "position"
    __table_args__ = (Index("ix_position_review", "section_id", "review_id"),)

    id: Mapped[Key]
    section_id: Mapped[int] = to("section.id", index=False)
    review_id: Mapped[int | None] = to("decision.id", index=False)
    person_id: Mapped[int] = to("person.id")
    organisation_id: Mapped[int | None] = to("organisation.id", index=False)
    stance: Mapped[Stance] = mapped_column(words(Stance))
    text: Mapped[str] = mapped_column(Text, default="")
    revision_id: Mapped[int] = to("revision.id", index=False)
    sha256: Mapped[Digest256]
    at: Mapped[Moment]

    person: Mapped["Person"] = relationship()  # noqa: F821
    revision: Mapped["Revision"] = relationship()  # noqa: F821
    section: Mapped["Section"] = relationship()  # noqa: F821
