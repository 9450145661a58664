"""Made-up prose of any length and edits of it, the same on every machine."""

from __future__ import annotations

import random

RARITY = 3


def section(words: int, *, seed: int = 1) -> str:
    """Paragraphs in which common words are common and rare words rare."""
    draw = random.Random(seed)
    letters = "aeioubcdfglmnprstv"
    vocabulary = ["".join(draw.choices(letters, k=draw.randint(2, 11))) for _ in range(4000)]
    weights = [1 / (rank + RARITY) for rank in range(len(vocabulary))]
    paragraphs = []
    while words > 0:
        length = min(draw.randint(20, 140), words)
        paragraphs.append(" ".join(draw.choices(vocabulary, weights, k=length)) + ".")
        words -= length
    return "\n\n".join(paragraphs)


def edited(text: str, share: float, *, seed: int = 2, moves: int = 5) -> str:
    """The text with a share of its words replaced, dropped or added, and some paragraphs moved."""
    draw = random.Random(seed)
    paragraphs = []
    for paragraph in text.split("\n\n"):
        words = []
        for word in paragraph.split(" "):
            lot = draw.random()
            if lot > share / 3:
                words.append(word if lot > share * 2 / 3 else "changed")
            if lot > 1 - share / 3:
                words.append("added")
        paragraphs.append(" ".join(words))
    for _ in range(moves):
        moved = paragraphs.pop(draw.randrange(len(paragraphs)))
        paragraphs.insert(draw.randrange(len(paragraphs)), moved)
    return "\n\n".join(paragraphs)
