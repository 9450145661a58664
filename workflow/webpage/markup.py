"""Elements of a web page as text."""

from html import escape

EMPTY = frozenset({"br", "hr", "img", "meta"})


def tag(name: str, content: str = "", /, **attributes: str | int | float | None) -> str:
    """An element; `content` is markup already, values of attributes are not. `class_` and the like lose their line."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>" if name in EMPTY else f"<{name}{said}>{content}</{name}>"
