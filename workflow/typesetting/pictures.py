"""The only place that decides how large a printed picture is, what stands there when its file is missing, and how it is
handed to the engine.

A picture lies in a frame: a drawing that holds nothing else. The engine keeps every dot of a plain picture in memory
until the document is written, but hands on what a drawing refers to as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..rules.versions import sections_of
from . import photographs

WIDEST_MM = 148
TALLEST_MM = 175
LOGO_MM = (62, 20)
"""The most that a logo takes of the title page, across and down."""

WHOLE = " whole"
"""Said of a picture that the engine looks into: a photograph lies there with all its dots."""

DOTS_PER_MM = 150 / 25.4
"""A picture is not blown up beyond 150 dots an inch."""


@dataclass(slots=True)
class Laid:
    """What lies in the folder of an engine for it to show: by name the hash of each picture and the words of each
    frame, and the photographs by their heads."""

    folder: Path
    there: dict[str, str] = field(default_factory=dict)
    heads: dict[bytes, Path] = field(default_factory=dict)

    def bring(self, document: dict, brought: Mapping[str, Path]) -> None:
        """Lay there what the document shows and is not there yet, and take away what it does not show. `brought` are
        the files of the pictures, by their hash."""
        shown = {name: sha256 for sha256, name in files(document)}
        logo = document.get("logo")
        if logo:
            shown[_name(logo)] += WHOLE
        wanted = shown | dict(frames(document))
        for name in self.there.keys() - wanted.keys():
            (self.folder / name).unlink()
            del self.there[name]
        missing = {name: what for name, what in wanted.items() if self.there.get(name) != what}
        for name, what in missing.items():
            if name not in shown:
                (self.folder / name).write_text(what, "utf-8")
        self.heads |= photographs.lay(
            {what.removesuffix(WHOLE): name for name, what in missing.items() if name in shown},
            brought,
            self.folder,
            whole=logo["sha256"] if logo else None,
        )
        self.there |= missing


def place(node: dict, pictures: dict[str, dict]) -> bool:
    """Give a figure its `file` and its `width` in mm; says whether there is a file."""
    known = pictures.get(node["picture"])
    node["file"] = None
    if known is None:
        return False
    node["width"] = _width(known, WIDEST_MM, TALLEST_MM)
    node["file"] = f"{known['sha256']}.svg"
    return True


def placed_logo(logo: dict) -> dict:
    """The logo with its `file` and with its `width` in mm."""
    return logo | {
        "file": f"{logo['sha256']}.{logo['ending']}",
        "width": _width(logo, *LOGO_MM),
    }


def _width(known: dict, widest: float, tallest: float) -> float:
    width = min(known["width"] / DOTS_PER_MM, widest)
    tall = width * known["height"] / max(known["width"], 1)
    return round(width * min(1, tallest / tall), 1)


def files(document: dict) -> Iterator[tuple[str, str]]:
    """The hash of each picture that a document shows, and the name under which its file lies beside the template."""
    logo = document.get("logo")
    found = {logo["sha256"]: _name(logo)} if logo else {}
    yield from (found | {one["sha256"]: _name(one) for one in _all(document)}).items()


def frames(document: dict) -> Iterator[tuple[str, str]]:
    """The name of the frame of each picture, and what stands in it."""
    yield from {f"{one['sha256']}.svg": _frame(one) for one in _all(document)}.items()


def _all(document: dict) -> Iterator[dict]:
    """Those of the texts; a letter has none."""
    for section in sections_of(document) if "components" in document else ():
        yield from section.get("pictures", {}).values()


def _name(picture: dict) -> str:
    return f"{picture['sha256']}.{picture['ending']}"


def _frame(picture: dict) -> str:
    size = f'width="{picture["width"]}" height="{picture["height"]}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="{_name(picture)}"/></svg>'
    )
