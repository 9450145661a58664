"""What the author of a remark says to the city's answer: he agrees or contests it, once."""

from .. import clock
from ..models import Person, Thread
from ..rules import policy
from ..rules.refusals import Denied, Invalid
from ..rules.vocabulary import Act, EventKind
from . import outbox, showing
from .locking import locked

MAX_CHARACTERS = 4_000


def agree(thread: Thread, *, by: Person) -> Thread:
    """Be content with the answer. Saying so again changes nothing."""
    policy.require(by, Act.READ, thread.section.place)
    thread = _answered(thread, by)
    if thread.agreed_at:
        return thread
    _not_contested_before(thread)
    thread.agreed_at = clock.now()
    _record(EventKind.ANSWER_AGREED, thread, by)
    return thread


def contest(thread: Thread, *, by: Person, text: str) -> Thread:
    """Put the remark back on the city's desk, with the reason; the answer that follows is the last word.

    Possible while the section takes comments. Contesting in the same words again changes nothing.
    """
    policy.require(by, Act.COMMENT, locked(thread.section).place)
    text = text.strip()
    thread = _answered(thread, by)
    if thread.contested_at and text == thread.contest:
        return thread
    if not text:
        raise Invalid("contest", "Please say what is wrong with the answer: the city reads it.")
    if len(text) > MAX_CHARACTERS:
        raise Invalid("contest", "This is too long. Please keep it under 4,000 characters.")
    _not_contested_before(thread)
    thread.contested_at = clock.now()
    thread.contest = text
    thread.agreed_at = None
    _record(EventKind.ANSWER_CONTESTED, thread, by)
    return thread


def _answered(thread: Thread, by: Person) -> Thread:
    """The author's own remark with an answer, held."""
    if thread.author_id != by.id:
        raise Denied(Act.COMMENT, policy.GRANTS[Act.COMMENT])
    thread = locked(thread)
    showing.require_addressed(thread, field="contest")
    if thread.withdrawn_at or thread.answered_at is None:
        raise Invalid("contest", "There is no answer yet.")
    return thread


def _not_contested_before(thread: Thread) -> None:
    if thread.contested_at:
        raise Invalid("contest", "You have contested the answer once; the city has the last word.")


def _record(kind: EventKind, thread: Thread, by: Person) -> None:
    section = thread.section
    outbox.record(
        kind,
        actor=by,
        contract_id=section.contract_id,
        section=section,
        thread=thread,
        person=thread.assignee,
    )
