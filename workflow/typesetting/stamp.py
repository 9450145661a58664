"""The hash at the foot of each page. It is another one in every document; so that the engine need not lay out and pack
anew each page that is otherwise the same, it is put into the file that the engine has written.

All feet show the same card (`cards.py`). In its place come the words, once for all pages, in the font in which the
engine has printed the whole hash at the end of the document.
"""

import re
import zlib
from functools import partial
from pathlib import Path

from .cards import Filling, card
from .pictures import frame

LETTERS = 12
WIDTH, HEIGHT = 49.1, 6.8
"""Of the words, in points; the template leaves as much room."""

WORDS = b"/c0 cs 0.3372549 0.3764706 0.40784314 scn BT /f0 6.8 Tf 0 1.5 Td <%s> Tj ET"
"""As the foot is printed: its colour and size, and how much of the height lies below the line."""

CARD = card(round(10 * WIDTH), round(10 * HEIGHT), "the hash at the foot")
COLOURS = re.compile(rb"/ColorSpace (\d+ 0 R)")
FONT = re.compile(
    rb"\n(?P<font>\d+ 0) obj\n<</Type/Font/Subtype/Type0/BaseFont/[A-Z]{6}\+DejaVuSansMono/Encoding/Identity-H"
    rb"/DescendantFonts\[\d+ 0 R\]/ToUnicode (?P<names>\d+ 0) R>>"
)
LETTER = re.compile(rb"<(\w{4})> <(\w{4})>")


def lay(folder: Path) -> None:
    """Lay the card into the folder of the engine, as `stamp.svg`."""
    (folder / "stamp.picture").write_bytes(CARD)
    (folder / "stamp.svg").write_text(frame("stamp.picture", WIDTH, HEIGHT), "utf-8")


def on(pdf: bytes, manifest: str) -> dict[bytes, Filling]:
    """What stands in the place of the card in this file."""
    return {CARD: partial(_filled, pdf, manifest[:LETTERS])}


def _filled(pdf: bytes, words: str, told: bytes) -> tuple[bytes, bytes]:
    """A drawing of the words that fills the place of a picture, in the same colours."""
    font = FONT.search(pdf)
    letters = _letters(pdf, font["names"])
    drawing = (
        b"/Type/XObject/Subtype/Form/BBox[0 0 %g %g]/Matrix[%f 0 0 %f 0 0]"
        b"/Resources<</ColorSpace<</c0 %s>>/Font<</f0 %s R>>>>"
    ) % (WIDTH, HEIGHT, 1 / WIDTH, 1 / HEIGHT, COLOURS.search(told)[1], font["font"])
    return drawing, WORDS % b"".join(letters[letter] for letter in words)


def _letters(pdf: bytes, names: bytes) -> dict[str, bytes]:
    """By letter the number that the file gives it in the font; `names` is the object that tells which is which."""
    begins = pdf.index(b"stream\n", pdf.index(b"\n%s obj\n" % names)) + len(b"stream\n")
    told = zlib.decompressobj().decompress(pdf[begins:])
    return {chr(int(name, 16)): number for number, name in LETTER.findall(told)}
