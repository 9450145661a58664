"""Made-up pictures as contracts hold them: photographs and charts, each another file, the same on every machine."""

from __future__ import annotations

import atexit
import hashlib
import io
import random
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

from workflow.rules.picture_files import rewritten

PHOTOGRAPH = (1_600, 1_067)
CHART = (1_400, 900)
SCENES = 6


@dataclass(frozen=True, slots=True)
class Drawing:
    number: int
    name: str
    sha256: str
    ending: str
    width: int
    height: int
    path: Path

    @property
    def markdown(self) -> str:
        return (
            f"![What number {self.number} shows](picture:{self.name})\n\n"
            f"Figure: Picture {self.number} of the plan"
        )

    @property
    def listed(self) -> dict:
        """As a section lists it for the typesetter."""
        return {
            "sha256": self.sha256,
            "ending": self.ending,
            "width": self.width,
            "height": self.height,
        }


@cache
def drawing(number: int) -> Drawing:
    """Two of three are photographs."""
    kept = rewritten(_chart(number) if number % 3 == 0 else _photograph(number))
    sha256 = hashlib.sha256(kept.content).hexdigest()
    path = _folder() / f"{sha256}.{kept.ending}"
    path.write_bytes(kept.content)
    return Drawing(number, sha256[:32], sha256, kept.ending, kept.width, kept.height, path)


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="concord-drawings-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def _scene(number: int) -> Image.Image:
    """Soft shapes with the grain of a camera."""
    draw = random.Random(number)
    soft = Image.frombytes("RGB", (16, 11), draw.randbytes(16 * 11 * 3))
    scene = soft.resize(PHOTOGRAPH, Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (800, 534), draw.randbytes(800 * 534)).resize(PHOTOGRAPH)
    return Image.blend(scene, grain.convert("RGB"), 0.12)


def _photograph(number: int) -> bytes:
    picture = _scene(number % SCENES).copy()
    ImageDraw.Draw(picture).rectangle((number, number, number + 400, number + 300), "#0b5d5b")
    return _file(picture, "JPEG", quality=88)


def _chart(number: int) -> bytes:
    picture = Image.new("RGB", CHART, "white")
    pen, draw = ImageDraw.Draw(picture), random.Random(number)
    for column in range(20):
        left = 60 + column * 64
        pen.rectangle((left, draw.randint(80, 800), left + 40, 840), "#0b5d5b")
        pen.text((left, 850), f"{number} {2020 + column}", "black")
    return _file(picture, "PNG")


def _file(picture: Image.Image, kind: str, **how) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()
