"""The pictures of a Word file, as figures of our Markdown: written anew, under the name that their bytes give them."""

from collections.abc import Callable
from pathlib import PurePosixPath

from lxml import etree

from ..rules import picture_files
from ..rules.manuscript import Brought, Lost
from ..rules.text import pictures
from .opening import Package

RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
OLD = "{urn:schemas-microsoft-com:vml}imagedata"
"""How Word wrote pictures before 2007, and how other programs still do."""


class Pictures:
    """Takes pictures out of the file; `figures` are those that were met since they were last asked for."""

    def __init__(self, package: Package, lose: Callable[[Lost, str], None]) -> None:
        self.package, self.lose = package, lose
        self.brought: dict[str, Brought] = {}
        self.known: dict[str, str | None] = {}
        self.waiting: list[str] = []

    def figures(self) -> list[str]:
        """The figures met since the last call, each a block of Markdown."""
        met, self.waiting = self.waiting, []
        return met

    def take(self, element: etree._Element, said: str) -> bool:
        """Whether the drawing shows a picture of the file that could be taken or was told of."""
        keys = [one.get(f"{RELATED}embed", "") for one in element.iter(BLIP)]
        keys += [one.get(f"{RELATED}id", "") for one in element.iter(OLD)]
        found = [key for key in keys if key in self.package.pictures]
        for key in found:
            self._one(key, " ".join(said.split()))
        return bool(found)

    def _one(self, key: str, alt: str) -> None:
        part = self.package.pictures[key]
        if part not in self.known:
            self.known[part] = self._kept(part, alt)
        name = self.known[part]
        if name is None:
            kind = PurePosixPath(part).suffix.lstrip(".").upper()
            self.lose(Lost.PICTURE, " ".join(filter(None, [alt, f"({kind})"])))
            return
        if not alt:
            self.lose(Lost.UNDESCRIBED, PurePosixPath(part).name)
        self.waiting.append(pictures.written(name, alt=alt, words=("", "")))

    def _kept(self, part: str, alt: str) -> str | None:
        """The name of the picture, None for what is no picture of ours."""
        try:
            made = picture_files.rewritten(self.package.picture(part))
        except picture_files.Unusable:
            return None
        name = made.sha256[: pictures.NAME_LENGTH]
        self.brought.setdefault(name, Brought(made, alt))
        return name
