"""The only door to Word files: a document, as it is also typeset, written as DOCX (ECMA-376), and any DOCX `read`.

The remarks on a reviewer's copy are Word's own comments at their passages, and open suggestions are tracked changes.
What people typed is text in elements, never markup.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..typesetting import NO_FILES, Document, Warning
from ..typesetting.preflight import Preflight
from .book import Book
from .reading import read

__all__ = ["Docx", "read", "write"]


@dataclass(frozen=True, slots=True)
class Docx:
    """`warnings` say what was written otherwise than typed; how many pages it has, each program finds for itself."""

    bytes: bytes
    warnings: tuple[Warning, ...]
    pages: None = None


def write(
    document: Document,
    *,
    on_step: Callable[[str, int], None] = lambda step, percent: None,
    files: Mapping[str, Path] = NO_FILES,
) -> Docx:
    """The document as a Word file. The same document gives the same bytes. `files` are its pictures, by their hash.

    `on_step` is told the step (preflight, pages, written) and percent; what it raises comes out here.
    """
    on_step("preflight", 5)
    preflight = Preflight(typography=False)
    ready = preflight.document(document)
    made = Book(ready, files).write(lambda share: on_step("pages", 10 + round(80 * share)))
    on_step("written", 95)
    return Docx(made, preflight.warnings())
