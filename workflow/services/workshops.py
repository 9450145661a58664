"""Remarks that somebody writes down for others: people in a room, on the phone, on paper."""

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Comment, Organisation, Person, Section, Thread
from ..rules import policy, quoting
from ..rules.quoting import Found, Spot
from ..rules.refusals import Denied, Invalid
from ..rules.sheets import LONGEST_LINE, LONGEST_QUOTE
from ..rules.vocabulary import Act, Channel, RemarkKind, Visibility
from . import threads


def require(by: Person, contract_id: int) -> None:
    """Raise `Denied` unless some part of the contract is the person's to write down remarks for."""
    roles = {m.role for m in by.memberships if m.contract_id == contract_id}
    if roles.isdisjoint(policy.GRANTS[Act.RECORD]):
        raise Denied(Act.RECORD, policy.GRANTS[Act.RECORD])


def spot(section: Section, quote: str) -> Spot:
    """The one place of the quoted words in the current text, if there is one."""
    return quoting.spot(quote, section.current.plain if section.current else "")


def record(
    section: Section,
    *,
    by: Person,
    source: str,
    text: str,
    channel: Channel = Channel.WORKSHOP,
    kind: RemarkKind = RemarkKind.SUGGESTION,
    on_behalf_of: str = "",
    consented: bool = False,
    quote: str = "",
    organisation: Organisation | None = None,
    visibility: Visibility = Visibility.PARTICIPANTS,
    language: str | None = None,
    token: str | None = None,
) -> Thread:
    """Write down what somebody said, and where (`source`): it is a remark like any other from then on.

    A name is kept only of people who agreed to it. The remark stands beside the quoted passage when the current text
    has these words once; otherwise beside the whole section, and begins with them. A `token` seen before returns the
    remark that it made.
    """
    policy.require(by, Act.RECORD, section.place)
    if again := _made_by(token):
        return again
    source, name = _line("source", source), _line("on_behalf_of", on_behalf_of)
    if not source:
        raise Invalid("source", "Please say where this was said or written.")
    if len(quote) > LONGEST_QUOTE:
        raise Invalid("quote", "This is too long. Please quote at most 5,000 characters.")
    if section.current is None:
        raise Invalid("section", "This section has no text yet that a comment could be about.")
    if organisation and organisation.contract_id != section.contract_id:
        raise Invalid("organisation", "This organisation takes no part in the contract.")
    at = spot(section, quote)
    lost = at.found in (Found.ABSENT, Found.SEVERAL)
    thread = threads.open_thread(
        section,
        by=by,
        revision=section.current,
        kind=kind,
        text=f"“{quote.strip()}”\n\n{text}" if lost and text.strip() else text,
        start=at.start,
        end=at.end,
        visibility=visibility,
        channel=channel,
        language=language,
        token=token,
    )
    thread.organisation = organisation
    thread.source = source
    thread.on_behalf_of = name if name and consented else None
    thread.consented_at = clock.now() if name and consented else None
    return thread


def _made_by(token: str | None) -> Thread | None:
    if not token:
        return None
    made = db.session.scalar(select(Comment).where(Comment.token == token))
    return made.thread if made else None


def _line(name: str, words: str) -> str:
    line = " ".join(words.split())
    if len(line) > LONGEST_LINE:
        raise Invalid(name, "This is too long. Please keep it under 200 characters.")
    return line
