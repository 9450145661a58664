"""What may follow the texts of a document besides the comments: matrix, signatories, reviewers' questions.

Each is read for an audience and not for a person, so that everybody who asks for the same document gets the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from .. import clock
from ..db import db
from ..models import Commitment, Contract, Organisation, Question, Section, Signatory, Thread
from ..rules.editions import Edition
from ..rules.text import eyes, render
from ..rules.vocabulary import (
    AnnexKind,
    Audience,
    OrganisationKind,
    QuestionState,
    ReviewBody,
    Scope,
    SignatoryStatus,
    Visibility,
)
from . import responses
from .responses import Line


@dataclass(frozen=True, slots=True)
class Promised:
    text: str
    sector: str
    tonnes: float | None
    euros: float | None
    by_year: int | None


@dataclass(frozen=True, slots=True)
class Signing:
    """An organisation on its way to its signature; who signs is empty for eyes that may not read it."""

    name: str
    kind: OrganisationKind
    status: SignatoryStatus
    signed_on: date | None
    manifest: int | None
    representative: str
    office: str
    promises: tuple[Promised, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A reviewers' question; `letter` is the number of the addendum that its answer went out with."""

    number: int
    body: ReviewBody
    reference: str
    checklist: int | None
    asked_on: date
    code: str
    title: str
    quote: str
    text: str
    state: QuestionState
    answer: str
    carried_out_by: int | None
    letter: int | None


@dataclass(frozen=True, slots=True)
class Appendices:
    """What was asked for; None where it was not. `latest` is the day of the last change in any of it."""

    matrix: tuple[Line, ...] | None = None
    signatories: tuple[Signing, ...] | None = None
    questions: tuple[Asked, ...] | None = None
    latest: date | None = None


def read(
    contract: Contract, edition: Edition, sections: list[Section], seen: Collection[Visibility]
) -> Appendices:
    """The appendices of a document that holds these sections, for these eyes."""
    ids = [section.id for section in sections]
    matrix = signatories = questions = None
    days: list[date] = []
    if AnnexKind.MATRIX in edition.annexes:
        matrix = _matrix(ids, edition, seen)
        said = [line.decided_at or line.at for line in matrix]
        days += [clock.day_of(at, contract.time_zone) for at in said]
    if AnnexKind.SIGNATORIES in edition.annexes:
        signatories = _signatories(contract, edition)
        days += [one.signed_on for one in signatories if one.signed_on]
    if AnnexKind.QUESTIONS in edition.annexes:
        rows = _questions(contract, ids, edition)
        questions = tuple(_asked(row, edition.language, seen) for row in rows)
        days += [
            clock.day_of(row.answered_at, contract.time_zone) if row.answered_at else row.asked_on
            for row in rows
        ]
    return Appendices(matrix, signatories, questions, max(days, default=None))


def _matrix(ids: list[int], edition: Edition, seen: Collection[Visibility]) -> tuple[Line, ...]:
    """The same rows as in the matrix of a round, of all rounds; withdrawn words never leave."""
    public = edition.audience is Audience.PUBLIC
    conditions = [
        Section.id.in_(ids),
        Thread.withdrawn_at.is_(None),
        Thread.addressed,
        Thread.visibility.in_(seen),
    ]
    with force_locale(edition.language):
        return tuple(
            responses.line(row, edition.language, public=public)
            for row in db.session.execute(responses.rows_of(conditions, public=public))
        )


def _signatories(contract: Contract, edition: Edition) -> tuple[Signing, ...]:
    """Who has signed; outside of the public also who is on his way. Nobody's consent is gone past."""
    shown = Signatory.status == SignatoryStatus.SIGNED
    if edition.audience is not Audience.PUBLIC:
        shown = Signatory.status != SignatoryStatus.WITHDRAWN
    rows = db.session.scalars(
        select(Signatory)
        .join(Signatory.organisation)
        .where(Signatory.contract_id == contract.id, shown)
        .order_by(func.lower(Organisation.name), Signatory.id)
        .options(
            contains_eager(Signatory.organisation),
            joinedload(Signatory.manifest),
            selectinload(Signatory.commitments).joinedload(Commitment.sector),
        )
    )
    return tuple(_signing(row, edition) for row in rows)


def _signing(row: Signatory, edition: Edition) -> Signing:
    inside = edition.audience is Audience.CITY
    named = inside or row.may_publish
    return Signing(
        name=row.organisation.name,
        kind=row.organisation.kind,
        status=row.status,
        signed_on=row.signed_on,
        manifest=row.manifest.number if row.manifest else None,
        representative=row.representative if named else "",
        office=row.office if named else "",
        promises=tuple(
            Promised(
                one.text,
                one.sector.title(edition.language) if one.sector else "",
                one.tonnes_per_year,
                one.investment_eur,
                one.by_year,
            )
            for one in row.commitments
            if inside or one.may_publish
        ),
    )


def _questions(contract: Contract, ids: list[int], edition: Edition) -> list[Question]:
    """For the city's own eyes all of them, for others only those whose answers have gone out."""
    about = Question.section_id.in_(ids)
    if edition.scope is Scope.WHOLE:
        about = or_(about, Question.section_id.is_(None))
    issued = Question.addendum_id.is_not(None)
    condition = about if edition.audience is Audience.CITY else and_(about, issued)
    bodies = list(ReviewBody)
    rows = db.session.scalars(
        select(Question)
        .where(Question.contract_id == contract.id, condition)
        .options(
            joinedload(Question.section).lazyload(Section.sectors),
            joinedload(Question.revision),
            joinedload(Question.carried_out_by),
            joinedload(Question.addendum),
        )
    )
    return sorted(rows, key=lambda row: (bodies.index(row.body), row.number))


def _asked(row: Question, language: str, seen: Collection[Visibility]) -> Asked:
    """An answer that is still a draft is nobody's answer yet."""
    section = row.section
    return Asked(
        number=row.number,
        body=row.body,
        reference=row.reference,
        checklist=row.checklist,
        asked_on=row.asked_on,
        code=section.code if section else "",
        title=section.title(language) if section else "",
        quote=row.quote if row.quote and _quotable(row, seen) else "",
        text=row.text,
        state=row.state,
        answer=row.answer if row.answered_at else "",
        carried_out_by=row.carried_out_by.number if row.carried_out_by else None,
        letter=row.addendum.number if row.addendum else None,
    )


def _quotable(row: Question, seen: Collection[Visibility]) -> bool:
    """Whether the quoted words are in the text that these eyes read; words without a place are the reviewers' own."""
    if row.start is None or row.revision is None or not eyes.restricted(row.revision.markdown):
        return True
    whole = render(row.revision.markdown, language=row.section.language)
    return eyes.narrowed(whole, row.start, row.end) in seen
