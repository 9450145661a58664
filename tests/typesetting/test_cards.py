"""Pictures whose dots the engine never saw: whole in the file, each in its place, and the file sound."""

import hashlib
import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.support.pictures import drawn, png
from tests.typesetting.sample import faults, open_pdf, with_text
from workflow.rules.picture_files import png_parts, rewritten
from workflow.typesetting import cards, child, typeset

BLUE, GREEN = ({"colour": colour, "kind": "JPEG"} for colour in ("#123456", "#0b5d5b"))
RED = {"colour": "#8a3b12", "kind": "JPEG", "progressive": True}
GRAY = {"colour": 120, "kind": "JPEG", "mode": "L"}
SIZE = (300, 200)
SHADES = Image.merge("RGB", [Image.linear_gradient("L").rotate(turn) for turn in (0, 90, 180)])
LINE = 1 + 3 * 10


def named(content: bytes, ending: str = "png") -> tuple[str, str, bytes]:
    """The hash, the ending and the bytes of a picture."""
    return hashlib.sha256(content).hexdigest(), ending, content


def kept(content: bytes = b"", **how) -> tuple[str, str, bytes]:
    """The same of a picture as it is kept."""
    made = rewritten(content or drawn(SIZE, **how))
    return named(made.content, made.ending)


def file_of(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.resize(SIZE).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def printed(tmp_path):
    """`printed(picture, …)` is a document that shows the pictures, with its files."""

    def printed(*shown: tuple[str, str, bytes], **more) -> tuple[dict, dict]:
        text = "\n\n".join(f"![What it shows](picture:{sha256[:32]})" for sha256, *_ in shown)
        known, files = {}, {}
        for sha256, ending, content in shown:
            files[sha256] = tmp_path / sha256
            files[sha256].write_bytes(content)
            known[sha256[:32]] = listed(sha256, ending)
        document = with_text(text) | more
        document["components"][0]["modules"][0]["sections"][0]["pictures"] = known
        return document, files

    return printed


def listed(sha256: str, ending: str) -> dict:
    return {"sha256": sha256, "ending": ending, "width": 300, "height": 200}


def images_in(pdf: pikepdf.Pdf) -> list[pikepdf.Stream]:
    """The pictures of a file in the order of its pages, each as often as it is shown."""
    return [
        image for page in pdf.pages for _, image in sorted(page.get_images(recursive=True).items())
    ]


def photographs_in(pdf: pikepdf.Pdf) -> list[bytes]:
    return [one.read_raw_bytes() for one in images_in(pdf) if one.get("/Filter") == "/DCTDecode"]


def dots_in(image: pikepdf.Stream) -> bytes:
    """Each dot as the file gives it, without what is clear."""
    return pikepdf.PdfImage(image).as_pil_image().tobytes()


def dots_of(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


def test_each_photograph_is_in_the_file_as_it_was_kept(printed):
    shown = [kept(**BLUE), kept(), kept(**GREEN), kept(**RED)]
    document, files = printed(*shown)
    made = typeset(document, files=files)
    assert made.standards == ("ua-1", "a-2a")
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        assert sorted(photographs_in(pdf)) == sorted(
            content for _, ending, content in shown if ending == "jpg"
        )


def test_every_object_lies_where_the_file_says(printed):
    document, files = printed(kept(**BLUE), kept(file_of(SHADES)), kept(**GREEN))
    made = typeset(document, files=files).bytes
    begins = int(made[made.rindex(b"startxref") :].split()[1])
    table = cards.TABLE.match(made, begins)
    lines = made[table.end() : made.index(b"trailer", begins)].splitlines()
    assert len(lines) == int(table["entries"])
    for number, line in enumerate(lines):
        if line.endswith(b"n"):
            assert made[int(line[:10]) :].startswith(b"%d 0 obj" % number)


def test_the_same_pictures_give_the_same_file(printed):
    document, files = printed(kept(**BLUE), kept(file_of(SHADES)), kept(**GREEN))
    assert typeset(document, files=files) == typeset(document, files=files)
    stayed = [typeset(document, files=files, serves="it", stay_s=60) for _ in range(2)]
    child.end_kept()
    assert stayed == [typeset(document, files=files)] * 2


def test_a_photograph_that_is_the_logo_as_well_is_seen_in_both_places(printed):
    photograph = kept(**BLUE)
    logo = listed(*photograph[:2]) | {"alt": "The arms of the city"}
    document, files = printed(photograph, logo=logo)
    made = typeset(document, files=files)
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        assert photograph[2] in photographs_in(pdf)


def test_words_that_look_like_the_file_are_words(printed):
    photograph = kept(**BLUE)
    document, files = printed(photograph)
    hostile = (
        "<</Length 9/Type/XObject/Subtype/Image/Filter/DCTDecode>>\nstream\nxref\n0 3\nstartxref"
    )
    document["title"] = document["city"] = hostile
    made = typeset(document, files=files)
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        assert photographs_in(pdf) == [photograph[2]]


def test_a_graphic_is_in_the_file_as_it_was_kept(printed):
    graphic = kept(file_of(SHADES))
    document, files = printed(graphic)
    made = typeset(document, files=files)
    assert made.standards == ("ua-1", "a-2a")
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        [image] = images_in(pdf)
        packed = b"".join(part for kind, part in png_parts(graphic[2]) if kind == b"IDAT")
        assert image.read_raw_bytes() == packed
        assert dots_in(image) == dots_of(graphic[2])


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_every_kind_of_graphic_looks_as_it_is(printed, mode):
    picture = SHADES.convert(mode)
    if mode == "RGBA":
        picture.putalpha(SHADES.getchannel("G"))
    graphic = named(file_of(picture))
    document, files = printed(graphic)
    made = typeset(document, files=files)
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        [image] = images_in(pdf)
        assert ("/SMask" in image) == (mode == "RGBA")
        shown = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
        assert shown.tobytes() == dots_of(graphic[2])


def test_a_picture_that_is_shown_twice_lies_in_the_file_once(printed):
    graphic, photograph = kept(file_of(SHADES)), kept(**BLUE)
    document, files = printed(graphic, photograph, graphic, photograph)
    made = typeset(document, files=files)
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        assert len({image.objgen for image in images_in(pdf)}) == 2


def test_a_graphic_whose_bytes_look_like_the_file_is_a_graphic(printed):
    """Its dots are not packed at all, so that the words stand there as they are."""
    photograph = kept(**BLUE)
    posing = cards.card(*SIZE, photograph[0])
    words = (
        b"<</Length %d/Type/XObject/Subtype/Image/Filter/DCTDecode>>\nstream\n%s\nendstream\n"
        b"endobj\nxref\n0 3\n0000000000 65535 f \ntrailer\n<<>>\nstartxref\n9\n%%%%EOF"
    )
    hostile = words % (len(posing), posing)
    line = b"\x00" + hostile.ljust(900, b".")
    graphic = named(png(SIZE, lines=line * SIZE[1], level=0))
    document, files = printed(graphic, photograph)
    made = typeset(document, files=files)
    assert hostile in made.bytes
    assert faults(made.bytes) == []
    with open_pdf(made.bytes) as pdf:
        assert photographs_in(pdf) == [photograph[2]]
        assert dots_of(graphic[2]) in [dots_in(image) for image in images_in(pdf)]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(drawn(**GRAY), id="a photograph without colours"),
        pytest.param(drawn(mode="L", colour=9), id="greys"),
        pytest.param(drawn(mode="P", colour=9), id="a palette"),
        pytest.param(drawn(mode="RGBA"), id="how clear each dot is"),
        pytest.param(drawn(transparency=(1, 2, 3)), id="one clear colour"),
        pytest.param(drawn(mode="I;16", colour=9), id="sixteen bits"),
        pytest.param(png(interlaced=1), id="interlaced"),
        pytest.param(png(lines=b"\x00\x0c" + bytes(12 * LINE - 2)), id="dots that end like a line"),
        pytest.param(png()[:-20], id="half a file"),
    ],
)
def test_what_no_file_could_hold_as_it_is_the_engine_is_given_whole(tmp_path, content):
    file, place = tmp_path / "picture", tmp_path / "place"
    file.write_bytes(content)
    assert cards.lay(file, "0" * 64, place) == {}
    assert place.read_bytes() == content


@given(cut=st.integers(0, 600), spoilt=st.binary(max_size=30))
@pytest.mark.parametrize(
    "whole", [drawn(SIZE, **BLUE), drawn(SIZE), png()], ids=["jpg", "png", "hand"]
)
def test_a_file_that_is_cut_or_spoilt_does_no_harm(tmp_path_factory, whole, cut, spoilt):
    file = tmp_path_factory.getbasetemp() / "spoilt"
    file.write_bytes(whole[:cut] + spoilt)
    laid = cards.lay(file, "0" * 64, file.with_suffix(".laid"))
    assert all(begun.startswith(cards.BEGIN) for begun in laid)


def test_no_two_cards_are_alike():
    assert len({cards.card(*SIZE, number * 64) for number in "0123"}) == 4
