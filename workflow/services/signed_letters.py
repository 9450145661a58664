"""The signed letters of signatories: told by their content, kept under their hash, and found again for who may."""

import re

from sqlalchemy import select

from .. import storage
from ..db import db
from ..models import Person, Signatory, SignatoryEntry
from ..rules import letter_files
from ..rules.refusals import Invalid, Outdated
from ..rules.vocabulary import Act, SignatoryStatus
from . import signatories

LONGEST_NAME = 120


def attach(
    signatory: Signatory, *, by: Person, seen: int | None, name: str, content: bytes
) -> SignatoryEntry:
    """Lay the letter beside; one that was there before stays in the record. The same file again changes nothing.

    `seen` is the id of the last step on the screen.
    """
    signatory = signatories.held(signatory, by)
    last = signatories.latest(signatory)
    if signatory.status is SignatoryStatus.WITHDRAWN:
        raise Invalid("letter", "This organisation has withdrawn. Invite it again first.")
    if len(content) > letter_files.MAX_BYTES:
        raise Invalid("letter", "This file is larger than 10 MB. Please scan it with fewer dots.")
    kind = letter_files.kind_of(content)
    if kind is None:
        raise Invalid("letter", "Please take a PDF, a Word file (.docx), a PNG or a JPEG.")
    key = storage.keep(content)
    if last and last.letter_key == key == signatory.letter_key:
        return last
    if (last.id if last else None) != seen:
        raise Outdated(Act.SIGN_OFF)
    signatory.letter_key, signatory.letter_name = key, _named(name, kind)
    return signatories.beside(signatory, by=by)


def belongs(signatory: Signatory, key: str) -> bool:
    """Whether the file is, or ever was, a letter of this signatory."""
    known = select(SignatoryEntry.id).where(
        SignatoryEntry.signatory_id == signatory.id, SignatoryEntry.letter_key == key
    )
    return key == signatory.letter_key or db.session.scalar(known.limit(1)) is not None


def _named(name: str, kind: letter_files.Kind) -> str:
    """The name that it was brought under, harmless in every file system, with the ending that it deserves."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    stem = re.sub(r"[^\w\- .()]+", "-", stem).strip(" .-")[:LONGEST_NAME].strip(" .-")
    return f"{stem or 'letter'}.{kind.ending}"
