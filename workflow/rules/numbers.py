"""How a number that somebody typed is read: by the signs of the reader's language, and never by a guess.

Separators that can only be meant in one way are taken as they are meant, whatever the language. What could be a
thousand times more is refused with both readings: contracts in force say "143,447 million" where 143.447 was meant.
"""

import re

UNITS = re.compile(r"\s*(€|eur|t|t\s*co2e?|t\s*co₂e?)\s*$", re.IGNORECASE)
BLANKS = re.compile(r"[\s\u00a0\u202f'’]")
OTHER = {".": ",", ",": "."}
LARGEST = 1e12
"""More than this is promised by nobody, in tonnes or in euros."""


class Unreadable(ValueError):
    """Not a number."""


class Ambiguous(ValueError):
    """A number that can be read in two ways: `readings` are the smaller and the larger one."""

    def __init__(self, smaller: float, larger: float):
        super().__init__(f"{smaller} or {larger}")
        self.readings = (smaller, larger)


def read(text: str, *, decimal: str) -> float:
    """The number; `decimal` is the sign that the reader's language puts before decimals, a point or a comma.

    Raises `Unreadable` or `Ambiguous`.
    """
    signs = BLANKS.sub("", UNITS.sub("", text.strip()))
    group = OTHER[decimal]
    if re.fullmatch(r"\d{1,15}", signs):
        return float(signs)
    if _grouped(signs, group, decimal):
        return _value(signs, group, decimal)
    if re.fullmatch(rf"[1-9]\d{{0,2}}{re.escape(decimal)}\d{{3}}", signs):
        whole = _value(signs, group, decimal)
        raise Ambiguous(whole, whole * 1000)
    if re.fullmatch(rf"\d{{1,15}}{re.escape(decimal)}\d{{1,9}}", signs):
        return _value(signs, group, decimal)
    if _grouped(signs, decimal, group) or re.fullmatch(
        rf"\d{{1,15}}{re.escape(group)}\d{{1,9}}", signs
    ):
        return _value(signs, decimal, group)
    raise Unreadable(text)


def _grouped(signs: str, group: str, decimal: str) -> bool:
    """Whether the digits stand in threes, perhaps with decimals."""
    group, decimal = re.escape(group), re.escape(decimal)
    return bool(re.fullmatch(rf"[1-9]\d{{0,2}}({group}\d{{3}}){{1,4}}({decimal}\d{{1,9}})?", signs))


def _value(signs: str, group: str, decimal: str) -> float:
    return float(signs.replace(group, "").replace(decimal, "."))
