"""What a city wants its documents to bear: its logo and colour, and the number of the grant that supports the work."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import db
from .columns import Key, to
from .picture import Picture


class Imprint(db.Model):
    """`colour` is `#rrggbb`, None for the usual one; `logo_alt` says in words what the logo shows."""

    __tablename__ = "imprint"

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False, unique=True)
    grant: Mapped[str] = mapped_column(String(20), default="")
    colour: Mapped[str | None] = mapped_column(String(7))
    logo_id: Mapped[int | None] = to("picture.id", index=False)
    logo_alt: Mapped[str] = mapped_column(String(300), default="")

    logo: Mapped[Picture | None] = relationship()
