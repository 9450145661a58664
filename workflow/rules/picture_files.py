"""Which files may be a picture, and what is kept of one: its dots, written anew. Told by content, never by name.

Places, cameras and earlier versions that a file tells of besides its dots do not survive; neither does anything that is
appended or hidden. Drawings (SVG) are programs and are not taken.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_DOTS = 50_000_000
LONGEST_SIDE = 2_400
"""What is printed across a page at 400 dots an inch; larger pictures are made smaller."""

READ = ("PNG", "JPEG", "WEBP")
PNG, JPEG = "png", "jpg"
MIME = {PNG: "image/png", JPEG: "image/jpeg"}
QUALITY = 88


@dataclass(frozen=True, slots=True)
class Rewritten:
    content: bytes
    ending: str
    width: int
    height: int


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
