"""What changed because of you: everything that one person said about the contract, and what became of it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select, true

from ..db import db
from ..models import Contract, Person, Section, Thread
from ..rules import gate
from . import responses
from .navigation import ContractRef, contract_ref
from .outline import how_many
from .responses import Line
from .views import Choice, Pages

PER_PAGE = 30
PROMISED = Thread.disposition.in_(gate.PROMISES)

SHOWN: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "changed": and_(PROMISED, Thread.carried_out_by_id.is_not(None)),
    "promised": and_(PROMISED, Thread.carried_out_by_id.is_(None)),
    "answered": Thread.disposition.not_in(gate.PROMISES),
    "open": Thread.disposition.is_(None),
}
"""What may have become of a remark; the first is what the page shows unasked."""


@dataclass(frozen=True, slots=True)
class ContributionsPage:
    contract: ContractRef
    show: str
    tabs: list[Choice]
    rows: list[Line]
    total: int
    changed: int
    pages: Pages


def contributions(
    contract: Contract, person: Person, *, show: str, page: int = 1
) -> ContributionsPage:
    """A page of the person's own remarks, the newest first; what he wrote down for others is theirs."""
    show = show if show in SHOWN else next(iter(SHOWN))
    mine = [
        Section.contract_id == contract.id,
        Thread.author_id == person.id,
        Thread.source.is_(None),
        Thread.withdrawn_at.is_(None),
        Thread.shown,
    ]
    counts = db.session.execute(
        select(
            *(
                (func.count() if key == "all" else how_many(condition)).label(key)
                for key, condition in SHOWN.items()
            )
        )
        .select_from(Thread)
        .join(Section, Section.id == Thread.section_id)
        .where(*mine)
    ).one()
    rows = db.session.execute(
        responses.rows_of([*mine, SHOWN[show]], public=False)
        .order_by(None)
        .order_by(Thread.created_at.desc(), Thread.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    total = getattr(counts, show)
    where = {"slug": contract.slug, "show": show}
    return ContributionsPage(
        contract=contract_ref(contract, person.language),
        show=show,
        tabs=[
            Choice(key, words, key == show, getattr(counts, key)) for key, words in _words().items()
        ],
        rows=[responses.line(row, person.language, public=False) for row in rows],
        total=counts.all,
        changed=counts.changed,
        pages=Pages(page, PER_PAGE, total, "matrix.contributions", where),
    )


def _words() -> dict[str, str]:
    return {
        "all": _("Everything"),
        "changed": _("Changed the text"),
        "promised": _("Will change the text"),
        "answered": _("Answered"),
        "open": _("Waits for an answer"),
    }
