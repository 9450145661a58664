"""The only place for the quotation marks and apostrophes of a language."""

import re

QUOTES = {
    "en": "“”‘’",
    "sl": "„“‚‘",
    "de": "„“‚‘",
    "hr": "„”‚’",
    "it": "«»“”",
    "fr": "«»“”",
}

DOUBLE = re.compile(r"""(?<![^\s(\[–—])"(?=\w)([^"\n]*?[\w.,;:!?…%)])"(?![\w"])""")
SINGLE = re.compile(r"(?<![^\s(\[–—“„«])'(?=\w)([^'\n]*?[\w.,;:!?…%)])'(?![\w'])")
APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")


def quoted(text: str, language: str) -> str:
    """Straight quotes that clearly enclose words become the language's own; any other stays as it was typed."""
    if '"' not in text and "'" not in text:
        return text
    opening, closing, inner_opening, inner_closing = QUOTES.get(language, QUOTES["en"])
    text = DOUBLE.sub(rf"{opening}\1{closing}", text)
    text = APOSTROPHE.sub("’", text)
    return SINGLE.sub(rf"{inner_opening}\1{inner_closing}", text)
