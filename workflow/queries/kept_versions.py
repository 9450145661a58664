"""Documents as versions of one another: which came before which, and in words what became another."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, load_only

from ..db import db
from ..models import Contract, Document, Person
from ..rules.versions import Difference, difference
from ..rules.vocabulary import Audience, BuildState
from ..services.tidying import EDITION
from .views import Pages

AT_ONCE = 20
NAMED = 6
"""So many sections are named by their codes; of more, it is said how many."""


@dataclass(frozen=True, slots=True)
class Version:
    """A document and the finished one of the same edition `before` it; `current` is the newest of its edition."""

    document: Document
    before: Document | None
    current: bool


@dataclass(frozen=True, slots=True)
class Listed:
    versions: list[Version]
    pages: Pages


def listed(contract: Contract, audiences: Collection[Audience], *, page: int) -> Listed:
    """One page of the documents for these eyes, newest first."""
    done = case((Document.state == BuildState.DONE, 1), else_=0)
    among = {"partition_by": (*EDITION, done), "order_by": Document.id}
    read = (
        Document.contract_id == contract.id,
        Document.audience.in_(audiences),
        Document.state != BuildState.GONE,
    )
    rows = db.session.execute(
        select(
            Document.id,
            Document.state,
            func.lag(Document.id).over(**among),
            func.lead(Document.id).over(**among),
            func.count().over(),
        )
        .where(*read)
        .order_by(Document.id.desc())
        .limit(AT_ONCE)
        .offset((page - 1) * AT_ONCE)
    ).all()
    known = _read({number for row in rows for number in (row[0], row[2]) if number})
    versions = [
        Version(
            known[number],
            before=known.get(before) if state is BuildState.DONE else None,
            current=state is BuildState.DONE and after is None,
        )
        for number, state, before, after, _all in rows
    ]
    total = rows[0][-1] if rows else 0
    args = {"slug": contract.slug}
    return Listed(versions, Pages(page, AT_ONCE, total, "documents.index", args))


def version(document: Document) -> Version:
    """A document by itself, with the one before it."""
    before = None
    if document.state is BuildState.DONE:
        before = db.session.scalars(
            select(Document)
            .where(
                *(column.is_not_distinct_from(getattr(document, column.key)) for column in EDITION),
                Document.state == BuildState.DONE,
                Document.id < document.id,
            )
            .order_by(Document.id.desc())
            .limit(1)
            .options(load_only(Document.id, Document.manifest, raiseload=True))
        ).first()
    return Version(document, before, current=False)


def _read(numbers: Collection[int]) -> dict[int, Document]:
    rows = db.session.scalars(
        select(Document)
        .where(Document.id.in_(numbers))
        .options(joinedload(Document.requested_by).lazyload(Person.memberships))
    )
    return {document.id: document for document in rows}


def words(version: Version) -> list[str]:
    """What became another since the document before, a few words for each kind of change."""
    if version.before is None or version.document.addendum_id:
        return []
    found = difference(version.before.manifest, version.document.manifest)
    return [*_of_sections(found), *_of_the_rest(found)]


def _of_sections(found: Difference) -> list[str]:
    told = (
        (found.changed, _changed),
        (found.entered, _entered),
        (found.left, _left),
        (found.decided, _decided),
        (found.pictured, _pictured),
    )
    return [say(len(codes), _codes(codes)) for codes, say in told if codes]


def _codes(codes: tuple[str, ...]) -> str:
    return ", ".join(codes[:NAMED]) + (" …" if len(codes) > NAMED else "")


def _changed(number: int, codes: str) -> str:
    return ngettext(
        "%(num)s text changed: %(codes)s", "%(num)s texts changed: %(codes)s", number, codes=codes
    )


def _entered(number: int, codes: str) -> str:
    return ngettext(
        "%(num)s section came: %(codes)s", "%(num)s sections came: %(codes)s", number, codes=codes
    )


def _left(number: int, codes: str) -> str:
    return ngettext(
        "%(num)s section is gone: %(codes)s",
        "%(num)s sections are gone: %(codes)s",
        number,
        codes=codes,
    )


def _decided(number: int, codes: str) -> str:
    return ngettext(
        "%(num)s section is in another state: %(codes)s",
        "%(num)s sections are in another state: %(codes)s",
        number,
        codes=codes,
    )


def _pictured(number: int, codes: str) -> str:
    return ngettext(
        "Other pictures in %(num)s section: %(codes)s",
        "Other pictures in %(num)s sections: %(codes)s",
        number,
        codes=codes,
    )


def _of_the_rest(found: Difference) -> list[str]:
    told = []
    if found.remarks > 0:
        more = found.remarks
        told.append(ngettext("%(num)s comment more", "%(num)s comments more", more))
    elif found.remarks < 0:
        fewer = -found.remarks
        told.append(ngettext("%(num)s comment fewer", "%(num)s comments fewer", fewer))
    elif found.answered:
        told.append(_("Comments or answers changed"))
    if found.figures:
        told.append(_("Figures changed"))
    if found.appendices:
        told.append(_("Annexes changed"))
    if found.bears:
        told.append(_("The title page changed"))
    if found.look:
        told.append(_("Set anew with another template"))
    return told
