"""Photographs: a PDF takes a JPEG as we keep it (`rules.picture_files`) byte for byte."""

import struct

BEGIN, SCAN = b"\xff\xd8", b"\xda"
FRAMES = frozenset({b"\xc0", b"\xc1", b"\xc2"})
MEASURES = struct.Struct(">BHHB")
EIGHT_BITS, THREE_COLOURS = 8, 3


def measures(content: bytes) -> tuple[int, int] | None:
    """Dots across and down; nothing if it is no such photograph."""
    at, found = len(BEGIN), None
    while content.startswith(BEGIN) and content[at : at + 1] == b"\xff":
        kind = content[at + 1 : at + 2]
        if kind == SCAN:
            return found
        frame = content[at + 4 : at + 4 + MEASURES.size]
        if kind in FRAMES and len(frame) == MEASURES.size:
            bits, height, width, colours = MEASURES.unpack(frame)
            found = (width, height) if (bits, colours) == (EIGHT_BITS, THREE_COLOURS) else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def packed(content: bytes) -> tuple[bytes, bytes]:
    """What a PDF says of how the dots are packed, and the dots."""
    return b"/Filter/DCTDecode", content
