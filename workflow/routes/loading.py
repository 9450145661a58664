"""What the address of a page names, or 404; a page about a contract also says so to the navigation."""

from flask import abort, g, request
from flask_login import current_user
from sqlalchemy.sql.base import ExecutableOption

from ..db import db
from ..models import Contract, Person, Revision, Section, Thread
from ..queries import access
from ..queries.bystanders import Visitor
from ..services import imports


def contract_or_404(slug: str, *options: ExecutableOption) -> Contract:
    """The contract, with what the options bring along."""
    contract = access.contract(slug, signed_in(), *options)
    if contract is None:
        abort(404)
    g.contract = contract
    return contract


def contract_to_write(slug: str) -> Contract:
    """The contract, for those who may write at least one section of it."""
    contract = contract_or_404(slug)
    imports.require(signed_in(), contract.id)
    return contract


def section_or_404(slug: str, section_id: int, find=access.section) -> Section:
    """The section with all that its pages show, or with as much as `find` brings."""
    section = find(section_id, signed_in())
    if section is None or section.contract.slug != slug:
        abort(404)
    g.contract = section.contract
    return section


def visited_or_404(slug: str, section_id: int) -> tuple[Section, Visitor]:
    """The section without its text, and who its reader is there."""
    found = access.visit(section_id, signed_in())
    if found is None or found[0].contract.slug != slug:
        abort(404)
    g.contract = found[0].contract
    return found


def revision_or_404(section_id: int, revision_id: int | None) -> Revision | None:
    """A revision of this section; None stays None (a section without a text)."""
    if not revision_id:
        return None
    revision = db.session.get(Revision, revision_id)
    if revision is None or revision.section_id != section_id:
        abort(404)
    return revision


def thread_or_404(thread_id: int) -> Thread:
    thread = access.thread(thread_id, current_user)
    if thread is None:
        abort(404)
    g.contract = thread.section.contract
    return thread


def page_asked() -> int:
    """The number of the page that the address asks for; whatever is no such number means the first."""
    page = request.args.get("page", 1, int)
    return page if 1 <= page <= 100_000 else 1


def signed_in() -> Person:
    """The person who asks, as the row itself: Flask-Login's proxy is no row to a relation or a lock."""
    return current_user._get_current_object()
