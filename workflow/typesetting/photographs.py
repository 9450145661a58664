"""Photographs: a PDF takes a JPEG as we keep it (`rules.picture_files`) byte for byte."""

from ..rules.picture_files import FRAMES, JPEG_FRAME, SCAN, jpeg_parts

EIGHT_BITS, THREE_COLOURS = 8, 3


def measures(content: bytes) -> tuple[int, int] | None:
    """Dots across and down; nothing if it is no such photograph."""
    found = None
    for kind, part in jpeg_parts(content):
        if kind == SCAN:
            return found
        if kind in FRAMES and len(part) >= JPEG_FRAME.size:
            bits, height, width, colours = JPEG_FRAME.unpack_from(part)
            found = (width, height) if (bits, colours) == (EIGHT_BITS, THREE_COLOURS) else None
    return None


def packed(content: bytes) -> tuple[bytes, bytes]:
    """What a PDF says of how the dots are packed, and the dots."""
    return b"/Filter/DCTDecode", content
