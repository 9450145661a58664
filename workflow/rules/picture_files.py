"""Which files may be a picture, and what is kept of one: its dots, written anew. Told by content, never by name.

Places, cameras and earlier versions that a file tells of besides its dots do not survive; neither does anything that is
appended or hidden. Drawings (SVG) are programs and are not taken. A file that holds nothing but dots, as one that left
here, is kept as it is: so it is the same picture when it comes back.
"""

import hashlib
import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_DOTS = 50_000_000
LONGEST_SIDE = 2_400
"""What is printed across a page at 400 dots an inch; larger pictures are made smaller."""

READ = ("PNG", "JPEG", "WEBP")
PNG, JPEG = "png", "jpg"
MIME = {PNG: "image/png", JPEG: "image/jpeg"}
QUALITY = 88

SIGN = b"\x89PNG\r\n\x1a\n"
PART, CHECKSUM = struct.Struct(">I4s"), 4
PNG_HEAD = struct.Struct(">IIBBBBB")
RGB, RGBA = 2, 6
DOT = {RGB: 3, RGBA: 4}
"""Bytes of a dot."""

BEGIN, MARK = b"\xff\xd8", b"\xff"
HEAD, SCAN, END = b"\xe0", b"\xda", b"\xd9"
FRAMES = frozenset({b"\xc0", b"\xc1", b"\xc2"})
TABLES = frozenset({b"\xc4", b"\xdb", b"\xdd"})
JPEG_FRAME = struct.Struct(">BHHB")
"""How a frame begins: bits of a colour, dots down and across, colours."""

PLAIN_HEAD = re.compile(rb"JFIF\x00.{7}\x00\x00", re.DOTALL)
"""The head of a JPEG without a small picture in it."""

SCAN_ENDS = re.compile(rb"\xff(?![\x00\xd0-\xd7])")
"""Within the dots of a JPEG 0xFF is followed by 0, or counts restarts."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    content: bytes = field(repr=False)
    ending: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Unusable(Exception):
    """Why the file cannot be taken: `size`, `dots` or `kind`."""


def rewritten(content: bytes) -> Rewritten:
    """The picture as it is kept. The same file gives the same bytes. Raises `Unusable`."""
    if len(content) > MAX_BYTES:
        raise Unusable("size")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the number of dots is judged below
            with Image.open(io.BytesIO(content), formats=READ) as picture:
                if picture.width * picture.height > MAX_DOTS:
                    raise Unusable("dots")
                photo = picture.format == "JPEG"
                picture.load()
                if max(picture.size) <= LONGEST_SIDE and _bare(content):
                    ending = JPEG if photo else PNG
                    return Rewritten(content, ending, picture.width, picture.height)
                upright = ImageOps.exif_transpose(picture)
    except (Image.DecompressionBombError, MemoryError) as fault:
        raise Unusable("dots") from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as fault:
        raise Unusable("kind") from fault
    return _written(upright, photo=photo)


def _written(picture: Image.Image, *, photo: bool) -> Rewritten:
    clear = "A" in picture.getbands() or "transparency" in picture.info
    dots = picture.convert("RGBA" if clear and not photo else "RGB")
    dots.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new(dots.mode, dots.size)
    bare.paste(dots)
    file = io.BytesIO()
    if photo:
        bare.save(file, "JPEG", quality=QUALITY, optimize=True)
    else:
        bare.save(file, "PNG", optimize=True)
    return Rewritten(file.getvalue(), JPEG if photo else PNG, bare.width, bare.height)


def _bare(content: bytes) -> bool:
    """Whether the file is made of the parts that this module writes, and of nothing else."""
    try:
        return _bare_png(content) if content.startswith(SIGN) else _bare_jpeg(content)
    except (struct.error, zlib.error, IndexError, ValueError):
        return False


def _bare_png(content: bytes) -> bool:
    """Only the head, the dots and the end; eight bits of red, green, blue, and perhaps how clear."""
    (first, head), *between, (last, _) = png_parts(content)
    width, height, depth, colours, _, _, interlaced = PNG_HEAD.unpack(head)
    known = (depth, colours, interlaced) in ((8, RGB, 0), (8, RGBA, 0))
    return (
        known
        and (first, last) == (b"IHDR", b"IEND")
        and {kind for kind, _ in between} == {b"IDAT"}
        and _whole(b"".join(part for _, part in between), (1 + width * DOT[colours]) * height)
    )


def _whole(packed: bytes, size: int) -> bool:
    """Whether so many bytes are packed here, and nothing stands behind them."""
    unpacking = zlib.decompressobj()
    lines = unpacking.decompress(packed, size + 1)
    return len(lines) == size and unpacking.eof and not unpacking.unused_data


def png_parts(content: bytes) -> list[tuple[bytes, bytes]]:
    """The parts of a PNG, each its kind and what is in it; none if they are not all of the file."""
    at, parts = len(SIGN), []
    while content.startswith(SIGN) and at + PART.size <= len(content):
        length, kind = PART.unpack_from(content, at)
        begins = at + PART.size
        parts.append((kind, content[begins : begins + length]))
        at = begins + length + CHECKSUM
    return parts if at == len(content) else []


def _bare_jpeg(content: bytes) -> bool:
    """Only the plain head, tables, one frame in three colours and its dots, up to the very end."""
    *parts, end = jpeg_parts(content)
    kind, head = parts[0]
    if kind == HEAD and PLAIN_HEAD.fullmatch(head):
        del parts[0]
    kinds = {kind for kind, _ in parts}
    [frame] = (part for kind, part in parts if kind in FRAMES)
    *_, colours = JPEG_FRAME.unpack_from(frame)
    return (
        SCAN in kinds and kinds <= FRAMES | TABLES | {SCAN} and colours == 3 and end == (END, b"")
    )


def jpeg_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a JPEG, each its kind and what is in it, but for the dots. The last is the `END`, and in it what
    stands behind the picture; a file that is cut or spoilt has none."""
    at = len(BEGIN)
    while content.startswith(BEGIN) and content.startswith(MARK, at):
        kind = content[at + 1 : at + 2]
        if kind == END:
            yield END, content[at + 2 :]
            return
        begins, length = at + 2, int.from_bytes(content[at + 2 : at + 4])
        yield kind, content[begins + 2 : begins + length]
        at = begins + length
        if kind == SCAN:
            found = SCAN_ENDS.search(content, at)
            at = found.start() if found else len(content)
