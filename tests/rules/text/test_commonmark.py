"""Our dialect reads CommonMark's examples as CommonMark does, except where docs/dialect.md says."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from tests.rules.text.reading import VOID, corpus
from workflow.rules.text import render

OWN = [
    ("*a* **b** `c`\n", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
    ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ("3. a\n\n   b\n", '<ol start="3">\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ol>\n'),
    ("> # a\n", "<blockquote>\n<h1>a</h1>\n</blockquote>\n"),
    ("```py\na\n```\n", '<pre><code class="language-py">a\n</code></pre>\n'),
    ('[a](/b "c")\n', '<p><a href="/b" title="c">a</a></p>\n'),
    ("![a](/b)\n", '<p><img src="/b" alt="a" /></p>\n'),
    ("a\\\nb\n\n---\n", "<p>a<br />\nb</p>\n<hr />\n"),
]
RAW_HTML, PLAIN = MarkdownIt("commonmark"), MarkdownIt("commonmark", {"html": False})
KEPT = frozenset({"href", "title", "src", "alt", "start", "class"})
LAYOUT = frozenset({"align-left", "align-center", "align-right", "number"})
SCHEME = re.compile(r"(?:href|src)=\"(?!https?:|mailto:)[a-z][a-z0-9+.\-]*:", re.IGNORECASE)


class Outline(HTMLParser):
    """The elements and words of HTML, without what is ours alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.steps: list[tuple] = []
        self.open: list[bool] = []

    def handle_starttag(self, tag, attrs):
        ours = tag == "span"
        if tag not in VOID:
            self.open.append(ours)
        if not ours:
            kept = sorted((name, value) for name, value in attrs if name in KEPT)
            self.steps.append((tag, *kept))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag not in VOID and not self.open.pop():
            self.steps.append((f"/{tag}",))

    def handle_data(self, data):
        if self.steps and self.steps[-1][0] == "text":
            data = self.steps.pop()[1] + data
        self.steps.append(("text", data))


def outline(html):
    reader = Outline()
    reader.feed(html)
    reader.close()
    words = [
        (kind, *(" ".join(t.split()) if kind == "text" else t for t in rest))
        for kind, *rest in reader.steps
    ]
    return [step for step in words if step != ("text", "")]


def differs_on_purpose(source: str, expected: str) -> bool:
    """Raw HTML is text with us, and links lead to the web, a mailbox or this site."""
    raw_html = RAW_HTML.render(source) != PLAIN.render(source)
    return raw_html or SCHEME.search(expected) is not None


def test_what_commonmark_says_is_what_we_show():
    examples = [
        (case["markdown"], case["html"]) for case in corpus("commonmark-0.31.2-spec-tests.json")
    ]
    different = [
        (source, outline(expected), outline(render(source, heading_offset=0, prefix="").html))
        for source, expected in [*OWN, *examples]
        if not differs_on_purpose(source, expected)
        and outline(expected) != outline(render(source, heading_offset=0, prefix="").html)
    ]
    assert different == []
    compared = [source for source, html in examples if not differs_on_purpose(source, html)]
    assert not examples or len(compared) > 540


def test_raw_html_is_shown_as_typed():
    for source in ("<div>\n*a*\n</div>", "a <b>c</b>", "<!-- a -->", "<?php ?>", "<![CDATA[a]]>"):
        shown = render(source).plain
        assert shown.replace("\n", " ") == source.replace("*", "").replace("\n", " ")
