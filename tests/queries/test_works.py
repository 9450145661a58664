"""The work of many people, read together, is the work of each of them."""

import random
from datetime import date

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Person, Position
from workflow.queries import work
from workflow.queries.works import Works
from workflow.rules.vocabulary import (
    Disposition,
    Mandate,
    Moderation,
    RemarkKind,
    Role,
    SignatoryStatus,
    Stage,
    Stance,
    Visibility,
)

SECTORS = (None, None, "energy", "transport")


def world(chance: random.Random) -> list[Person]:
    """Two contracts, sections in every stage, remarks for all eyes, and people with all kinds of seats."""
    contracts = [builders.contract("ljubljana"), builders.contract("kranj", city="Kranj")]
    utilities = [builders.organisation(f"Utility {n}", contract=contracts[0]) for n in range(2)]
    people = [builders.person(None, language=chance.choice(["en", "sl"])) for _ in range(14)]
    for person in people:
        person.time_zone = chance.choice(["UTC", "Asia/Tokyo"])
    db.session.commit()
    sections = [
        builders.section(
            f"S-{number}",
            contract=chance.choice(contracts),
            stage=stage,
            owner=chance.choice([None, *people[:5]]),
            author=people[0],
            due_on=chance.choice([None, date(2001, 1, 1), date(2999, 1, 1)]),
        )
        for number, stage in enumerate([*Stage, *Stage])
    ]
    for person in people[2:]:
        role = chance.choice(list(Role))
        where = chance.choice(
            [
                {"contract": contracts[0], "sector": chance.choice(SECTORS)},
                {"contract": contracts[1]},
                {
                    "contract": contracts[0],
                    "section": chance.choice(
                        [one for one in sections if one.contract_id == contracts[0].id]
                    ),
                },
                {
                    "contract": contracts[0],
                    "organisation": chance.choice(utilities),
                    "mandate": chance.choice(list(Mandate)),
                },
            ]
        )
        builders.member(person, role, **where)
    for one in sections:
        for person in chance.sample(people, 3) if one.stage is Stage.REVIEW else ():
            builders.keep(
                Position(
                    section=one,
                    person_id=person.id,
                    stance=chance.choice(list(Stance)),
                    revision_id=one.current_id,
                    sha256=one.current.sha256,
                    at=clock.now(),
                )
            )
        for _ in range(4):
            builders.thread(
                one,
                author=chance.choice(people),
                kind=chance.choice(list(RemarkKind)),
                visibility=chance.choice(list(Visibility)),
                organisation=chance.choice([None, *utilities]),
                answer=chance.choice([None, None, Disposition.NOTED]),
                withdrawn=chance.random() < 0.1,
                moderation=chance.choice([Moderation.SHOWN] * 4 + [Moderation.HELD]),
            )
    for person in chance.sample(people, 4):
        builders.question(
            contract=chance.choice(contracts),
            assignee=person,
            due_on=chance.choice([None, date(2001, 1, 1), date(2999, 1, 1)]),
        )
    builders.question(contract=contracts[0])
    builders.signatory(utilities[0], status=SignatoryStatus.INVITED)
    return people


@pytest.mark.parametrize("seed", range(2))
def test_for_each_of_many_people_waits_what_waits_for_him_alone(asked, seed):
    people = world(random.Random(seed))
    together = Works(people)
    found = {person.id: together.of(person) for person in people}
    assert found == {person.id: work.work(person) for person in people}
    assert any(page.waiting for page in found.values())


def test_the_same_number_of_questions_is_asked_for_two_people_as_for_twenty(app, asked):
    builders.contract("ljubljana")
    section = builders.section(author=builders.person(None), stage=Stage.CONSULTATION)
    people = [builders.person(Role.STAKEHOLDER) for _ in range(20)]
    for person in people:
        builders.thread(section, author=person, kind=RemarkKind.OBJECTION)

    def questions(some: list[Person]) -> int:
        assert all(person.memberships for person in some)
        with counted(app) as statements:
            together = Works(some)
            assert [together.of(person).waiting for person in some] == [0] * len(some)
        return len(statements)

    assert questions(people) == questions(people[:2])
    db.session.rollback()
