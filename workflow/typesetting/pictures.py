"""The only place that decides how large a printed picture is, what stands there when its file is missing, and how it is
handed to the engine.

A picture lies in a frame: a drawing that holds nothing else. The engine keeps every dot of a plain picture in memory
until the document is written, but hands on what a drawing refers to as it is: there a card may stand for the picture.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..rules.versions import sections_of
from . import cards
from .cards import Filling

WIDEST_MM = 148
TALLEST_MM = 175
LOGO_MM = (62, 20)
"""The most that a logo takes of the title page, across and down."""

FRAME, FRAMED = ".svg", ".picture"
"""How the names of a frame and of the picture in it end. By this ending the engine looks what kind of file it is."""

DOTS_PER_MM = 150 / 25.4
"""A picture is not blown up beyond 150 dots an inch."""


@dataclass(slots=True)
class Laid:
    """What lies in the folder of an engine for it to show: by name the hash of each picture and the words of each
    frame, and what comes in the place of the cards."""

    folder: Path
    there: dict[str, str] = field(default_factory=dict)
    cards: dict[bytes, Filling] = field(default_factory=dict)

    def bring(self, document: dict, brought: Mapping[str, Path]) -> None:
        """Lay there what the document shows and is not there yet, and take away what it does not show. `brought` are
        the files of the pictures, by their hash."""
        wanted = {name: sha256 for sha256, name in files(document)} | dict(frames(document))
        for name in self.there.keys() - wanted.keys():
            (self.folder / name).unlink()
            del self.there[name]
        missing = {name: what for name, what in wanted.items() if self.there.get(name) != what}
        for name, what in missing.items():
            path = self.folder / name
            if name.endswith(FRAME):
                path.write_text(what, "utf-8")
            elif name.endswith(FRAMED):
                self.cards |= cards.lay(brought[what], what, path)
            else:
                shutil.copyfile(brought[what], path)
        self.there |= missing


def place(node: dict, pictures: dict[str, dict]) -> bool:
    """Give a figure its `file` and its `width` in mm; says whether there is a file."""
    known = pictures.get(node["picture"])
    node["file"] = None
    if known is None:
        return False
    node["width"] = _width(known, WIDEST_MM, TALLEST_MM)
    node["file"] = known["sha256"] + FRAME
    return True


def placed_logo(logo: dict) -> dict:
    """The logo with its `file` and with its `width` in mm."""
    return logo | {
        "file": _of_logo(logo),
        "width": _width(logo, *LOGO_MM),
    }


def _width(known: dict, widest: float, tallest: float) -> float:
    width = min(known["width"] / DOTS_PER_MM, widest)
    tall = width * known["height"] / max(known["width"], 1)
    return round(width * min(1, tallest / tall), 1)


def files(document: dict) -> Iterator[tuple[str, str]]:
    """The hash of each picture that a document shows, and the name under which it lies beside the template."""
    logo = document.get("logo")
    if logo:
        yield logo["sha256"], _of_logo(logo)
    yield from {one["sha256"]: one["sha256"] + FRAMED for one in _all(document)}.items()


def frames(document: dict) -> Iterator[tuple[str, str]]:
    """The name of the frame of each picture, and what stands in it."""
    yield from {
        one["sha256"] + FRAME: frame(one["sha256"] + FRAMED, one["width"], one["height"])
        for one in _all(document)
    }.items()


def _all(document: dict) -> Iterator[dict]:
    """Those of the texts; a letter has none."""
    for section in sections_of(document) if "components" in document else ():
        yield from section.get("pictures", {}).values()


def _of_logo(logo: dict) -> str:
    return f"{logo['sha256']}.{logo['ending']}"


def frame(name: str, width: float, height: float) -> str:
    """A drawing that holds the picture of this name and nothing else."""
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="{name}"/></svg>'
    )
