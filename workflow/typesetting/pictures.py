"""The only place that decides how large a printed picture is, and what stands there when its file is missing."""

from collections.abc import Iterator

WIDEST_MM = 148
TALLEST_MM = 175
LOGO_MM = (62, 20)
"""The most that a logo takes of the title page, across and down."""

DOTS_PER_MM = 150 / 25.4
"""A picture is not blown up beyond 150 dots an inch."""


def place(node: dict, pictures: dict[str, dict]) -> bool:
    """Give a figure its `file` and its `width` in mm; says whether there is a file."""
    known = pictures.get(node["picture"])
    node["file"] = None
    if known is None:
        return False
    node["width"] = _width(known, WIDEST_MM, TALLEST_MM)
    node["file"] = f"{known['sha256']}.{known['ending']}"
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
    found = {logo["sha256"]: f"{logo['sha256']}.{logo['ending']}"} if logo else {}
    found |= {
        picture["sha256"]: f"{picture['sha256']}.{picture['ending']}"
        for component in document.get("components", [])
        for module in component["modules"]
        for section in module["sections"]
        for picture in section.get("pictures", {}).values()
    }
    yield from found.items()
