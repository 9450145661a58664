"""The only place that remembers how the texts of sections were made printable, for the next document that holds them.

A change of one section leaves the others as they are, and to prepare them all takes longer than to print the one. So
each text is worked out in two steps, `prepared` by itself and `joined` to the others, and each step is a function of
the JSON that it is given and of nothing else: what is remembered cannot be out of date. It is kept in memory only, for
some hundreds of texts, and holds no more than what the worker has just printed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..rules.versions import sections_of
from . import crossing
from .preflight import Preflight, read, surroundings

MOST = 512
"""Texts that are remembered in each of the two steps; the longest known contract has fewer than 200."""

LATIN = frozenset(map(chr, [10, *range(32, 127)]))
"""What every font can show."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text as far as it depends on nothing but itself: its nodes as JSON, what ties it to others, and what was
    printed otherwise than typed (kind and detail)."""

    nodes: str
    ties: crossing.Ties
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The nodes as JSON, and the characters in them that a font may lack."""

    nodes: str
    glyphs: frozenset[str]


def ready(preflight: Preflight, given: dict) -> tuple[dict, frozenset[str]]:
    """The document as the template of the contract reads it, and the characters that a font may lack. Each section has
    its nodes as a `text` of their own, so that the engine as well looks only at those that it does not know."""
    document = preflight.frame(given)
    around = _json(surroundings(document))
    texts = [prepared(_json(read(typed)), around) for typed in sections_of(given)]
    for text in texts:
        preflight.note(text.notes)
    joints = preflight.joined(document, [text.ties for text in texts])
    found = glyphs(_json(document))
    for section, text, joint in zip(sections_of(document), texts, joints, strict=True):
        made = joined(text.nodes, _json(joint.told()))
        del section["nodes"]
        section |= {"text": made.nodes, "noted": text.ties.noted}
        found |= made.glyphs
    return document, found


@lru_cache(MOST)
def prepared(typed: str, around: str) -> Prepared:
    """What was typed in a section, made printable among these surroundings."""
    preflight = Preflight()
    nodes = preflight.text(json.loads(typed), json.loads(around))
    return Prepared(_json(nodes), crossing.ties(nodes), tuple(_pairs(preflight)))


@lru_cache(MOST)
def joined(prepared: str, joint: str) -> Joined:
    """The prepared nodes with their numbers, references and marks."""
    nodes = json.loads(prepared)
    crossing.join(nodes, crossing.Joint(**json.loads(joint)))
    made = _json(nodes)
    return Joined(made, glyphs(made))


def glyphs(text: str) -> frozenset[str]:
    """The characters in it that a font may lack."""
    return frozenset(text) - LATIN


def _pairs(preflight: Preflight) -> Iterator[tuple[str, str]]:
    for kind, details in preflight.notes.items():
        for detail in sorted(details):
            yield kind, detail


def _json(value: dict | list) -> str:
    return json.dumps(value, ensure_ascii=False)
