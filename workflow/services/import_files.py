"""Files of contracts that were written elsewhere, read by what they are and not by what they are called."""

from collections.abc import Callable

from .. import word
from ..rules import bundle, manuscript
from ..rules.manuscript import Lost, Manuscript, Missed
from ..rules.refusals import Invalid

MAX_BYTES = 64 * 1024 * 1024
MAX_TEXT = 4_000_000
AT_ONCE = 2 * 1024 * 1024
"""Up to so many bytes a file is read while its reader waits for the page."""

MAX_PIECES = 3_000


def check(content: bytes) -> None:
    """Raise `Invalid` for what need not be read to be refused."""
    if len(content) > MAX_BYTES:
        raise Invalid(
            "file",
            "This file is larger than 64 MB. Please save it with smaller pictures, or split it.",
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid("file", "This is an old Word file (.doc). Please save it as .docx.")
    if not content.startswith(b"PK") and len(content) > MAX_TEXT:
        raise Invalid("file", "This file is larger than 4 MB of text. Please split it.")


def read(content: bytes, on_part: Callable[[float], None] = lambda share: None) -> Manuscript:
    """What the file holds; `on_part` is told the share that is read, what it raises comes out here."""
    check(content)
    found = _read(content, on_part)
    if len(found.pieces) > MAX_PIECES:
        raise Invalid("file", "This file has more than 3,000 headings. Please split it.")
    return found


def _read(content: bytes, on_part: Callable[[float], None]) -> Manuscript:
    if not content.startswith(b"PK"):
        return _markdown(content)
    return (bundle if bundle.holds(content) else word).read(content, on_part)


def _markdown(content: bytes) -> Manuscript:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid(
            "file", "This is no text in UTF-8 and no Word file. Please save it as .docx or .md."
        ) from fault
    if "\x00" in text or not text.strip():
        raise Invalid("file", "There is no text in this file.")
    text = text.replace("\r\n", "\n")
    if found := bundle.one(text):
        piece, whole = found
        lacking = [] if whole else [Missed(Lost.FEWER_EYES, piece.title)]
        return Manuscript([piece], lacking)
    return manuscript.of_markdown(text)
