"""Which revision of a section a person read last, so that the next visit can begin with what is new."""

from datetime import timedelta

from .. import clock
from ..models import Visit
from . import upserts

SITTING = timedelta(hours=1)
"""How long what was new stays marked as new after it was first seen."""


def record(person_id: int, section_id: int, revision_id: int) -> None:
    """The person was shown this revision; what was read before is what is compared with. Once is enough.

    Takes ids: it follows a page that is finished and whose rows need not be read again.
    """
    _put(person_id, section_id, revision_id, previous_id=Visit.revision_id)


def wrote(person_id: int, section_id: int, revision_id: int) -> None:
    """The person wrote this revision, so nothing in it is news."""
    _put(person_id, section_id, revision_id, previous_id=None)


def _put(person_id: int, section_id: int, revision_id: int, *, previous_id) -> None:
    key = {"person_id": person_id, "section_id": section_id}
    fresh = {"revision_id": revision_id, "at": clock.now()}
    upserts.put(
        Visit,
        key,
        fresh,
        change={**fresh, "previous_id": previous_id},
        when=Visit.revision_id != revision_id,
    )
