"""The organisations that sign the contract, what they commit to, and each step on their way as evidence."""

from datetime import date

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import db
from ..rules.vocabulary import SignatoryStatus, Tier
from .columns import Created, Key, Moment, to, words


class Signatory(db.Model):
    """An organisation on its way to its signature; once signed, under exactly one manifest.

    `representative` and `office` are who signs; he and the letter are named to others only if he `may_publish`.
    """

    __tablename__ = "signatory"
    __table_args__ = (UniqueConstraint("contract_id", "organisation_id"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    organisation_id: Mapped[int] = to("organisation.id")
    status: Mapped[SignatoryStatus] = mapped_column(words(SignatoryStatus))
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
    manifest: Mapped["Manifest | None"] = relationship()  # noqa: F821
    contract: Mapped["Contract"] = relationship()  # noqa: F821
    commitments: Mapped[list["Commitment"]] = relationship(
        order_by="Commitment.id", back_populates="signatory"
    )
    entries: Mapped[list["SignatoryEntry"]] = relationship(
        order_by="SignatoryEntry.id", back_populates="signatory"
    )


class Commitment(db.Model):
    """What a signatory promises: tonnes CO2e a year, euros, by which year. Others read it only if they `may`."""

    __tablename__ = "commitment"

    id: Mapped[Key]
    signatory_id: Mapped[int] = to("signatory.id")
    text: Mapped[str] = mapped_column(Text)
    tier: Mapped[Tier] = mapped_column(words(Tier))
    tonnes_per_year: Mapped[float | None]
    investment_eur: Mapped[float | None]
    by_year: Mapped[int | None]
    sector_id: Mapped[int | None] = to("sector.id")
    may_publish: Mapped[bool] = mapped_column(default=False)
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    signatory: Mapped[Signatory] = relationship(back_populates="commitments")
    sector: Mapped["Sector | None"] = relationship()  # noqa: F821


class SignatoryEntry(db.Model):
    """Evidence: one step of a signatory, on which manifest, with which letter, told by whom.

    `content` is what was signed besides the manifest: who signs, and what is committed to, word by word.
    """

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
    content: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    by_id: Mapped[int] = to("person.id", index=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Moment]

    by: Mapped["Person"] = relationship()  # noqa: F821
    manifest: Mapped["Manifest | None"] = relationship()  # noqa: F821
    signatory: Mapped[Signatory] = relationship(back_populates="entries")
