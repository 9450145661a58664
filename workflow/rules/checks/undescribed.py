"""The only place that finds pictures of which nobody says in words what they show."""

from ..text import dialect, pictures


def count(markdown: str) -> int:
    """How many pictures of the text are without such words."""
    if pictures.SCHEME not in markdown:
        return 0
    found = pictures.names(dialect.parser().parse(dialect.canonical(markdown), {}))
    return sum(not alt for alts in found.values() for alt in alts)
