"""The only place that knows what our dialect says of pictures: their address, and that with a caption they are figures.

`![what it shows](picture:NAME)` alone in its paragraph is a figure; a paragraph `Figure: …` directly after or before it
is its caption. NAME is the beginning of the hash of the picture's bytes, so that the hash of a text vouches for its
pictures as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from workflow.rules.text import captions, labels

SCHEME = "picture:"
NAME_LENGTH = 32
NAME = re.compile(rf"[0-9a-f]{{{NAME_LENGTH}}}")
ADDRESS = re.compile(rf"{SCHEME}({NAME.pattern})")
PATH = "/pictures/"
"""Below which the pictures are served; a text is the same wherever it is read."""

CAPTION = re.compile(
    r"(?:figure|fig\.|abbildung|abb\.|figura|slika|kuva|kép|paveikslas|attēls|joonis|obrázek|obrázok|rysunek"
    r"|figuur|εικόνα|фигура|picture|bild):\s+",
    re.IGNORECASE,
)


CAPTION_WORDS = {
    "de": ("Abbildung", "Quelle"),
    "en": ("Figure", "Source"),
    "sl": ("Slika", "Vir"),
}
"""With which words a caption and a source begin, by the language of the text."""


def name_of(url: str) -> str | None:
    """The name in a picture's address, None for any other address."""
    found = ADDRESS.fullmatch(url.strip())
    return found[1] if found else None


def served(url: str) -> str:
    """The address for browsers."""
    name = name_of(url)
    return PATH + name if name else url


def written(
    name: str, *, alt: str, caption: str = "", source: str = "", words: tuple[str, str]
) -> str:
    """The Markdown of a figure; `words` announce its caption and its source."""
    pieces = [f"![{_escaped(alt)}]({SCHEME}{name})"]
    pieces += [f"{words[0]}: {_escaped(caption)}"] if caption.strip() else []
    pieces += [f"{words[1]}: {_escaped(source)}"] if source.strip() else []
    return "\n\n".join(pieces)


def placed(markdown: str, figure: str, *, line: int | None = None) -> str:
    """The text with the figure after the block that holds the line (counted from 1), else at its end."""
    lines = markdown.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    at = len(lines) if line is None else min(max(line, 1), len(lines))
    while at < len(lines) and lines[at - 1].strip() and lines[at].strip():
        at += 1
    before, after = "\n".join(lines[:at]).rstrip("\n"), "\n".join(lines[at:]).strip("\n")
    return "\n\n".join(part for part in (before, figure, after) if part.strip()) + "\n"


def names(tokens: Iterable[Token]) -> dict[str, list[str]]:
    """The pictures of a parsed text in their order, each with what it is said to show."""
    found: dict[str, list[str]] = {}
    for token in tokens:
        for child in token.children or ():
            if child.type == "image" and (name := name_of(str(child.attrs["src"]))):
                found.setdefault(name, []).append(child.content.strip())
            for inner, alts in names([child]).items():
                found.setdefault(inner, []).extend(alts)
    return found


def finish(state: StateCore) -> None:
    """Core rule: a picture that stands alone becomes a figure, and takes its caption with it."""
    tokens, result = state.tokens, []
    position = 0
    while position < len(tokens):
        before = captions.announces(CAPTION, tokens, position) and _alone(tokens, position + 3)
        after = _alone(tokens, position)
        if not before and not after:
            result.append(tokens[position])
            position += 1
            continue
        at = position + 3 if before else position
        after = not before and captions.announces(CAPTION, tokens, at + 3)
        caption = tokens[position + 1] if before else tokens[at + 4] if after else None
        level = tokens[at].level
        picture = tokens[at : at + 3]
        label = labels.taken(picture[1], labels.FIGURE)
        result.append(
            Token("figure_open", "figure", 1, level=level, block=True, map=tokens[at].map)
        )
        result += picture
        result += _caption(caption, label, picture[1])
        result.append(Token("figure_close", "figure", -1, level=level, block=True))
        position = at + 3 + 3 * after
    state.tokens = result


def _alone(tokens: list[Token], position: int) -> bool:
    """Whether a paragraph begins here that holds a picture of ours and nothing else."""
    if position >= len(tokens) or tokens[position].type != "paragraph_open":
        return False
    children = tokens[position + 1].children or []
    labelled = len(children) == 2 and labels.labels(children[1], labels.FIGURE)
    return (
        not tokens[position].hidden
        and (len(children) == 1 or labelled)
        and children[0].type == "image"
        and name_of(str(children[0].attrs["src"])) is not None
    )


def _caption(inline: Token | None, label: str | None, picture: Token) -> list[Token]:
    """The caption of a figure; what has a label is counted, so it has a caption even if that says nothing."""
    if inline is None and label is None:
        return []
    if inline is None:
        nothing = Token("inline", "", 0, level=picture.level, map=picture.map, children=[])
        return captions.opened(nothing, "figcaption", label)
    found = captions.of(inline, CAPTION, tag="figcaption")
    found[0].meta["label"] = label or found[0].meta["label"]
    return found


def _escaped(words: str) -> str:
    """Words as one line that means itself in Markdown."""
    return re.sub(r"([\\`*_\[\]<>~|])", r"\\\1", " ".join(words.split()))
