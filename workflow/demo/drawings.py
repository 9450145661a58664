"""The only place that adds charts and a picture, which it draws, to the demo's texts, with references to them."""

import io
from collections.abc import Mapping

from PIL import Image, ImageDraw

from ..models import Person, Picture, Section
from ..rules.picture_files import rewritten
from ..rules.text import pictures as dialect
from ..services import pictures

SIZE = (1200, 640)
PAPER, WATER, PIPE, PLANT, HOMES = "#f5f3ed", "#bcd3e6", "#9a3b26", "#1c2322", "#0b5b5a"
ALT = (
    "Sketch: a red pipe runs from a dark square, the heating plant, and branches to seven green circles of different "
    "sizes, the districts; two of them lie beyond a blue river."
)
CAPTION = "The heat network as a sketch, invented for this demo"
SOURCE = "drawn for the demo; no map of the real network"

LABELS = {"A-2.1": "tbl:gap"}
"""Labels of tables by their codes."""

ADDED = {
    "S-05": """[@fig:baseline] shows where the emissions of the base year come from.

::: chart baseline {#fig:baseline}
Emissions of the base year by source
:::""",
    "S-09": """[@fig:gap] draws what [@tbl:gap] counts: the way from the baseline ([@fig:baseline] in [@sec:AP-A-1-E])
to what remains.

::: chart gap {#fig:gap}
From the baseline to what remains, by who saves it
:::""",
    "S-16": """[@fig:network] is a sketch of the network.

{picture}""",
}


def added(section: Section, listed: Mapping, by: Person) -> str:
    """What follows the paragraphs and tables of a section of the demo file, "" for most."""
    text = ADDED.get(listed["id"], "")
    if "{picture}" not in text:
        return text
    kept = _kept(section.contract_id, by)
    return text.replace("{picture}", _figure(kept.name))


def _figure(name: str) -> str:
    words = dialect.CAPTION_WORDS["en"]
    figure = dialect.written(name, alt=ALT, caption=CAPTION, source=SOURCE, words=words)
    return figure.replace("\n", "{#fig:network}\n", 1)


def _kept(contract_id: int, by: Person) -> Picture:
    made = rewritten(network())
    return pictures.keep(contract_id, made, by=by, alt=ALT, caption=CAPTION, source=SOURCE)


def network() -> bytes:
    """The sketch as a PNG; the same bytes each time."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    pen.line([(0, 430), (280, 380), (560, 430), (860, 360), (1200, 400)], WATER, 46, "curve")
    trunk = [(170, 250), (420, 250), (420, 330), (700, 330), (700, 200), (1010, 200)]
    pen.line(trunk, PIPE, 12, "curve")
    districts = [
        ((420, 250), (420, 120), 46),
        ((560, 330), (560, 520), 60),
        ((700, 330), (800, 510), 40),
        ((700, 200), (700, 90), 38),
        ((860, 200), (860, 290), 30),
        ((1010, 200), (1090, 120), 52),
        ((1010, 200), (1080, 300), 44),
    ]
    for start, end, _size in districts:
        pen.line([start, end], PIPE, 7)
    for _start, (x, y), size in districts:
        pen.ellipse((x - size, y - size, x + size, y + size), HOMES)
    pen.rectangle((110, 190, 230, 310), PLANT)
    pen.rectangle((128, 120, 150, 190), PLANT)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
