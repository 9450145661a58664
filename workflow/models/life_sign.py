"""Signs of life: when a part of the service was last seen at work."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from ..rules.vocabulary import Part
from .columns import Moment, words


class LifeSign(db.Model):
    """One row for the beat, and one for each worker by its name."""

    __tablename__ = "life_sign"

    part: Mapped[Part] = mapped_column(words(Part), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[Moment]
