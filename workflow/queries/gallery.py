"""The pictures of a contract in one list: where each is shown, who says what it shows, and which nothing needs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Text, cast, func, or_, select
from sqlalchemy.orm import joinedload

from .. import clock, storage
from ..db import db
from ..models import Contract, Draft, Imprint, Person, Picture, Revision, Section, Sheet
from ..rules.text import dialect
from ..rules.text.pictures import PATH, SCHEME, names
from ..services.read_once import ReadOnce, unread
from .navigation import ContractRef, contract_ref
from .outline import titled
from .views import Pages, PersonRef, person_ref

PER_PAGE = 40

LATELY = timedelta(days=1)
"""So long a picture that came is thought to be on its way into a text."""


@dataclass(frozen=True, slots=True)
class Use:
    """A section whose text shows the picture, and how often without saying what it shows."""

    id: int
    name: str
    undescribed: int


@dataclass(frozen=True, slots=True)
class Shown:
    """`removable` when neither a text, nor an earlier one, nor a draft, nor the title page needs it, and it was not
    brought `lately`: whoever brought it may be about to show it."""

    id: int
    name: str
    address: str
    alt: str
    width: int
    height: int
    lost: bool
    by: PersonRef
    at: datetime
    logo: bool
    lately: bool
    removable: bool
    uses: list[Use] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GalleryPage:
    contract: ContractRef
    pictures: list[Shown]
    undescribed: list[Use]
    pages: Pages


def page(contract: Contract, person: Person, *, page: int = 1) -> GalleryPage:
    """The newest first, a page at a time."""
    mine = Picture.contract_id == contract.id
    total = db.session.scalar(select(func.count()).select_from(Picture).where(mine))
    rows = db.session.execute(
        select(
            Picture,
            Person,
            _named_somewhere().label("needed"),
            _brought_lately().label("lately"),
            logo().label("logo"),
        )
        .join(Person, Person.id == Picture.by_id)
        .where(mine)
        .order_by(Picture.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(joinedload(Person.memberships).raiseload("*"))
    ).unique()
    uses = _uses(contract, person.language)
    return GalleryPage(
        contract=contract_ref(contract, person.language),
        pictures=[_shown(row, uses.get(row.Picture.name, [])) for row in rows],
        undescribed=_undescribed(uses.values()),
        pages=Pages(page, PER_PAGE, total, "gallery.index", {"slug": contract.slug}),
    )


def needed() -> ColumnElement[bool]:
    """Whether anything needs the picture of the row, or may be about to."""
    return or_(_named_somewhere(), _brought_lately())


def _brought_lately() -> ColumnElement[bool]:
    """Whether the picture of the row came so lately that nobody may have saved yet what shows it."""
    return Picture.created_at > clock.now() - LATELY


def _named_somewhere() -> ColumnElement[bool]:
    """By a revision, which is never rewritten, a draft, a brought contract that waits, or the title page."""
    address = SCHEME + Picture.name
    here = Section.contract_id == Picture.contract_id
    revision = select(Revision.id).join(Section, Section.id == Revision.section_id)
    draft = select(Draft.id).join(Section, Section.id == Draft.section_id)
    brought = select(Sheet.id).where(
        Sheet.contract_id == Picture.contract_id,
        Sheet.confirmed_at.is_(None),
        cast(Sheet.rows, Text).contains(address),
    )
    return or_(
        revision.where(here, Revision.markdown.contains(address)).exists(),
        draft.where(here, Draft.markdown.contains(address)).exists(),
        brought.exists(),
        logo(),
    )


def logo() -> ColumnElement[bool]:
    """Whether the picture of the row is a city's logo."""
    return select(Imprint.id).where(Imprint.logo_id == Picture.id).exists()


def _uses(contract: Contract, language: str) -> dict[str, list[Use]]:
    """By the name of a picture, the sections whose current text shows it."""
    found: dict[str, list[Use]] = {}
    held = PICTURES.hold()
    rows = db.session.execute(
        select(
            Section.id,
            Section.code,
            Section.titles,
            Revision.sha256,
            unread().label("markdown"),
        )
        .join(Revision, Revision.id == Section.current_id)
        .where(Section.contract_id == contract.id, Revision.markdown.contains(SCHEME))
        .order_by(Section.position, Section.id),
        held.asking,
    )
    for row in rows:
        section = f"{row.code} {titled(row.titles, language)}"
        for name, nameless in held.of(row.sha256, row.markdown).items():
            found.setdefault(name, []).append(Use(row.id, section, nameless))
    return found


def _undescribed(uses: Iterable[list[Use]]) -> list[Use]:
    """The sections that show pictures without saying what they show, each once."""
    counts: Counter[tuple[int, str]] = Counter()
    for several in uses:
        for use in several:
            if use.undescribed:
                counts[use.id, use.name] += use.undescribed
    return [Use(key, name, count) for (key, name), count in counts.items()]


def _named(markdown: str) -> dict[str, int]:
    """The pictures that a text shows, each with how often it is not said what it shows."""
    found = names(dialect.parser().parse(dialect.canonical(markdown), {}))
    return {name: sum(not alt for alt in alts) for name, alts in found.items()}


PICTURES = ReadOnce(_named)


def _shown(row: Row, uses: list[Use]) -> Shown:
    picture = row.Picture
    return Shown(
        id=picture.id,
        name=picture.name,
        address=PATH + picture.name,
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
        lost=storage.find(picture.sha256) is None,
        by=person_ref(row.Person),
        at=picture.created_at,
        logo=row.logo,
        lately=row.lately and not row.needed,
        removable=not (row.needed or row.lately),
        uses=uses,
    )
