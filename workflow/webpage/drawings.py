"""The only place that draws charts for web pages: bars as SVG, from what print draws.

Each bar has its label above, so that one drawing does for phones and for paper. It holds no styles and no script; who
does not see it is told by its label and by the table below.
"""

from __future__ import annotations

from html import escape

from ..typesetting.document import Bar, Chart
from .markup import tag

WIDTH, PITCH = 440, 46
ROOM = WIDTH - 130
"""So long is the longest bar; beside it there is room for its number."""

TOP, THICK = 24, 14
LEAST = 2
"""A bar that is nothing is still seen."""

INK, QUIET = "#1c2226", "#47514f"


def bars(chart: Chart) -> str:
    """The drawing of a chart as an element that says in words what it shows."""
    rows = "".join(_bar(bar, at * PITCH) for at, bar in enumerate(chart["bars"]))
    return tag(
        "svg",
        tag("g", rows, font_size=14, fill=INK),
        viewBox=f"0 0 {WIDTH} {PITCH * len(chart['bars'])}",
        role="img",
        aria_label=chart["alt"],
        class_="chart",
    )


def _bar(bar: Bar, y: int) -> str:
    start, end = bar["start"] * ROOM, bar["end"] * ROOM
    long = max(end - start, LEAST)
    number = tag("tspan", escape(bar["shown"], quote=False), font_weight=600)
    more = tag("tspan", escape(bar["more"], quote=False), fill=QUIET, dx=6) if bar["more"] else ""
    return "".join(
        (
            tag("text", escape(bar["label"], quote=False), x=0, y=y + TOP - 8),
            tag(
                "rect",
                x=round(start, 1),
                y=y + TOP,
                width=round(long, 1),
                height=THICK,
                rx=2,
                fill=bar["colour"],
            ),
            tag("text", number + more, x=round(start + long + 8, 1), y=y + TOP + THICK - 2),
        )
    )
