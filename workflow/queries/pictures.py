"""The pictures of texts: those that a text names, and whether somebody may see one."""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select

from .. import storage
from ..db import db
from ..models import Display, Person, Picture, Revision, Round, Section
from ..rules import policy
from ..rules.policy import Place
from ..rules.text import eyes
from ..rules.text import pictures as dialect_pictures
from ..rules.vocabulary import Act, RoundAudience, Visibility


def find(name: str, person: Person | None) -> Picture | None:
    """The picture, if the reader brought it or may read a text that shows it; `person` is None without an account."""
    if not dialect_pictures.NAME.fullmatch(name):
        return None
    several = db.session.scalars(select(Picture).filter_by(name=name).order_by(Picture.id))
    return next((one for one in several if storage.find(one.sha256) and _may(person, one)), None)


def _may(person: Person | None, picture: Picture) -> bool:
    place = Place(picture.contract_id)
    if person is not None and picture.by_id == person.id:
        return True
    if person is not None and policy.grants(person, Act.READ_INTERNAL, place):
        return True
    if person is not None and policy.grants(person, Act.READ, place):
        texts = _texts(picture)
        return _shown(picture.name, texts, policy.visible_to(person, place))
    on_display = (
        _texts(picture)
        .join(Display, Display.revision_id == Revision.id)
        .join(Round, Round.id == Display.round_id)
        .where(Round.audience == RoundAudience.PUBLIC)
    )
    return _shown(picture.name, on_display, eyes.EVERYBODY)


def _texts(picture: Picture) -> Select:
    """The texts of the contract that name it."""
    address = dialect_pictures.SCHEME + picture.name
    return (
        select(Revision.markdown)
        .join(Section, Section.id == Revision.section_id)
        .where(Section.contract_id == picture.contract_id, Revision.markdown.contains(address))
        .order_by(Revision.id.desc())
    )


def _shown(name: str, texts: Select, seen: Collection[Visibility]) -> bool:
    return any(
        dialect_pictures.SCHEME + name in eyes.without(markdown, seen)
        for markdown in db.session.scalars(texts)
    )


def named(contract_id: int, texts: Iterable[str]) -> dict[str, Picture]:
    """The pictures of the contract that the texts name, by name. Nothing is asked where none does."""
    names = {name for text in texts for name in dialect_pictures.ADDRESS.findall(text)}
    if not names:
        return {}
    rows = db.session.scalars(
        select(Picture).where(Picture.contract_id == contract_id, Picture.name.in_(names))
    )
    return {picture.name: picture for picture in rows}
