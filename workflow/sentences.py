"""The only place that says in words what happened: one sentence for each kind of event, for pages and letters alike."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from .models import Event, Section
from .rules.vocabulary import EventKind

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
    EventKind.DOCUMENT_REQUESTED: _l("%(who)s asked for the PDF of the contract"),
    EventKind.DOCUMENT_READY: _l("The PDF of the contract is ready"),
    EventKind.DOCUMENT_FAILED: _l("The PDF of the contract could not be built"),
}


def sentence(event: Event, *, language: str, short: bool = False) -> str:
    """What happened, in the language that is in force; `language` chooses the section's title.

    `short` names the section by its code only, for a place where its title was just read.
    """
    return str(SENTENCES[event.kind]) % {
        "who": event.actor.name if event.actor else _("Concord"),
        "person": event.person.name if event.person else "",
        "section": named(event.section, language=language, short=short),
        "revision": event.revision.number if event.revision else "",
        "number": event.thread.number if event.thread else "",
    }


def named(section: Section | None, *, language: str, short: bool = False) -> str:
    """How a section is called: "A-2.3 Heat for buildings", or only "A-2.3"."""
    if section is None:
        return ""
    return section.code if short else f"{section.code} {section.title(language)}"
