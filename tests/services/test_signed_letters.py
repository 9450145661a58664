"""A letter is what its content says it is; it is kept under its hash and given a harmless name."""

import hashlib
import io
import zipfile

import pytest

from tests import builders
from workflow import storage
from workflow.db import transaction
from workflow.rules import letter_files
from workflow.rules.refusals import Denied, Invalid, Outdated
from workflow.rules.vocabulary import Mandate, Role, SignatoryStatus
from workflow.services import signatories, signed_letters

pytestmark = pytest.mark.usefixtures("ctx")

PDF = b"%PDF-1.7\nA letter.\n%%EOF\n"


def docx(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *names):
            archive.writestr(name, "<x/>")
    return file.getvalue()


GOOD = {
    "pdf": PDF,
    "docx": docx(),
    "png": b"\x89PNG\r\n\x1a\n" + b"0" * 20,
    "jpg": b"\xff\xd8\xff\xe0" + b"0" * 20,
}
BAD = {
    "empty": b"",
    "html": b"<script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "half a pdf": b"%PDF-1.7\n",
    "a program": b"MZ\x90\x00",
    "another archive": docx()[:30],
    "macros": docx("word/vbaProject.bin"),
    "html that says pdf": b"<html>%PDF-1.7 %%EOF",
}


@pytest.fixture
def vesna():
    utility = builders.organisation("Heat utility")
    return builders.person(organisation=utility, mandate=Mandate.DELEGATE)


@pytest.fixture
def signatory(vesna):
    return builders.signatory(vesna.memberships[0].organisation)


def attach(signatory, by, content=PDF, name="Pismo o nameri.PDF", **what):
    what = {"seen": signatories.latest(signatory).id} | what
    with transaction():
        return signed_letters.attach(signatory, by=by, content=content, name=name, **what)


@pytest.mark.parametrize("ending", GOOD)
def test_a_letter_is_kept_under_its_hash_and_named_after_what_it_is(signatory, vesna, ending):
    content = GOOD[ending]
    entry = attach(signatory, vesna, content, name="Pismo o nameri.exe")
    assert entry.letter_key == signatory.letter_key == hashlib.sha256(content).hexdigest()
    assert signatory.letter_name == f"Pismo o nameri.{ending}"
    assert storage.find(signatory.letter_key).read_bytes() == content


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_letter_is_refused_whatever_it_is_called(signatory, vesna, what):
    with pytest.raises(Invalid, match="PDF"):
        attach(signatory, vesna, BAD[what])
    assert signatory.letter_key is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\letters\\a<b>.pdf", "a-b.pdf"),
        ("", "letter.pdf"),
        ('x"; filename=evil.html', "x- filename-evil.pdf"),
        ("Žiga.pdf", "Žiga.pdf"),
        ("a" * 400 + ".pdf", "a" * 120 + ".pdf"),
    ],
)
def test_its_name_is_harmless(signatory, vesna, name, kept):
    attach(signatory, vesna, name=name)
    assert signatory.letter_name == kept


def test_too_large_a_file_is_refused(signatory, vesna):
    with pytest.raises(Invalid, match="10 MB"):
        attach(signatory, vesna, PDF + b"0" * letter_files.MAX_BYTES)


def test_an_earlier_letter_stays_found_and_another_organisations_does_not(signatory, vesna):
    first = attach(signatory, vesna).letter_key
    second = attach(signatory, vesna, GOOD["png"]).letter_key
    other = builders.signatory()
    assert signed_letters.belongs(signatory, first)
    assert signed_letters.belongs(signatory, second)
    assert not signed_letters.belongs(other, first)


def test_the_same_letter_twice_is_laid_beside_once_and_an_old_screen_is_refused(signatory, vesna):
    seen = signatories.latest(signatory).id
    first = attach(signatory, vesna, seen=seen)
    assert attach(signatory, vesna, seen=seen).id == first.id
    with pytest.raises(Outdated):
        attach(signatory, vesna, GOOD["png"], seen=seen)


def test_others_and_withdrawn_organisations_lay_nothing_beside(signatory, vesna):
    with pytest.raises(Denied):
        attach(signatory, builders.person(Role.EDITOR))
    gone = builders.signatory(builders.organisation(), status=SignatoryStatus.WITHDRAWN)
    with pytest.raises(Invalid, match="withdrawn"):
        attach(gone, builders.person(Role.COORDINATOR))
