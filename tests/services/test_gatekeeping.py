"""What the gate looks at is the same for one section and for many."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db
from workflow.models import Section
from workflow.rules.vocabulary import Disposition, RemarkKind, Role, Stage, Visibility
from workflow.services import gatekeeping

pytestmark = pytest.mark.usefixtures("ctx")


def sections() -> list[Section]:
    """Empty, with a gap, objected to, answered and not carried out, and under review, in two cities."""
    for city in ("ljubljana", "kranj"):
        contract = builders.contract(city, city=city)
        author = builders.person(Role.EDITOR, contract=contract)
        builders.person(Role.APPROVER, contract=contract)
        what = {"contract": contract, "author": author}
        empty = builders.section("A-1", markdown="", **what)
        builders.element(empty)
        builders.section("A-2", markdown="Emissions fall by XX %. See [@fig:none].", **what)
        objected = builders.section("A-3", stage=Stage.REVISION, **what)
        builders.thread(objected, kind=RemarkKind.OBJECTION, author=author)
        builders.thread(objected, author=author, visibility=Visibility.ORGANISATION)
        promised = builders.section("A-4", stage=Stage.REVIEW, **what)
        builders.thread(promised, answer=Disposition.ACCEPTED, author=author)
        builders.thread(promised, author=author, withdrawn=True)
    return list(db.session.scalars(db.select(Section).order_by(Section.id)))


def test_the_facts_of_many_are_those_of_each(app):
    found = sections()
    together = gatekeeping.facts_of(found)
    assert together == {section.id: gatekeeping.facts(section) for section in found}
    assert len(set(map(str, together.values()))) >= 4
    assert gatekeeping.facts_of([]) == {}
    db.session.expire_all()
    for section in found:
        assert section.place.contract_id and section.contract.pack
    with counted(app) as statements:
        gatekeeping.facts_of(found)
    assert len(statements) <= 10
