"""The charts that texts show: drawn from the figures of the contract, wherever a text says so."""

import re
from collections.abc import Iterable
from html import unescape

from flask import render_template
from flask_babel import force_locale
from markupsafe import Markup

from ..models import Contract
from ..rules.text.charts import BLOCK
from . import figures
from .figures import Emissions, Gap

_PLACE = re.compile(r'<div class="chart-place" data-chart="([^"]*)"></div>')


def of(contract: Contract, language: str) -> dict[str, Emissions | Gap]:
    """Those whose figures are there, by the names that texts call them by."""
    colours = {sector.key: sector.colour for sector in contract.sectors}
    emissions, gap = figures.of(contract, colours, language)
    drawn = {"baseline": emissions, "gap": gap}
    return {name: drawing for name, drawing in drawn.items() if drawing}


def asked(texts: Iterable[str]) -> bool:
    """Whether any of the texts shows one."""
    return any(BLOCK.search(text) for text in texts)


def shown(html: Markup, contract: Contract, language: str) -> Markup:
    """The HTML of a text with its charts in their places, in the language of the text, each with its numbers as a
    table."""
    if not _PLACE.search(html):
        return html
    count = 0

    def drawn(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return render_template(
            "sections/_chart.html",
            name=unescape(match[1]),
            chart=known.get(unescape(match[1])),
            id=f"chart-{count}",
            target_year=contract.target_year,
        )

    with force_locale(language):
        known = of(contract, language)
        return Markup(_PLACE.sub(drawn, html))
