"""People, the organisations they speak for, and what each may do where."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, UTCDateTime, db
from ..rules.cadence import HOME, Preference
from ..rules.vocabulary import Mandate, OrganisationKind, Rhythm, Role, Wish, WishScope
from .columns import Created, Key, to, words

organisation_sector = Table(
    "organisation_sector",
    Base.metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("sector_id", ForeignKey("sector.id"), primary_key=True, index=True),
)


class Person(db.Model):
    """`password_hash` is empty until the invitation is accepted; a rising `epoch` ends every session and link, a
    rising `calendar_epoch` the address of the person's calendar.

    `mail_suspended_at`: letters come back, and none is sent any more, until somebody says that the address works again.
    A `guest` spoke up in a public round without an account; an invitation makes a user of him, who keeps his remarks.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour"),
        CheckConstraint("digest_weekday BETWEEN 0 AND 6", name="digest_weekday"),
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="quiet_hours"
        ),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    title: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default=HOME)
    rhythm: Mapped[Rhythm] = mapped_column(words(Rhythm), default=Rhythm.DAILY)
    digest_hour: Mapped[int] = mapped_column(default=7)
    digest_weekday: Mapped[int] = mapped_column(default=0)
    quiet_from: Mapped[int] = mapped_column(default=0)
    quiet_until: Mapped[int] = mapped_column(default=0)
    password_hash: Mapped[str | None] = mapped_column(String(300))
    epoch: Mapped[int] = mapped_column(default=1)
    calendar_epoch: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    invented: Mapped[bool] = mapped_column(default=False)
    guest: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Created]
    mail_suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mail_resumed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", lazy="joined", foreign_keys="Membership.person_id"
    )

    @property
    def preference(self) -> Preference:
        return Preference(
            self.rhythm,
            self.digest_hour,
            self.digest_weekday,
            self.time_zone,
            self.quiet_from,
            self.quiet_until,
        )

    # Flask-Login's protocol: the id in the cookie carries the epoch, so that raising it signs out everywhere.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active and self.password_hash is not None

    def get_id(self) -> str:
        return f"{self.id}.{self.epoch}"


class Organisation(db.Model):
    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("contract_id", "name"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganisationKind] = mapped_column(words(OrganisationKind))
    detail: Mapped[str | None] = mapped_column(String(300))
    level: Mapped[str | None] = mapped_column(String(40))
    legal_form: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int | None]
    influence: Mapped[str | None] = mapped_column(String(20))
    interest: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    contact: Mapped[str | None] = mapped_column(String(200))
    invented: Mapped[bool] = mapped_column(default=False)

    sectors: Mapped[list["Sector"]] = relationship(  # noqa: F821
        secondary=organisation_sector, order_by="Sector.position"
    )


class Membership(db.Model):
    """A role in a contract, perhaps only in one sector or section of it, perhaps for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_role", "contract_id", "role"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id")
    contract_id: Mapped[int] = to("contract.id", index=False)
    role: Mapped[Role] = mapped_column(words(Role))
    sector_id: Mapped[int | None] = to("sector.id")
    section_id: Mapped[int | None] = to("section.id")
    organisation_id: Mapped[int | None] = to("organisation.id")
    mandate: Mapped[Mandate] = mapped_column(words(Mandate), default=Mandate.MEMBER)
    invited_by_id: Mapped[int | None] = to("person.id", index=False)
    created_at: Mapped[Created]

    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    sector: Mapped["Sector | None"] = relationship()  # noqa: F821


class Subscription(db.Model):
    """What a person wishes to hear of one place: a contract, a sector, a section or a thread.

    Of several that speak of one event `rules.wishes` says which counts.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        *(UniqueConstraint("person_id", f"{scope}_id") for scope in WishScope),
        CheckConstraint(
            " + ".join(f"CASE WHEN {scope}_id IS NULL THEN 0 ELSE 1 END" for scope in WishScope)
            + " = 1",
            name="one_place",
        ),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = to("person.id", index=False)
    contract_id: Mapped[int | None] = to("contract.id")
    sector_id: Mapped[int | None] = to("sector.id")
    section_id: Mapped[int | None] = to("section.id")
    thread_id: Mapped[int | None] = to("thread.id")
    wish: Mapped[Wish] = mapped_column(words(Wish), default=Wish.FOLLOW)
    created_at: Mapped[Created]
