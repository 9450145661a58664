"""The contract as a whole, sealed: its manifest, and the organisations that sign exactly it."""

from datetime import date, datetime

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import ManifestKind, ManifestStep, ReviewBody, SignatoryStatus, Tier
from .columns import Created, Digest256, Key, Moment, to, words


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


class Signatory(db.Model):
    """An organisation on its way to its signature; once signed, under exactly one manifest."""

    __tablename__ = "signatory"
    __table_args__ = (UniqueConstraint("contract_id", "organisation_id"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    organisation_id: Mapped[int] = to("organisation.id")
    status: Mapped[SignatoryStatus] = mapped_column(words(SignatoryStatus))
    tier: Mapped[Tier | None] = mapped_column(words(Tier))
    representative: Mapped[str] = mapped_column(String(200), default="")
    office: Mapped[str] = mapped_column(String(200), default="")
    may_publish: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    manifest_id: Mapped[int | None] = to("manifest.id")
    signed_on: Mapped[date | None]
    letter_key: Mapped[str | None] = mapped_column(String(64))
    letter_name: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[Created]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    organisation: Mapped["Organisation"] = relationship()  # noqa: F821
    manifest: Mapped[Manifest | None] = relationship()
    contract: Mapped["Contract"] = relationship()  # noqa: F821
    entries: Mapped[list["SignatoryEntry"]] = relationship(order_by="SignatoryEntry.id")


class SignatoryEntry(db.Model):
    """Evidence: one step of a signatory, on which manifest, with which letter, told by whom."""

    __tablename__ = "signatory_entry"

    id: Mapped[Key]
    signatory_id: Mapped[int] = to("signatory.id")
    from_status: Mapped[SignatoryStatus | None] = mapped_column(
        words(SignatoryStatus, name="from_status")
    )
    to_status: Mapped[SignatoryStatus] = mapped_column(words(SignatoryStatus, name="to_status"))
    manifest_id: Mapped[int | None] = to("manifest.id", index=False)
    sha256: Mapped[str | None] = mapped_column(String(64))
    letter_key: Mapped[str | None] = mapped_column(String(64))
    by_id: Mapped[int] = to("person.id", index=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    by: Mapped["Person"] = relationship()  # noqa: F821
