"""What has happened, as far as a reader may know it, with the page that shows it: for the home page and the inbox."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from ..labels import who
from ..models import (
    Contract,
    Event,
    Hook,
    Manifest,
    Organisation,
    Person,
    Position,
    Question,
    Reminder,
    Revision,
    Round,
    Section,
    Signatory,
    SignatoryEntry,
    Thread,
)
from ..rules.audience import INTERNAL, MODERATED
from ..rules.hooks import host_of
from ..rules.vocabulary import Act, EventKind, Moderation, Visibility
from ..sentences import Named, told
from .outline import titled
from .views import PersonRef, SectionRef
from .visibility import internal_at, readable, within_reach

ADDRESSES: dict[EventKind, str] = {
    EventKind.PERSON_INVITED: "people.index",
    EventKind.REVISION_SAVED: "sections.compare",
    EventKind.REVIEW_REQUESTED: "sections.review",
    EventKind.REMARK_MADE: "threads.beside",
    EventKind.REPLY_MADE: "threads.beside",
    EventKind.REMARK_ANSWERED: "threads.beside",
    EventKind.REMARK_WITHDRAWN: "threads.beside",
    EventKind.REMARK_SUPPORTED: "threads.beside",
    EventKind.REMARK_ASSIGNED: "threads.beside",
    EventKind.REMARK_REATTACHED: "threads.beside",
    EventKind.ANSWER_AGREED: "threads.beside",
    EventKind.ANSWER_CONTESTED: "threads.beside",
    EventKind.ROUND_PLANNED: "rounds.show",
    EventKind.ROUND_OPENED: "rounds.show",
    EventKind.ROUND_EXTENDED: "rounds.show",
    EventKind.ROUND_CLOSED: "rounds.show",
    EventKind.TEXT_CORRECTED: "sections.compare",
    EventKind.CONTRACT_FROZEN: "whole.show",
    EventKind.FREEZE_LIFTED: "whole.show",
    EventKind.CONTRACT_SUBMITTED: "whole.show",
    EventKind.ADDENDUM_BEGUN: "whole.show",
    EventKind.ADDENDUM_ISSUED: "whole.show",
    EventKind.ITERATION_BEGUN: "whole.show",
    EventKind.QUESTIONS_RECEIVED: "questions.index",
    EventKind.QUESTION_ASSIGNED: "questions.show",
    EventKind.QUESTION_ANSWERED: "questions.show",
    EventKind.SIGNATORY_INVITED: "signatories.show",
    EventKind.SIGNATORY_MOVED: "signatories.show",
    EventKind.HOOK_MADE: "hooks.show",
    EventKind.HOOK_CHANGED: "hooks.show",
    EventKind.HOOK_GIVEN_UP: "hooks.show",
    EventKind.HOOK_REMOVED: "hooks.index",
    EventKind.LOGO_CHANGED: "documents.index",
    EventKind.COLOUR_CHANGED: "documents.index",
    EventKind.GRANT_CHANGED: "documents.index",
    EventKind.DOCUMENT_REQUESTED: "documents.index",
    EventKind.DOCUMENT_READY: "documents.index",
    EventKind.DOCUMENT_FAILED: "documents.index",
    EventKind.MAIL_RETURNED: "threads.beside",
}
"""Where an event leads; one that is not listed leads to its section, else to the contract."""

Actor = aliased(Person)
Other = aliased(Person)


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    actor: PersonRef | None
    text: str
    url: str


def events(person: Person) -> Select:
    """Events with the words that their sentences need, as far as this person may read what they are about."""
    return (
        select(
            Event.id.label("event_id"),
            Event.kind,
            Event.at,
            Event.thread_id,
            Event.comment_id,
            Actor.id.label("actor_id"),
            Actor.name.label("actor_name"),
            Actor.title.label("actor_title"),
            Other.name.label("other_name"),
            Contract.id.label("contract_id"),
            Contract.slug,
            Section.id.label("section_id"),
            Section.code,
            Section.titles,
            Section.stage,
            Revision.number.label("revision_number"),
            Thread.number.label("thread_number"),
            Thread.quote,
            Round.number.label("round_number"),
            Position.stance,
            Organisation.name.label("organisation_name"),
            Manifest.number.label("manifest_number"),
            Event.signatory_id,
            SignatoryEntry.to_status.label("signatory_status"),
            Question.number.label("question_number"),
            Reminder.kind.label("reminder_kind"),
            Event.hook_id,
            Hook.address.label("hook_address"),
            Hook.removed_at.label("hook_removed_at"),
        )
        .select_from(Event)
        .outerjoin(Actor, Actor.id == Event.actor_id)
        .outerjoin(Other, Other.id == Event.person_id)
        .outerjoin(Contract, Contract.id == Event.contract_id)
        .outerjoin(Section, Section.id == Event.section_id)
        .outerjoin(Revision, Revision.id == Event.revision_id)
        .outerjoin(Thread, Thread.id == Event.thread_id)
        .outerjoin(Round, Round.id == Event.round_id)
        .outerjoin(Position, Position.id == Event.position_id)
        .outerjoin(Signatory, Signatory.id == Event.signatory_id)
        .outerjoin(SignatoryEntry, SignatoryEntry.id == Event.signatory_entry_id)
        .outerjoin(
            Organisation,
            Organisation.id == func.coalesce(Event.organisation_id, Signatory.organisation_id),
        )
        .outerjoin(Manifest, Manifest.id == Event.manifest_id)
        .outerjoin(Question, Question.id == Event.question_id)
        .outerjoin(Reminder, Reminder.id == Event.reminder_id)
        .outerjoin(Hook, Hook.id == Event.hook_id)
        .where(
            or_(
                Event.thread_id.is_(None),
                and_(
                    _for_these_eyes(person),
                    or_(Thread.withdrawn_at.is_(None), Event.kind == EventKind.REMARK_WITHDRAWN),
                ),
            ),
            or_(
                and_(Event.kind.not_in(INTERNAL), Event.question_id.is_(None)),
                internal_at(person, Event.contract_id, Event.section_id),
            ),
        )
    )


def _for_these_eyes(person: Person) -> ColumnElement[bool]:
    """What is moderated is for moderators; else what may be read, and what became of the person's own remarks."""
    own = and_(Thread.author_id == person.id, Thread.moderation != Moderation.UNCONFIRMED)
    moderated = Event.kind.in_(MODERATED)
    return or_(
        and_(
            moderated,
            within_reach(person, Act.MODERATE),
            Thread.visibility != Visibility.ORGANISATION,
        ),
        and_(not_(moderated), or_(readable(person), own)),
    )


def sentence(row: Row) -> str:
    """What happened, in the reader's language; the section is named by its code."""
    names = Named(
        who=who(row.actor_name),
        person=who(row.other_name),
        section=row.code,
        revision=row.revision_number,
        number=row.thread_number,
        round=row.round_number,
        stance=row.stance,
        organisation=row.organisation_name,
        manifest=row.manifest_number,
        status=row.signatory_status,
        question=row.question_number,
        hook=host_of(row.hook_address) if row.hook_address else None,
    )
    return told(row.kind, names, reminder=row.reminder_kind)


def address(row: Row) -> str:
    """The page that shows what happened."""
    endpoint = ADDRESSES.get(row.kind, "sections.show" if row.section_id else "contracts.home")
    if endpoint == "threads.beside":
        return url_for(endpoint, thread_id=row.thread_id, comment=row.comment_id)
    if row.slug is None:
        return url_for("contracts.index")
    arguments = {"slug": row.slug}
    if endpoint == "signatories.show":
        arguments["signatory_id"] = row.signatory_id
    if endpoint == "hooks.show" and row.hook_removed_at:
        endpoint = "hooks.index"
    if endpoint == "hooks.show":
        arguments["hook_id"] = row.hook_id
    if endpoint == "rounds.show":
        arguments["number"] = row.round_number
    if endpoint == "questions.show":
        arguments["number"] = row.question_number
    if endpoint.startswith("sections."):
        arguments["section_id"] = row.section_id
    if endpoint == "sections.compare" and row.revision_number:
        arguments["new"] = row.revision_number
    return url_for(endpoint, **arguments)


def leads_to(kind: EventKind) -> tuple[str, ...]:
    """The pages that an event of the kind may lead to."""
    return (ADDRESSES[kind],) if kind in ADDRESSES else ("sections.show", "contracts.home")


def happening(row: Row) -> Happening:
    return Happening(row.at, actor(row), sentence(row), address(row))


def actor(row: Row) -> PersonRef | None:
    return (
        PersonRef(row.actor_id, who(row.actor_name), None, row.actor_title)
        if row.actor_id
        else None
    )


def section_of(row: Row, language: str) -> SectionRef | None:
    if row.section_id is None:
        return None
    return SectionRef(row.section_id, row.code, titled(row.titles, language), row.stage)
