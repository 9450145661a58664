"""Word files as strangers make them, for tests: changed by hand inside of the package."""

import io
import zipfile
from collections.abc import Callable

import docx
from docx.document import Document


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word(fill: Callable[[Document], object]) -> bytes:
    """A new document with what `fill` puts into it."""
    document = docx.Document()
    fill(document)
    return saved(document)


def changed(content: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """The same file with each part as `change` returns it, and with other parts besides."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, bytes_ in added.items():
            new.writestr(name, bytes_)
    return made.getvalue()
