"""A compiled document: asked for, built by a job, kept under the hash of exactly what went into it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import UTCDateTime, db
from ..rules.editions import Edition
from ..rules.vocabulary import AnnexKind, Audience, BuildState, EditionKind, FileFormat, Scope
from .columns import Created, Digest256, Key, Moment, to, words


class Document(db.Model):
    """`manifest` lists the sections with their revision hashes; its SHA-256 makes a second build impossible. The letter
    of answers that went out with an `addendum` is a document too.

    A build that `heartbeat_at` says nothing of for longer than the time-out was abandoned and is taken up again.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("contract_id", "manifest_sha256"),
        Index("ix_document_waiting", "state", "next_try_at"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    )

    id: Mapped[Key]
    contract_id: Mapped[int] = to("contract.id", index=False)
    requested_by_id: Mapped[int] = to("person.id", index=False)
    addendum_id: Mapped[int | None] = to("manifest.id", index=False)
    audience: Mapped[Audience] = mapped_column(words(Audience))
    language: Mapped[str] = mapped_column(String(8), default="en")
    format: Mapped[FileFormat] = mapped_column(words(FileFormat), default=FileFormat.PDF)
    kind: Mapped[EditionKind] = mapped_column(words(EditionKind), default=EditionKind.READING)
    scope: Mapped[Scope] = mapped_column(words(Scope), default=Scope.WHOLE)
    place_id: Mapped[int | None]
    since: Mapped[int | None]
    annexes: Mapped[str] = mapped_column(String(120), default="")
    manifest: Mapped[dict] = mapped_column(JSON)
    manifest_sha256: Mapped[Digest256]
    state: Mapped[BuildState] = mapped_column(words(BuildState), default=BuildState.QUEUED)
    step: Mapped[str] = mapped_column(String(60), default="queued")
    progress: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[Moment]
    heartbeat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    warnings: Mapped[list] = mapped_column(JSON, default=list)
    file_key: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]
    size: Mapped[int | None]
    created_at: Mapped[Created]
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    contract: Mapped["Contract"] = relationship()  # noqa: F821
    requested_by: Mapped["Person"] = relationship()  # noqa: F821
    addendum: Mapped["Manifest | None"] = relationship()  # noqa: F821

    @property
    def edition(self) -> Edition:
        """What it is an edition of; `annexes` are kept as words in alphabetical order."""
        return Edition(
            audience=self.audience,
            language=self.language,
            format=self.format,
            kind=self.kind,
            scope=self.scope,
            place=self.place_id,
            since=self.since,
            annexes=frozenset(map(AnnexKind, self.annexes.split())),
        )

    @edition.setter
    def edition(self, edition: Edition) -> None:
        self.audience, self.language = edition.audience, edition.language
        self.format, self.kind = edition.format, edition.kind
        self.scope, self.place_id = edition.scope, edition.place
        self.since = edition.since
        self.annexes = " ".join(edition.listed["annexes"])
