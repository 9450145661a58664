"""Which files may be a signed letter, told by their content and never by their name: PDF, DOCX, PNG, JPEG."""

import io
import zipfile
from dataclasses import dataclass

MAX_BYTES = 10 * 1024 * 1024
MAX_PARTS = 2_000
MACROS = "vbaproject.bin"


@dataclass(frozen=True, slots=True)
class Kind:
    """How the file's name ends, and what browsers are told that it is."""

    ending: str
    mime: str


PDF = Kind("pdf", "application/pdf")
DOCX = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
PNG = Kind("png", "image/png")
JPEG = Kind("jpg", "image/jpeg")
UNKNOWN = Kind("bin", "application/octet-stream")


def kind_of(content: bytes) -> Kind | None:
    """What the file is; None for what is no letter."""
    if content.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in content[-2048:] else None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    return DOCX if content.startswith(b"PK\x03\x04") and _is_docx(content) else None


def _is_docx(content: bytes) -> bool:
    """A text of Word without macros; other archives are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    if len(names) > MAX_PARTS or any(name.casefold().endswith(MACROS) for name in names):
        return False
    return "word/document.xml" in names and "[Content_Types].xml" in names
