"""Reminders that were given: one row each, so that nobody is reminded twice of the same."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from ..rules.vocabulary import ReminderKind
from .columns import Key, Moment, to, words


class Reminder(db.Model):
    """`subject_id` is the round, section, signatory or question; `mark` counts days before (+) or after (-) `due_on`.

    `rung` is how far up the chain it went: 0 the person, 1 the organisation, 2 the coordinators.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "due_on", "mark"),)

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id")
    kind: Mapped[ReminderKind] = mapped_column(words(ReminderKind))
    subject_id: Mapped[int]
    due_on: Mapped[date]
    mark: Mapped[int]
    rung: Mapped[int]
    at: Mapped[Moment]
