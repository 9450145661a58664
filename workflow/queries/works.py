"""What waits for each of many people, read together: letters ask for a hundred people what the page of one's work asks
for one.

Who holds the same roles in the same places reads the same, but for what bears his own name: sections that he carries,
remarks that he made, questions that lie before him. So the database is asked once for all who are alike, and once for
what bears the names of all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, select

from ..db import among, db
from ..models import Contract, Person, Question, Thread
from ..rules import policy
from ..rules.vocabulary import Visibility
from ..services import owed, positions, seats
from ..services.recipients import Recipient, group_of
from ..services.seats import NOBODY
from . import navigation, outline, signatory, tasks, work
from .navigation import Numbers
from .outline import SectionLine
from .visibility import Reader, contracts_of
from .work import WorkPage


class Own(NamedTuple):
    """A remark of one of the people: where it is, who may read it besides, and whether it waits for an answer."""

    author_id: int
    section_id: int
    visibility: Visibility
    organisation_id: int | None
    open: bool


class Asked(NamedTuple):
    """Questions of the reviewers that lie before one of the people in a contract."""

    count: int
    due: date | None


class Works:
    """The work of these people: `of(person)` is what `work.work(person)` is."""

    def __init__(self, people: Collection[Person]):
        self._people = [person for person in people if not person.guest]
        self._readers = _without_names(self._people)
        self._lines: dict[Hashable, dict[int, list[SectionLine]]] = {}
        self._owners: dict[Hashable, frozenset[int]] = {}
        self._numbers: dict[Reader, dict[int, Numbers]] = {}
        self._pages: dict[Hashable, WorkPage] = {}
        if not self._people:
            return
        alike = {id(reader): reader for reader in self._readers.values()}.values()
        ids = set().union(*map(contracts_of, alike))
        self._contracts = db.session.scalars(
            select(Contract).where(Contract.id.in_(ids)).order_by(Contract.city)
        ).all()
        self._own = self._remarks()
        self._asked = self._questions()
        self._spoken = positions.spoken_by(self._readers)
        self._signatures = signatory.awaited_of(
            self._contracts,
            {one for reader in alike for one in signatory.spoken_for(reader, ids)},
        )

    def alike(self, person: Person) -> Hashable:
        """What the person's work depends on: the same for all to whom it reads the same."""
        spoke = self._own.get(person.id) or self._spoken.get(person.id)
        named = spoke or self._asked.get(person.id) or self._carries(person)
        return self._as_whom(person), person.id if named else NOBODY

    def of(self, person: Person) -> WorkPage:
        key = self.alike(person)
        if key not in self._pages:
            self._pages[key] = self._page(person)
        return self._pages[key]

    def _page(self, person: Person) -> WorkPage:
        mine = contracts_of(person)
        contracts = [one for one in self._contracts if one.id in mine]
        lines = {
            key: [self._with_own(line, person) for line in some]
            for key, some in self._lines_of(person).items()
        }
        signatures = signatory.of_person(self._signatures, contracts, person)
        waiting = tasks.found(contracts, person, lines, self._waits(contracts, person), signatures)
        return work.page(contracts, person, lines, waiting)

    def _carries(self, person: Person) -> bool:
        key = self._as_whom(person)
        if key not in self._owners:
            lines = [line for some in self._lines_of(person).values() for line in some]
            self._owners[key] = frozenset(line.owner.id for line in lines if line.owner)
        return person.id in self._owners[key]

    def _as_whom(self, person: Person) -> Hashable:
        """One and the same for all to whom sections read the same."""
        return id(self._readers[person.id]), person.language, person.time_zone

    def _lines_of(self, person: Person) -> dict[int, list[SectionLine]]:
        """The sections as who is like the person reads them."""
        key = self._as_whom(person)
        if key not in self._lines:
            reader, mine = self._readers[person.id], contracts_of(person)
            contracts = [one for one in self._contracts if one.id in mine]
            self._lines[key] = outline.several(contracts, person, reader=reader)
        return self._lines[key]

    def _with_own(self, line: SectionLine, person: Person) -> SectionLine:
        """The line with what the person's own remarks add to the counts that tasks look at, and whether he spoke."""
        organisations = {m.organisation_id for m in person.memberships if m.organisation_id}
        for one in self._own.get(person.id, ()):
            if one.section_id != line.section.id:
                continue
            counted = policy.may_read(
                person,
                line.place,
                author_id=NOBODY,
                visibility=one.visibility,
                organisation_id=one.organisation_id,
            )
            line = line._replace(
                mine=line.mine + (not (counted and one.organisation_id in organisations)),
                open=line.open + (one.open and not counted),
            )
        return line._replace(spoken=line.section.id in self._spoken.get(person.id, ()))

    def _waits(self, contracts: Collection[Contract], person: Person) -> list[Numbers]:
        reader = self._readers[person.id]
        if reader not in self._numbers:
            ids = tuple(
                one.id
                for one in contracts
                if navigation.moderates_in(reader, one.id) or navigation.answers_in(reader, one.id)
            )
            self._numbers[reader] = navigation.counted(reader, ids) if ids else {}
        found = []
        for contract in contracts:
            numbers = self._numbers[reader].get(contract.id, Numbers())
            asked = self._asked.get(person.id, {}).get(contract.id)
            if asked and navigation.answers_in(reader, contract.id):
                numbers = numbers._replace(asked=asked.count, asked_due=asked.due)
            found.append(numbers)
        return found

    def _remarks(self) -> dict[int, list[Own]]:
        rows = db.session.execute(
            select(
                Thread.author_id,
                Thread.section_id,
                Thread.visibility,
                Thread.organisation_id,
                case((owed.UNANSWERED, 1), else_=0),
            ).where(
                among(Thread.author_id, self._readers), Thread.withdrawn_at.is_(None), Thread.shown
            )
        )
        found = defaultdict(list)
        for row in rows:
            found[row.author_id].append(Own(*row))
        return found

    def _questions(self) -> dict[int, dict[int, Asked]]:
        rows = db.session.execute(
            select(
                Question.assignee_id, Question.contract_id, func.count(), func.min(Question.due_on)
            )
            .where(
                among(Question.assignee_id, self._readers),
                Question.answered_at.is_(None),
                Question.addendum_id.is_(None),
            )
            .group_by(Question.assignee_id, Question.contract_id)
        )
        found: dict[int, dict[int, Asked]] = defaultdict(dict)
        for person_id, contract_id, *asked in rows:
            found[person_id][contract_id] = Asked(*asked)
        return found


def _without_names(people: Collection[Person | Recipient]) -> dict[int, Reader]:
    """For each person a reader with the same roles whose name nothing bears: the very same for all who are alike."""
    readers, known, groups = {}, {}, {}
    for person in people:
        group = group_of(person)
        if group not in groups:
            held = seats.without_name(person)
            groups[group] = known.setdefault(held, Reader(NOBODY, held))
        readers[person.id] = groups[group]
    return readers
