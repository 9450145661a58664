"""The only place that says what an answer letter to be typeset looks like: plain JSON, every word in its language.

As in `document.py`, what a person typed is text; `labels` are the fixed words of the template.
"""

from typing import NotRequired, TypedDict


class Piece(TypedDict):
    """Words of a changed passage; `kind` is same, removed or added."""

    kind: str
    s: str


class Answered(TypedDict):
    number: str
    asked: str  # who asks, under which reference, on which day
    about: str  # the section, "" for the contract as a whole
    language: str  # of the text that it is about
    quote: str  # the words it is about, "" for none
    question: str
    answer: str
    changed: str  # from which revision to which, "" where the text stays
    changes: list[list[Piece]]
    more: str  # how many changes are not printed, "" for none


class Letter(TypedDict):
    city: str
    title: str
    kind: str  # "Answers to questions of the reviewers"
    language: str  # two letters
    date: str  # YYYY-MM-DD; the only date in the file, so that the same input gives the same bytes
    date_words: str
    addressed: list[str]  # to whom
    addendum: str  # "Addendum 2"
    manifest: str  # SHA-256 of the addendum
    opening: str
    disclaimer: str  # "" unless it is a demo
    entries: list[Answered]
    labels: NotRequired[dict[str, str]]


LABELS = {
    "question": "Question",
    "answer": "Answer",
    "changed": "What changed in the text",
    "added": "added",
    "removed": "removed",
    "page_of": "{page} of {pages}",
    "manifest": "Manifest",
}
