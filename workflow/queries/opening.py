"""Which notices are read by opening a page: those of events that lead to it, about what its address names.

Where an event leads is said by `happenings.ADDRESSES`; this is the same table the other way round.
"""

from collections.abc import Callable
from typing import Any

from flask import has_request_context, request
from sqlalchemy import ColumnElement, and_, select

from ..models import Contract, Event, Question, Round
from ..rules.vocabulary import EventKind
from .happenings import ADDRESSES, leads_to

Asked = tuple[str, tuple[tuple[str, Any], ...]]
"""A page: its endpoint and what its address names."""

SAME = {"threads.show": "threads.beside"}
"""Pages that show what another shows."""

KINDS = {
    endpoint: frozenset(kind for kind in EventKind if endpoint in leads_to(kind))
    for endpoint in {*ADDRESSES.values(), "sections.show", "contracts.home"}
}

NAMED: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "slug": lambda slug: Event.contract_id.in_(select(Contract.id).where(Contract.slug == slug)),
    "section_id": lambda number: Event.section_id == number,
    "thread_id": lambda number: Event.thread_id == number,
    "signatory_id": lambda number: Event.signatory_id == number,
    "hook_id": lambda number: Event.hook_id == number,
}
NUMBERED: dict[str, Callable[[int], ColumnElement[bool]]] = {
    "rounds.show": lambda number: Event.round_id.in_(
        select(Round.id).where(Round.number == number)
    ),
    "questions.show": lambda number: Event.question_id.in_(
        select(Question.id).where(Question.number == number)
    ),
}


def asked() -> Asked | None:
    """The page that is being opened, if notices lead to it; a browser that fetches it in advance opens nothing."""
    if not has_request_context() or request.method != "GET":
        return None
    endpoint = SAME.get(request.endpoint, request.endpoint)
    if endpoint not in KINDS or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return None
    names = request.view_args or {}
    if any("\x00" in str(value) for value in names.values()):
        return None  # no row has such a name, and PostgreSQL refuses to compare with it
    return endpoint, tuple(sorted(names.items()))


def about(page: Asked) -> ColumnElement[bool]:
    """The condition on `Event` under which opening the page reads of it."""
    endpoint, names = page
    conditions = [Event.kind.in_(KINDS[endpoint])]
    conditions += [
        (NUMBERED[endpoint] if name == "number" else NAMED[name])(value) for name, value in names
    ]
    if endpoint == "contracts.home":
        conditions.append(Event.section_id.is_(None))
    return and_(*conditions)
