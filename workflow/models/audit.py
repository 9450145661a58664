"""The hash chain over the ledgers: each seal binds one row to everything that was sealed before."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from .columns import Digest256, Key, Moment


class Seal(db.Model):
    """`id` counts from 1 without gaps; `sha256` is the hash of `previous` and `row_sha256`.

    `kind` is the name of the sealed row's table.
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("kind", "row_id"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    row_sha256: Mapped[Digest256]
    previous: Mapped[Digest256]
    sha256: Mapped[Digest256]
    at: Mapped[Moment]
