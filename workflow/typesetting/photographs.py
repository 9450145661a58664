"""The only place that keeps photographs out of the engine, and puts them into the file that it has written.

The engine holds every picture four times over until the document is written, only to hand on a JPEG byte for byte. So
it is given the head of a photograph alone; where that stands in the finished file comes the whole of it, and the table
of where each object lies is told anew. The file is the one that the engine would have written, but for its identifier.
"""

import re
import shutil
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path

LONGEST_HEAD = 64 * 1024
START, SCAN, END = b"\xff\xd8", b"\xda", b"\xff\xd9"
FRAMES = frozenset({b"\xc0", b"\xc1", b"\xc2"})
EIGHT_BITS, THREE_COLOURS = b"\x08", b"\x03"

STREAM = re.compile(
    rb"<</Length (?P<length>\d+)/Type/XObject/Subtype/Image/Filter/DCTDecode[^>]*>>\nstream\n"
)
TABLE = re.compile(rb"xref\n0 (?P<entries>\d+)\n")
ENTRY, OFFSET = 20, 10
"""Bytes of a line of the table, and of the number in it that says where an object begins."""


def lay(
    shown: Mapping[str, str], files: Mapping[str, Path], folder: Path, *, whole: str | None
) -> dict[bytes, Path]:
    """Lay the pictures that are shown (name by hash) into the folder of the engine, of a photograph its head; that with
    the hash `whole`, which the engine looks into, as it is. Returns the photographs by their heads."""
    heads: dict[bytes, Path] = {}
    for sha256, name in shown.items():
        begun = head(files[sha256], sha256) if sha256 != whole else b""
        if begun:
            (folder / name).write_bytes(begun)
            heads[begun] = files[sha256]
        else:
            shutil.copyfile(files[sha256], folder / name)
    return heads


def head(photograph: Path, sha256: str) -> bytes:
    """Everything that stands before the dots, with the hash in a comment, so that no two are alike.

    Nothing if it is not a photograph as we keep them (`rules.picture_files`), which the engine hands on as it is.
    """
    with photograph.open("rb") as file:
        content = file.read(LONGEST_HEAD)
    at, plain = len(START), False
    while content.startswith(START) and content[at : at + 1] == b"\xff":
        kind = content[at + 1 : at + 2]
        after = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if kind in FRAMES:
            plain = (content[at + 4 : at + 5], content[at + 9 : at + 10]) == (
                EIGHT_BITS,
                THREE_COLOURS,
            )
        if kind == SCAN:
            whole = plain and after <= len(content)
            return content[:at] + _comment(sha256) + content[at:after] + END if whole else b""
        at = after
    return b""


def _comment(words: str) -> bytes:
    return b"\xff\xfe" + (2 + len(words)).to_bytes(2) + words.encode("ascii")


def completed(pdf: bytes, photographs: Mapping[bytes, Path]) -> bytes:
    """The file with each photograph in the place of its head."""
    view, pieces, done = memoryview(pdf), [], 0
    moved: dict[int, int] = {0: 0}
    for stream in STREAM.finditer(pdf):
        begins, ends = stream.end(), stream.end() + int(stream["length"])
        photograph = photographs.get(pdf[begins:ends])
        if photograph is None:
            continue
        content = photograph.read_bytes()
        length = b"%d" % len(content)
        pieces += [view[done : stream.start("length")], length]
        pieces += [view[stream.end("length") : begins], content]
        grown = len(length) + len(content) - len(stream["length"]) - (ends - begins)
        moved[ends] = moved[done] + grown
        done = ends
    if not pieces:
        return pdf
    begins = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    table = TABLE.match(pdf, begins)
    after = table.end() + ENTRY * int(table["entries"])
    last = pdf[after:].replace(b"\n%d\n" % begins, b"\n%d\n" % (begins + moved[done]))
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
