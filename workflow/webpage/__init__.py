"""The only door to documents as web pages: a ZIP with one page that needs nothing from elsewhere, and its pictures.

What people typed is text between tags of ours, never markup.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..rules import bundle
from ..typesetting import NO_FILES, Document, Warning
from ..typesetting.preflight import Preflight
from .book import Book

__all__ = ["Page", "write"]

PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class Page:
    """`warnings` say what was written otherwise than typed."""

    bytes: bytes
    warnings: tuple[Warning, ...]
    pages: None = None


def write(
    document: Document,
    *,
    on_step: Callable[[str, int], None] = lambda step, percent: None,
    files: Mapping[str, Path] = NO_FILES,
    more: Mapping[str, bytes] | None = None,
) -> Page:
    """The document as a page. The same document gives the same bytes. `files` are its pictures, by their hash; `more`
    are files that lie beside the page.

    `on_step` is told the step (preflight, pages, written) and percent; what it raises comes out here.
    """
    on_step("preflight", 5)
    preflight = Preflight(typography=False, pages=False)
    ready = preflight.document(document)
    on_step("pages", 20)
    book = Book(ready)
    page = book.write()
    shown = {
        f"pictures/{name}": files[name.partition(".")[0]].read_bytes()
        for name in dict.fromkeys(book.text.shown)
    }
    on_step("written", 90)
    packed = bundle.packed({PAGE: page.encode(), **shown, **(more or {})})
    return Page(packed, preflight.warnings())
