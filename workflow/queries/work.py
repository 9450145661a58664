"""What the page of one's work answers: what waits for me, in all contracts that I take part in?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ..db import db
from ..models import Contract, Person
from . import outline, tasks
from .navigation import ContractRef, contract_ref
from .tasks import Task
from .visibility import contracts_of


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits in one contract; `mine` are the sections that the person carries."""

    contract: ContractRef
    tasks: list[Task]
    mine: int
    overdue: int


@dataclass(frozen=True, slots=True)
class WorkPage:
    piles: list[Pile]
    waiting: int


def work(person: Person) -> WorkPage:
    """Four queries, however many contracts."""
    contracts = db.session.scalars(
        select(Contract).where(Contract.id.in_(contracts_of(person))).order_by(Contract.city)
    ).all()
    lines = outline.several(contracts, person)
    return page(contracts, person, lines, tasks.waiting_in(contracts, person, lines))


def page(
    contracts: Sequence[Contract],
    person: Person,
    lines: Mapping[int, list[outline.SectionLine]],
    waiting: Sequence[list[Task]],
) -> WorkPage:
    """The piles of what waits in each contract; those with something overdue come first."""
    piles = [
        _pile(contract, person, lines[contract.id], some)
        for contract, some in zip(contracts, waiting, strict=True)
    ]
    piles.sort(key=lambda pile: (-pile.overdue, not pile.tasks))
    return WorkPage(piles, sum(map(len, waiting)))


def _pile(
    contract: Contract, person: Person, lines: list[outline.SectionLine], waiting: list[Task]
) -> Pile:
    return Pile(
        contract=contract_ref(contract, person.language),
        tasks=waiting,
        mine=sum(line.owner is not None and line.owner.id == person.id for line in lines),
        overdue=sum(task.overdue for task in waiting),
    )
