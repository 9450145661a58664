"""HTML letters are valid, need nothing from elsewhere, and are short enough for every mail program."""

from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests import builders
from tests.mail.conftest import LETTERS, MONDAY
from workflow.db import transaction
from workflow.rules.vocabulary import RemarkKind, Rhythm, Role, Stage
from workflow.services import letters, threads

CLIPPED = 102_000
"""Bytes from which on Gmail hides the rest of a letter, and with it the way out."""


HEAD = '<!doctype html><html lang="en"><head><title>x</title></head><body>'


def parsed(html: str) -> tuple[Element, list[str]]:
    """The page, and what the standard's parser complains of."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    return page, [f"line {line}: {fault} {what}" for (line, _), fault, what in parser.errors]


@pytest.mark.parametrize("file", sorted(LETTERS.glob("*.html")), ids=lambda file: file.stem)
def test_every_kept_letter_is_valid(file):
    page, faults = parsed(file.read_text(encoding="utf-8"))
    assert faults == []
    assert page.get("lang") in ("en", "sl")
    assert page.findtext("head/title")
    assert {"img", "script", "link", "iframe", "form"}.isdisjoint(one.tag for one in page.iter())
    links = [urlsplit(link.get("href")) for link in page.iter("a")]
    assert links
    assert all(link.scheme in ("http", "https") and link.netloc for link in links)


@pytest.mark.parametrize(
    "broken",
    [
        "<p>a</div>",
        "<p>a<b>b</p>",
        '<p id="a" id="b">a</p>',
        "<table><p>a</p></table>",
        "<p>&nosuch;</p>",
    ],
)
def test_the_checker_sees_faults(broken):
    assert parsed(f"{HEAD}{broken}</body></html>")[1]
    assert not parsed(f"{HEAD}<p>a</p></body></html>")[1]


def test_the_longest_letter_is_not_clipped(travel, post, smtp_sink):
    builders.contract("ljubljana")
    reader = builders.person(Role.COORDINATOR, email="maja@example.org", rhythm=Rhythm.DAILY)
    voice = builders.person(Role.STAKEHOLDER, name="Peter Zajc")
    author = builders.person(None)
    for number in range(letters.MOST // 5):
        section = builders.section(f"A-{number}", stage=Stage.CONSULTATION, author=author)
        quote = section.current.plain[:300]
        for _ in range(5):
            with transaction():
                threads.open_thread(
                    section,
                    by=voice,
                    revision=section.current,
                    kind=RemarkKind.CONCERN,
                    text="Kdo plača zamenjavo kotlov? " * 90,
                    start=0,
                    end=len(quote),
                )
    travel(MONDAY + timedelta(days=1))
    post(MONDAY + timedelta(days=1))
    [letter] = smtp_sink.to(reader.email)
    html = letter.get_body(("html",)).get_content()
    told = html.count('class="topic"')
    assert 20 < told < letters.MOST
    assert len(html.encode()) < CLIPPED
    text = letter.get_body(("plain",)).get_content()
    assert text.count("Peter Zajc commented") == told
    assert f"{letters.MOST - told} older updates wait in your inbox" in text
    assert f"{letters.MOST} updates in" in letter["Subject"]
