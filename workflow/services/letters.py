"""From notifications to a letter: what still stands, in the reader's language, as plain text and as HTML."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from flask import current_app, has_request_context, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from ..db import db
from ..labels import label
from ..messages import Letter, host_of
from ..models import Contract, Notification, Person
from ..rules import cadence, policy
from ..rules.vocabulary import Act, EventKind, Reason, Rhythm
from ..sentences import named, sentence
from . import (
    addresses,
    details,
    guest_links,
    guests,
    news,
    people,
    pieces,
    returned_told,
    signatures_told,
    tidings,
    unsubscribing,
)
from . import shelf as shelves
from .memory import Memory
from .newest import MOST
from .owed_told import Owed
from .recipients import Envelope, Recipient, takes_part
from .shelf import Shelf
from .tidings import Tiding

SITE = "concord.letters"
"""Marks the site of the letters among requests."""

LARGEST = 98_000
"""Bytes of HTML; mail programs hide what is beyond some 102,000, and with it the way out."""


def write(digest: Envelope, told: list[Tiding], shelf: Shelf) -> Letter | None:
    """The letter as it has to read now; None when nothing is left to say.

    `told` is what may be told, the newest first; the shelf has what it shares with other letters.
    """
    if not told:
        return None
    letter = _draft(digest.person, told, digest.rhythm, digest.message_id, shelf)
    letter.bounces_to = addresses.bounce_address(digest)
    return letter


def draft(
    person: Person, notifications: list[Notification], *, rhythm: Rhythm = Rhythm.IMMEDIATE
) -> Letter:
    """A letter to the person that tells these notifications, newest first."""
    told = tidings.of(notifications, Memory())
    return _draft(person, told, rhythm, "", shelves.fill([(person, told, rhythm)]))


def _draft(
    person: Person | Recipient,
    told: list[Tiding],
    rhythm: Rhythm,
    message_id: str,
    shelf: Shelf,
) -> Letter:
    """One for a day or a week begins with what waits for its reader; a prompt one comes to its matter at once."""
    with in_the_words(person.language) as language:
        if written := LINK_LETTERS.get(told[0].kind):
            return written(told, db.session.get(Person, person.id), language, message_id)
        owed = shelf.owing.of(person) if rhythm in cadence.WINDOWS else None
        return _news(told, shelf, owed, person, language, message_id)


def prepare() -> None:
    """Have the words and templates of all languages at hand before the first letter is written."""
    for language in current_app.config["LANGUAGES"]:
        with in_the_words(language):
            pieces.prepare(language)


@contextmanager
def in_the_words(language: str) -> Iterator[str]:
    """A language that we speak, the nearest to this one, on the site; said once it is in force for many letters."""
    spoken = language if language in current_app.config["LANGUAGES"] else "en"
    if _in_force.get() == spoken:
        yield spoken
        return
    with site(), force_locale(spoken):
        before = _in_force.set(spoken)
        try:
            yield spoken
        finally:
            _in_force.reset(before)


_in_force: ContextVar[str | None] = ContextVar("the language of letters", default=None)


@contextmanager
def site() -> Iterator[None]:
    """A site whose addresses are whole, whether or not a request is being answered."""
    if has_request_context() and SITE in request.environ:
        yield
        return
    base_url, marked = current_app.config["BASE_URL"], {SITE: True}
    with current_app.test_request_context(base_url=base_url, environ_overrides=marked):
        yield


def _news(
    told: list[Tiding],
    shelf: Shelf,
    owed: Owed | None,
    person: Person | Recipient,
    language: str,
    message_id: str,
) -> Letter:
    newest, more = told[:MOST], max(0, len(told) - MOST)
    parts = news.parts(newest, person, shelf, language=language)
    contracts = [one.event.contract for one in {one.contract_id: one for one in newest}.values()]
    pages = shelf.memory.once("pages", _pages)
    way_out = pages.way_out.replace(TOKEN, unsubscribing.token(person))
    count = told_now = sum(len(topic.entries) for part in parts for topic in part.topics)
    reply_to = _reply_to(newest, person)
    subject = _one_line(_subject(newest, parts, count + more, contracts, shelf, language))
    around = {
        "owed": owed,
        "contracts": tuple([contract.title(language) for contract in contracts]),
        "inbox": None if person.guest else pages.inbox,
        "way_out": way_out,
        "answerable": bool(reply_to),
        "contributions": _contributions(newest, person),
        "preferences": None if person.guest else pages.preferences,
    }
    hello = _hello(person, language, shelf.memory)
    html = pieces.html(language, hello, parts, subject=subject, more=more, **around)
    while html.most > LARGEST < len(str(html).encode()) and told_now > 1:
        told_now = told_now * 4 // 5
        parts, left_out = news.first(parts, told_now), more + count - told_now
        html = pieces.html(language, hello, parts, subject=subject, more=left_out, **around)
    return Letter(
        to=person.email,
        name=_name(person),
        subject=subject,
        text=pieces.text(language, hello, parts, more=more + count - told_now, **around),
        html=html,
        message_id=message_id,
        language=language,
        headers=_list_headers(newest, contracts, person, language, way_out) | reply_to,
    )


class Pages(NamedTuple):
    """Addresses that every letter has; `way_out` still without its token."""

    inbox: str
    preferences: str
    way_out: str


TOKEN = "TOKEN"


def _pages() -> Pages:
    return Pages(
        inbox=url_for("inbox.show", _external=True),
        preferences=url_for("inbox.preferences", _external=True),
        way_out=url_for("unsubscribe.show", token=TOKEN, _external=True),
    )


def _contributions(told: list[Tiding], person: Person | Recipient) -> str | None:
    """The page that says what became of one's remarks, in a letter that tells an answer to one of them."""
    for one in told:
        answered = one.kind is EventKind.REMARK_ANSWERED and one.reason is Reason.AUTHOR
        if answered and takes_part(person, one.contract_id):
            return url_for("matrix.contributions", slug=one.event.contract.slug, _external=True)
    return None


def _subject(
    told: list[Tiding],
    parts: list[news.Part],
    count: int,
    contracts: Collection[Contract],
    shelf: Shelf,
    language: str,
) -> str:
    event = told[0].event
    if count == 1:
        what = sentence(event, language=language)
    elif len(parts) == 1 and event.section:
        what = ngettext(
            "%(num)d update on %(section)s",
            "%(num)d updates on %(section)s",
            count,
            section=named(event.section, language=language),
        )
    else:
        what = shelf.memory.once(
            ("in places", language, count, len(parts)), lambda: _in_places(count, len(parts))
        )
    return f"[{', '.join(sorted({contract.city for contract in contracts}))}] {what}"


def _in_places(count: int, places: int) -> str:
    return ngettext(
        "%(num)d update in %(places)d places",
        "%(num)d updates in %(places)d places",
        count,
        places=places,
    )


def _list_headers(
    told: list[Tiding],
    contracts: list[Contract],
    person: Person | Recipient,
    language: str,
    way_out: str,
) -> dict[str, str]:
    """What lets mail programs sort, thread and stop the letters."""
    host = host_of(current_app.config["MAIL_FROM"])
    by_mail = addresses.way_out(person)
    headers = {
        "List-Id": f"{contracts[0].title(language)} <{contracts[0].slug}.{host}>",
        "List-Unsubscribe": f"<{way_out}>" + (f", <mailto:{by_mail}>" if by_mail else ""),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if root := _root(told, host):
        headers |= {"In-Reply-To": root, "References": root}
    return headers


def _root(told: list[Tiding], host: str) -> str | None:
    """The conversation that a letter belongs to: that of its thread, else of its section, where it is about one only.

    Mail programs would fold a letter about several into the conversation of each; it stands for itself.
    """
    for what in ("thread", "section"):
        ids = {getattr(one, f"{what}_id") for one in told}
        if len(ids) == 1 and None not in ids:
            return f"<{what}.{ids.pop()}@{host}>"
    return None


def _reply_to(told: list[Tiding], person: Person | Recipient) -> dict[str, str]:
    """Where an answer to the letter becomes a reply, if it is about one remark and its reader may reply to that."""
    if told[0].thread_id is None or len({one.thread_id for one in told}) > 1:
        return {}
    thread = told[0].event.thread
    if not (person.is_active and policy.may(person, Act.COMMENT, thread.section.place)):
        return {}
    address = addresses.reply_address(person, thread)
    return {"Reply-To": address} if address else {}


def _invitation(told: list[Tiding], person: Person, language: str, message_id: str) -> Letter:
    event = told[0].event
    contract = event.contract
    roles = [m for m in person.memberships if m.contract_id == contract.id]
    known = person.is_active
    return _letter(
        "invitation",
        person,
        language,
        _("Your invitation to the %(contract)s", contract=contract.title(language)),
        message_id,
        contract=contract.title(language),
        who=event.actor.name if event.actor else None,
        roles=list(dict.fromkeys(label(membership.role) for membership in roles)),
        organisations=[m.organisation.name for m in roles if m.organisation],
        asked_to_sign=signatures_told.asked_of([m.organisation_id for m in roles]),
        known=known,
        days=current_app.config["INVITATION_DAYS"],
        link=url_for("contracts.home", slug=contract.slug, _external=True)
        if known
        else _key(person),
    )


def _password(told: list[Tiding], person: Person, language: str, message_id: str) -> Letter:
    return _letter(
        "password",
        person,
        language,
        _("A new password for Concord"),
        message_id,
        days=current_app.config["INVITATION_DAYS"],
        link=_key(person),
    )


def _guest_confirm(told: list[Tiding], person: Person, language: str, message_id: str) -> Letter:
    """Without a word of what was typed: it is not known yet whose words they are."""
    asked = [
        (
            named(one.event.section, language=language),
            url_for("public.confirm", token=guests.confirmation_token(thread), _external=True),
        )
        for one in told
        if (thread := one.event.thread)
    ]
    contract = told[0].event.contract
    return _letter(
        "guest-confirm",
        person,
        language,
        ngettext("Please confirm your comment", "Please confirm your comments", len(asked)),
        message_id,
        contract=contract.title(language),
        asked=asked,
        days=current_app.config["GUEST_CONFIRMATION_DAYS"],
        sign_in=None if person.guest else url_for("people.sign_in", _external=True),
    )


def _guest_link(told: list[Tiding], person: Person, language: str, message_id: str) -> Letter:
    event = told[0].event
    contract, link = event.contract, event.guest_link
    return _letter(
        "guest-link",
        person,
        language,
        _("Your link to the %(contract)s", contract=contract.title(language)),
        message_id,
        contract=contract.title(language),
        who=event.actor.name,
        organisation=link.organisation.name,
        purpose=link.purpose,
        day=details.day(link.expires_at, person),
        link=url_for("guest_links.door", token=guest_links.token(link), _external=True),
    )


def _returned(told: list[Tiding], person: Person, language: str, message_id: str) -> Letter:
    """An answer to a mail, by a program: it says so, and belongs to what it answers."""
    mails = returned_told.told([one.event for one in told], language=language)
    headers = {"Auto-Submitted": "auto-replied"}
    if answered := next((mail.message_id for mail in mails if mail.message_id), None):
        headers |= {"In-Reply-To": answered, "References": answered}
    subject = ngettext(
        "Your e-mail was not taken as it came",
        "%(num)d e-mails of yours were not taken as they came",
        len(mails),
    )
    return _letter("returned", person, language, subject, message_id, headers=headers, mails=mails)


LINK_LETTERS = {
    EventKind.PERSON_INVITED: _invitation,
    EventKind.PASSWORD_FORGOTTEN: _password,
    EventKind.GUEST_REMARKED: _guest_confirm,
    EventKind.GUEST_LINK_SENT: _guest_link,
    EventKind.MAIL_RETURNED: _returned,
}
"""Letters about one thing, most of them a link: each kind has its own words and shares its letter with no other."""


def _key(person: Person) -> str:
    return url_for("people.accept", token=people.link_token(person), _external=True)


def _letter(
    template: str,
    person: Person,
    language: str,
    subject: str,
    message_id: str,
    headers: dict[str, str] | None = None,
    **context,
) -> Letter:
    context |= {
        "subject": _one_line(subject),
        "language": language,
        "hello": _hello(person, language, Memory()),
    }
    return Letter(
        to=person.email,
        name=_name(person),
        subject=context["subject"],
        text=pieces.plain(template, **context),
        html=pieces.styled(template, **context),
        message_id=message_id,
        language=language,
        headers=headers or {},
    )


def _hello(person: Person | Recipient, language: str, memory: Memory) -> str:
    name = _name(person)
    if not name:
        return _("Hello,")
    return memory.once(("hello", language), lambda: _("Hello %(name)s,")) % {"name": name}


def _name(person: Person | Recipient) -> str:
    return "" if person.guest else person.name


def _one_line(subject: str) -> str:
    return " ".join(subject.split())
