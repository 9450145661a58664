"""A reply by e-mail: the same verb as the page's form, asked with what a mail says and who it says it is from."""

from ..models import Comment, Event, Person
from ..queries import access
from ..rules.received import Message, typed
from ..rules.refusals import Denied, Invalid, NotNow
from ..rules.vocabulary import EventKind, MailProblem
from . import outbox, threads

AN_HOUR = 20
"""Replies by mail that one person makes in an hour. Two programs that answer each other stop here."""

RETURNED_AN_HOUR = 5
"""Letters that say why a mail was not taken, to one person in an hour. Beyond that there is silence."""


def take(
    person: Person, thread_id: int, message: Message
) -> tuple[Comment | None, MailProblem | None]:
    """The reply that the message makes, and why it was not taken as it came; words are taken without their files."""
    if not same_address(message.sender, person.email):
        return None, MailProblem.STRANGER
    words = typed(message.text)
    if not words:
        return None, MailProblem.NO_WORDS
    if len(words) > threads.MAX_CHARACTERS:
        return None, MailProblem.TOO_LONG
    thread = access.thread(thread_id, person) if person.is_active else None
    if thread is None:
        return None, MailProblem.NO_RIGHT
    try:
        comment = threads.reply(thread, by=person, text=words)
    except Denied:
        return None, MailProblem.NO_RIGHT
    except NotNow:
        return None, MailProblem.NOT_NOW
    except Invalid:
        return None, MailProblem.NOT_SHOWN
    return comment, MailProblem.FILES if message.files else None


def give_back(person: Person, thread_id: int) -> Event:
    """Tell the person that a mail was not taken as it came; the letter quotes it, so that nothing typed is lost."""
    return outbox.record(
        EventKind.MAIL_RETURNED,
        actor=None,
        contract_id=None,
        person=person,
        thread_id=thread_id,
    )


def same_address(one: str, other: str) -> bool:
    """Whether two spellings are one address: capitals and the two spellings of a host with other letters are."""
    return _spelled(one) == _spelled(other)


def _spelled(address: str) -> tuple[str, str]:
    local, _, host = address.strip().casefold().rpartition("@")
    try:
        return local, host.encode("idna").decode()
    except UnicodeError:
        return local, host
