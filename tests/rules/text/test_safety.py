"""Nothing that a person types can act in the browser of another."""

from hypothesis import given, settings

from tests.rules.text.reading import corpus, markdown, read
from tests.support.complete import many
from workflow.rules.text import compare, remark_html, render

PAYLOADS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&colon;alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](java\nscript:alert(1))",
    "![a](data:text/html,<script>alert(1)</script>)",
    "<javascript:alert(1)>",
    '[a](/b "onclick=\\"alert(1)")',
    '![" onerror="alert(1)](/x)',
    "```<script>\nalert(1)\n```",
    '```" onload="alert(1)\nx\n```',
    '[^"><script>alert(1)</script>]\n\n[^"><script>alert(1)</script>]: x',
    '# "><script>alert(1)</script>',
    "| <img onerror=alert(1)> |\n|---|\n| `</td><script>` |",
    "Table: <script>\n\n| a |\n|---|\n| b |",
    'http://a.b/"onmouseover="alert(1)',
    "https://a.b/<script>",
    "https://a.b/'onclick='x",
    "\u202ehttps://a.b",
    "//evil.example/x",
    "[a](//evil.example)",
    "[a](\\\\evil.example)",
    "<style>*{display:none}</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]


def everything() -> list[str]:
    return [
        *PAYLOADS,
        *corpus("owasp_xss_filter_evasion.json"),
        *corpus("naughty-strings.json"),
    ]


def in_places(payload: str) -> list[str]:
    """A payload as text, link, picture, title, code, cell, caption, note and heading."""
    return [
        payload,
        f"[{payload}]({payload})",
        f"![{payload}]({payload})",
        f'[a](/b "{payload}")',
        f"<{payload}>",
        f"```{payload}\n{payload}\n```",
        f"| {payload} |\n|---|\n| {payload} |\n\nTable: {payload}",
        f"a[^1]\n\n[^1]: {payload}",
        f"# {payload}",
        f"[a]\n\n[a]: {payload} '{payload}'",
    ]


def test_no_payload_becomes_active_anywhere_in_a_text():
    for payload in everything():
        source = "\n\n".join(in_places(payload))
        assert read(render(source).html).dangers == [], payload


def test_no_payload_becomes_active_in_a_remark():
    for payload in everything():
        assert read(remark_html(payload)).dangers == [], payload


def test_no_payload_becomes_active_in_a_comparison():
    for payload in PAYLOADS:
        for source in in_places(payload):
            old, new = render(f"{source}\n\nsame"), render(f"x {source}\n\nsame")
            assert read(compare.html(old, new)).dangers == []
            assert read(compare.html(new, render(""))).dangers == []


@settings(max_examples=many(150))
@given(markdown)
def test_no_text_becomes_active(source):
    assert read(render(source).html).dangers == []


def test_what_is_typed_is_shown():
    for payload in everything():
        words = " ".join(payload.replace("\\", "").split())
        if words and words.isalnum():
            assert render(payload).plain == words
