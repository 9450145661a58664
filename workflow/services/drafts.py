"""What a person is writing and has not saved: kept for nobody else's eyes, with the last sign of life of the editor.

A draft locks nothing. It is the text of one person in one section until that person saves or discards it.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, update

from .. import clock
from ..db import db
from ..models import Draft, Person, Revision, Section
from ..rules import policy
from ..rules.refusals import Invalid
from ..rules.text import canonical
from ..rules.vocabulary import Act
from . import revisions, upserts

PRESENT = timedelta(seconds=45)
"""How long after its last sign of life an editor's page counts as open; the page gives one every 20 seconds."""


def keep(section: Section, *, by: Person, base: Revision | None, markdown: str) -> bool:
    """Keep what is typed on `base`, whatever the stage; whether it may become the text is asked when it is saved.

    Says whether there was anything to keep: what equals its base or the current text is no draft.
    """
    _require_pen(by, section)
    if len(markdown) > revisions.MAX_CHARACTERS:
        raise Invalid("markdown", "This text is too long for one section. Please split it.")
    known = {text.markdown for text in (base, section.current) if text} or {canonical("")}
    worth = canonical(markdown) not in known
    now = clock.now()
    change = {
        "base_id": base.id if base and worth else None,
        "markdown": markdown if worth else None,
        "saved_at": now if worth else None,
        "seen_at": now,
    }
    upserts.put(Draft, _key(section, by), change, change=change)
    return worth


def seen(section: Section, *, by: Person) -> None:
    """The person's editor is open right now."""
    _require_pen(by, section)
    change = {"seen_at": clock.now()}
    upserts.put(Draft, _key(section, by), change, change=change)


def left(section: Section, *, by: Person) -> None:
    """The person's editor was closed; what was typed stays."""
    _require_pen(by, section)
    db.session.execute(
        update(Draft).where(*_own(section, by)).values(seen_at=clock.now() - PRESENT)
    )


def discard(section: Section, *, by: Person) -> None:
    """Forget what was typed and not saved."""
    _require_pen(by, section)
    db.session.execute(delete(Draft).where(*_own(section, by)))


def finish(
    section: Section, *, by: Person, markdown: str, base: Revision | None, summary: str = ""
) -> Revision:
    """Save what was written as the next revision; the draft of it has served its purpose.

    Refuses like `revisions.save`.
    """
    saved = revisions.save(section, by=by, markdown=markdown, base=base, summary=summary)
    discard(section, by=by)
    return saved


def _require_pen(by: Person, section: Section) -> None:
    policy.require(by, Act.EDIT, replace(section.place, stage=None))


def _key(section: Section, by: Person) -> dict[str, int]:
    return {"person_id": by.id, "section_id": section.id}


def _own(section: Section, by: Person) -> tuple:
    return Draft.person_id == by.id, Draft.section_id == section.id
