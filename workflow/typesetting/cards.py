"""The only place that keeps the dots of pictures out of the engine, and puts them into the file that it has written.

The engine holds every picture four times over until the document is written, and packs all but a JPEG anew each time.
So it is given a card instead: a JPEG without dots that says how large the picture is and which. Where a card stands in
the finished file comes the picture, and the table of where each object lies is told anew.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from . import graphics, photographs

BEGIN, END = b"\xff\xd8", b"\xff\xd9"
COMMENT, FRAME, SCAN = b"\xff\xfe", b"\xff\xc0", b"\xff\xda"
EIGHT_BITS = b"\x08"
THREE_COLOURS = b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
ALL_AT_ONCE = b"\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"

AS_A_CARD = b"/Filter/DCTDecode"
STREAM = re.compile(
    rb"<</Length (?P<length>\d+)(?P<told>/Type/XObject/Subtype/Image/Filter/DCTDecode[^>]*)>>\nstream\n"
)
TABLE = re.compile(rb"xref\n0 (?P<entries>\d+)\n")
ENTRY, OFFSET = 20, 10
"""Bytes of a line of the table, and of the number in it that says where an object begins."""

Filling = Callable[[bytes], tuple[bytes, bytes]]
"""Makes what comes in the place of a card: of what the file tells of it, what is told instead, and the content."""


def lay(picture: Path, sha256: str, place: Path) -> dict[bytes, Filling]:
    """Lay the picture there, or a card where that will do. Returns what comes in the place of the card."""
    content = picture.read_bytes()
    for kind in (photographs, graphics):
        measures = kind.measures(content)
        if measures:
            made = card(*measures, sha256)
            place.write_bytes(made)
            return {made: partial(_whole, kind.packed, picture)}
    place.write_bytes(content)
    return {}


def _whole(
    packed: Callable[[bytes], tuple[bytes, bytes]], picture: Path, told: bytes
) -> tuple[bytes, bytes]:
    how, dots = packed(picture.read_bytes())
    return told.replace(AS_A_CARD, how), dots


def card(width: int, height: int, name: str) -> bytes:
    """A JPEG of this size without dots, with a name in a comment, so that no two are alike."""
    size = height.to_bytes(2) + width.to_bytes(2)
    return b"".join(
        (
            BEGIN,
            _part(COMMENT, name.encode("ascii")),
            _part(FRAME, EIGHT_BITS + size + THREE_COLOURS),
            _part(SCAN, ALL_AT_ONCE),
            END,
        )
    )


def _part(kind: bytes, content: bytes) -> bytes:
    return kind + (2 + len(content)).to_bytes(2) + content


def completed(pdf: bytes, cards: Mapping[bytes, Filling]) -> bytes:
    """The file with what comes in the place of each card."""
    view, pieces, done, grown = memoryview(pdf), [], 0, 0
    moved: dict[int, int] = {0: 0}
    for stream in STREAM.finditer(pdf):
        begins, ends = stream.end(), stream.end() + int(stream["length"])
        filling = cards.get(pdf[begins:ends])
        if filling is None:
            continue
        told, content = filling(stream["told"])
        into = [b"%d" % len(content), told, view[stream.end("told") : begins], content]
        pieces += [view[done : stream.start("length")], *into]
        grown += sum(map(len, into)) - (ends - stream.start("length"))
        moved[ends] = grown
        done = ends
    if not pieces:
        return pdf
    begins = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    table = TABLE.match(pdf, begins)
    after = table.end() + ENTRY * int(table["entries"])
    last = pdf[after:].replace(b"\n%d\n" % begins, b"\n%d\n" % (begins + grown))
    pieces += [view[done : table.end()], _told_anew(pdf[table.end() : after], moved), last]
    return b"".join(pieces)


def _told_anew(entries: bytes, moved: Mapping[int, int]) -> bytes:
    """The lines of the table; `moved` says from which byte on objects lie how much further behind."""
    places = list(moved)
    unmoved = b"%010d" % places[1]
    told = []
    for at in range(0, len(entries), ENTRY):
        offset = entries[at : at + OFFSET]
        if offset > unmoved:
            place = int(offset)
            offset = b"%010d" % (place + moved[places[bisect_right(places, place) - 1]])
        told += [offset, entries[at + OFFSET : at + ENTRY]]
    return b"".join(told)
