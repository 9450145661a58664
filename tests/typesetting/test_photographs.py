"""Photographs that the engine never saw: whole in the file, each in its place, and the file sound."""

import hashlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pictures import drawn
from tests.typesetting.sample import faults, open_pdf, with_text
from workflow.rules.picture_files import rewritten
from workflow.typesetting import child, photographs, typeset

BLUE, GREEN = ({"colour": colour, "kind": "JPEG"} for colour in ("#123456", "#0b5d5b"))
RED = {"colour": "#8a3b12", "kind": "JPEG", "progressive": True}
GRAY = {"colour": 120, "kind": "JPEG", "mode": "L"}


def kept(**how) -> tuple[str, str, bytes]:
    """The hash, the ending and the bytes of a picture as it is kept."""
    made = rewritten(drawn((300, 200), **how))
    return hashlib.sha256(made.content).hexdigest(), made.ending, made.content


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


def photographs_in(pdf: pikepdf.Pdf) -> list[bytes]:
    """The photographs of a file in the order of its pages, each as often as it is shown."""
    images = [
        image for page in pdf.pages for _, image in sorted(page.get_images(recursive=True).items())
    ]
    return [one.read_raw_bytes() for one in images if one.get("/Filter") == "/DCTDecode"]


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
    document, files = printed(kept(**BLUE), kept(**GREEN))
    made = typeset(document, files=files).bytes
    begins = int(made[made.rindex(b"startxref") :].split()[1])
    table = photographs.TABLE.match(made, begins)
    lines = made[table.end() : made.index(b"trailer", begins)].splitlines()
    assert len(lines) == int(table["entries"])
    for number, line in enumerate(lines):
        if line.endswith(b"n"):
            assert made[int(line[:10]) :].startswith(b"%d 0 obj" % number)


def test_the_same_photographs_give_the_same_file(printed):
    document, files = printed(kept(**BLUE), kept(**GREEN))
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


@pytest.mark.parametrize("how", [GRAY, {"kind": "PNG"}])
def test_what_the_engine_may_look_into_is_handed_to_it_whole(tmp_path, how):
    file = tmp_path / "picture"
    file.write_bytes(drawn((300, 200), **how))
    assert photographs.head(file, "0" * 64) == b""


@given(cut=st.integers(0, 600), spoilt=st.binary(max_size=30))
def test_a_file_that_is_cut_or_spoilt_does_no_harm(tmp_path_factory, cut, spoilt):
    file = tmp_path_factory.getbasetemp() / "spoilt"
    whole = drawn((300, 200), **BLUE)
    file.write_bytes(whole[:cut] + spoilt)
    begun = photographs.head(file, "0" * 64)
    assert begun == b"" or begun.startswith(whole[: min(cut, 2)])


def test_two_photographs_with_the_same_head_are_told_apart(tmp_path):
    heads = set()
    for number, how in enumerate((BLUE, BLUE)):
        file = tmp_path / str(number)
        file.write_bytes(drawn((300, 200), **how))
        heads.add(photographs.head(file, str(number) * 64))
    assert len(heads) == 2
