"""The letter about a mail that was not taken as it came: why, what its writer typed, and where it can be said."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import undefer

from ..db import db
from ..models import Event, Inbound
from ..rules.received import MESSAGE_ID, read, typed
from ..rules.vocabulary import MailProblem
from ..sentences import named

WHY = {
    MailProblem.STRANGER: _l(
        "It came from another address than yours. If you sent it, please write from the address that we write to."
    ),
    MailProblem.NO_WORDS: _l("We found no words in it besides those that were quoted."),
    MailProblem.TOO_LONG: _l("It is longer than 10,000 characters."),
    MailProblem.TOO_MANY: _l("Too many e-mails came from you within an hour."),
    MailProblem.NOT_NOW: _l("The section takes no comments at the moment."),
    MailProblem.NO_RIGHT: _l("You do not take part in this discussion, or no longer."),
    MailProblem.NOT_SHOWN: _l("The comment that you replied to is not shown at the moment."),
    MailProblem.FILES: _l("Your words stand in the discussion. Files are not taken by e-mail."),
}
"""What the letter says of each problem that people hear of."""

QUOTED = frozenset(MailProblem) - {MailProblem.STRANGER, MailProblem.FILES}
"""Problems with which words are given back: those of a stranger are not ours to pass on, with `FILES` they stand."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail that was not taken as it came. `words` is what was typed, `link` where it can be said, if anywhere."""

    number: int
    section: str
    sender: str | None
    why: str
    files: list[str]
    words: str
    link: str | None
    message_id: str | None


def told(events: Collection[Event], *, language: str) -> list[Returned]:
    """What is said of each mail, in the language that is in force. Of bytes that are forgotten nothing is quoted."""
    rows = db.session.scalars(
        select(Inbound)
        .where(Inbound.event_id.in_([event.id for event in events]))
        .options(undefer(Inbound.raw))
        .order_by(Inbound.id)
    )
    return [_returned(row, language) for row in rows]


def _returned(row: Inbound, language: str) -> Returned:
    thread, problem = row.event.thread, row.problem
    message = read(row.raw) if row.raw is not None else None
    quoted = message is not None and problem in QUOTED
    known = MESSAGE_ID.fullmatch(row.message_id)
    return Returned(
        number=thread.number,
        section=named(thread.section, language=language),
        sender=message.sender if message and problem is MailProblem.STRANGER else None,
        why=str(WHY[problem]),
        files=list(message.files) if message and problem is MailProblem.FILES else [],
        words=typed(message.text) if quoted else "",
        link=None
        if problem is MailProblem.NO_RIGHT
        else url_for("threads.show", thread_id=thread.id, _external=True),
        message_id=row.message_id if known else None,
    )
