"""The one number that says that something changed."""

from sqlalchemy.orm import Mapped, mapped_column

from ..db import db


class Pulse(db.Model):
    """A single row. `beats` rises with every transaction that changed what pages show and recorded no event."""

    __tablename__ = "pulse"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beats: Mapped[int]
