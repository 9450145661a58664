"""What stands at the top of every page: where I am, what waits unread, which doors there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from ..db import db
from ..models import Contract, Event, Notification, Person
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act
from . import opening, waits
from .visibility import Reader


@dataclass(frozen=True, slots=True)
class ContractRef:
    id: int
    slug: str
    city: str
    title: str
    target_year: int
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    contract: ContractRef | None
    unread: int
    may_see_people: bool
    may_answer: bool
    may_see_whole: bool
    may_moderate: bool
    to_moderate: int
    may_operate: bool
    catcher: bool
    here: str


def contract_ref(contract: Contract, language: str = "en") -> ContractRef:
    return ContractRef(
        contract.id,
        contract.slug,
        contract.city,
        contract.title(language),
        contract.target_year,
        contract.demo,
    )


def navigation() -> Navigation:
    """One query a page; the contract is the one that the route has loaded, else the only one of this person."""
    person = current_user._get_current_object() if current_user else None
    signed_in = bool(person and person.is_authenticated)
    contract = g.get("contract") or (_only_contract(person) if signed_in else None)
    moderates = bool(signed_in and contract and moderates_in(person, contract.id))
    waiting = numbers(person, contract) if signed_in else Numbers()
    return Navigation(
        contract=contract_ref(contract) if contract else None,
        unread=waiting.unread - waiting.here,
        may_see_people=bool(
            signed_in and contract and policy.grants(person, Act.READ, Place(contract.id))
        ),
        may_answer=bool(signed_in and contract and answers_in(person, contract.id)),
        may_see_whole=bool(
            signed_in and contract and (contract.frozen_id or freezes_in(person, contract.id))
        ),
        may_moderate=moderates,
        to_moderate=waiting.to_moderate,
        may_operate=bool(signed_in and policy.grants_somewhere(person, Act.OPERATE)),
        catcher=bool(current_app.config["MAIL_CATCHER_DIR"]),
        here=request.full_path.rstrip("?"),
    )


def answers_in(person: Person | Reader, contract_id: int) -> bool:
    """Whether any part of the contract is the person's to answer for."""
    return any(
        m.contract_id == contract_id and m.role in policy.GRANTS[Act.ANSWER]
        for m in person.memberships
    )


class Numbers(NamedTuple):
    """How much waits: unread in the inbox, `here` of them those that opening this page reads; before a moderator; of
    the reviewers' questions before the person and before nobody, each with the first day that an answer is due."""

    unread: int = 0
    here: int = 0
    to_moderate: int = 0
    asked: int = 0
    asked_due: date | None = None
    unassigned: int = 0
    unassigned_due: date | None = None


def numbers(person: Person, contract: Contract | None) -> Numbers:
    """How much waits for the person; asked once for a page."""
    return numbers_in(person, [contract])[0]


def numbers_in(person: Person, contracts: Sequence[Contract | None]) -> list[Numbers]:
    """The same for several contracts, in one query."""
    keys = [(person.id, one.id if one else None) for one in contracts]
    known = g.setdefault("numbers", {})
    if asked := tuple(key[1] for key in keys if key not in known):
        for contract_id, numbers in counted(Reader.of(person), asked).items():
            known[person.id, contract_id] = numbers
    return [known[key] for key in keys]


def counted(reader: Reader, contract_ids: tuple[int | None, ...]) -> dict[int | None, Numbers]:
    rows = db.session.execute(_counting(reader, contract_ids, opening.asked()))
    return {contract_id: Numbers(*figures) for contract_id, *figures in rows}


@lru_cache(maxsize=256)
def _counting(
    reader: Reader, contract_ids: tuple[int | None, ...], page: opening.Asked | None
) -> CompoundSelect | Select:
    one, *more = (_counting_in(reader, contract_id, page) for contract_id in contract_ids)
    return union_all(one, *more) if more else one


def _counting_in(reader: Reader, contract_id: int | None, page: opening.Asked | None) -> Select:
    notices = (
        select(func.count())
        .select_from(Notification)
        .where(Notification.person_id == reader.id, Notification.read_at.is_(None))
    )
    opened = (
        notices.join(Event, Event.id == Notification.event_id)
        .where(opening.about(page))
        .scalar_subquery()
        if page
        else literal(0)
    )
    moderates = contract_id is not None and moderates_in(reader, contract_id)
    waiting = waits.counting(reader, contract_id) if moderates else select(literal(0))
    answers = contract_id is not None and answers_in(reader, contract_id)
    no_day = cast(null(), Date)
    questions = (
        waits.questions(reader, contract_id)
        if answers
        else [literal(0), no_day, literal(0), no_day]
    )
    here = cast(literal(contract_id), Integer)
    unread = notices.scalar_subquery()
    return select(here, unread, opened, waiting.scalar_subquery(), *questions)


def moderates_in(person: Person | Reader, contract_id: int) -> bool:
    """Whether comments on any part of the contract are the person's to moderate."""
    return any(
        m.contract_id == contract_id and m.role in policy.GRANTS[Act.MODERATE]
        for m in person.memberships
    )


def freezes_in(person: Person, contract_id: int) -> bool:
    """Whether it is the person's to freeze the contract as a whole."""
    return policy.grants(person, Act.FREEZE, Place(contract_id))


def leads_in(person: Person, contract_id: int) -> bool:
    """Whether the person opens rounds in any part of the contract."""
    return any(
        m.contract_id == contract_id and m.role in policy.GRANTS[Act.CONSULT]
        for m in person.memberships
    )


def _only_contract(person: Person) -> Contract | None:
    """Who takes part in one contract only is always at home in it, also in the inbox."""
    contracts = {membership.contract_id for membership in person.memberships}
    return db.session.get(Contract, contracts.pop()) if len(contracts) == 1 else None
