"""Pictures that are no photographs: a PDF takes the dots of a PNG as they are packed, if nothing in it is clear."""

from ..rules.picture_files import PNG_HEAD, png_parts

AS_WE_KEEP_IT = (8, 2, 0, 0, 0)
"""Eight bits of red, green and blue, packed and lined up in the one usual way."""

ENDS_A_LINE = b"\r"


def measures(content: bytes) -> tuple[int, int] | None:
    """Dots across and down; nothing if it is another kind of picture. Nor if its dots end like a line of the file: then
    it would not be told for certain where they end."""
    parts = png_parts(content)
    if [kind for kind, _ in parts] != [b"IHDR", *[b"IDAT"] * (len(parts) - 2), b"IEND"]:
        return None
    width, height, *how = PNG_HEAD.unpack(parts[0][1])
    usual = tuple(how) == AS_WE_KEEP_IT and not _dots(parts).endswith(ENDS_A_LINE)
    return (width, height) if usual else None


def packed(content: bytes) -> tuple[bytes, bytes]:
    """What a PDF says of how the dots are packed, and the dots."""
    parts = png_parts(content)
    width, *_ = PNG_HEAD.unpack(parts[0][1])
    how = b"<</Predictor 15/Colors 3/BitsPerComponent 8/Columns %d>>" % width
    return b"/Filter/FlateDecode/DecodeParms" + how, _dots(parts)


def _dots(parts: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(part for kind, part in parts if kind == b"IDAT")
