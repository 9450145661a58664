"""Guests of a public round: people without an account, who speak up, confirm their address, and keep what they said.

A letter to an address is all that proves whose it is. It never repeats what was typed, so that nobody can be sent
somebody else's words by us.
"""

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..db import db
from ..labels import CITIZEN
from ..models import Display, Person, Revision, Round, Section, Thread
from ..rules.lifecycle import stages_for
from ..rules.refusals import Invalid, NotNow
from ..rules.vocabulary import (
    Act,
    EventKind,
    Moderation,
    ModerationAct,
    RemarkKind,
    Rhythm,
    RoundAudience,
    Stage,
    Visibility,
)
from . import moderation, people, threads
from .locking import locked

CONFIRMATION = "guest.confirmation"
OWN_PAGE = "guest.page"


def open_display(section: Section) -> Display | None:
    """What of the section is on display now in a round that is open to everybody."""
    if section.stage is not Stage.CONSULTATION:
        return None
    return db.session.scalar(
        select(Display)
        .join(Round, Round.id == Display.round_id)
        .where(
            Display.section_id == section.id,
            Display.closed_at.is_(None),
            Display.closes_at > clock.now(),
            Round.audience == RoundAudience.PUBLIC,
            Round.closed_at.is_(None),
        )
        .order_by(Display.id.desc())
        .limit(1)
    )


def remark(
    section: Section,
    *,
    email: str,
    name: str,
    publish_name: bool,
    revision: Revision,
    kind: RemarkKind,
    text: str,
    language: str,
    start: int | None = None,
    end: int | None = None,
    block: int | None = None,
    replacement: str | None = None,
    token: str | None = None,
) -> Thread:
    """Keep a remark until its author confirms the address; a letter with the link follows.

    The name is kept only if it may be published. Who is known by the address is the author, and nothing tells the
    one who typed whether somebody is. Raises `NotNow` when the section is not open to everybody, `Invalid` for words
    that nobody without an account has ever been shown.
    """
    section = locked(section)
    if open_display(section) is None:
        raise NotNow(Act.COMMENT, section.stage, stages_for(Act.CONSULT))
    again = threads.made_by(token)
    if again:
        return again.thread
    if not _shown_to_all(section, revision):
        raise Invalid("start", "The passage that this remark is about is not in the text.")
    address = people.checked_address(email)
    named = people.checked_name(name) if publish_name else None
    author = people.find(address) or _guest(address, language)
    thread = threads.put_down(
        section,
        by=author,
        revision=revision,
        kind=kind,
        text=text,
        start=start,
        end=end,
        block=block,
        visibility=Visibility.PUBLIC,
        moderation=Moderation.UNCONFIRMED,
        language=language,
        replacement=replacement,
        token=token,
    )
    thread.on_behalf_of, thread.consented_at = named, clock.now() if named else None
    threads.record(
        EventKind.GUEST_REMARKED, thread, None, comment=thread.comments[0], person=author
    )
    return thread


def confirm(thread: Thread) -> Thread:
    """The address is the author's: the remark waits for a moderator. Confirming again changes nothing."""
    thread = locked(thread)
    if thread.moderation is not Moderation.UNCONFIRMED or thread.withdrawn_at:
        return thread
    comment = thread.comments[0]
    moderation.note(comment, ModerationAct.CONFIRM, by=thread.author)
    moderation.put(comment, Moderation.HELD)
    threads.record(EventKind.REMARK_HELD, thread, None, comment=comment, person=thread.author)
    return thread


def confirmation_token(thread: Thread) -> str:
    """What the link in the letter carries."""
    return _serializer(CONFIRMATION).dumps(thread.id)


def to_confirm(token: str) -> Thread | None:
    """The remark that a link confirms, or None when it is too old or not ours."""
    age = timedelta(days=current_app.config["GUEST_CONFIRMATION_DAYS"])
    thread_id = _loaded(CONFIRMATION, token, age)
    return db.session.get(Thread, thread_id) if isinstance(thread_id, int) else None


def page_token(person: Person) -> str:
    """What the link to a guest's own page carries. It dies with its age, and when the guest becomes a user."""
    return _serializer(OWN_PAGE).dumps([person.id, person.epoch])


def by_token(token: str) -> Person | None:
    """The guest whose own page a link opens, or None when it is too old, or he has an account now."""
    age = timedelta(days=current_app.config["GUEST_PAGE_DAYS"])
    content = _loaded(OWN_PAGE, token, age)
    if not isinstance(content, list) or len(content) != 2:
        return None
    person = db.session.get(Person, content[0])
    if person is None or not person.guest or person.epoch != content[1]:
        return None
    return person if person.active else None


def _shown_to_all(section: Section, revision: Revision) -> bool:
    """Whether this text of the section is, or was, on display in a public round."""
    shown = exists().where(
        Display.section_id == section.id,
        Display.revision_id == revision.id,
        Display.round_id == Round.id,
        Round.audience == RoundAudience.PUBLIC,
    )
    return db.session.scalar(select(shown))


def _guest(address: str, language: str) -> Person:
    """A new guest; who spoke up a moment ago about another section is that one already."""
    known = current_app.config["LANGUAGES"]
    person = Person(
        name=CITIZEN,
        email=address,
        language=language if language in known else "en",
        rhythm=Rhythm.IMMEDIATE,
        guest=True,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        return people.find(address)
    return person


def _loaded(purpose: str, token: str, age: timedelta):
    try:
        return _serializer(purpose).loads(token, max_age=age.total_seconds())
    except BadSignature:
        return None


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=purpose)
