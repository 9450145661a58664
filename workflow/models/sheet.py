"""A spreadsheet or a contract that somebody brought; it waits until he has looked through it."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.vocabulary import SheetKind
from .columns import Created, Key, to, words


class Sheet(db.Model):
    """`rows` are `{"line": …, "token": …, "cells": {column: text}}` as they were read, emptied once they are recorded;
    only rows of remarks have a token.

    `defaults` fill cells that were left empty; `recorded` counts what came of it. Of a contract that was written
    elsewhere the rows are its pieces, and `defaults` say where they go (`chosen`), what was not
    understood (`missed`) and how many `pictures` came along.

    A large file waits in the drawer as `file_name` until it is read; `refused` says in an English sentence why it
    cannot be.
    """

    __tablename__ = "sheet"

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    by_id: Mapped[int] = to("person.id")
    kind: Mapped[SheetKind] = mapped_column(words(SheetKind), default=SheetKind.REMARKS)
    name: Mapped[str] = mapped_column(String(200))
    defaults: Mapped[dict] = mapped_column(JSON)
    rows: Mapped[list] = mapped_column(JSON)
    created_at: Mapped[Created]
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str | None] = mapped_column(String(32))
    progress: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refused: Mapped[str | None] = mapped_column(String(200))

    contract: Mapped["Contract"] = relationship()  # noqa: F821
