"""Pictures for tests, drawn when they are asked for."""

import io

from PIL import Image


def drawn(
    size: tuple[int, int] = (60, 40), *, kind: str = "PNG", colour="#0b5d5b", mode="RGB", **more
) -> bytes:
    """A picture of one colour as a file; `more` are what the format takes besides."""
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **more)
    return file.getvalue()
