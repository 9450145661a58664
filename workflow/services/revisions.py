"""Saving the text of a section: a new immutable revision, with every remark carried along in the same transaction."""

from sqlalchemy import func, insert, select

from .. import clock
from ..db import db
from ..models import Person, Placement, Rendering, Revision, Section, Thread
from ..rules import policy
from ..rules.refusals import Invalid, Outdated
from ..rules.text import anchors
from ..rules.text.document import Rendered
from ..rules.text.render import render
from ..rules.vocabulary import Act, AnchorStatus, EventKind
from . import outbox
from .locking import locked

RENDERER = "1"
"""Raised when the same Markdown makes other HTML than before; kept HTML of another number is made afresh."""

MAX_CHARACTERS = 400_000
"""Twice the longest block of text seen in a published contract."""


def save(
    section: Section, *, by: Person, markdown: str, base: Revision | None, summary: str = ""
) -> Revision:
    """Make `markdown` the current text of the section.

    Saving what already stands there is no change and returns the current revision, so that a double click makes one.
    Raises `Outdated` when `base` is no longer the current revision, `Invalid` when the text is too long.
    """
    policy.require(by, Act.EDIT, section.place)
    section = locked(section)
    if len(markdown) > MAX_CHARACTERS:
        raise Invalid("markdown", "This text is too long for one section. Please split it.")
    rendered = render(markdown, language=section.language)
    current = section.current
    if current and current.sha256 == rendered.sha256:
        return current
    if (base.id if base else None) != section.current_id:
        raise Outdated(Act.EDIT)
    return _append(section, rendered, by=by, summary=summary.strip())


def _append(section: Section, rendered: Rendered, *, by: Person, summary: str) -> Revision:
    previous = section.current
    revision = Revision(
        section=section,
        number=previous.number + 1 if previous else 1,
        base_id=previous.id if previous else None,
        author=by,
        markdown=rendered.markdown,
        plain=rendered.plain,
        sha256=rendered.sha256,
        summary=summary,
        created_at=clock.now(),
    )
    db.session.add(revision)
    db.session.flush()
    keep_rendering(revision, rendered)
    if previous:
        _carry(section, previous, revision)
    section.current = revision
    outbox.record(
        EventKind.REVISION_SAVED,
        actor=by,
        contract_id=section.contract_id,
        section=section,
        revision=revision,
    )
    return revision


def keep_rendering(revision: Revision, rendered: Rendered) -> Rendering:
    """Keep the HTML of a revision, so that pages render it never and read it once."""
    rendering = Rendering(
        revision_id=revision.id,
        renderer=RENDERER,
        html=rendered.html,
        blocks=[[block.number, block.start, block.end] for block in rendered.blocks],
    )
    return db.session.merge(rendering)


def rendering_of(revision: Revision) -> Rendering:
    """The kept HTML of a revision. A page that finds none, or an older renderer's, makes it for itself."""
    kept = revision.rendering
    if kept and kept.renderer == RENDERER:
        return kept
    rendered = render(revision.markdown, language=revision.section.language)
    return Rendering(
        revision_id=revision.id,
        renderer=RENDERER,
        html=rendered.html,
        blocks=[[block.number, block.start, block.end] for block in rendered.blocks],
    )


def _carry(section: Section, old: Revision, new: Revision) -> None:
    """Store where each remark's passage stands in the new text. Pages never search for it again."""
    placed = (
        select(Placement).where(Placement.revision_id == old.id, Placement.thread_id == Thread.id)
    ).subquery()
    rows = db.session.execute(
        select(
            Thread,
            func.coalesce(placed.c.status, AnchorStatus.EXACT.value),
            func.coalesce(placed.c.start_at, Thread.start),
            func.coalesce(placed.c.end_at, Thread.end),
        )
        .outerjoin(placed, placed.c.thread_id == Thread.id)
        .where(
            Thread.section_id == section.id,
            Thread.start.is_not(None),
            Thread.withdrawn_at.is_(None),
        )
    ).all()
    here = [row for row in rows if row[1] != AnchorStatus.ORPHANED]
    selectors = [anchors.selector(old.plain, start, end) for _thread, _status, start, end in here]
    found = anchors.carry(old.plain, new.plain, selectors)
    placements = [
        _row(thread.id, new.id, place.status, place.start, place.end, place.similarity)
        for (thread, *_), place in zip(here, found, strict=True)
    ] + [
        _row(thread.id, new.id, AnchorStatus.ORPHANED, None, None, 0.0)
        for thread, status, *_ in rows
        if status == AnchorStatus.ORPHANED
    ]
    if placements:
        db.session.execute(insert(Placement), placements)


def place(thread: Thread, *, revision: Revision) -> None:
    """Place a remark that was made on an older revision in the current one, right when it is made."""
    selector = anchors.selector(thread.revision.plain, thread.start, thread.end)
    [found] = anchors.carry(thread.revision.plain, revision.plain, [selector])
    row = _row(thread.id, revision.id, found.status, found.start, found.end, found.similarity)
    db.session.execute(insert(Placement), [row])


def _row(thread_id, revision_id, status, start, end, similarity) -> dict:
    return {
        "thread_id": thread_id,
        "revision_id": revision_id,
        "status": status,
        "start": start,
        "end": end,
        "similarity": similarity,
    }
