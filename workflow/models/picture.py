"""A picture that was brought for the texts of a contract; the file itself is kept by its hash."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from .columns import Created, Digest256, Key, to


class Picture(db.Model):
    """`name` is the beginning of the hash of its bytes; texts name it, and so vouch for what it shows.

    `alt`, `caption` and `source` are the words it was brought with; each text says its own.
    """

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("contract_id", "name"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    name: Mapped[str] = mapped_column(String(32), index=True)
    sha256: Mapped[Digest256]
    ending: Mapped[str] = mapped_column(String(8))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(Text)
    caption: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = to("person.id", index=False)
    created_at: Mapped[Created]
