"""Of a file that is brought only the dots are kept; whatever else it is or says stays outside."""

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.support.pictures import drawn, png
from workflow.rules import picture_files
from workflow.rules.picture_files import Unusable, rewritten


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "png")])
def test_a_picture_is_kept_as_png_or_jpeg(kind, ending):
    made = rewritten(drawn(kind=kind))
    assert (made.ending, made.width, made.height) == (ending, 60, 40)
    assert opened(made.content).format == {"png": "PNG", "jpg": "JPEG"}[ending]
    assert rewritten(drawn(kind=kind)) == made


def test_where_and_with_what_it_was_taken_is_not_kept_but_it_stands_upright():
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    made = rewritten(drawn(kind="JPEG", exif=exif, comment=b"secret words"))
    assert b"ecret" not in made.content
    assert not opened(made.content).getexif()
    assert (made.width, made.height) == (40, 60)


def test_what_is_appended_or_written_into_a_png_is_not_kept():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "secret words")
    made = rewritten(drawn(pnginfo=info) + b"PK\x03\x04 secret archive")
    assert b"secret" not in made.content
    assert not opened(made.content).text


HAND_MADE = bytes(12 * (1 + 3 * 10))


@pytest.mark.parametrize(
    ("packed", "as_it_is"),
    [
        pytest.param(zlib.compress(HAND_MADE), True, id="nothing"),
        pytest.param(zlib.compress(HAND_MADE) + b"secret", False, id="behind the dots"),
        pytest.param(zlib.compress(HAND_MADE + b"secret"), False, id="among the dots"),
    ],
)
def test_what_is_hidden_in_the_dots_of_a_png_is_not_kept(packed, as_it_is):
    given = png((10, 12), packed=packed)
    made = rewritten(given)
    assert (made.content == given) == as_it_is
    assert opened(made.content).tobytes() == opened(given).tobytes()


def test_a_clear_background_stays_clear():
    made = rewritten(drawn(mode="RGBA", colour=(1, 2, 3, 0)))
    assert opened(made.content).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "CMYK", "YCbCr", "LA"])
def test_pictures_of_every_kind_of_colour_are_taken(mode):
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    assert rewritten(drawn(mode=mode, colour=None, kind=kind)).width == 60


def test_a_large_picture_is_made_smaller():
    made = rewritten(drawn((3000, 100)))
    assert (made.width, made.height) == (picture_files.LONGEST_SIDE, 80)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "kind"),
        (b"GIF89a" + b"0" * 40, "kind"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "kind"),
        (drawn()[:60], "kind"),
        (png(lines=b"\x05" + HAND_MADE[1:]), "kind"),
        (png(lines=HAND_MADE[:-1]), "kind"),
        (drawn(kind="JPEG")[:200], "kind"),
        (b"%PDF-1.7", "kind"),
        (b"0" * (picture_files.MAX_BYTES + 1), "size"),
    ],
    ids=[
        "empty",
        "svg",
        "gif",
        "no png",
        "half a png",
        "lines of a png that nobody can read",
        "a line of a png too short",
        "half a jpeg",
        "pdf",
        "size",
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_the_reason(content, why):
    with pytest.raises(Unusable, match=why):
        rewritten(content)


@pytest.mark.parametrize("size", [(10_000, 6_000), (30_000, 30_000)], ids=["large", "bomb"])
def test_what_has_too_many_dots_is_refused(size):
    with pytest.raises(Unusable, match="dots"):
        rewritten(drawn(size, mode="1", colour=0))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_what_left_here_is_the_same_when_it_comes_back(kind, mode):
    noise = Image.effect_noise((90, 60), 80).convert("RGB" if kind == "JPEG" else mode)
    file = io.BytesIO()
    noise.save(file, kind)
    made = rewritten(file.getvalue())
    assert rewritten(made.content) == made


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_holds_anything_besides_is_written_anew(kind):
    bare = rewritten(drawn(kind=kind)).content
    if kind == "PNG":
        words = b"tEXtNote\x00secret!"
        part = struct.pack(">I", len(words) - 4) + words + struct.pack(">I", zlib.crc32(words))
        told = bare[:33] + part + bare[33:]
    else:
        told = bare[:2] + b"\xff\xfe\x00\x08secret" + bare[2:]
    for content in (bare + b"secret", told):
        assert b"secret" not in rewritten(content).content
