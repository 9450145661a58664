"""What the desk answers: which remarks still need an answer, who has them, and what is drafted and ready to go?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select

from ..db import db
from ..labels import label
from ..models import (
    AnswerDraft,
    Contract,
    Membership,
    Organisation,
    Person,
    Section,
    Sector,
    Thread,
    section_sector,
)
from ..rules import gate
from ..rules.policy import GRANTS
from ..rules.vocabulary import Act, RemarkKind
from ..services import groups
from .navigation import ContractRef, contract_ref
from .outline import titled
from .readiness import Ready, rounds
from .remarks import Author, First, GroupRef, Remark, joined, listed, on_desk, view
from .views import Choice, Known, Pages
from .visibility import within_reach

PER_PAGE = 40
MOST_WORDS = 8
ME, NOBODY = "me", "nobody"


@dataclass(frozen=True, slots=True)
class DeskPage:
    contract: ContractRef
    rows: list[Remark]
    states: list[Choice]
    filters: dict[str, list[Choice]]
    sorts: list[Choice]
    words: str
    args: dict[str, str]
    filtered: bool
    group: GroupRef | None
    colleagues: list[tuple[str, str]]
    ready: list[Ready]
    pages: Pages

    @property
    def drafts(self) -> int:
        return sum(one.drafts for one in self.ready)

    @property
    def lacking(self) -> int:
        return sum(one.lacking for one in self.ready)


@dataclass(frozen=True, slots=True)
class AlikePage:
    """Proposed groups: their remarks, the clearest first, and how similar the least similar is (0 to 1)."""

    contract: ContractRef
    groups: list[tuple[list[Remark], float]]


NEEDS_ANSWER = and_(Thread.unanswered, Thread.kind != RemarkKind.SUPPORT)
DRAFTED = AnswerDraft.id.is_not(None)

STATES: dict[str, ColumnElement[bool]] = {
    "waiting": NEEDS_ANSWER,
    "open": and_(NEEDS_ANSWER, not_(DRAFTED), not_(Thread.contested)),
    "drafted": DRAFTED,
    "contested": Thread.contested,
    "answered": not_(Thread.unanswered),
    "promised": and_(
        not_(Thread.unanswered),
        Thread.disposition.in_(gate.PROMISES),
        Thread.carried_out_by_id.is_(None),
        Thread.kind != RemarkKind.SUPPORT,
    ),
}
"""Where a remark stands on the desk; the first is what the desk shows unasked."""

FILTERS: dict[str, Callable[[str, Person], ColumnElement[bool]]] = {
    "section": lambda value, person: Thread.section_id == int(value),
    "sector": lambda value, person: Thread.section_id.in_(
        select(section_sector.c.section_id).join(Sector).where(Sector.key == value)
    ),
    "kind": lambda value, person: Thread.kind == RemarkKind(value),
    "assignee": lambda value, person: _assigned_to(value, person),
    "round": lambda value, person: Thread.round_id == int(value),
    "group": lambda value, person: Thread.group_id == int(value),
}

URGENT = case((or_(Thread.kind == RemarkKind.OBJECTION, Thread.contested), 0), else_=1)
SORTS: dict[str, tuple] = {
    "urgent": (URGENT, Thread.created_at, Thread.id),
    "oldest": (Thread.created_at, Thread.id),
    "newest": (Thread.created_at.desc(), Thread.id.desc()),
    "section": (Section.position, Thread.start.is_(None), Thread.start, Thread.number),
    "supports": (Thread.supports.desc(), Thread.created_at, Thread.id),
}


def desk(contract: Contract, person: Person, asked: Mapping[str, str], page: int = 1) -> DeskPage:
    """The desk as this person asked for it; what is not known of the values of `asked` is passed over."""
    known_rounds, ready = rounds(contract, person)
    options = _options(contract, person) | {"round": known_rounds}
    chosen = {
        name: asked[name] for name, known in options.items() if asked.get(name) in dict(known)
    }
    group = asked.get("group", "")
    if group.isascii() and group.isdecimal() and len(group) < 10:
        chosen["group"] = group
    state = asked.get("state") if asked.get("state") in STATES else next(iter(STATES))
    order = asked.get("sort") if asked.get("sort") in SORTS else next(iter(SORTS))
    words = (asked.get("q") or "").replace("\x00", "").strip()[:200]
    conditions = [on_desk(contract, person), *_containing(words)]
    conditions += [FILTERS[name](value, person) for name, value in chosen.items()]
    counts = _counts(conditions)
    args = chosen | ({"q": words} if words else {})
    kept = args | {"state": state} if state != next(iter(STATES)) else args
    kept = kept | {"sort": order} if order != next(iter(SORTS)) else kept
    pages = Pages(page, PER_PAGE, counts[state], "desk.show", {"slug": contract.slug, **kept})
    rows = db.session.execute(
        listed(conditions)
        .where(STATES[state])
        .order_by(*SORTS[order])
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    found = [view(row, person.language) for row in rows]
    return DeskPage(
        contract=contract_ref(contract, person.language),
        rows=found,
        states=[
            Choice(key, text, key == state, counts[key]) for key, text in _state_words().items()
        ],
        filters={
            name: [Choice(value, text, chosen.get(name) == value, None) for value, text in known]
            for name, known in options.items()
        },
        sorts=[Choice(key, text, key == order, None) for key, text in _sort_words().items()],
        words=words,
        args=kept,
        filtered=bool(args),
        group=found[0].group if "group" in chosen and found else None,
        colleagues=options["assignee"][2:],
        ready=ready,
        pages=pages,
    )


def proposals(contract: Contract, person: Person) -> AlikePage:
    """What the words propose to answer together, each proposal with its remarks side by side."""
    found = groups.similar(contract, by=person)
    ids = [key for proposal in found for key in proposal.thread_ids]
    conditions = [Thread.id.in_(ids), on_desk(contract, person)]
    rows = {
        row.Thread.id: view(row, person.language) for row in db.session.execute(listed(conditions))
    }
    return AlikePage(
        contract_ref(contract, person.language),
        [([rows[key] for key in one.thread_ids], one.score / 100) for one in found],
    )


def _assigned_to(value: str, person: Person) -> ColumnElement[bool]:
    if value == NOBODY:
        return Thread.assignee_id.is_(None)
    return Thread.assignee_id == (person.id if value == ME else int(value))


def _containing(words: str) -> list[ColumnElement[bool]]:
    """Each word somewhere in the remark, in its quote, or in who made it; "#12" is a number."""
    found = []
    for word in words.split()[:MOST_WORDS]:
        if word.startswith("#") and word[1:].isascii() and word[1:6].isdecimal():
            found.append(Thread.number == int(word[1:6]))
            continue
        where = (First.text, Thread.quote, Author.name, Organisation.name, Section.code)
        found.append(or_(*(column.icontains(word, autoescape=True) for column in where)))
    return found


def _counts(conditions: list) -> dict[str, int]:
    """How many remarks stand in each state, under the other filters."""
    counted = [func.count(case((state, 1))).label(key) for key, state in STATES.items()]
    row = db.session.execute(joined(select(*counted)).where(*conditions)).one()
    return dict(zip(STATES, row, strict=True))


def _options(contract: Contract, person: Person) -> dict[str, Known]:
    """The values that each filter may take, each with its label."""
    sections, sectors = _sections(contract, person)
    return {
        "section": sections,
        "sector": sectors,
        "kind": [(kind.value, label(kind)) for kind in RemarkKind],
        "assignee": [(ME, _("Me")), (NOBODY, _("Nobody")), *colleagues(contract)],
    }


def _sections(contract: Contract, person: Person) -> tuple[Known, Known]:
    rows = db.session.execute(
        select(Section.id, Section.code, Section.titles, Sector.key, Sector.titles)
        .outerjoin(section_sector, section_sector.c.section_id == Section.id)
        .outerjoin(Sector, Sector.id == section_sector.c.sector_id)
        .where(
            Section.contract_id == contract.id,
            within_reach(person, Act.ANSWER),
            Section.id.in_(
                select(Thread.section_id).where(Thread.withdrawn_at.is_(None), Thread.addressed)
            ),
        )
        .order_by(Section.position, Sector.position)
    ).all()
    sections = {str(row[0]): f"{row[1]} {titled(row[2], person.language)}" for row in rows}
    sectors = {row[3]: titled(row[4], person.language) for row in rows if row[3]}
    return list(sections.items()), list(sectors.items())


def colleagues(contract: Contract) -> Known:
    """Everybody who may answer somewhere in the contract."""
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.contract_id == contract.id,
            Membership.role.in_(GRANTS[Act.ANSWER]),
            Person.active,
        )
        .distinct()
    ).all()
    return [(str(key), name) for key, name in sorted(rows, key=lambda row: row[1].casefold())]


def _state_words() -> dict[str, str]:
    return {
        "waiting": _("Needs an answer"),
        "open": _("Not begun"),
        "drafted": _("Drafted"),
        "contested": _("Contested"),
        "answered": _("Answered"),
        "promised": _("Promised, not carried out"),
    }


def _sort_words() -> dict[str, str]:
    return {
        "urgent": _("What blocks first"),
        "oldest": _("Oldest first"),
        "newest": _("Newest first"),
        "section": _("As in the contract"),
        "supports": _("Most supported first"),
    }
