"""The HTML, the plain text and the offsets are one text in three forms."""

from hypothesis import example, given, settings

from tests.rules.text.reading import corpus, markdown, read
from tests.support.complete import many
from workflow.rules.text import Kind, render

TABLE = "| What | 2030 |\n|---|---|\n| Trams | 12 % |\n| Buses | – |\n"
OWN_EXAMPLES = [
    "# A *b* `c`\n\nd\ne\\\nf\n\n- g\n- h\n\n  i\n\n> j\n",
    f"Table: K\n\n{TABLE}",
    "a[^1] b[^1]\n\n[^1]: n\n\n    m\n",
    "```py\n\n x\n```\n",
    "[a[^1]](/b)\n\n[^1]: c\n",
    "![alt *text*](/a.png) ![x](data:a)",
    "a &amp; \\* &#13; <b>x</b>",
]


def assert_one_text(source: str) -> None:
    """The three forms agree, leaf by leaf."""
    rendered = render(source)
    leaves = read(rendered.html).leaves
    assert [leaf.block for leaf in leaves] == [block.number for block in rendered.blocks]
    end = 0
    for leaf, block in zip(leaves, rendered.blocks, strict=True):
        assert (leaf.start, leaf.end) == (block.start, block.end)
        assert end <= leaf.start <= leaf.end
        assert leaf.text == rendered.plain[leaf.start : leaf.end]
        end = leaf.end
    between = [rendered.plain[a.end : b.start] for a, b in zip(leaves, leaves[1:], strict=False)]
    assert set(between) <= {"\t", "\n", "\n\n"}
    assert end == len(rendered.plain)


@settings(max_examples=many(150))
@given(markdown)
@example("\t> [^1]: > [^1]: x\n\n[^1]")
def test_the_text_of_every_leaf_is_its_range_of_the_plain_text(source):
    assert_one_text(source)


def test_the_examples_of_commonmark_and_our_own_keep_that_promise():
    for source in [
        *OWN_EXAMPLES,
        *(case["markdown"] for case in corpus("commonmark-0.31.2-spec-tests.json")),
    ]:
        assert_one_text(source)


@settings(max_examples=many(60))
@given(markdown)
def test_runs_lead_back_to_the_same_letters(source):
    rendered = render(source)
    end = 0
    for run in rendered.runs:
        assert end <= run.start < run.end
        end = run.end
        written = rendered.markdown[run.source_start : run.source_end]
        if run.by_letter:
            assert written.replace("\n", " ") == rendered.plain[run.start : run.end].replace(
                "\n", " "
            )


@settings(max_examples=many(60))
@given(markdown)
def test_rendering_twice_gives_the_same(source):
    first, second = render(source), render(source)
    assert first == second
    assert render(first.markdown).html == first.html


def test_the_highest_headings_stand_right_below_the_title_of_the_section():
    assert read(render("### One\n\n#### Two").html).tags == ["h2", "h3"]
    assert read(render("# One", heading_offset=0).html).tags == ["h1"]


def test_ids_do_not_collide_with_each_other_or_with_the_page():
    rendered = render("# Trams\n\n# Trams\n\n[up](#trams) x[^1] y[^1]\n\n[^1]: z")
    ids = read(rendered.html).ids
    assert ids[:2] == ["t-trams", "t-trams-2"]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("t-") for name in ids)
    assert 'href="#t-trams"' in rendered.html
    assert 'id="s7-trams"' in render("# Trams", prefix="s7-").html


def test_a_paragraph_called_table_is_the_caption_of_its_neighbour():
    for source in (f"Table: Modes of travel\n\n{TABLE}", f"{TABLE}\nTable: Modes of travel"):
        rendered = render(source)
        assert "<caption" in rendered.html
        assert rendered.blocks[0].kind is Kind.CAPTION
        assert rendered.plain.startswith("Modes of travel\nWhat\t2030\nTrams\t12 %")


def test_each_table_gets_its_own_caption():
    plain = render(f"{TABLE}\nTable: A\n\n{TABLE}\nTable: B\n\nTable: C").plain
    assert [line for line in plain.split("\n") if line in ("A", "B", "Table: C")] == [
        "A",
        "B",
        "Table: C",
    ]


def test_a_table_names_its_columns_and_aligns_its_numbers():
    html = render(TABLE).html
    assert '<th scope="col"' in html
    assert '<td class="number"' in html
    assert "style=" not in render("| a |\n|:-:|\n| b |").html
    assert 'class="align-center"' in render("| a |\n|:-:|\n| b |").html


def test_footnotes_are_numbered_as_they_are_read_and_lead_back():
    rendered = render("a[^x] b[^y] c[^x]\n\n[^y]: why\n[^x]: ex\n[^z]: nobody asks")
    assert rendered.plain == "a[1] b[2] c[1]\n\nex\n\nwhy"
    assert rendered.html.count('class="note-back"') == 3
    assert 'aria-label="Opomba [1]"' in render("a[^x]\n\n[^x]: b", language="sl").html


def test_a_line_end_in_a_paragraph_is_a_space():
    assert render("one\ntwo").plain == "one two"
    assert render("one\\\ntwo").plain == "one\ntwo"


def test_links_lead_to_the_web_a_mailbox_or_this_site():
    for address in ("https://a.b", "http://a.b", "mailto:a@b.c", "/a", "a/b", "?q", "#x"):
        assert "<a href=" in render(f"[x]({address})").html
    for address in ("javascript:x", "data:text/html,x", "file:///x", "tel:1", "//a.b", "vbscript:"):
        assert "<a " not in render(f"[x]({address})").html


def test_pictures_come_from_the_web_or_this_site_and_keep_their_words():
    assert 'alt="a b" loading="lazy"' in render("![a *b*](/x.png)").html
    assert render("![chart](mailto:a@b.c)").plain == "chart"


def test_the_fingerprint_is_of_the_canonical_text():
    assert render("a  \r\nb").sha256 == render("a\\\nb\n").sha256
    assert render("a").sha256 == "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"


def test_the_block_of_an_offset_is_known():
    rendered = render("one\n\ntwo")
    assert rendered.block_at(0).number == 0
    assert rendered.block_at(6).number == 1
    assert render("").block_at(0) is None
