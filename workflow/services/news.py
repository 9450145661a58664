"""What a letter tells, grouped as it is read: by section, in it by thread, the newest first."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from flask_babel import gettext as _

from ..labels import label, who
from ..models import Event, Person, Section, Thread
from ..rules.audience import MODERATED
from ..rules.vocabulary import EventKind, Stage
from ..sentences import named, sentence
from . import changes_told, details, newest
from .changes_told import Changes
from .details import Context
from .recipients import Recipient
from .shelf import Shelf
from .tidings import Tiding

LONGEST_QUOTE = 300
LONGEST_WORDS = 2_000

TELLS_THE_REMARK = frozenset({EventKind.REMARK_MADE, EventKind.POSITION_SUBMITTED})
"""Kinds whose news is the remark itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: `words` is what was said then, in the language `lang` where that is known, with the
    people `named` in it; `changes` is what became of a text."""

    at: str
    sentence: str
    facts: tuple[str, ...]
    words: str
    lang: str | None
    changes: Changes | None = None
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A thread with what is new in it, or one step of a section; `remark` where the news does not contain it.

    It is equal to itself only: what is remembered of it needs to look at nothing else.
    """

    heading: str | None
    quote: str | None
    quote_lang: str | None
    remark: Entry | None
    entries: tuple[Entry, ...]
    link: str
    invitation: str
    reasons: tuple[str, ...]


class Part(NamedTuple):
    """A section (or the contract as a whole) with its news; `state` says where it stands today, `wishes` is where its
    reader says what he wants to hear of it, empty where there is no such place."""

    title: str
    state: str
    wishes: str
    topics: tuple[Topic, ...]


def parts(
    told: list[Tiding], person: Person | Recipient, shelf: Shelf, *, language: str
) -> list[Part]:
    """The news for a person. They come newest first, the language is in force, and there is a site."""
    kept, earlier = newest.of(told)
    worded = Worded(shelf, person, language, earlier, shelf.alike(person))
    sections = defaultdict(list)
    for tiding in kept:
        sections[tiding.section_id].append(tiding)
    several = len({tiding.contract_id for tiding in kept}) > 1
    return [_part(news, worded, several=several) for news in sections.values()]


@dataclass(frozen=True, slots=True)
class Worded:
    """What was worded already for somebody who is `alike`; only what bears the reader's own name is worded for him."""

    shelf: Shelf
    person: Person | Recipient
    language: str
    earlier: dict[int, list[Tiding]]
    alike: int

    def part(self, news: list[Tiding], *, several: bool) -> tuple[str, str, str]:
        key = ("part", self.alike, news[0].place, several)
        return self.shelf.memory.once(
            key, lambda: _part_said(news[0].event, self.context(news), several=several)
        )

    def topic(self, news: list[Tiding]) -> Topic:
        me = self.person.id
        key = "topic", self.alike, tuple([one.key for one in news])
        if self.earlier:
            key += (tuple([self._earlier(one) for one in news]),)
        if [one for one in news if me in one.about]:
            key += (me,)
        return self.shelf.memory.once(key, lambda: _topic(news, self.context(news)))

    def _earlier(self, tiding: Tiding) -> tuple[int, ...]:
        """The news that it overtook."""
        return tuple(one.version for one in self.earlier.get(tiding.event_id, ()))

    def context(self, news: list[Tiding]) -> Context:
        earlier = defaultdict(list)
        for one in news:
            earlier[one.event_id] = [older.event for older in self.earlier.get(one.event_id, ())]
        events = [one.event for one in news]
        changes = changes_told.told(events, earlier, self.person, self.shelf.texts)
        remarks = {one.thread_id: one.remark for one in news if one.remark}
        gates = self.shelf.gates
        return Context(self.person, self.language, remarks, earlier, changes, gates)


def first(parts: list[Part], count: int) -> list[Part]:
    """So many entries of the news, those that come first."""
    kept = []
    for part in parts:
        topics = []
        for topic in part.topics:
            if count > 0:
                topics.append(replace(topic, entries=topic.entries[:count]))
                count -= len(topic.entries)
        if topics:
            kept.append(part._replace(topics=tuple(topics)))
    return kept


def _part(news: list[Tiding], worded: Worded, *, several: bool) -> Part:
    said = worded.part(news, several=several)
    if len(news) == 1:
        return Part(*said, (worded.topic(news),))
    topics = defaultdict(list)
    for tiding in news:
        topics[tiding.thread_id or ("event", tiding.event_id)].append(tiding)
    return Part(*said, tuple([worded.topic(some) for some in topics.values()]))


def _part_said(event: Event, context: Context, *, several: bool) -> tuple[str, str, str]:
    section, contract = event.section, event.contract
    title = named(section, language=context.language) or contract.title(context.language)
    if several and section:
        title = f"{contract.city}: {title}"
    return title, _state(section, context), details.wishes(event, context)


def _state(section: Section | None, context: Context) -> str:
    if section is None:
        return ""
    if section.stage is Stage.CONSULTATION and section.closes_at:
        day = details.day(section.closes_at, context.person)
        return _("Now open for comments, until %(day)s.", day=day)
    return _("Now: %(stage)s.", stage=label(section.stage))


def _topic(news: list[Tiding], context: Context) -> Topic:
    events = [tiding.event for tiding in news]
    thread = events[0].thread
    told = any(event.kind in TELLS_THE_REMARK for event in events)
    reasons = dict.fromkeys(label(tiding.reason) for tiding in news)
    link, invitation = details.link(events[0], context)
    return Topic(
        heading=_heading(thread) if thread else None,
        quote=_cut(thread.quote, LONGEST_QUOTE) if thread and thread.quote else None,
        quote_lang=thread.section.language if thread else None,
        remark=None if told or not thread else _remark(thread, events, context),
        entries=tuple(_entry(event, context) for event in events),
        link=link,
        invitation=invitation,
        reasons=tuple(reasons),
    )


def _heading(thread: Thread) -> str:
    return _("Comment %(number)s, %(kind)s", number=thread.number, kind=label(thread.kind).lower())


def _remark(thread: Thread, events: list[Event], context: Context) -> Entry | None:
    comment = context.remarks.get(thread.id)
    if comment is None or comment.withdrawn_at:
        return None
    mine = thread.author_id == context.person.id
    moderates = any(event.kind in MODERATED for event in events)
    if not (comment.shown or mine or moderates):
        return None
    said = _("You wrote") if mine else _("%(who)s wrote", who=speaker(thread))
    at = details.moment(comment.created_at, context.person)
    words = _cut(comment.text, LONGEST_WORDS)
    return Entry(at, said, (), words, comment.language, named=comment.names)


def speaker(thread: Thread) -> str:
    """Who made the remark, and for whom."""
    organisation = thread.organisation
    guest = thread.author.guest and thread.on_behalf_of
    name = guest or who(thread.author.name)
    return f"{name} ({organisation.name})" if organisation else name


def _entry(event: Event, context: Context) -> Entry:
    words, lang = details.words(event, context)
    return Entry(
        at=details.moment(event.at, context.person),
        sentence=sentence(event, language=context.language, short=True),
        facts=tuple(details.facts(event, context)),
        words=_cut(words, LONGEST_WORDS),
        lang=lang,
        changes=context.changes.get(event.id),
        named=event.comment.names if event.comment else (),
    )


def _cut(text: str, longest: int) -> str:
    text = text.strip()
    return text if len(text) <= longest else text[:longest].rsplit(maxsplit=1)[0] + " …"
