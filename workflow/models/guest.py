"""A link by which somebody without an account reads and judges for one organisation, for a while."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from .columns import Created, Key, Moment, to


class GuestLink(db.Model):
    """Bound to one person and one organisation. The person's membership lives and dies with the link."""

    __tablename__ = "guest_link"

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    organisation_id: Mapped[int] = to("organisation.id", index=False)
    person_id: Mapped[int] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id", index=False)
    purpose: Mapped[str] = mapped_column(String(300), default="")
    made_by_id: Mapped[int] = to("person.id", index=False)
    created_at: Mapped[Created]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped["Person"] = relationship(foreign_keys=[person_id])  # noqa: F821
    made_by: Mapped["Person"] = relationship(foreign_keys=[made_by_id])  # noqa: F821
    organisation: Mapped["Organisation"] = relationship()  # noqa: F821
    membership: Mapped["Membership | None"] = relationship()  # noqa: F821
    contract: Mapped["Contract"] = relationship()  # noqa: F821
