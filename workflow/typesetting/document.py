"""The only place that says what a document to be typeset looks like: plain JSON, every word already in its language.

Everything a person typed is text or nodes (`workflow.rules.text.nodes`); nothing in here is ever read as engine code.
`labels` are the fixed words of the template; the English ones stand in for those that are not given.
"""

from typing import NotRequired, TypedDict

Node = dict
Inline = str | dict


class Changed(TypedDict):
    author: str
    at: str  # date and time, ISO 8601, "" where nobody said


class Picture(TypedDict):
    """The file is named by its hash and brought along beside the document."""

    sha256: str
    ending: str  # png or jpg
    width: int  # in dots
    height: int


class Logo(Picture):
    alt: str  # what it shows, in words


class Bar(TypedDict):
    label: str
    shown: str  # the value in words
    more: str
    start: float  # shares of the largest value
    end: float
    colour: str


class Chart(TypedDict):
    """A drawing of bars, what it shows in one sentence, and its numbers."""

    title: str
    unit: str
    alt: str
    bars: list[Bar]
    head: list[str]
    rows: list[list[str]]
    source: str


class Section(TypedDict):
    code: str
    title: str
    state: str  # a Stage, decides the colour of its mark
    state_word: str
    revision: int | None  # None while nothing has been written
    sha256: str  # of the revision, "" while nothing has been written
    nodes: list[Node]
    language: NotRequired[str]  # of its text, when it is not the document's
    tags: NotRequired[list[str]]  # the sectors it belongs to
    changed: NotRequired[Changed]  # who wrote what is marked in its nodes as changed
    pictures: NotRequired[dict[str, Picture]]  # those in its nodes, by name
    before: NotRequired[dict[str, int]]  # how many figures and tables the contract counts before it


class ChangedRow(TypedDict):
    code: str
    title: str
    was: int | None  # the number of the revision before, None where there was none
    now: int | None
    added: int  # words
    removed: int


class Changes(TypedDict):
    """What became of the texts since they were frozen."""

    note: list[str]
    rows: list[ChangedRow]


class Left(TypedDict):
    """An element of the template that does not apply, and why."""

    title: str
    reason: str


class Module(TypedDict):
    code: str
    title: str
    part: NotRequired[str]  # the part of the component that it belongs to
    sections: list[Section]
    not_applicable: NotRequired[list[Left]]


class Component(TypedDict):
    code: str
    title: str
    modules: list[Module]


class Reply(TypedDict):
    at: NotRequired[str]  # date and time, ISO 8601
    author: str
    organisation: str
    date: str
    text: str


class Remark(TypedDict):
    id: NotRequired[str]  # by which the marks `from` and `to` in the text name it
    number: str
    kind: str  # a RemarkKind
    kind_word: str
    author: str
    organisation: str
    date: str
    quote: str  # the words it is about, "" when it is about the whole section
    text: str
    at: NotRequired[str]  # date and time, ISO 8601
    answered_at: NotRequired[str]
    replacement: NotRequired[str | None]  # so the passage should read, while that is open
    language: NotRequired[str]
    replies: NotRequired[list[Reply]]
    disposition: str  # a Disposition, "" while unanswered
    disposition_word: str
    answer: str
    answered_by: NotRequired[str]
    awaited: NotRequired[bool]  # whether an answer is owed at all


class RemarksOnSection(TypedDict):
    code: str
    title: str
    remarks: list[Remark]


class Count(TypedDict):
    word: str
    count: int


class Annex(TypedDict):
    sections: list[RemarksOnSection]
    counts: NotRequired[list[Count]]  # how many remarks per disposition
    note: NotRequired[str]  # whose remarks are printed here


class AppendixPart(TypedDict):
    title: str  # "" where it needs none
    nodes: list[Node]


class Appendix(TypedDict):
    """What follows the texts besides the comments: tables and paragraphs."""

    title: str
    note: list[str]
    parts: list[AppendixPart]


class Abbreviation(TypedDict):
    short: str
    long: str
    language: str


class Document(TypedDict):
    city: str
    title: str
    target_year: int
    iteration: str  # in words: "Second iteration"
    language: str  # two letters
    titles_language: NotRequired[str]  # of the titles, when it is not the document's
    draft: bool
    copy: NotRequired[str]  # what kind of copy it is, in words, "" for the usual one
    lined: NotRequired[bool]  # whether the lines of the texts are numbered
    date: str  # YYYY-MM-DD; the only date in the file, so that the same input gives the same bytes
    date_words: NotRequired[str]
    manifest: str  # SHA-256 of what it was compiled from
    sealed: NotRequired[
        str
    ]  # SHA-256 of the manifest that the contract is frozen under, "" for a draft
    target: NotRequired[str]  # one sentence under the title
    facts: NotRequired[list[tuple[str, str]]]  # label and value, on the title page
    disclaimer: list[str]
    colour: NotRequired[str]  # of titles and marks, #rrggbb, dark enough to be read on white
    logo: NotRequired[Logo]  # of the city, on the title page
    abbreviations: NotRequired[list[Abbreviation]]
    components: list[Component]
    changes: NotRequired[Changes]
    annex: NotRequired[Annex]
    appendices: NotRequired[list[Appendix]]
    charts: NotRequired[dict[str, Chart]]  # by the names that the texts call them by
    references: NotRequired[dict[str, str]]  # the number of what a reference leads to, by label
    labels: NotRequired[dict[str, str]]


LABELS = {
    "kind": "Climate City Contract",
    "draft": "Draft",
    "final": "Final",
    "target_year": "Climate neutral by",
    "disclaimer": "Disclaimer",
    "contents": "Contents",
    "tables": "List of tables",
    "table": "Table",
    "figures": "List of figures",
    "figure": "Figure",
    "source": "Source",
    "abbreviations": "Abbreviations",
    "abbreviation": "Abbreviation",
    "meaning": "Meaning",
    "page_of": "{page} of {pages}",
    "revision": "Revision {number}",
    "no_revision": "No text yet",
    "empty": "This section has not been written yet.",
    "not_applicable": "Not applicable",
    "annex": "Comments and answers",
    "annex_empty": "No comments have been made on these sections.",
    "answer": "Answer of the city",
    "unanswered": "Not yet answered",
    "whole_section": "On the whole section",
    "manifest": "Manifest",
    "sealed": "Frozen under",
    "image": "Image",
    "chart": "Chart",
    "section": "Section",
    "in_section": "section",
    "state": "State",
    "revision_heading": "Revision",
    "text_hash": "Hash of the text",
    "provenance": "About this document",
    "comments": "Comments",
    "suggested": "Suggested text",
    "changes": "What changed",
    "added": "added",
    "removed": "struck out",
    "revision_before": "Revision before",
    "revision_now": "Revision now",
    "words_added": "Words added",
    "words_removed": "Words struck out",
    "notes": "Notes",
    "note": "Note",
    "back": "Back to note",
    "comment": "Comment",
    "to_text": "To the text",
}
