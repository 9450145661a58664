"""The only place that stores where a remark's passage stands: carried along with each text, or put there by hand."""

from sqlalchemy import Select, case, insert, select

from ..db import db
from ..models import Person, Placement, Revision, Section, Thread
from ..rules import policy
from ..rules.refusals import Invalid, Outdated
from ..rules.text import anchors, eyes, judging, render
from ..rules.vocabulary import Act, AnchorStatus, EventKind, Visibility
from . import outbox
from .locking import locked

Passage = tuple[int, int]
"""Start and end in the plain text of a revision."""


def passage(revision: Revision, start: int | None, end: int | None) -> anchors.Selector:
    """The selector of the words in [start, end), without the spaces around them. Raises `Invalid` if there are none."""
    plain = revision.plain
    inside = start is not None and end is not None and 0 <= start < end <= len(plain)
    exact = plain[start:end].strip() if inside else ""
    if not exact:
        raise Invalid("start", "The passage that this remark is about is not in the text.")
    start = plain.index(exact, start)
    return anchors.selector(plain, start, start + len(exact))


def carry(section: Section, old: Revision, new: Revision) -> None:
    """Store where each remark's passage stands in the new text. Pages never search for it again."""
    rows = db.session.execute(
        _places(old).where(
            Thread.section_id == section.id,
            Thread.start.is_not(None),
            Thread.withdrawn_at.is_(None),
        )
    ).all()
    here = [row for row in rows if row.start is not None]
    selectors = [anchors.selector(old.plain, row.start, row.end) for row in here]
    found = anchors.carry(old.plain, new.plain, selectors)
    placements = [
        _row(row.id, new.id, judging.judged(row.quote, new.plain, place))
        for row, place in zip(here, found, strict=True)
    ] + [_row(row.id, new.id, anchors.ORPHANED) for row in rows if row.start is None]
    if placements:
        db.session.execute(insert(Placement), placements)


def place(thread: Thread, *, revision: Revision) -> None:
    """Place a remark that was made on an older revision in the current one, right when it is made."""
    selector = anchors.selector(thread.revision.plain, thread.start, thread.end)
    [found] = anchors.carry(thread.revision.plain, revision.plain, [selector])
    db.session.execute(insert(Placement), [_row(thread.id, revision.id, found)])


def put(places: dict[int, Passage], *, revision: Revision) -> None:
    """Place remarks, by their ids, where it is known that their passages are now: what they asked for stands there."""
    rows = db.session.execute(
        select(Placement, Thread.quote)
        .join(Thread, Thread.id == Placement.thread_id)
        .where(Placement.revision_id == revision.id, Placement.thread_id.in_(places))
    )
    for kept, quote in rows:
        found = anchors.Placement(AnchorStatus.MOVED, *places[kept.thread_id], 1.0)
        _set(kept, judging.judged(quote, revision.plain, found))


def standing(threads: list[Thread], revision: Revision) -> dict[int, Passage | None]:
    """Where in this revision the passage of each remark stands, by the remark's id; None for what lost its place."""
    rows = db.session.execute(
        _places(revision).where(Thread.id.in_([thread.id for thread in threads]))
    )
    return {row.id: (row.start, row.end) if row.start is not None else None for row in rows}


def may_reattach(thread: Thread, by: Person) -> bool:
    """Those who answer for the city may, and who made the remark, while comments are possible."""
    at = thread.section.place
    own = thread.author_id == by.id and policy.may(by, Act.COMMENT, at)
    return own or policy.may(by, Act.ANSWER, at)


def reattach(
    thread: Thread, *, by: Person, revision: Revision, start: int | None, end: int | None
) -> Placement:
    """Put a remark on the passage [start, end) of the current text; later texts carry it along from there.

    Its own words stay as they were quoted. Raises `Outdated` when `revision` is not the current one any more, `Invalid`
    for a passage that is not there or a remark that was never about one.
    """
    if not may_reattach(thread, by):
        policy.require(by, Act.ANSWER, thread.section.place)
    section = locked(thread.section)
    thread = locked(thread)
    if revision.id != section.current_id:
        raise Outdated(Act.COMMENT)
    if thread.quote is None or thread.withdrawn_at:
        raise Invalid("start", "This remark has no passage whose place could be found.")
    here = passage(revision, start, end)
    thread.visibility = narrowed(section, revision, here, by=by, wished=thread.visibility)
    kept = db.session.scalar(
        select(Placement).where(
            Placement.thread_id == thread.id, Placement.revision_id == revision.id
        )
    ) or Placement(thread_id=thread.id, revision_id=revision.id)
    if (kept.start, kept.end) == (here.start, here.end):
        return kept
    found = anchors.Placement(AnchorStatus.MOVED, here.start, here.end, 1.0)
    _set(kept, judging.judged(thread.quote, revision.plain, found))
    db.session.add(kept)
    outbox.record(
        EventKind.REMARK_REATTACHED,
        actor=by,
        contract_id=section.contract_id,
        section=section,
        thread=thread,
        revision=revision,
    )
    return kept


def _places(revision: Revision) -> Select:
    """Each remark with its place in the revision; an orphan has a row without one, a remark made there has none."""
    placed = select(Placement).where(Placement.revision_id == revision.id).subquery()
    made_here = placed.c.id.is_(None)
    return select(
        Thread.id,
        Thread.quote,
        case((made_here, Thread.start), else_=placed.c.start_at).label("start"),
        case((made_here, Thread.end), else_=placed.c.end_at).label("end"),
    ).outerjoin(placed, placed.c.thread_id == Thread.id)


def _set(kept: Placement, found: anchors.Placement) -> None:
    kept.status, kept.similarity = found.status, found.similarity
    kept.start, kept.end = found.start, found.end


def _row(thread_id: int, revision_id: int, found: anchors.Placement) -> dict:
    return {
        "thread_id": thread_id,
        "revision_id": revision_id,
        "status": found.status,
        "start": found.start,
        "end": found.end,
        "similarity": found.similarity,
    }


def narrowed(
    section: Section,
    revision: Revision,
    passage: anchors.Selector,
    *,
    by: Person,
    wished: Visibility,
) -> Visibility:
    """A remark is for no more eyes than the words that it quotes.

    Raises `Invalid` for words that the person may not read: to him they are not in the text.
    """
    if not eyes.restricted(revision.markdown):
        return wished
    whole = render(revision.markdown, language=section.language)
    allowed = eyes.narrowed(whole, passage.start, passage.end)
    if allowed not in policy.visible_to(by, section.place):
        raise Invalid("start", "The passage that this remark is about is not in the text.")
    if wished is Visibility.ORGANISATION and allowed is Visibility.CITY:
        raise Invalid(
            "visibility",
            "This passage is only for the city, so it cannot be discussed in an organisation.",
        )
    return max(wished, allowed, key=list(Visibility).index)
