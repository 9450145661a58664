"""Pictures for tests, drawn when they are asked for."""

import io
import struct
import zlib

from PIL import Image


def drawn(
    size: tuple[int, int] = (60, 40), *, kind: str = "PNG", colour="#0b5d5b", mode="RGB", **more
) -> bytes:
    """A picture of one colour as a file; `more` are what the format takes besides."""
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **more)
    return file.getvalue()


def png(
    size: tuple[int, int] = (10, 12),
    *,
    lines: bytes | None = None,
    packed: bytes | None = None,
    interlaced: int = 0,
    level: int = 9,
) -> bytes:
    """A PNG of three colours, put together by hand; each of its `lines` begins with how it is to be read."""
    width, height = size
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    lines = bytes((1 + 3 * width) * height) if lines is None else lines
    dots = zlib.compress(lines, level) if packed is None else packed
    parts = ((b"IHDR", head), (b"IDAT", dots), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*part) for part in parts)


def _part(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
