"""The only place that decides how large a printed picture is, and what stands there when its file is missing."""

from collections.abc import Iterator

WIDEST_MM = 148
TALLEST_MM = 175
DOTS_PER_MM = 150 / 25.4
"""A picture is not blown up beyond 150 dots an inch."""


def place(node: dict, pictures: dict[str, dict]) -> bool:
    """Give a figure its `file` and its `width` in mm; says whether there is a file."""
    known = pictures.get(node["picture"])
    node["file"] = None
    if known is None:
        return False
    width = min(known["width"] / DOTS_PER_MM, WIDEST_MM)
    tall = width * known["height"] / max(known["width"], 1)
    node["width"] = round(width * min(1, TALLEST_MM / tall), 1)
    node["file"] = f"{known['sha256']}.{known['ending']}"
    return True


def files(document: dict) -> Iterator[tuple[str, str]]:
    """The hash of each picture that a document shows, and the name under which its file lies beside the template."""
    found = {
        picture["sha256"]: f"{picture['sha256']}.{picture['ending']}"
        for component in document.get("components", [])
        for module in component["modules"]
        for section in module["sections"]
        for picture in section.get("pictures", {}).values()
    }
    yield from found.items()
