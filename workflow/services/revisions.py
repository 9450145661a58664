"""Saving the text of a section: a new immutable revision, with every remark carried along in the same transaction."""

from sqlalchemy import exists, select

from .. import clock
from ..db import db
from ..models import Person, Position, Rendering, Revision, Section
from ..rules import approval, policy
from ..rules.refusals import Invalid, Outdated
from ..rules.text.document import Rendered
from ..rules.text.render import render
from ..rules.vocabulary import Act, EventKind
from . import anchoring, outbox, visits
from .locking import locked

RENDERER = "3"
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
    section = locked(section)
    policy.require(by, Act.EDIT, section.place)
    before = section.current_id
    revision = written(section, by=by, markdown=markdown, base=base, summary=summary, act=Act.EDIT)
    if revision.id != before:
        outbox.record(
            EventKind.REVISION_SAVED,
            actor=by,
            contract_id=section.contract_id,
            section=section,
            revision=revision,
        )
    return revision


def written(
    section: Section, *, by: Person, markdown: str, base: Revision | None, summary: str, act: Act
) -> Revision:
    """The rows of a new text of the locked section, for the verbs that have asked whether it may be written and that
    tell of it. What already stands there is the current revision. Raises like `save`."""
    if len(markdown) > MAX_CHARACTERS:
        raise Invalid("markdown", "This text is too long for one section. Please split it.")
    rendered = render(markdown, language=section.language)
    current = section.current
    if current and current.sha256 == rendered.sha256:
        return current
    if (base.id if base else None) != section.current_id:
        raise Outdated(act)
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
        anchoring.carry(section, previous, revision)
    section.current = revision
    if previous:
        _void(section, previous, revision, by=by)
    visits.wrote(by.id, section.id, revision.id)
    return revision


def _void(section: Section, agreed: Revision, revision: Revision, *, by: Person) -> None:
    """Positions are bound to the text that they were taken on; whoever agreed to it hears that it has changed."""
    taken = exists().where(
        Position.revision_id == agreed.id, Position.stance.in_(approval.AGREEING)
    )
    if db.session.scalar(select(taken)):
        outbox.record(
            EventKind.APPROVAL_VOIDED,
            actor=by,
            contract_id=section.contract_id,
            section=section,
            revision=revision,
        )


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
