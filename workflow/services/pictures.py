"""Bringing a picture for the texts of a contract: written anew, kept by its hash, once for each contract."""

from sqlalchemy import select

from .. import clock, storage
from ..db import db
from ..models import Contract, Person, Picture, Section
from ..queries import gallery
from ..rules import picture_files, policy
from ..rules.picture_files import Rewritten
from ..rules.refusals import Invalid, Outdated
from ..rules.text.pictures import NAME_LENGTH
from ..rules.vocabulary import Act
from . import upserts

MAX_WORDS = 1_000
REASONS = {
    "size": lambda: Invalid(
        "picture", "This file is larger than 10 MB. Please make the picture smaller."
    ),
    "dots": lambda: Invalid(
        "picture", "This picture has more than 50 million dots. Please make it smaller."
    ),
    "kind": lambda: Invalid(
        "picture", "Please take a PNG, a JPEG or a WebP picture. A drawing (SVG) is not possible."
    ),
}


def bring(
    section: Section, *, by: Person, content: bytes, alt: str, caption: str = "", source: str = ""
) -> Picture:
    """Keep the picture for the contract of the section. The same picture again is the one that is there.

    Raises `Invalid` for a file that is no picture of ours, and without words on what it shows.
    """
    policy.require(by, Act.EDIT, section.place)
    return take(
        section.contract_id, by=by, content=content, alt=alt, caption=caption, source=source
    )


def take(
    contract_id: int, *, by: Person, content: bytes, alt: str, caption: str = "", source: str = ""
) -> Picture:
    """The same for whoever has asked the policy."""
    words = {"alt": alt, "caption": caption, "source": source}
    if not alt.strip():
        raise Invalid("alt", "Please say what the picture shows, for those who do not see it.")
    for field, said in words.items():
        if len(said) > MAX_WORDS:
            raise Invalid(field, "This is too long. Please say it in at most 1,000 characters.")
    try:
        made = picture_files.rewritten(content)
    except picture_files.Unusable as fault:
        raise REASONS[str(fault)]() from fault
    return keep(contract_id, made, by=by, **words)


def find(contract: Contract, picture_id: int) -> Picture | None:
    return db.session.scalar(
        select(Picture).where(Picture.id == picture_id, Picture.contract_id == contract.id)
    )


def remove(picture: Picture) -> None:
    """Forget a picture that nothing needs; its file stays among those that are named by their hash.

    Whoever calls has asked the policy. Raises `Outdated` when something came to need it.
    """
    free = select(Picture).where(Picture.id == picture.id, ~gallery.needed())
    if db.session.scalars(free.with_for_update(of=Picture)).first() is None:
        raise Outdated(Act.EDIT)
    db.session.delete(picture)


def keep(
    contract_id: int,
    made: Rewritten,
    *,
    by: Person,
    alt: str,
    caption: str = "",
    source: str = "",
) -> Picture:
    """Keep a picture that was written anew; whoever calls has asked the policy. One that is there already came now."""
    key = storage.keep(made.content)
    words = {"alt": alt, "caption": caption, "source": source}
    values = {
        "sha256": key,
        "ending": made.ending,
        "width": made.width,
        "height": made.height,
        "by_id": by.id,
        **{field: " ".join(said.split())[:MAX_WORDS] for field, said in words.items()},
    }
    where = {"contract_id": contract_id, "name": key[:NAME_LENGTH]}
    upserts.put(Picture, where, values, change={"created_at": clock.now()})
    return db.session.scalars(select(Picture).filter_by(**where)).one()
