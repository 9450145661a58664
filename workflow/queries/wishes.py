"""What a person wishes to hear of which places: all in one list, or of one place for its page."""

from collections import defaultdict
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select

from ..db import db
from ..models import Contract, Person, Section, Sector, Subscription, Thread
from ..rules.vocabulary import Wish, WishScope
from ..services.wishes import COLUMNS
from .navigation import ContractRef, contract_ref
from .outline import titled
from .visibility import contracts_of


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with the wish about it; `number` where it is a thread, `title` then is that of its section."""

    scope: WishScope
    id: int
    title: str
    url: str
    wish: Wish | None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ContractWishes:
    """The contract itself first, its sectors, then the sections and threads that the person spoke of."""

    contract: ContractRef
    places: list[PlaceView]


def of(person: Person, scope: WishScope, place_id: int) -> Wish | None:
    """The wish of the person about this place alone."""
    mine = Subscription.person_id == person.id, COLUMNS[scope] == place_id
    return db.session.scalar(select(Subscription.wish).where(*mine))


def listed(person: Person) -> list[ContractWishes]:
    """Every place that one may have a wish about without having been there, and those one spoke of."""
    kept, spoken = _spoken(person)
    found: dict[int, ContractWishes] = {}
    for contract, sector in db.session.execute(
        select(Contract, Sector)
        .outerjoin(Sector, Sector.contract_id == Contract.id)
        .where(Contract.id.in_(contracts_of(person)))
        .order_by(Contract.city, Contract.id, Sector.position)
    ).unique():
        if contract.id not in found:
            ref = contract_ref(contract, person.language)
            home = url_for("contracts.home", slug=ref.slug)
            wish = kept.get((WishScope.CONTRACT, ref.id))
            whole = PlaceView(WishScope.CONTRACT, ref.id, ref.title, home, wish)
            found[ref.id] = ContractWishes(ref, [whole])
        if sector:
            found[contract.id].places.append(
                PlaceView(
                    WishScope.SECTOR,
                    sector.id,
                    sector.title(person.language),
                    url_for("board.show", slug=contract.slug, sector=sector.key),
                    kept.get((WishScope.SECTOR, sector.id)),
                )
            )
    for contract_id, places in spoken.items():
        if contract_id in found:
            found[contract_id].places.extend(places)
    return list(found.values())


def _spoken(person: Person) -> tuple[dict[tuple[WishScope, int], Wish], dict[int, list[PlaceView]]]:
    """All wishes by place, and the sections and threads among them by contract."""
    rows = db.session.execute(
        select(
            Subscription.wish,
            *COLUMNS.values(),
            Section.contract_id.label("within"),
            Section.titles,
            Contract.slug,
            Thread.number,
        )
        .outerjoin(Thread, Thread.id == Subscription.thread_id)
        .outerjoin(Section, Section.id == func.coalesce(Subscription.section_id, Thread.section_id))
        .outerjoin(Contract, Contract.id == Section.contract_id)
        .where(Subscription.person_id == person.id)
        .order_by(Section.position, func.coalesce(Thread.number, 0))
    )
    kept, spoken = {}, defaultdict(list)
    for row in rows:
        for scope, column in COLUMNS.items():
            if (place_id := getattr(row, column.key)) is None:
                continue
            kept[scope, place_id] = row.wish
            if row.within is not None:
                title = titled(row.titles, person.language)
                url = _page(scope, place_id, row.slug)
                view = PlaceView(scope, place_id, title, url, row.wish, row.number)
                spoken[row.within].append(view)
    return kept, spoken


def _page(scope: WishScope, place_id: int, slug: str) -> str:
    if scope is WishScope.THREAD:
        return url_for("threads.show", thread_id=place_id)
    return url_for("sections.show", slug=slug, section_id=place_id)
