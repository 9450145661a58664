"""Where words that somebody wrote down stand in a text: exactly there, or nowhere."""

import re

MARKS = "\"'“”„‟‘’‚«»‹›…"


def places(quote: str, plain: str) -> list[tuple[int, int]]:
    """Start and end of every place of the words, whole ones; blanks between them and marks around do not count."""
    words = quote.strip().strip(MARKS).split()
    if not words:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words) + r"(?!\w)")
    return [match.span() for match in pattern.finditer(plain)]
