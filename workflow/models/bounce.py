"""Letters that came back."""

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from ..rules.vocabulary import BounceKind
from .columns import Key, Moment, to, words


class Bounce(db.Model):
    """A letter to a person came back, or was refused for good because of its address; each letter counts once."""

    __tablename__ = "bounce"
    __table_args__ = (UniqueConstraint("digest_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    digest_id: Mapped[int] = to("digest.id", index=False)
    kind: Mapped[BounceKind] = mapped_column(words(BounceKind))
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]
