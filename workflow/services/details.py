"""What an entry of a letter says beyond its sentence, for each kind of event: words quoted, facts, and where to go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from .. import clock, dates
from ..labels import label, quoted
from ..models import Comment, Event, Person
from ..queries import gates
from ..rules.gate import Facts
from ..rules.reminding import ABOUT_A_TEXT
from ..rules.vocabulary import EventKind, ReminderKind
from . import (
    guests,
    moderation,
    questions_told,
    rounds_told,
    signatures_told,
    whole_told,
)
from .changes_told import Changes
from .recipients import Recipient, takes_part


@dataclass(frozen=True, slots=True)
class Context:
    """Whom it is told to, and the rows that events do not name themselves."""

    person: Person | Recipient
    language: str
    remarks: dict[int, Comment]
    earlier: dict[int, list[Event]]
    changes: dict[int, Changes]
    gates: Mapping[int, Facts]


def moment(at: datetime, person: Person) -> str:
    """A moment on the person's own clock."""
    return dates.moment(clock.local(at, person.time_zone), get_locale())


def day(on: date | datetime, person: Person) -> str:
    """A day; of a moment, the day it is on the person's own calendar."""
    if isinstance(on, datetime):
        on = clock.day_of(on, person.time_zone)
    return dates.day(on, get_locale())


def _said(event: Event, context: Context) -> tuple[str, str | None]:
    return event.comment.text, event.comment.language


def _answer(event: Event, context: Context) -> tuple[str, str | None]:
    return event.thread.answer, None


def _contested(event: Event, context: Context) -> tuple[str, str | None]:
    return event.thread.contest, None


def _decided(event: Event, context: Context) -> tuple[str, str | None]:
    return event.decision.reason if event.decision else "", None


def _announced(event: Event, context: Context) -> tuple[str, str | None]:
    return event.round.announcement, None


def _extended(event: Event, context: Context) -> tuple[str, str | None]:
    return rounds_told.reason(event), None


def _summary(event: Event, context: Context) -> tuple[str, str | None]:
    return event.revision.summary, None


def _own_words(event: Event, context: Context) -> tuple[str, str | None]:
    return (event.comment.text, event.comment.language) if _is_reply(event, context) else ("", None)


def _is_reply(event: Event, context: Context) -> bool:
    first = context.remarks.get(event.thread_id)
    return first is not None and first.id != event.comment_id


def _stood_by(event: Event, context: Context) -> tuple[str, str | None]:
    return event.position.text, None


def _why_moved(event: Event, context: Context) -> tuple[str, str | None]:
    return signatures_told.reason(event), None


def _appealed(event: Event, context: Context) -> list[str]:
    asked = moderation.last_appeal(event.comment)
    return [_("The appeal: %(reason)s", reason=asked.reason)] if asked else []


def _asked_or_answered(event: Event, context: Context) -> tuple[str, str | None]:
    return questions_told.words(event), None


WORDS: dict[EventKind, Callable[[Event, Context], tuple[str, str | None]]] = {
    EventKind.REMARK_MADE: _said,
    EventKind.POSITION_SUBMITTED: _said,
    EventKind.REPLY_MADE: _said,
    EventKind.REMARK_ANSWERED: _answer,
    EventKind.ANSWER_CONTESTED: _contested,
    EventKind.REVISION_SAVED: _summary,
    EventKind.REMARK_RELEASED: _own_words,
    EventKind.REMARK_HIDDEN: _own_words,
    EventKind.APPEAL_DECIDED: _own_words,
    EventKind.ROUND_OPENED: _announced,
    EventKind.ROUND_EXTENDED: _extended,
    EventKind.TEXT_CORRECTED: _extended,
    EventKind.REVIEW_REQUESTED: _decided,
    EventKind.CHANGES_REQUESTED: _decided,
    EventKind.SECTION_APPROVED: _decided,
    EventKind.SECTION_REOPENED: _decided,
    EventKind.POSITION_TAKEN: _stood_by,
    EventKind.QUESTIONS_RECEIVED: _asked_or_answered,
    EventKind.QUESTION_ASSIGNED: _asked_or_answered,
    EventKind.QUESTION_ANSWERED: _asked_or_answered,
    EventKind.SIGNATORY_MOVED: _why_moved,
} | whole_told.WORDS
"""Which words an entry quotes, as they are now."""


def _speaker(event: Event, context: Context) -> list[str]:
    thread = event.thread
    if thread.organisation is None:
        return []
    name = thread.organisation.name.removesuffix(
        "."
    )  # the sentence ends with one, also after d.o.o.
    if thread.official:
        return [_("Position of %(organisation)s.", organisation=name)]
    return [_("For %(organisation)s.", organisation=name)]


def _remarked(event: Event, context: Context) -> list[str]:
    """Whom the remark speaks for, and how the passage should read."""
    return [*_speaker(event, context), *_suggested(event)]


def _suggested(event: Event) -> list[str]:
    words = event.thread.replacement
    if words is None:
        return []
    return [_("Suggests: %(words)s", words=quoted(words)) if words else _("Suggests to remove it.")]


def _position(event: Event, context: Context) -> list[str]:
    thread = event.thread
    other = thread.duplicate_of
    return [
        _("Answer: %(position)s.", position=label(thread.disposition)),
        _("See comment %(number)s.", number=other.number) if other else "",
    ]


def _saves(event: Event, context: Context) -> list[str]:
    more = len(context.earlier[event.id])
    return [
        ngettext(
            "%(num)d earlier revision is new too.", "%(num)d earlier revisions are new too.", more
        )
        if more
        else ""
    ]


def _reminded(event: Event, context: Context) -> list[str]:
    """Until when it is owed, and what has to happen before."""
    due = event.reminder.due_on
    late = due < clock.day_of(event.reminder.at, event.contract.time_zone)
    told = _("It was due on %(day)s.") if late else _("It is due on %(day)s.")
    told = told % {"day": day(due, context.person)}
    signatory = event.signatory
    more = signatures_told.waiting(signatory) if signatory else _blocked(event, context)
    return [told, *more]


def _blocked(event: Event, context: Context) -> list[str]:
    """What blocks the approval: the list of the review page."""
    if event.reminder.kind not in ABOUT_A_TEXT:
        return []
    broken = gates.blockers(event.section, context.gates[event.section_id])
    return (
        [_("Before it can be approved:"), *(f"– {one.label}" for one in broken)] if broken else []
    )


def _due(event: Event, context: Context) -> list[str]:
    due = event.section.due_on
    return [_("Due on %(day)s.", day=day(due, context.person))] if due else []


def _mandate(event: Event, context: Context) -> list[str]:
    return [
        _("You submit the positions of %(organisation)s.", organisation=event.organisation.name)
    ]


def _hidden(event: Event, context: Context) -> list[str]:
    reason = event.comment.hidden_because or ""
    return [
        _("The moderator's reason: %(reason)s", reason=reason),
        _("Only you see your words now. If you think that this is wrong, you can appeal once."),
    ]


def _decided_on_appeal(event: Event, context: Context) -> list[str]:
    if event.comment.shown:
        return [_("It is shown again.")]
    return [_("It stays hidden.")]


def _asked(event: Event, context: Context) -> list[str]:
    """Until when the round is open, and for which sections."""
    return [_until(event, context), *rounds_told.sections(event, context.language)]


def _until(event: Event, context: Context) -> str:
    if event.round.closed_at:
        return _("It is over.")
    at = moment(event.round.closes_at, context.person)
    return _("Open for comments until %(moment)s.", moment=at)


def _closings(event: Event, context: Context) -> list[str]:
    entry = rounds_told.entry(event)
    if entry is None:
        return []
    before = moment(entry.closes_before, context.person)
    after = moment(entry.closes_after, context.person)
    return [
        _("Open for comments until %(moment)s.", moment=after),
        _("Before, it was to close on %(moment)s.", moment=before),
    ]


FACTS: dict[EventKind, Callable[[Event, Context], list[str]]] = {
    EventKind.REMARK_MADE: _remarked,
    EventKind.REMARK_ANSWERED: _position,
    EventKind.ANSWER_CONTESTED: _position,
    EventKind.REVISION_SAVED: _saves,
    EventKind.SECTION_ASSIGNED: _due,
    EventKind.ROUND_OPENED: _asked,
    EventKind.ROUND_EXTENDED: _closings,
    EventKind.ROUND_CLOSED: lambda event, context: rounds_told.sections(event, context.language),
    EventKind.REMINDER_DUE: _reminded,
    EventKind.SIGNATORY_INVITED: lambda event, context: signatures_told.asked(event, get_locale()),
    EventKind.SIGNATORY_MOVED: lambda event, context: signatures_told.moved(event),
    EventKind.MANDATE_GIVEN: _mandate,
    EventKind.HOOK_GIVEN_UP: lambda event, context: [
        _("What waits is kept, and goes out when you switch it on again.")
    ],
    EventKind.REMARK_HIDDEN: _hidden,
    EventKind.HIDING_APPEALED: _appealed,
    EventKind.APPEAL_DECIDED: _decided_on_appeal,
    EventKind.QUESTIONS_RECEIVED: lambda event, context: questions_told.facts(event),
    EventKind.QUESTION_ASSIGNED: lambda event, context: questions_told.facts(event),
} | whole_told.FACTS
"""What an entry adds in a line of its own; an empty line is left out."""


def _to_thread(event: Event, context: Context) -> tuple[str, str]:
    if context.person.guest:
        page = _url("public.mine", token=guests.page_token(context.person))
        return f"{page}#thread-{event.thread_id}", _("See your comment")
    if not takes_part(context.person, event.contract_id):
        page = _in_section("public.section", event)
        return f"{page}#thread-{event.thread_id}", _("See your comment")
    return _url("threads.show", thread_id=event.thread_id), _("Read and reply")


def _to_own(event: Event, context: Context) -> tuple[str, str]:
    """The remark as its author sees it."""
    words = _("See it and appeal") if event.comment and not event.comment.shown else _("See it")
    return _to_thread(event, context)[0], words


def _to_moderation(event: Event, context: Context) -> tuple[str, str]:
    return _url("moderation.show", slug=event.contract.slug), _("Open the moderation page")


def _to_section(event: Event, context: Context) -> tuple[str, str]:
    return _in_section("sections.show", event), _("Read the section")


def wishes(event: Event, context: Context) -> str:
    """The menu on the section's page of what one hears of it, open; who takes no part has no wishes."""
    if event.section_id is None or not takes_part(context.person, event.contract_id):
        return ""
    return _in_section("sections.show", event, hear="choose", _anchor="follow")


def _to_round(event: Event, context: Context) -> tuple[str, str]:
    """The round; where it has but one section, that section."""
    sections = event.round.sections
    if len(sections) == 1 and event.kind is EventKind.ROUND_OPENED:
        where = {"slug": event.contract.slug, "section_id": sections[0].id}
        return _url("sections.show", **where), _("Read and comment")
    address = _url("rounds.show", slug=event.contract.slug, number=event.round.number)
    return address, _("Open the round")


def _to_correction(event: Event, context: Context) -> tuple[str, str]:
    new = event.revision.number
    address = _in_section("sections.compare", event, old=new - 1, new=new)
    return address, _("See what changed")


def _to_review(event: Event, context: Context) -> tuple[str, str]:
    return _in_section("sections.review", event), _("Look at the review")


def _to_comparison(event: Event, context: Context) -> tuple[str, str]:
    """From what stood there before the first of the new revisions."""
    first = min(one.revision.number for one in [event, *context.earlier[event.id]])
    if first == 1:
        return _to_section(event, context)
    address = _in_section("sections.compare", event, old=first - 1, new=event.revision.number)
    return address, _("See what changed")


def _to_what_is_owed(event: Event, context: Context) -> tuple[str, str]:
    return OWED[event.reminder.kind](event, context)


def _to_desk(event: Event, context: Context) -> tuple[str, str]:
    return _url("desk.show", slug=event.contract.slug), _("Answer the comments")


def _to_question(event: Event, context: Context) -> tuple[str, str]:
    return questions_told.link(event)


def _to_home(event: Event, context: Context) -> tuple[str, str]:
    return _url("contracts.home", slug=event.contract.slug), _("Open the contract")


def _to_whole(event: Event, context: Context) -> tuple[str, str]:
    return _url("whole.show", slug=event.contract.slug), _("See the contract as a whole")


def _to_manifest(event: Event, context: Context) -> tuple[str, str]:
    """The manifest; whoever speaks for a signatory is led to where it is signed."""
    signatory = signatures_told.to_sign(event, context.person)
    if signatory:
        where = {"slug": event.contract.slug, "signatory_id": signatory.id}
        return _url("signing.sign", **where), _("Read what is sealed, and sign")
    where = {"slug": event.contract.slug, "number": event.manifest.number}
    return _url("whole.manifest", **where), _("Read the manifest")


def _to_organisation(event: Event, context: Context) -> tuple[str, str]:
    where = {"slug": event.contract.slug, "organisation_id": event.organisation_id}
    return _url("organisations.show", **where), _("Open the page of your organisation")


def _to_signatory(event: Event, context: Context) -> tuple[str, str]:
    where = {"slug": event.contract.slug, "signatory_id": event.signatory_id}
    return _url("signatories.show", **where), _("Open the page of the signature")


def _to_document(event: Event, context: Context) -> tuple[str, str]:
    return _url("documents.show", document_id=event.document_id), _("Open the document")


def _to_hook(event: Event, context: Context) -> tuple[str, str]:
    where = {"slug": event.contract.slug, "hook_id": event.hook_id}
    return _url("hooks.show", **where), _("See what was answered")


def _in_section(endpoint: str, event: Event, **more) -> str:
    return _url(endpoint, slug=event.contract.slug, section_id=event.section_id, **more)


def _url(endpoint: str, **values) -> str:
    return url_for(endpoint, _external=True, **values)


OWED: dict[ReminderKind, Callable[[Event, Context], tuple[str, str]]] = {
    ReminderKind.ROUND_CLOSING: _to_home,
    ReminderKind.SECTION_DUE: _to_section,
    ReminderKind.POSITION_AWAITED: _to_review,
    ReminderKind.SIGNATURE_AWAITED: _to_signatory,
    ReminderKind.QUESTION_DUE: _to_question,
    ReminderKind.ANSWERS_DUE: _to_desk,
    ReminderKind.VOICE_AWAITED: _to_organisation,
}
"""Where what is owed gets done."""

LINKS: dict[EventKind, Callable[[Event, Context], tuple[str, str]]] = {
    EventKind.REMARK_MADE: _to_thread,
    EventKind.REPLY_MADE: _to_thread,
    EventKind.REMARK_ANSWERED: _to_thread,
    EventKind.REMARK_ASSIGNED: _to_thread,
    EventKind.POSITION_SUBMITTED: _to_thread,
    EventKind.MANDATE_GIVEN: _to_organisation,
    EventKind.ANSWER_CONTESTED: _to_thread,
    EventKind.REVISION_SAVED: _to_comparison,
    EventKind.SECTION_ASSIGNED: _to_section,
    EventKind.ROUND_OPENED: _to_round,
    EventKind.ROUND_EXTENDED: _to_round,
    EventKind.ROUND_CLOSED: _to_round,
    EventKind.TEXT_CORRECTED: _to_correction,
    EventKind.REVIEW_REQUESTED: _to_review,
    EventKind.CHANGES_REQUESTED: _to_review,
    EventKind.SECTION_APPROVED: _to_section,
    EventKind.SECTION_REOPENED: _to_section,
    EventKind.POSITION_TAKEN: _to_review,
    EventKind.APPROVAL_VOIDED: _to_review,
    EventKind.STEP_UNDONE: _to_section,
    EventKind.REMINDER_DUE: _to_what_is_owed,
    EventKind.SIGNATORY_INVITED: _to_signatory,
    EventKind.SIGNATORY_MOVED: _to_signatory,
    EventKind.REMARK_HELD: _to_moderation,
    EventKind.REMARK_FLAGGED: _to_moderation,
    EventKind.HIDING_APPEALED: _to_moderation,
    EventKind.REMARK_RELEASED: _to_own,
    EventKind.REMARK_HIDDEN: _to_own,
    EventKind.APPEAL_DECIDED: _to_own,
    EventKind.QUESTIONS_RECEIVED: _to_question,
    EventKind.QUESTION_ASSIGNED: _to_question,
    EventKind.QUESTION_ANSWERED: _to_question,
    EventKind.CONTRACT_FROZEN: _to_manifest,
    EventKind.FREEZE_LIFTED: _to_whole,
    EventKind.CONTRACT_SUBMITTED: _to_manifest,
    EventKind.ADDENDUM_BEGUN: _to_whole,
    EventKind.ADDENDUM_ISSUED: _to_manifest,
    EventKind.ITERATION_BEGUN: _to_whole,
    EventKind.DOCUMENT_READY: _to_document,
    EventKind.DOCUMENT_FAILED: _to_document,
    EventKind.HOOK_GIVEN_UP: _to_hook,
}
"""Where the matter is to be read, and what the link says."""


def words(event: Event, context: Context) -> tuple[str, str | None]:
    """What was said, as it is now, and in which language where that is known."""
    return WORDS[event.kind](event, context) if event.kind in WORDS else ("", None)


def facts(event: Event, context: Context) -> list[str]:
    """What else is to be known."""
    return (
        [fact for fact in FACTS[event.kind](event, context) if fact] if event.kind in FACTS else []
    )


def link(event: Event, context: Context) -> tuple[str, str]:
    """The address to go to, and the words that invite there."""
    return LINKS[event.kind](event, context)
