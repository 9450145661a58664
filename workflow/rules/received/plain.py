"""HTML of a mail program as plain text: paragraphs and line breaks, without styles, scripts and what it quotes."""

import re
from html.parser import HTMLParser

import nh3

BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
QUOTES = frozenset(
    {"gmail_quote", "gmail_signature", "moz-cite-prefix", "moz-signature", "yahoo_quoted"}
)
"""Classes by which mail programs mark what their writer did not type. Outlook names its own by an id."""
OUTLOOK = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container"})


def plain(html: str) -> str:
    """The text of the HTML."""
    safe = nh3.clean(
        html,
        tags=BREAKS | {"blockquote"},
        attributes={name: {"class", "id"} for name in BREAKS},
        clean_content_tags={"script", "style", "head", "title"},
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.said).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects what was said; `_skipped` counts open elements inside something quoted."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._skipped = 0
        self._ended = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").lower() for name, value in attributes}
        self._ended |= given.get("id") in OUTLOOK  # what follows is the letter that was replied to
        quoted = tag == "blockquote" or not QUOTES.isdisjoint(given.get("class", "").split())
        if tag not in ("br", "hr") and (self._skipped or quoted):
            self._skipped += 1
        if tag in BREAKS and not self._skipped:
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= tag not in ("br", "hr")
        elif tag in PARAGRAPHS:
            self._say("\n")

    def handle_data(self, text: str) -> None:
        if not self._skipped:
            self._say(re.sub(r"\s+", " ", text))

    def _say(self, text: str) -> None:
        if not self._ended:
            self.said.append(text)
