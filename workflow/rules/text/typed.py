"""Words as they were typed elsewhere, written so that our dialect shows exactly these words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflow.rules.text.dialect import allows_link
from workflow.rules.text.render import render

ACTS = re.compile(
    r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|\[(?=\^)|\](?=[(\[:])|!(?=\[)"
    r"|\[(?=-?@(?:fig|tbl|sec):)|\{(?=#(?:fig|tbl):)"
)
OPENS = re.compile(r"<(?=[A-Za-z][\w.+@-]*[:@])|&(?=#?\w+;)")
LINE_STARTS = re.compile(r"(#{1,6}(?=\s|$)|[-+>](?=\s|$)|>|-{2,}$|={1,}$|:{3,}|\|)")
NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
BLANKS = re.compile(r"[ \t\r\n\f\v\u2028\u2029\x85]+")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look alike; `href` is where they lead, `note` the label of a footnote that stands there instead of
    words, `breaks` a line end that was meant."""

    text: str = ""
    strong: bool = False
    emphasis: bool = False
    struck: bool = False
    href: str = ""
    note: str = ""
    breaks: bool = False

    @property
    def look(self) -> tuple:
        return self.strong, self.emphasis, self.struck, self.href, self.note, self.breaks


def escaped(text: str) -> str:
    """One line of Markdown whose plain text is the text, with single spaces between its words."""
    return _start(_inside(_one_line(text)))


def line(runs: Sequence[Run]) -> str:
    """The runs as one paragraph. Where marks would not be read as they are meant, the words stay and the marks go."""
    joined = _joined(runs)
    bare = [replace(run, strong=False, emphasis=False, struck=False) for run in joined]
    if joined == bare:
        return _start(_written(bare))
    marked = _start(_written(joined))
    return marked if _plain(marked) == _plain(_start(_written(bare))) else _start(_written(bare))


def _plain(markdown: str) -> str:
    return render(markdown).plain


def _one_line(text: str) -> str:
    return BLANKS.sub(" ", FORBIDDEN.sub("", text)).strip()


def _inside(text: str) -> str:
    return OPENS.sub(lambda sign: f"\\{sign[0]}", ACTS.sub(lambda sign: f"\\{sign[0]}", text))


def _start(text: str) -> str:
    """What would begin a heading, a list or a quotation at the start of a line is made a word of it."""
    text = LINE_STARTS.sub(r"\\\1", text, count=1) if LINE_STARTS.match(text) else text
    return NUMBERED.sub(r"\1\\\2", text, count=1) if NUMBERED.match(text) else text


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours that look alike as one, spaces at the edges of marked words outside of them."""
    found: list[Run] = []
    for run in runs:
        text = BLANKS.sub(" ", FORBIDDEN.sub("", run.text))
        if not text and not run.note and not run.breaks:
            continue
        core = text.strip()
        if run.strong or run.emphasis or run.struck or run.href:
            before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            parts = [Run(before), replace(run, text=core), Run(after)] if core else [Run(text)]
        else:
            parts = [replace(run, text=text)]
        for part in parts:
            if not part.text and not part.note and not part.breaks:
                continue
            alike = found and found[-1].look == part.look and not (part.note or part.breaks)
            if alike:
                found[-1] = replace(part, text=found[-1].text + part.text)
            else:
                found.append(part)
    return _trimmed(found)


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without breaks and spaces at either end, or twice in a row."""
    kept: list[Run] = []
    for run in runs:
        after = kept[-1] if kept else None
        text = run.text
        if after is None or after.breaks or after.text.endswith(" "):
            text = text.lstrip(" ")
        run = replace(run, text=text)
        if run.breaks and after and after.text:
            kept[-1] = replace(after, text=after.text.rstrip(" "))
        if (run.breaks and kept) or run.note or text:
            kept.append(run)
    while kept and (kept[-1].breaks or not (kept[-1].text.strip() or kept[-1].note)):
        kept.pop()
    if kept and kept[-1].text:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
    return kept


def _written(runs: Sequence[Run]) -> str:
    said = []
    for run in runs:
        if run.breaks:
            said.append("\\\n")
        elif run.note:
            said.append(f"[^{run.note}]")
        else:
            text = _inside(run.text)
            if said and said[-1] == "\\\n":
                text = _start(text)
            said.append(_marked(text, run))
    return "".join(said)


def _marked(text: str, run: Run) -> str:
    if run.struck:
        text = f"~~{text}~~"
    if run.emphasis:
        text = f"*{text}*"
    if run.strong:
        text = f"**{text}**"
    if run.href and leads(run.href):
        text = f"[{text}]({run.href})"
    return text


def leads(href: str) -> bool:
    """Whether a link may be written as it is: it goes where our links may go and has no sign that ends it."""
    return allows_link(href) and not re.search(r"[\s<>()\\]", href)
