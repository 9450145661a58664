"""The bodies of requests and answers.

Moments are RFC 3339 in UTC; offsets are characters of a revision's plain text.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from ..rules.signing import Hold
from ..rules.vocabulary import (
    Act,
    AnchorStatus,
    AnnexKind,
    Audience,
    BuildState,
    Disposition,
    EditionKind,
    FileFormat,
    ManifestKind,
    OrganisationKind,
    QuestionState,
    RemarkKind,
    ReviewBody,
    Scope,
    SignatoryStatus,
    Stage,
    Stance,
    Tier,
    Visibility,
    Whole,
)
from ..services.revisions import MAX_CHARACTERS
from ..services.threads import MAX_CHARACTERS as MAX_REMARK

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_REMARK, pattern="^[^\x00]*$")
]
RowId = Annotated[int, Field(gt=0, lt=2**31)]
Offset = Annotated[int, Field(ge=0, lt=10_000_000)]


class Asked(BaseModel):
    """What a request may hold: exactly the named fields."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What an answer holds, read from the views that pages are made of."""

    model_config = ConfigDict(from_attributes=True)


class Person(Told):
    id: int
    name: str
    organisation: str | None


class Contract(Told):
    slug: str
    city: str
    title: str
    target_year: int
    is_demo: bool


class SectionLine(Told):
    id: int
    code: str
    title: str
    stage: Stage
    due_on: date | None


class Contents(Told):
    contract: Contract
    sections: list[SectionLine]


class Revision(Told):
    id: int
    number: int
    sha256: str
    author: Person
    at: datetime
    summary: str
    words: int


class PositionTaken(Told):
    person: str
    stance: Stance
    text: str
    at: datetime


class Section(Told):
    id: int
    code: str
    title: str
    stage: Stage
    language: str
    closes_at: datetime | None
    revision: Revision | None
    markdown: str
    acts: list[Act]
    blockers: list[str]
    positions: list[PositionTaken]


class Anchor(Told):
    status: AnchorStatus | None
    start: int | None
    end: int | None
    quote: str | None
    similarity: float | None


class Comment(Told):
    id: int
    author: Person | None
    text: str
    named: tuple[str, ...]
    language: str
    at: datetime
    withdrawn: bool


class Answer(Told):
    disposition: Disposition
    reason: str | None
    by: Person
    at: datetime
    revision_number: int | None
    duplicate_of: int | None


class Thread(Told):
    id: int
    number: int
    kind: RemarkKind
    visibility: Visibility
    anchor: Anchor
    comments: list[Comment]
    answer: Answer | None
    withdrawn: bool
    supports: int
    official: str | None = Field(description="The organisation whose position this is.")


class Threads(Told):
    threads: list[Thread]
    total: int
    page: int
    pages: int


class Commitment(Told):
    text: str
    tier: Tier
    tonnes: float | None = Field(description="Tonnes of CO2e saved a year.")
    euros: float | None
    by_year: int | None
    sector: str | None
    may_publish: bool


class Signatory(Told):
    """An organisation that is asked to sign. Who signs, and commitments that are not for publication, are empty for
    whoever does not belong to the organisation or to the city."""

    id: int
    organisation: str
    kind: OrganisationKind
    status: SignatoryStatus
    hold: Hold | None = Field(description="What the signature is worth now.")
    manifest: int | None
    sha256: str | None
    signed_on: date | None
    representative: str
    office: str
    commitments: list[Commitment]


class Signatories(Told):
    """`promises`, `tonnes` and `euros` are sums over all that fit, as far as the caller may read them."""

    signatories: list[Signatory]
    promises: int
    tonnes: float
    euros: float
    total: int
    page: int
    pages: int


class Decision(Told):
    number: int
    act: Act
    from_stage: Stage
    to_stage: Stage
    sha256: str | None
    at: datetime


class Blocker(Told):
    """A condition that is not met, how often, and the codes of the sections concerned."""

    key: str
    count: int
    details: list[str]


class Manifest(Told):
    number: int
    kind: ManifestKind
    iteration: int
    sha256: str
    note: str
    at: datetime
    by: str
    supersedes: int | None
    frozen: bool
    relied_on: bool


class ContractAsWhole(Told):
    """Where the contract stands; `sha256` is the hash that its texts and figures have now."""

    state: Whole
    iteration: int
    sha256: str
    may_freeze: bool
    blockers: list[Blocker]
    manifests: list[Manifest]


class Freeze(Asked):
    """`seen` is the hash of the texts and figures that the caller looked at; `note` what an addendum is about."""

    seen: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    note: Annotated[str, StringConstraints(max_length=4000)] = ""


class Lift(Asked):
    reason: Annotated[str, StringConstraints(max_length=4000)]


class SectionNamed(Told):
    id: int
    code: str
    title: str


class Question(Told):
    """`read` and `carried_out_by` are numbers of revisions of the section, `letter` the number of the addendum."""

    number: int
    body: ReviewBody
    reference: str
    checklist: int | None
    text: str
    section: SectionNamed | None
    read: int | None
    quote: str | None
    asked_on: date
    due_on: date | None
    overdue: bool
    assignee: str | None
    state: QuestionState
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    carried_out_by: int | None
    letter: int | None


class Questions(Told):
    questions: list[Question]
    total: int
    page: int
    pages: int


class Column(Told):
    """`type` is a word of Frictionless table schemas."""

    name: str
    type: str
    description: str


class Figures(Told):
    """A table of figures: `unit` is that of its amounts where no column names one, `rows` have a value or null by the
    name of each column."""

    name: str
    unit: str
    source: str
    columns: list[Column]
    rows: list[dict[str, int | float | str | None]]


class AllFigures(Told):
    tables: list[Figures]


class NewRevision(Asked):
    markdown: Annotated[str, StringConstraints(max_length=MAX_CHARACTERS)]
    base: RowId | None = None
    summary: Annotated[str, StringConstraints(max_length=300)] = ""


class Move(Asked):
    act: Act
    seen: RowId | None = None
    reason: Annotated[str, StringConstraints(max_length=4000)] = ""
    closes_at: AwareDatetime | None = None
    announcement: Annotated[str, StringConstraints(max_length=4000)] = ""


class Stand(Asked):
    """A position on the text that was seen; an objection says why."""

    stance: Stance
    seen: RowId
    text: Annotated[str, StringConstraints(max_length=4000)] = ""


class Taken(Asked):
    """Suggestions to take over, all of them or none, on the text that was seen."""

    threads: Annotated[list[RowId], Field(min_length=1, max_length=100)]
    seen: RowId


class NewThread(Asked):
    revision: RowId
    kind: RemarkKind
    text: Text
    start: Offset | None = None
    end: Offset | None = None
    organisation: RowId | None = None
    replacement: Text | None = None
    visibility: Visibility = Visibility.PARTICIPANTS
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] | None = None
    token: Annotated[str, StringConstraints(max_length=40)] | None = None


class NewReply(Asked):
    text: Text
    token: Annotated[str, StringConstraints(max_length=40)] | None = None


class NewAnswer(Asked):
    disposition: Disposition
    text: Text = ""
    carried_out_by: RowId | None = None
    duplicate_of: RowId | None = None


class SignatoriesAsked(Asked):
    status: SignatoryStatus | None = None
    tier: Tier | None = None
    kind: OrganisationKind | None = None
    q: Annotated[str, StringConstraints(max_length=100)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class ThreadsAsked(Asked):
    show: Annotated[str, StringConstraints(pattern="^(all|open|answered|mine)$")] = "all"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class QuestionsAsked(Asked):
    """`section` is an id or "whole", `assignee` an id, "me" or "nobody"."""

    state: Annotated[str, StringConstraints(pattern="^(waiting|drafted|answered|sent|all)$")] = (
        "all"
    )
    body: ReviewBody | None = None
    section: Annotated[str, StringConstraints(pattern=r"^(\d{1,9}|whole)$")] | None = None
    assignee: Annotated[str, StringConstraints(pattern=r"^(\d{1,9}|me|nobody)$")] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class NewDocument(Asked):
    """Which document: `place` is the id of the component, module or section that `scope` is about, `since` the number
    of the manifest that changes are told from (the newest if not given); the contract's language if none is given."""

    audience: Audience
    language: str | None = Field(default=None, max_length=8)
    format: FileFormat = FileFormat.PDF
    kind: EditionKind = EditionKind.READING
    scope: Scope = Scope.WHOLE
    place: RowId | None = None
    since: RowId | None = None
    annexes: list[AnnexKind] = Field(default=[], max_length=len(AnnexKind))


class Document(Told):
    """How far a document is; `file` is the address of the finished file, null before. `changes` says in words what
    became another since the document `before`, the finished one of the same kind before it."""

    id: int
    state: BuildState
    step: str
    percent: int
    format: FileFormat
    kind: EditionKind
    audience: Audience
    language: str
    scope: Scope
    place: int | None
    since: int | None
    annexes: list[AnnexKind]
    manifest_sha256: str
    pages: int | None
    size: int | None
    file: str | None
    asked_at: datetime
    finished_at: datetime | None
    before: int | None
    changes: list[str]


class DocumentsAsked(Asked):
    page: int = Field(1, ge=1, le=100_000)


class Documents(Told):
    """Newest first."""

    documents: list[Document]
    total: int
    page: int
    pages: int
