"""The views of the board that a person keeps, as links."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from ..db import db
from ..models import Contract, Person, SavedView
from . import sorting


@dataclass(frozen=True, slots=True)
class ViewRef:
    id: int
    name: str
    url: str
    current: bool


def own(person: Person) -> ExecutableOption:
    """Brings a contract's views along, as far as they are the person's."""
    return joinedload(Contract.views.and_(SavedView.person_id == person.id))


def listed(contract: Contract, query: str | None = None) -> tuple[ViewRef, ...]:
    """The views that were brought along, by name; current is the one that asks for the same as `query`."""
    board = url_for("board.show", slug=contract.slug)
    return tuple(
        ViewRef(view.id, view.name, f"{board}?{view.query}", view.query == query)
        for view in sorted(contract.views, key=lambda one: sorting.alphabetical(one.name))
    )


def find(contract: Contract, person: Person, view_id: int) -> SavedView | None:
    """The person's own view of that number."""
    view = db.session.get(SavedView, view_id)
    mine = view and (view.person_id, view.contract_id) == (person.id, contract.id)
    return view if mine else None
