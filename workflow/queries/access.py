"""Finding a row by what an address names, for a person who may read it; everything else is None."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from ..db import db
from ..models import Contract, Module, Person, Section, Thread
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act
from ..services import locking
from . import bystanders, sections, threads, visibility
from .bystanders import Visitor


def contract(slug: str, person: Person, *options: ExecutableOption) -> Contract | None:
    found = db.session.query(Contract).filter_by(slug=slug).options(*options).one_or_none()
    return found if found and policy.grants(person, Act.READ, Place(found.id)) else None


def section(section_id: int, person: Person) -> Section | None:
    return _readable(sections.load(section_id), person)


def place(section_id: int, person: Person) -> Section | None:
    """The section with no more than has to be known to let somebody in."""
    return _readable(sections.place(section_id), person)


def held(section_id: int, person: Person) -> Section | None:
    """The same inside of a transaction, held for a verb that is about to change something in it."""
    return _readable(locking.section(section_id, by=person), person)


def visit(section_id: int, person: Person) -> tuple[Section, Visitor] | None:
    """The same, and who he is there."""
    found = bystanders.visit(section_id, person)
    return found if found and policy.grants(person, Act.READ, found[0].place) else None


def _readable(found: Section | None, person: Person) -> Section | None:
    return found if found and policy.grants(person, Act.READ, found.place) else None


def on_display(thread_id: int, person: Person) -> Thread | None:
    """A thread of the person's own that everybody may read, for who takes no part in its contract."""
    found = db.session.get(Thread, thread_id)
    if found is None or policy.grants(person, Act.READ, found.section.place):
        return None
    return found if found.author_id == person.id and found.on_display else None


def thread(thread_id: int, person: Person) -> Thread | None:
    """A thread that is the person's own, or is shown and meant for him; one hidden after it was shown is found as a
    word in its place, and moderators find all of them."""
    section = joinedload(Thread.section)
    above = section.joinedload(Section.module).joinedload(Module.component)
    options = [section.joinedload(Section.contract), above]
    found = db.session.get(Thread, thread_id, options=options)
    if found is None or not policy.grants(person, Act.READ, found.section.place):
        return None
    if found.shown or policy.grants(person, Act.MODERATE, found.section.place):
        return found if visibility.readable_by(person, found) else None
    carded = threads.carded(person, found.section)
    query = select(Thread.id).where(Thread.id == found.id, carded)
    return found if db.session.scalar(query) else None
