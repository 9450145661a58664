"""What the pages of inviting signatories show: who is not asked yet, and a brought sheet row by row."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from ..db import db
from ..labels import label
from ..models import Contract, Organisation, Person, Sector, Sheet, Signatory
from ..rules.sheet_layout import Why
from ..rules.signatory_sheet import HEADINGS, WORDS, Column, Entry
from ..rules.vocabulary import OrganisationKind, SheetKind, Tier
from ..services import signatory_sheets
from ..services.signatory_sheets import Line
from . import bringing
from .bringing import SheetPage
from .navigation import ContractRef, contract_ref
from .outline import titled

MOST_OFFERED = 500


@dataclass(frozen=True, slots=True)
class InvitePage:
    """`offered` are organisations that are not asked yet: id, name, kind. `waiting` are sheets not confirmed yet."""

    contract: ContractRef
    offered: list[tuple[int, str, OrganisationKind]]
    waiting: list[tuple[int, str, datetime]]


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the sheet as the page tells it: what it becomes, or what is wrong with which cell."""

    number: int
    entry: Entry
    sector: str
    notes: list[str]
    faults: list[tuple[str, str]]
    already: bool


SENTENCES: bringing.Sentences = {
    (Why.UNKNOWN, Column.TONNES): _l(
        "“%(said)s” is not clear as a number. Write it like: %(accepted)s."
    ),
    (Why.UNKNOWN, Column.EUROS): _l(
        "“%(said)s” is not clear as a number. Write it like: %(accepted)s."
    ),
    (Why.UNKNOWN, Column.YEAR): _l("“%(said)s” is no year. Write it like: %(accepted)s."),
    (Why.UNKNOWN, Column.EMAIL): _l("“%(said)s” is no address. Write it like: %(accepted)s."),
    (Why.MISSING, Column.COMMITMENT): _l("There are figures, but no words what they are for."),
    (Why.CLOSED, Column.COMMITMENT): _l(
        "“%(said)s” has signed or withdrawn, so nothing is added to what it promises."
    ),
    (Why.TAKEN, Column.COMMITMENT): _l(
        "These are enough: at most 60 commitments of one organisation."
    ),
}


def page(contract: Contract, person: Person) -> InvitePage:
    asked = select(Signatory.id).where(Signatory.organisation_id == Organisation.id)
    offered = db.session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind)
        .where(Organisation.contract_id == contract.id, ~asked.exists())
        .order_by(func.lower(Organisation.name))
        .limit(MOST_OFFERED)
    )
    return InvitePage(
        contract_ref(contract, person.language),
        [tuple(row) for row in offered],
        bringing.waiting(contract, person, SheetKind.SIGNATORIES),
    )


def sheet(brought: Sheet, person: Person, *, show: str, page: int) -> SheetPage:
    """A page of the sheet's rows as they stand now."""
    lines = signatory_sheets.lines(brought)
    return bringing.sheet(
        brought,
        lines,
        person,
        told=_told,
        endpoint="inviting.sheet",
        show=show,
        page=page,
        makes=sum(line.asks and line.ready for line in lines),
    )


def _told(line: Line, language: str) -> Told:
    sector = line.sector
    return Told(
        number=line.number,
        entry=line.entry,
        sector=titled(sector.titles, language) if sector else line.entry.sector,
        notes=_notes(line),
        faults=WORDING.faults(line, language),
        already=line.already,
    )


def _notes(line: Line) -> list[str]:
    """What becomes of the row, a sentence each."""
    entry = line.entry
    said = [
        (line.is_new, _("It is entered as an organisation: %(kind)s.", kind=label(entry.kind))),
        (line.asks, _("It is asked to sign.")),
        (line.invites, _("%(email)s is invited to take part for it.", email=entry.email)),
        (line.promises, _("The commitment is added.")),
    ]
    return [words for happens, words in said if happens]


NAMED = {Column.KIND: OrganisationKind, Column.TIER: Tier}


def accepted_word(column: Column, word: str) -> str:
    """A value that a cell may hold, as the reader would write it."""
    return label(NAMED[column](word)) if column in NAMED else word


WORDING = bringing.Wording(HEADINGS, SENTENCES, accepted_word)

ABOUT: dict[Column, object] = {
    Column.ORGANISATION: _l("The name of the organisation. Needed; it is recognised by it."),
    Column.KIND: _l("May stay empty; counts where the organisation is new."),
    Column.PERSON: _l("Who is invited to speak for it; may stay empty."),
    Column.EMAIL: _l("Where the invitation goes; may stay empty."),
    Column.COMMITMENT: _l("One commitment; a further one goes into a further row."),
    Column.TIER: _l("How far the commitment goes; empty means basis."),
    Column.TONNES: _l("Tonnes of CO₂e saved a year; may stay empty."),
    Column.EUROS: _l("What it costs; may stay empty."),
    Column.YEAR: _l("By which year; may stay empty."),
    Column.SECTOR: _l("One of the sectors below; may stay empty."),
}


def guide(contract: Contract, person: Person) -> tuple[list[str], list[list[str]]]:
    """The headings of the sheet that we offer, and what goes into each of its columns."""
    language = person.language
    rows = [
        [
            WORDING.heading(column, language),
            str(ABOUT[column]),
            ", ".join(accepted_word(column, word) for word in WORDS.get(column, ())),
        ]
        for column in Column
    ]
    sectors = db.session.scalars(
        select(Sector.titles).where(Sector.contract_id == contract.id).order_by(Sector.position)
    )
    rows += [[], [_("Sectors"), "", ""], *([titled(one, language), "", ""] for one in sectors)]
    return [WORDING.heading(column, language) for column in Column], rows
