"""A view of the board that somebody wants to come back to."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from .columns import Created, Key, to


class SavedView(db.Model):
    """`query` is the query string of the board's address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "contract_id", "name"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id", index=False)
    contract_id: Mapped[int] = to("contract.id", index=False)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[Created]
