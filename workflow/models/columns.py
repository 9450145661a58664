"""Column types and mixins that the tables share."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import JSON, Enum, ForeignKey, String, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from ..clock import now
from ..db import UTCDateTime

Key = Annotated[int, mapped_column(primary_key=True)]
Moment = Annotated[datetime, mapped_column(UTCDateTime)]
Created = Annotated[datetime, mapped_column(UTCDateTime, default=now)]
Digest256 = Annotated[str, mapped_column(String(64))]


def words(vocabulary: type[StrEnum], *, name: str | None = None) -> Enum:
    """A closed list stored by value and guarded by a CHECK, `name`d where a table has two."""
    return Enum(
        vocabulary,
        name=name or vocabulary.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda listed: [word.value for word in listed],
    )


def to(target: str, *, cascade: bool = False, index: bool = True, **options) -> Mapped:
    """A foreign key to `table.column`; evidence never cascades, so deleting is opt-in."""
    key = ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return mapped_column(key, index=index, **options)


def only(condition: str) -> dict[str, TextClause]:
    """Options of an index that holds only the rows that wait, however many are done."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


def in_language(titles: dict[str, str], language: str) -> str:
    """The title in the language, else in English, else in whichever there is."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()))


class Titled:
    """Something with a title in one or more languages: `titles` is `{"en": …, "sl": …}`."""

    titles: Mapped[dict[str, str]] = mapped_column(JSON)

    def title(self, language: str = "en") -> str:
        return in_language(self.titles, language)
