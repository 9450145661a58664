"""A section of the contract, its immutable revisions, and what was on display when."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, db
from ..rules.policy import Place
from ..rules.vocabulary import Stage
from .columns import Created, Digest256, Key, Moment, Titled, to, words
from .contract import Element, Module, Sector

section_sector = Table(
    "section_sector",
    Base.metadata,
    Column("section_id", ForeignKey("section.id"), primary_key=True),
    Column("sector_id", ForeignKey("sector.id"), primary_key=True, index=True),
)


class Section(db.Model, Titled):
    """`stage` is the cached last line of the decision ledger; `lock` stops two writers from both winning."""

    __tablename__ = "section"

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    module_id: Mapped[int] = to("module.id")
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    language: Mapped[str] = mapped_column(String(8), default="en")
    stage: Mapped[Stage] = mapped_column(words(Stage), default=Stage.DRAFT)
    stage_since: Mapped[Moment]
    owner_id: Mapped[int | None] = to("person.id")
    due_on: Mapped[date | None]
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    current_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, name="fk_section_current_id_revision")
    )
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    module: Mapped[Module] = relationship(back_populates="sections")
    contract: Mapped["Contract"] = relationship()  # noqa: F821
    owner: Mapped["Person | None"] = relationship()  # noqa: F821
    sectors: Mapped[list[Sector]] = relationship(
        secondary=section_sector, order_by="Sector.position", lazy="selectin"
    )
    elements: Mapped[list[Element]] = relationship(order_by="Element.position")
    current: Mapped["Revision | None"] = relationship(
        foreign_keys=[current_id], post_update=True, lazy="select"
    )

    @property
    def place(self) -> Place:
        """Where acts on this section happen, for the policy."""
        return Place(
            contract_id=self.contract_id,
            section_id=self.id,
            sector_ids=frozenset(sector.id for sector in self.sectors),
            stage=self.stage,
            frozen=self.contract.frozen_id is not None,
        )


class Revision(db.Model):
    """A text as it was saved, once and for all. The database refuses to change or remove it."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("section_id", "number"),)

    id: Mapped[Key]
    section_id: Mapped[int] = to("section.id")
    number: Mapped[int]
    base_id: Mapped[int | None] = to("revision.id", index=False)
    author_id: Mapped[int] = to("person.id")
    markdown: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Digest256]
    summary: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[Created]

    section: Mapped[Section] = relationship(foreign_keys=[section_id])
    author: Mapped["Person"] = relationship()  # noqa: F821
    rendering: Mapped["Rendering | None"] = relationship(viewonly=True)


class Rendering(db.Model):
    """The HTML of a revision, made once and kept; a cache that may be emptied at any time."""

    __tablename__ = "rendering"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    renderer: Mapped[str] = mapped_column(String(20))
    html: Mapped[str] = mapped_column(Text)
    blocks: Mapped[list] = mapped_column(JSON)


class Display(db.Model):
    """Evidence: this revision was on display for comments from when to when, announced how and by whom."""

    __tablename__ = "display"
    __table_args__ = (Index("ix_display_open", "section_id", "closed_at"),)

    id: Mapped[Key]
    section_id: Mapped[int] = to("section.id", index=False)
    round_id: Mapped[int | None] = to("round.id")
    revision_id: Mapped[int] = to("revision.id")
    opened_by_id: Mapped[int] = to("person.id", index=False)
    opened_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    announcement: Mapped[str] = mapped_column(Text, default="")

    revision: Mapped[Revision] = relationship()
    round: Mapped["Round | None"] = relationship()  # noqa: F821


class Decision(db.Model):
    """One line of the ledger: who moved a section from which stage to which, on exactly which text, and why.

    A line that `undoes` the one before leads back to where that one came from.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("section_id", "number"),)

    id: Mapped[Key]
    section_id: Mapped[int] = to("section.id")
    number: Mapped[int]
    act: Mapped[str] = mapped_column(String(32))
    from_stage: Mapped[Stage] = mapped_column(words(Stage, name="from_stage"))
    to_stage: Mapped[Stage] = mapped_column(words(Stage, name="to_stage"))
    by_id: Mapped[int] = to("person.id")
    reason: Mapped[str] = mapped_column(Text, default="")
    revision_id: Mapped[int | None] = to("revision.id")
    sha256: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[Moment]
    undoes_id: Mapped[int | None] = to("decision.id", index=False)

    by: Mapped["Person"] = relationship()  # noqa: F821
    undone_by: Mapped["Decision | None"] = relationship(
        primaryjoin="Decision.id == foreign(remote(Decision.undoes_id))",
        viewonly=True,
        uselist=False,
    )
    revision: Mapped[Revision | None] = relationship()
    section: Mapped[Section] = relationship()
