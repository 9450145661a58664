"""The only place that knows how well a colour is told from white (WCAG 2, relative luminance)."""

import re

WRITTEN = re.compile(r"#?([0-9a-f]{6})", re.IGNORECASE)
LEAST = 4.5
"""Below this, letters in the colour are hard to read on white paper."""


def read(typed: str) -> str | None:
    """The colour as it is kept, `#0b5d5b`; None for anything else."""
    found = WRITTEN.fullmatch(typed.strip())
    return f"#{found[1].lower()}" if found else None


def contrast_with_white(colour: str) -> float:
    """From 1 (white itself) to 21 (black)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
