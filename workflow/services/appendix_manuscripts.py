"""What follows the texts of a document, in print: tables and paragraphs with every word in its language."""

import re
from dataclasses import asdict

from flask_babel import format_decimal
from flask_babel import gettext as _

from .. import dates
from ..labels import label
from ..queries.appendices import Appendices, Asked, Signing
from ..queries.responses import Line
from ..rules.canonical import digest
from ..rules.text.nodes import Node
from ..rules.vocabulary import AnnexKind, QuestionState, ReviewBody
from ..typesetting.document import Appendix

PARAGRAPH = re.compile(r"\n\s*\n")


def listed(given: Appendices) -> dict:
    """What a manifest says of them: how much each holds, and its hash."""
    held = {
        AnnexKind.MATRIX: given.matrix,
        AnnexKind.SIGNATORIES: given.signatories,
        AnnexKind.QUESTIONS: given.questions,
    }
    return {
        kind.value: {"count": len(rows), "sha256": digest([asdict(row) for row in rows])}
        for kind, rows in held.items()
        if rows is not None
    }


def write(given: Appendices, language: str) -> list[Appendix]:
    """The appendices that were asked for; the language is in force already."""
    made = []
    if given.matrix is not None:
        made.append(_matrix(given.matrix))
    if given.signatories is not None:
        made.append(_signatories(given.signatories, language))
    if given.questions is not None:
        made.append(_questions(given.questions, language))
    return made


def _matrix(lines: tuple[Line, ...]) -> Appendix:
    note = _("What was said in all rounds, what the city answered, and which text carries it out.")
    head = [
        _("Number"),
        _("Who"),
        _("Comment"),
        _("Position of the city"),
        _("Carried out in revision"),
    ]
    rows = [
        [
            [line.number],
            _lines(
                line.organisation, line.author or ("" if line.organisation else _("A participant"))
            ),
            [
                {"t": "strong", "c": [label(line.kind)]},
                {"t": "br"},
                *_lines(*line.text.split("\n")),
            ],
            [
                {"t": "strong", "c": [label(line.disposition) or _("Not yet answered")]},
                *([{"t": "br"}, *_lines(*_reason(line).split("\n"))] if _reason(line) else []),
            ],
            [str(line.carried_out_by or "–")],
        ]
        for line in lines
    ]
    empty = _("No comments have been made on these sections.")
    return _appendix(_("Response matrix"), note, [("", _table(head, rows, right=1))], rows, empty)


def _reason(line: Line) -> str:
    if line.repeats is None:
        return line.reason
    return f"{_('Repeats comment %(number)s.', number=line.repeats)} {line.reason}".strip()


def _signatories(rows: tuple[Signing, ...], language: str) -> Appendix:
    note = _(
        "Who signs the contract, and what each commits to by itself. Names and commitments stand here as far as those "
        "who gave them agreed to it."
    )
    head = [
        _("Organisation"),
        _("Signed by"),
        _("Signature"),
        _("Tonnes of CO2e a year"),
        _("Euros"),
    ]
    cells = [
        [
            _lines(row.name, label(row.kind)),
            _lines(row.representative, row.office) or ["–"],
            [_signed(row, language)],
            [_sum(one.tonnes for one in row.promises)],
            [_sum(one.euros for one in row.promises)],
        ]
        for row in rows
    ]
    promises = [
        [
            [row.name],
            [*_lines(*one.text.split("\n")), *([{"t": "br"}, one.sector] if one.sector else [])],
            [str(one.by_year or "–")],
            [_number(one.tonnes)],
            [_number(one.euros)],
        ]
        for row in rows
        for one in row.promises
    ]
    parts = [("", _table(head, cells, right=2))]
    if promises:
        head = [head[0], _("Commitment"), _("By year"), *head[3:]]
        parts.append((_("Individual commitments"), _table(head, promises, right=3)))
    return _appendix(_("Signatories"), note, parts, cells, _("Nobody has signed yet."))


def _signed(row: Signing, language: str) -> str:
    if row.signed_on is None:
        return label(row.status)
    day = dates.day(row.signed_on, language)
    return f"{day}, " + _("manifest %(number)s", number=row.manifest) if row.manifest else day


def _questions(rows: tuple[Asked, ...], language: str) -> Appendix:
    note = _("What reviewers asked about the contract, and the answers of the city.")
    parts = [
        (
            label(body),
            [node for row in rows if row.body is body for node in _asked(row, language)][:-1],
        )
        for body in ReviewBody
        if any(row.body is body for row in rows)
    ]
    title = _("Questions of the reviewers")
    return _appendix(title, note, parts, rows, _("No question has been answered yet."))


def _asked(row: Asked, language: str) -> list[Node]:
    """A question with its answer, and the line that ends it."""
    about = f"{row.code} {row.title}" if row.code else _("The contract as a whole")
    item = _("checklist item %(number)s", number=row.checklist) if row.checklist else ""
    day = dates.day(row.asked_on, language)
    head = " · ".join(filter(None, (row.reference, about, item, day)))
    made = [
        {
            "t": "p",
            "c": [{"t": "strong", "c": [_("Question %(number)s", number=row.number)]}, f"  {head}"],
        }
    ]
    if row.quote:
        made.append({"t": "quote", "blocks": _paragraphs(row.quote)})
    made += _paragraphs(row.text)
    state = label(row.state)
    if row.state is QuestionState.SENT:
        state = _("Sent with addendum %(number)s", number=row.letter)
    carried = (
        _("carried out in revision %(number)s", number=row.carried_out_by)
        if row.carried_out_by
        else ""
    )
    said = " · ".join(filter(None, (state, carried)))
    made.append({"t": "p", "c": [{"t": "strong", "c": [_("Answer of the city")]}, f"  {said}"]})
    made += _paragraphs(row.answer)
    return [*made, {"t": "rule"}]


def _appendix(title: str, note: str, parts: list, rows, empty: str) -> Appendix:
    held = [{"title": name, "nodes": nodes} for name, nodes in parts]
    if not rows:
        held = [{"title": "", "nodes": [{"t": "p", "c": [{"t": "em", "c": [empty]}]}]}]
    return {"title": title, "note": [note], "parts": held}


def _table(head: list[str], rows: list[list], *, right: int) -> list[Node]:
    """A table; its last columns, so many, are numbers."""
    return [
        {
            "t": "table",
            "caption": None,
            "source": None,
            "align": ["left"] * (len(head) - right) + ["right"] * right,
            "head": [[word] for word in head],
            "rows": rows,
        }
    ]


def _paragraphs(text: str) -> list[Node]:
    """What somebody typed, as it was typed."""
    return [
        {"t": "p", "c": _lines(*piece.split("\n"))}
        for piece in PARAGRAPH.split(text)
        if piece.strip()
    ]


def _lines(*several: str | None) -> list:
    """Lines under each other; empty ones are passed over."""
    made: list = []
    for words in filter(None, several):
        made += [{"t": "br"}, words] if made else [words]
    return made


def _sum(numbers) -> str:
    known = [number for number in numbers if number is not None]
    return _number(sum(known)) if known else "–"


def _number(number: float | None) -> str:
    return "–" if number is None else format_decimal(number)
