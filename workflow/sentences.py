"""The only place that says in words what happened: one sentence for each kind of event, for pages and letters alike."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from .labels import label, who
from .models import Event, Section
from .rules.hooks import host_of
from .rules.vocabulary import EventKind, ReminderKind, SignatoryStatus, Stance

SENTENCES = {
    EventKind.PERSON_INVITED: _l("%(who)s invited %(person)s"),
    EventKind.PASSWORD_FORGOTTEN: _l("%(person)s asked for a new password"),
    EventKind.CONTRACT_CREATED: _l("%(who)s set up the contract"),
    EventKind.SECTION_ASSIGNED: _l("%(who)s put %(section)s into the hands of %(person)s"),
    EventKind.ELEMENT_NOT_APPLICABLE: _l("%(who)s marked a part of %(section)s as not applicable"),
    EventKind.ELEMENT_APPLICABLE: _l("%(who)s marked a part of %(section)s as applicable again"),
    EventKind.REVISION_SAVED: _l("%(who)s saved revision %(revision)s of %(section)s"),
    EventKind.REMARK_MADE: _l("%(who)s commented on %(section)s"),
    EventKind.REPLY_MADE: _l("%(who)s replied to comment %(number)s on %(section)s"),
    EventKind.REMARK_ANSWERED: _l("%(who)s answered comment %(number)s on %(section)s"),
    EventKind.REMARK_WITHDRAWN: _l("%(who)s withdrew comment %(number)s on %(section)s"),
    EventKind.REMARK_SUPPORTED: _l("%(who)s supports comment %(number)s on %(section)s"),
    EventKind.REMARK_ASSIGNED: _l(
        "%(who)s put comment %(number)s on %(section)s into the hands of %(person)s"
    ),
    EventKind.REMARK_REATTACHED: _l("%(who)s found the place of comment %(number)s on %(section)s"),
    EventKind.ANSWER_AGREED: _l(
        "%(who)s agrees with the answer to comment %(number)s on %(section)s"
    ),
    EventKind.ANSWER_CONTESTED: _l(
        "%(who)s contests the answer to comment %(number)s on %(section)s"
    ),
    EventKind.CONSULTATION_OPENED: _l("%(who)s opened %(section)s for comments"),
    EventKind.CONSULTATION_CLOSED: _l("%(who)s closed the comment round on %(section)s"),
    EventKind.REVIEW_REQUESTED: _l("%(who)s submitted %(section)s for review"),
    EventKind.CHANGES_REQUESTED: _l("%(who)s requested changes to %(section)s"),
    EventKind.SECTION_APPROVED: _l("%(who)s approved %(section)s"),
    EventKind.SECTION_REOPENED: _l("%(who)s reopened %(section)s for revision"),
    EventKind.STEP_UNDONE: _l("%(who)s took back the last step of %(section)s"),
    EventKind.POSITION_TAKEN: _l("%(who)s took a position on %(section)s: %(stance)s"),
    EventKind.APPROVAL_VOIDED: _l(
        "%(who)s changed %(section)s; the positions on the earlier text no longer count"
    ),
    EventKind.ROUND_PLANNED: _l("%(who)s planned %(round)s"),
    EventKind.ROUND_OPENED: _l("%(who)s opened %(round)s"),
    EventKind.ROUND_EXTENDED: _l("%(who)s extended %(round)s"),
    EventKind.ROUND_CLOSED: _l("%(who)s closed %(round)s"),
    EventKind.TEXT_CORRECTED: _l("%(who)s corrected the displayed text of %(section)s"),
    EventKind.GUEST_REMARKED: _l("%(who)s asked to confirm a comment on %(section)s"),
    EventKind.REMARK_HELD: _l("A comment on %(section)s waits for a moderator"),
    EventKind.REMARK_RELEASED: _l("Comment %(number)s on %(section)s is shown"),
    EventKind.REMARK_HIDDEN: _l("Comment %(number)s on %(section)s was hidden"),
    EventKind.REMARK_FLAGGED: _l("Comment %(number)s on %(section)s was flagged"),
    EventKind.HIDING_APPEALED: _l(
        "%(who)s appeals against the hiding of comment %(number)s on %(section)s"
    ),
    EventKind.APPEAL_DECIDED: _l("The appeal about comment %(number)s on %(section)s is decided"),
    EventKind.GUEST_LINK_SENT: _l("%(who)s invited %(person)s to review by a link"),
    EventKind.GUEST_LINK_REVOKED: _l("%(who)s revoked the link of %(person)s"),
    EventKind.POSITION_SUBMITTED: _l(
        "%(who)s submitted the position of %(organisation)s on %(section)s"
    ),
    EventKind.MANDATE_GIVEN: _l("%(who)s changed what %(person)s may say for %(organisation)s"),
    EventKind.CONTRACT_FROZEN: _l("%(who)s froze the contract as manifest %(manifest)s"),
    EventKind.FREEZE_LIFTED: _l("%(who)s lifted the freeze of the contract"),
    EventKind.CONTRACT_SUBMITTED: _l("%(who)s submitted manifest %(manifest)s of the contract"),
    EventKind.ADDENDUM_BEGUN: _l("%(who)s opened sections for an addendum"),
    EventKind.ITERATION_BEGUN: _l("%(who)s began the next iteration of the contract"),
    EventKind.SIGNATORY_INVITED: _l("%(who)s invited %(organisation)s to sign"),
    EventKind.SIGNATORY_MOVED: _l("The signature of %(organisation)s: %(status)s"),
    EventKind.QUESTIONS_RECEIVED: _l("%(who)s entered questions of the reviewers"),
    EventKind.QUESTION_ASSIGNED: _l(
        "%(who)s put the reviewers' question %(question)s into the hands of %(person)s"
    ),
    EventKind.QUESTION_ANSWERED: _l("%(who)s answered the reviewers' question %(question)s"),
    EventKind.ADDENDUM_ISSUED: _l("%(who)s issued an addendum, manifest %(manifest)s"),
    EventKind.DOCUMENT_REQUESTED: _l("%(who)s asked for the contract as a document"),
    EventKind.DOCUMENT_READY: _l("The document is ready"),
    EventKind.DOCUMENT_FAILED: _l("The document could not be built"),
    EventKind.LOGO_CHANGED: _l("%(who)s changed the logo that documents bear"),
    EventKind.COLOUR_CHANGED: _l("%(who)s changed the colour of the documents"),
    EventKind.GRANT_CHANGED: _l("%(who)s changed the grant number that documents bear"),
    EventKind.HOOK_MADE: _l("%(who)s made a web hook to %(hook)s"),
    EventKind.HOOK_CHANGED: _l("%(who)s changed the web hook to %(hook)s"),
    EventKind.HOOK_GIVEN_UP: _l(
        "The web hook to %(hook)s was switched off, since its messages were not taken"
    ),
    EventKind.HOOK_REMOVED: _l("%(who)s removed the web hook to %(hook)s"),
    EventKind.LETTER_RESENT: _l("%(who)s had a letter to %(person)s tried again"),
    EventKind.LETTER_STOPPED: _l("%(who)s stopped a letter to %(person)s"),
    EventKind.ADDRESS_SUSPENDED: _l("%(who)s suspended the letters to %(person)s"),
    EventKind.ADDRESS_RESUMED: _l("%(who)s let letters go to %(person)s again"),
    EventKind.MAIL_RETURNED: _l("An e-mail of yours about a comment was not taken as it came"),
}

REMINDERS = {
    ReminderKind.ROUND_CLOSING: _l("%(Round)s is about to close, and you have not spoken yet"),
    ReminderKind.SECTION_DUE: _l("%(section)s is due"),
    ReminderKind.POSITION_AWAITED: _l("%(section)s waits for a position"),
    ReminderKind.SIGNATURE_AWAITED: _l("The signature of %(organisation)s is awaited"),
    ReminderKind.QUESTION_DUE: _l("The answer to the reviewers' question %(question)s is due"),
    ReminderKind.ANSWERS_DUE: _l("Comments on %(section)s wait for an answer"),
    ReminderKind.VOICE_AWAITED: _l("%(organisation)s is asked to comment and has not spoken yet"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a sentence names, as far as its event has it."""

    who: str | None = None
    person: str | None = None
    section: str | None = None
    revision: int | None = None
    number: int | None = None
    round: int | None = None
    stance: Stance | None = None
    organisation: str | None = None
    manifest: int | None = None
    status: SignatoryStatus | None = None
    question: int | None = None
    hook: str | None = None


def told(kind: EventKind, names: Named, *, reminder: ReminderKind | None = None) -> str:
    """What happened, or what it reminds of, in the language that is in force."""
    return str(REMINDERS[reminder] if reminder else SENTENCES[kind]) % Said(names)


class Said:
    """The names as a sentence has them; what it does not name is not worded."""

    SAYS: dict[str, Callable[[Named], object]] = {
        "who": lambda names: names.who or _("Concord"),
        "round": lambda names: _("round %(number)s", number=names.round),
        "Round": lambda names: _("Round %(number)s", number=names.round),
        "stance": lambda names: label(names.stance),
        "status": lambda names: label(names.status),
    }

    def __init__(self, names: Named):
        self._names = names

    def __getitem__(self, name: str) -> object:
        if name in self.SAYS:
            return self.SAYS[name](self._names)
        return getattr(self._names, name) or ""


def sentence(event: Event, *, language: str, short: bool = False) -> str:
    """What happened, in the language that is in force; `language` chooses the section's title.

    `short` names the section by its code only, for a place where its title was just read.
    """
    organisation = event.organisation or (event.signatory.organisation if event.signatory else None)
    return told(
        event.kind,
        Named(
            who=who(event.actor.name) if event.actor else None,
            person=who(event.person.name) if event.person else None,
            section=named(event.section, language=language, short=short),
            revision=event.revision.number if event.revision else None,
            number=event.thread.number if event.thread else None,
            round=event.round.number if event.round else None,
            stance=event.position.stance if event.position else None,
            organisation=organisation.name if organisation else None,
            manifest=event.manifest.number if event.manifest else None,
            status=event.signatory_entry.to_status if event.signatory_entry else None,
            question=event.question.number if event.question else None,
            hook=host_of(event.hook.address) if event.hook else None,
        ),
        reminder=event.reminder.kind if event.reminder else None,
    )


def named(section: Section | None, *, language: str, short: bool = False) -> str:
    """How a section is called: "A-2.3 Heat for buildings", or only "A-2.3"."""
    if section is None:
        return ""
    return section.code if short else f"{section.code} {section.title(language)}"
