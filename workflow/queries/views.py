"""The plain shapes that pages are given: no rows, no lazy loading, nothing to decide in a template."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from ..labels import who
from ..models import Person, Revision, Section, Sector
from ..rules.vocabulary import (
    Act,
    AnchorStatus,
    Channel,
    Disposition,
    Moderation,
    RemarkKind,
    Stage,
    Visibility,
)
from .permits import Permits


@dataclass(frozen=True, slots=True)
class PersonRef:
    id: int
    name: str
    organisation: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class SectorRef:
    key: str
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class SectionRef:
    id: int
    code: str
    title: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class RevisionRef:
    id: int
    number: int
    sha256: str
    author: PersonRef
    at: datetime
    summary: str
    words: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a remark stands in the text shown; all empty for a remark on the section as a whole."""

    status: AnchorStatus | None = None
    block: int | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class CommentView:
    """`because` is a moderator's reason; hidden words are in here only for whom they are his own. `named` are the names
    that are mentioned in the words."""

    id: int
    author: PersonRef | None
    text: str
    translation: str | None
    language: str
    at: datetime
    withdrawn: bool
    channel: Channel | None
    mine: bool
    edited_at: datetime | None = None
    moderation: Moderation = Moderation.SHOWN
    because: str = ""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorsWord:
    """What the author says to the answer; `waits` while the city owes another one to a contest."""

    agrees: bool
    text: str
    at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    disposition: Disposition
    reason: str | None
    by: PersonRef
    at: datetime
    revision_number: int | None
    duplicate_of: int | None
    authors_word: AuthorsWord | None = None


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """A suggested edit, word by word: pieces of text that are the "same", "removed" or "added".

    It `fits` while the words that it replaces are the ones that stand in the text; `seen` is that text's revision.
    """

    pieces: tuple[tuple[str, str], ...]
    fits: bool
    seen: int | None


@dataclass(frozen=True, slots=True)
class ThreadView:
    """`since` is where the author sees what changed in the text after he wrote; None when nothing did. `official` is
    the organisation whose position it is; `taken_up_in` the number of the position that it went into.

    Its card is drawn from nothing else and kept under it, so everything in here is hashable: tuples, no lists.
    """

    id: int
    number: int
    kind: RemarkKind
    visibility: Visibility
    anchor: Anchor
    revision_number: int
    comments: tuple[CommentView, ...]
    answer: AnswerView | None
    blocking: bool
    withdrawn: bool
    supports: int
    supported: bool
    acts: Permits
    section: SectionRef
    follows: bool = False
    drafted: Disposition | None = None
    change: TrackedChange | None = None
    since: str | None = None
    official: str | None = None
    taken_up_in: int | None = None
    moderation: Moderation = Moderation.SHOWN


@dataclass(frozen=True, slots=True)
class Step:
    stage: Stage
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionView:
    at: datetime
    by: PersonRef
    act: Act
    from_stage: Stage
    to_stage: Stage
    reason: str | None
    revision_number: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter may take, and how many it would show (None: not counted)."""

    value: str
    label: str
    selected: bool
    count: int | None


Known = list[tuple[str, str]]
"""The values that a filter may take, each with its label."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of the gate as a sentence, with where to go to mend it."""

    key: str
    label: str
    ok: bool
    detail: str | None
    links: list[tuple[str, str]]
    blocks: list[Act]


@dataclass(frozen=True, slots=True)
class Pages:
    """`items` of one page out of `total`; `url(n)` is the address of another."""

    page: int
    per_page: int
    total: int
    endpoint: str
    args: dict

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    def url(self, page: int) -> str:
        return url_for(self.endpoint, **{**self.args, "page": page})


def person_ref(
    person: Person, organisation: str | None = None, *, name: str | None = None
) -> PersonRef:
    """A guest is named as nobody in particular, unless he agreed to a `name`."""
    known = who(person.name)
    return PersonRef(person.id, name or known, organisation, person.title)


def sector_ref(sector: Sector, language: str) -> SectorRef:
    return SectorRef(sector.key, sector.title(language), sector.colour)


def section_ref(section: Section, language: str) -> SectionRef:
    return SectionRef(section.id, section.code, section.title(language), section.stage)


def revision_ref(revision: Revision) -> RevisionRef:
    return RevisionRef(
        revision.id,
        revision.number,
        revision.sha256,
        person_ref(revision.author),
        revision.created_at,
        revision.summary,
        len(revision.plain.split()),
    )


def due_state(due_on: date | None, stage: Stage, today: date) -> bool:
    """Whether something is overdue: past its date and not yet approved."""
    return due_on is not None and due_on < today and stage is not Stage.APPROVED
