"""What the pages about documents show, for a person who may read them."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from .. import storage
from ..db import db
from ..labels import label
from ..models import Component, Contract, Document, Module, Person
from ..rules import policy
from ..rules.policy import Place
from ..rules.versions import sections_of
from ..rules.vocabulary import Act, Audience, BuildState, EditionKind, FileFormat, Scope, Stage
from ..services.documents import UNDER_WAY, audiences
from . import compiled_changes, kept_versions
from .kept_versions import Version
from .permits import Permit, permit
from .views import Pages, PersonRef, person_ref

STEPS = {
    "queued": _l("Waiting for its turn"),
    "again": _l("Waiting to be tried again"),
    "reading": _l("Reading the sections"),
    "preflight": _l("Preparing the text"),
    "glyphs": _l("Checking the letters"),
    "pages": _l("Setting the pages"),
    "written": _l("Writing the file"),
    "done": _l("Ready"),
    "superseded": _l("A newer document took its place"),
    "gone": _l("It was old, and newer ones exist. What it held is still listed below."),
}

FAILURES = {
    "time": _l(
        "It took too long to set and was stopped. A very long table or word may be the cause."
    ),
    "memory": _l(
        "It needed more memory than it may use and was stopped. A very large table may be the cause."
    ),
    "engine": _l(
        "The PDF engine refused it. Nothing is wrong with what you did; please tell whoever runs Concord."
    ),
    "crash": _l("Something broke while it was built. Please try again."),
    "abandoned": _l(
        "It was started several times and never finished. Please tell whoever runs Concord."
    ),
}

WARNINGS = {
    "control_characters": _l("Invisible characters were printed as their codes: %(details)s"),
    "missing_glyphs": _l("Signs that no font has were printed as their names: %(details)s"),
    "heading_levels": _l("Headings that skipped a level were moved up: %(details)s"),
    "links": _l("Links that lead nowhere were printed as plain words: %(details)s"),
    "images": _l("Pictures were printed as their descriptions: %(details)s"),
    "standards": _l("The file does not keep every rule for accessible documents: %(details)s"),
}


MARKED = frozenset(EditionKind) - {EditionKind.READING}
"""The kinds of copies that are named wherever a document is."""


SUFFIXES = {FileFormat.MARKDOWN: "md.zip", FileFormat.HTML: "html.zip"}
"""How a file is called whose format is not its suffix."""


@dataclass(frozen=True, slots=True)
class Line:
    """One document in a list; `letter` is the number of the addendum whose letter of answers it is, `part` what a
    document of a part of the contract is about, `changes` in words what became another since the one `before`."""

    id: int
    format: FileFormat
    kind: EditionKind
    audience: Audience
    language: str
    state: BuildState
    draft: bool
    as_of: date
    requested_by: PersonRef
    created_at: datetime
    finished_at: datetime | None
    pages: int | None
    size: int | None
    sha256: str
    current: bool
    letter: int | None
    part: str
    since: int | None
    annexes: list[str]
    before: int | None
    changes: list[str]


@dataclass(frozen=True, slots=True)
class Index:
    contract: Contract
    act: Permit
    audiences: list[Audience]
    parts: dict[str, list[tuple[str, str]]]
    manifests: list[int]
    documents: list[Line]
    paged: Pages
    may_bring: bool
    may_steer: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is, also as JSON for a page that waits."""

    state: BuildState
    under_way: bool
    step: str
    percent: int


@dataclass(frozen=True, slots=True)
class TextLine:
    """A section as the document holds it."""

    code: str
    title: str
    stage: Stage
    revision: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Show:
    line: Line
    contract: Contract
    progress: Progress
    may_cancel: bool
    may_retry: bool
    failure: str | None
    warnings: list[str]
    texts: list[TextLine]
    remarks: dict
    sealed: dict | None
    template: str
    file_name: str
    newer: int | None


def find(document_id: int, person: Person) -> Document | None:
    """The document, if the person may read all that its audience may."""
    document = db.session.scalars(
        select(Document)
        .where(Document.id == document_id)
        .options(joinedload(Document.contract), joinedload(Document.requested_by))
    ).first()
    if document is None or not policy.grants(person, Act.READ, Place(document.contract_id)):
        return None
    return document if document.audience in audiences(person, document.contract) else None


def index(contract: Contract, person: Person, *, page: int = 1) -> Index:
    """The documents that the person may read, newest first."""
    mine = audiences(person, contract)
    paged = kept_versions.listed(contract, mine, page=page)
    return Index(
        contract=contract,
        act=permit(person, Act.COMPILE, Place(contract.id)),
        audiences=mine,
        parts=parts(contract, person.language),
        manifests=compiled_changes.numbers(contract),
        documents=[_line(version) for version in paged.versions],
        paged=paged.pages,
        may_bring=_may_bring(contract, person),
        may_steer=policy.grants(person, Act.ASSIGN, Place(contract.id)),
    )


def _may_bring(contract: Contract, person: Person) -> bool:
    """Whether the person may write some part of the contract, so that he may bring one that exists."""
    roles = {m.role for m in person.memberships if m.contract_id == contract.id}
    return not roles.isdisjoint(policy.GRANTS[Act.EDIT])


def parts(contract: Contract, language: str) -> dict[str, list[tuple[str, str]]]:
    """What a document may be of: under the title of each component itself, its modules and its sections, as the value
    of a choice (`module:7`) and its words."""
    rows = db.session.scalars(
        select(Component)
        .where(Component.contract_id == contract.id)
        .order_by(Component.position)
        .options(selectinload(Component.modules).selectinload(Module.sections))
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for component in rows:
        title = component.title(language)
        found[title] = [(f"{Scope.COMPONENT}:{component.id}", title)]
        for module in component.modules:
            if module.sections:
                words = f"{module.code} {module.title(language)}"
                found[title].append((f"{Scope.MODULE}:{module.id}", words))
            found[title] += [
                (f"{Scope.SECTION}:{section.id}", f"{section.code} {section.title(language)}")
                for section in module.sections
            ]
    return found


def show(document: Document, person: Person) -> Show:
    place = Place(document.contract_id)
    asked = document.requested_by_id == person.id or policy.grants(person, Act.ASSIGN, place)
    template, engine = document.manifest["template"]
    return Show(
        line=_line(kept_versions.version(document)),
        contract=document.contract,
        progress=progress(document),
        may_cancel=asked and document.state in UNDER_WAY,
        may_retry=document.state in {BuildState.FAILED, BuildState.CANCELLED, BuildState.GONE}
        and policy.grants(person, Act.COMPILE, place),
        failure=str(FAILURES[document.error]) if document.state is BuildState.FAILED else None,
        warnings=[_warning(kind, details) for kind, details in document.warnings],
        texts=[_text(section) for section in sections_of(document.manifest)],
        remarks=document.manifest["remarks"],
        sealed=document.manifest.get("sealed"),
        template=f"{' '.join(document.manifest['pack'])} · {engine} · {template}",
        file_name=file_name(document),
        newer=_newer(document),
    )


def progress(document: Document) -> Progress:
    under_way = document.state in UNDER_WAY
    step = STEPS.get(document.step, STEPS["reading"])
    return Progress(document.state, under_way, str(step), document.progress)


def file_of(document: Document) -> Path | None:
    return storage.find(document.file_key) if document.state is BuildState.DONE else None


def file_name(document: Document) -> str:
    """What the file is called on the reader's disk: title, state and day, in the reader's language."""
    state = _("draft") if document.manifest["draft"] else _("final")
    if document.manifest.get("letter"):
        state = _("answers")
    part = document.manifest.get("part", "")
    words = [
        document.manifest["title"],
        *([part] if part else []),
        *([kind_words(document.kind, document.since)] if document.kind in MARKED else []),
        state,
        document.manifest["as_of"],
    ]
    if document.audience is Audience.CITY:
        words.insert(-1, _("internal"))
    name = " - ".join(words)
    return (
        "".join(" " if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in name)
        + f".{SUFFIXES.get(document.format, document.format)}"
    )


def kind_words(kind: EditionKind, since: int | None) -> str:
    """What kind of copy it is, and of changes since when."""
    if kind is EditionKind.CHANGES:
        return _("What changed since manifest %(number)s", number=since)
    return label(kind)


def _line(version: Version) -> Line:
    document = version.document
    return Line(
        id=document.id,
        format=document.format,
        kind=document.kind,
        audience=document.audience,
        language=document.language,
        state=document.state,
        draft=document.manifest["draft"],
        as_of=date.fromisoformat(document.manifest["as_of"]),
        requested_by=person_ref(document.requested_by),
        created_at=document.created_at,
        finished_at=document.finished_at,
        pages=document.pages,
        size=document.size,
        sha256=document.manifest_sha256,
        current=version.current,
        letter=document.manifest.get("letter"),
        part=document.manifest.get("part", ""),
        since=document.since,
        annexes=document.annexes.split(),
        before=version.before.id if version.before else None,
        changes=kept_versions.words(version),
    )


def _text(section: dict) -> TextLine:
    return TextLine(
        section["code"],
        section["title"],
        Stage(section["stage"]),
        section["revision"],
        section["sha256"],
    )


def _warning(kind: str, details: list[str]) -> str:
    shown = ", ".join(details[:12]) + (" …" if len(details) > 12 else "")
    return str(WARNINGS[kind]) % {"details": shown}


def _newer(document: Document) -> int | None:
    """A later finished document of the same edition."""
    return db.session.scalar(
        select(Document.id)
        .where(
            Document.contract_id == document.contract_id,
            Document.audience == document.audience,
            Document.language == document.language,
            Document.format == document.format,
            Document.kind == document.kind,
            Document.scope == document.scope,
            Document.place_id.is_not_distinct_from(document.place_id),
            Document.since.is_not_distinct_from(document.since),
            Document.annexes == document.annexes,
            Document.addendum_id.is_not_distinct_from(document.addendum_id),
            Document.state == BuildState.DONE,
            Document.id > document.id,
        )
        .order_by(Document.id.desc())
        .limit(1)
    )
