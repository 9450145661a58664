"""What a document is made of, as it was read: for the manifest and the printed pages alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ..rules.editions import Edition
from ..rules.vocabulary import (
    Audience,
    Disposition,
    RemarkKind,
    Scope,
    Stage,
    Visibility,
)
from .appendices import Appendices
from .compiled_changes import Before, Since
from .figures import Emissions, Gap


@dataclass(frozen=True, slots=True)
class Utterance:
    """`author` is None in public documents: private people are not named without being asked."""

    author: str | None
    organisation: str | None
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """`place` is where its passage stands in the text that is printed now, `replacement` how it should read as long as
    nobody has decided."""

    thread_id: int
    number: int
    kind: RemarkKind
    visibility: Visibility
    language: str
    quote: str | None
    place: tuple[int, int] | None
    replacement: str | None
    said: Utterance
    replies: tuple[Utterance, ...]
    disposition: Disposition | None
    answer: str
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture that a text shows, under its name: the file by its hash, and how many dots it has."""

    name: str
    sha256: str
    ending: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Bears:
    """What the document bears besides its texts; `colour` is None for the usual one."""

    grant: str = ""
    colour: str | None = None
    logo: Pictured | None = None
    logo_alt: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section with the text that stands now, and where in it the remarks stand, by the id of each. `before` is how it
    read in the list that changes are told from; `author` wrote how it reads now; `before_it` is how many figures and
    tables the contract counts in the sections before."""

    id: int
    code: str
    title: str
    language: str
    stage: Stage
    sectors: tuple[str, ...]
    revision: int | None
    sha256: str | None
    markdown: str
    passages: dict[str, tuple[int, int]]
    remarks: tuple[Remark, ...]
    before: Before | None
    author: str | None
    written_at: datetime | None
    pictures: tuple[Pictured, ...]
    before_it: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A module: its sections, and the elements that were left out with a reason."""

    code: str
    title: str
    part: str | None
    chapters: tuple[Chapter, ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """A component: Commitments, Action Plan, Investment Plan."""

    key: str
    title: str
    template: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The manifest under which exactly these texts are frozen."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Compilation:
    """`titles_in` is the language of its titles, where they do not exist in that of the document. `references` are the
    numbers of what the texts refer to, by label, as the whole contract counts them; `charts` are what those are drawn
    from that the texts show."""

    contract_id: int
    slug: str
    city: str
    time_zone: str
    title: str
    titles_in: str
    target: str | None
    target_year: int
    iteration: int
    demo: bool
    bears: Bears
    pack: str
    pack_version: str
    edition: Edition
    as_of: date
    sealed: Sealed | None
    since: Since | None
    appendices: Appendices
    references: tuple[tuple[str, str], ...]
    charts: tuple[tuple[str, Emissions | Gap], ...]
    volumes: tuple[Volume, ...]
    figures: dict | None
    """The figures as data, where the file has room for them."""

    def chapters(self) -> Iterator[Chapter]:
        for volume in self.volumes:
            for part in volume.parts:
                yield from part.chapters

    @property
    def part(self) -> str:
        """What the part of the contract that it holds is called, "" for the whole."""
        if self.edition.scope is Scope.WHOLE or not self.volumes:
            return ""
        [volume] = self.volumes
        if self.edition.scope is Scope.COMPONENT:
            return volume.title
        [part] = volume.parts
        named = part if self.edition.scope is Scope.MODULE else part.chapters[0]
        return f"{named.code} {named.title}"

    @property
    def language(self) -> str:
        return self.edition.language

    @property
    def audience(self) -> Audience:
        return self.edition.audience

    @property
    def draft(self) -> bool:
        """Every copy is a draft, also of a text that is approved whole: final is only what is frozen as it stands."""
        return self.sealed is None
