"""What the writer of a mail typed: without the letter it answers, and without the signature under it."""

import re

from mailparser_reply import EmailReply, EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES, QUOTED_MATCH_INCLUDE

LONGEST = 60_000
"""Characters that are looked at; what is longer is no reply."""

WIDEST = 300
"""Characters of a line by which it is known whether a quoted letter begins with it."""

MAIL_LANGUAGES.setdefault(
    "sl",
    {
        "wrote_header": rf"^({QUOTED_MATCH_INCLUDE}(?:Dne|V|Dana?)\s(?:.+?\s?.+?)\s?"
        r"(?:je .{0,80}(?:napisala?|napisal\(a\)|pisala?|pisal\(a\))|(?:napisala?|napisal/-a)).{0,80}:)$",
        "from_header": rf"((?:(?:^|\n|\n{QUOTED_MATCH_INCLUDE})[* ]*"
        r"(?:Od|Poslano|Za|Do|Zadeva|Datum|Kp|Cc):[ *]*(?:\s{,2}).*){2,}(?:\n.*){,1})",
        "disclaimers": [],
        "signatures": ["Lep pozdrav", "Lepo pozdravljeni"],
        "sent_from": "Poslano iz",
    },
)
"""The library knows no Slovene."""

SURE = re.compile(r"@|\d[:.]\d\d|\n")
"""An address, a time of day, or several lines: what headers of letters have and sentences rarely do."""

LANGUAGES = ["en", "de", "sl"]

SEPARATOR = re.compile(r"^\s*([_-]{32,}|-{3,} ?\w[\w ]*-{3,})\s*$")
"""A line that mail programs draw above the letter they quote."""

SIGNATURE = re.compile(r"^(-- ?|__)$")
SENT_FROM = re.compile(
    r"^(Sent from my|Get Outlook for|Gesendet von|Poslano iz|Poslano z)\b.*", re.I
)


def typed(text: str) -> str:
    """The words that were typed; empty when there are none."""
    lines = [line.rstrip() for line in text[:LONGEST].strip().split("\n")]
    lines = _before(lines, SEPARATOR)
    lines = _without_letter(lines)
    lines = [line for line in lines if not line.startswith(">")]
    lines = _before(_before(lines, SIGNATURE), SENT_FROM)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _before(lines: list[str], sign: re.Pattern) -> list[str]:
    """The lines above the first one that matches; all, where nothing stands above it."""
    for number, line in enumerate(lines):
        if sign.match(line) and any(above.strip() for above in lines[:number]):
            return lines[:number]
    return lines


def _without_letter(lines: list[str]) -> list[str]:
    """The lines up to the header of the letter that was answered; below it, where the words stand there.

    The parser says where that header is. It is shown only the beginning of each line, which is quick however long.
    """
    lines = _few_empty(lines)
    shown = "\n".join(line.strip()[:WIDEST] for line in lines)
    replies = EmailReplyParser(languages=LANGUAGES).read(shown).replies
    if not replies:
        return lines
    first = replies[0]
    if first.headers:
        return lines[first.headers.count("\n") + 1 :]
    if len(replies) > 1 and not _begins_a_letter(replies[1]):
        return lines
    return lines[: first.content.count("\n") + 1]


def _begins_a_letter(reply: EmailReply) -> bool:
    """Whether it is the header of a letter, and not a sentence such as "On Monday the mayor wrote:"."""
    return bool(SURE.search(reply.headers)) or reply.body.startswith(">")


def _few_empty(lines: list[str]) -> list[str]:
    """The lines without the empty ones at both ends and all but two in a row."""
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n").split("\n")
