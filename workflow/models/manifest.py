"""The contract as a whole, sealed: its manifest, and what became of it."""

from datetime import date

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import db
from ..rules.vocabulary import ManifestKind, ManifestStep, ReviewBody
from .columns import Digest256, Key, Moment, to, words


class Manifest(db.Model):
    """Evidence: ordered sections with the hashes of their texts, the figures' hashes and the pack's version.

    `sha256` is the hash of `content` as canonical JSON (RFC 8785). A later one may supersede it, none changes it.
    """

    __tablename__ = "manifest"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    number: Mapped[int]
    kind: Mapped[ManifestKind] = mapped_column(words(ManifestKind))
    iteration: Mapped[int]
    content: Mapped[dict] = mapped_column(JSON)
    sha256: Mapped[Digest256]
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = to("person.id", index=False)
    at: Mapped[Moment]
    supersedes_id: Mapped[int | None] = to("manifest.id", index=False)

    by: Mapped["Person"] = relationship()  # noqa: F821
    contract: Mapped["Contract"] = relationship(foreign_keys=[contract_id])  # noqa: F821
    supersedes: Mapped["Manifest | None"] = relationship(remote_side="Manifest.id")
    entries: Mapped[list["ManifestEntry"]] = relationship(
        order_by="ManifestEntry.id", back_populates="manifest"
    )


class ManifestEntry(db.Model):
    """Evidence: what became of a manifest, by whom and why; a submission says on which day (`on`) and to whom."""

    __tablename__ = "manifest_entry"

    id: Mapped[Key]
    manifest_id: Mapped[int] = to("manifest.id")
    step: Mapped[ManifestStep] = mapped_column(words(ManifestStep))
    body: Mapped[ReviewBody | None] = mapped_column(words(ReviewBody))
    on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = to("person.id", index=False)
    at: Mapped[Moment]

    by: Mapped["Person"] = relationship()  # noqa: F821
    manifest: Mapped[Manifest] = relationship(back_populates="entries")
