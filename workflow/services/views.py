"""Views of the board that a person keeps: a name for a part of its address, his own in each contract."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..db import db
from ..models import Contract, Person, SavedView
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act

MOST = 30
LONGEST = 80


def save(contract: Contract, *, by: Person, name: str, query: str) -> None:
    """Keep the view under a name. Keeping the same again changes nothing. Raises `Invalid` when it has no name, or the
    person has another view of that name."""
    policy.require(by, Act.READ, Place(contract.id))
    mine = SavedView.person_id == by.id, SavedView.contract_id == contract.id
    same = SavedView.name == _one_line(name), SavedView.query == query
    if db.session.scalar(select(SavedView.id).where(*mine, *same)):
        return
    if db.session.scalar(select(func.count(SavedView.id)).where(*mine)) >= MOST:
        raise Invalid("name", "You keep 30 views already. Please remove one first.")
    view = SavedView(person_id=by.id, contract_id=contract.id, query=query, created_at=clock.now())
    _name(view, name)


def rename(view: SavedView, *, by: Person, name: str) -> None:
    """Give one's own view another name. Refuses like `save`."""
    _require_own(view, by)
    _name(view, name)


def remove(view: SavedView, *, by: Person) -> None:
    """Forget one's own view."""
    _require_own(view, by)
    db.session.delete(view)


def _require_own(view: SavedView, by: Person) -> None:
    policy.require(by, Act.READ, Place(view.contract_id))
    if view.person_id != by.id:
        raise Invalid("name", "This view is somebody else's.")


def _name(view: SavedView, name: str) -> None:
    """Store the view under the name; the database knows whether it is free, also when two ask at once."""
    name = _one_line(name)
    if not name:
        raise Invalid("name", "Please give the view a name.")
    if len(name) > LONGEST:
        raise Invalid("name", "Please keep the name under 80 characters.")
    try:
        with db.session.begin_nested():
            view.name = name
            db.session.add(view)
    except IntegrityError as taken:
        raise Invalid(
            "name", "You have a view of this name already. Please choose another."
        ) from taken


def _one_line(name: str) -> str:
    return " ".join(name.split())
