"""The only place that turns the figures of a contract into charts for print: bars, what they say, and their numbers."""

from flask_babel import gettext as _

from ..filters import number, percent
from ..queries.figures import Emissions, Gap
from ..typesetting.document import Bar, Chart

FILLS = {"total": "#47514f", "cut": "#3e8a54", "rest": "#b4472f"}
"""By what a step of the way to neutrality is; as on the page."""

MINUS = "−"


def write(drawing: Emissions | Gap, target_year: int) -> Chart:
    """The chart with every word in the language that is in force."""
    if isinstance(drawing, Emissions):
        return _emissions(drawing)
    return _gap(drawing, target_year)


def _emissions(given: Emissions) -> Chart:
    largest = max((row.value for row in given.rows), default=0) or 1
    title = _("Emissions by source sector, %(year)s", year=given.base_year)
    bars = [
        _bar(row.label, number(row.value), percent(row.share), 0, row.value / largest, row.colour)
        for row in given.rows
    ]
    total = [_("Total"), number(given.total), percent(1)]
    return {
        "title": title,
        "unit": given.unit,
        "alt": _told(_("Bar chart"), title, given.unit, bars),
        "bars": bars,
        "head": [_("Sector"), given.unit, _("Share")],
        "rows": [*([bar["label"], bar["shown"], bar["more"]] for bar in bars), total],
        "source": given.source or "",
    }


def _gap(given: Gap, target_year: int) -> Chart:
    largest = max((step.value for step in given.steps), default=0) or 1
    title = _("From the baseline to what remains in %(year)s", year=target_year)
    bars: list[Bar] = []
    level = 0.0
    for step in given.steps:
        cut = step.kind == "cut"
        start, end = (level - step.value, level) if cut else (0.0, step.value)
        level = end if step.kind == "total" else start if cut else level
        shown = f"{MINUS if cut else ''}{number(step.value)}"
        fill = FILLS[step.kind]
        bars.append(_bar(step.label, shown, "", start / largest, end / largest, fill))
    return {
        "title": title,
        "unit": given.unit,
        "alt": _told(_("Waterfall chart"), title, given.unit, bars),
        "bars": bars,
        "head": [_("Step"), given.unit],
        "rows": [[bar["label"], bar["shown"]] for bar in bars],
        "source": given.source or "",
    }


def _bar(label: str, shown: str, more: str, start: float, end: float, colour: str) -> Bar:
    return {
        "label": label,
        "shown": shown,
        "more": more,
        "start": round(min(max(start, 0), 1), 4),
        "end": round(min(max(end, 0), 1), 4),
        "colour": colour,
    }


def _told(kind: str, title: str, unit: str, bars: list[Bar]) -> str:
    """The chart in one sentence, for those who do not see it."""
    values = "; ".join(f"{bar['label']} {bar['shown']}" for bar in bars)
    return f"{kind}: {title} ({unit}). {values}."
