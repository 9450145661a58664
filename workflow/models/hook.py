"""Web hooks: the addresses of other systems that are told what happens, and each telling as a row."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from .columns import Created, Key, Moment, only, to


class Hook(db.Model):
    """`kinds` are the values of the kinds of events that it wants.

    Its secret is made of `salt` and the site's key and stands in no row; after it was renewed, the one of
    `earlier_salt` signs too, until `earlier_until`. Events up to `seen_id` have been looked at. `failures` counts those
    in a row; too many, and `given_up_at` says when it was switched off for them. Until `rests_until` it is told
    nothing: it failed, or somebody is telling it something right now. A removed one stays as a name in the record.
    """

    __tablename__ = "hook"
    __table_args__ = (
        Index(
            "ix_hook_in_use", "contract_id", "address", unique=True, **only("removed_at IS NULL")
        ),
    )

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    address: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(64))
    earlier_salt: Mapped[str | None] = mapped_column(String(64))
    earlier_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    seen_id: Mapped[int]
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = to("person.id", index=False)
    created_at: Mapped[Created]

    contract: Mapped["Contract"] = relationship()  # noqa: F821
    made_by: Mapped["Person"] = relationship()  # noqa: F821


class Delivery(db.Model):
    """One event, told to one hook. `delivered_at` is filled when the other system said yes; `closed_at` when it never
    will be told (it is not for everybody, or was tried too often, which `last_error` tells apart).

    Taking it up moves `next_try_at` forward: a lease, as with letters.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("hook_id", "event_id"),
        Index(
            "ix_delivery_waiting",
            "hook_id",
            "next_try_at",
            **only("delivered_at IS NULL AND closed_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    hook_id: Mapped[int] = to("hook.id", index=False)
    event_id: Mapped[int] = to("event.id")
    created_at: Mapped[Created]
    next_try_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    status_code: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    hook: Mapped[Hook] = relationship()
    event: Mapped["Event"] = relationship()  # noqa: F821
