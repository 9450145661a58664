"""What is remembered of a text is what would be worked out anew, whatever stands around it in the next document."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.complete import many
from tests.typesetting.sample import CHART, contract, remark, section
from workflow.rules.text import nodes
from workflow.rules.versions import sections_of
from workflow.typesetting import texts, typeset
from workflow.typesetting.preflight import Preflight

TABLE = "| a | b |\n|---|---|\n| Total | 1 |\n"
MARKDOWN = [
    "",
    'He said "yes" in the city\'s own words.',
    f"Table: Costs {{#tbl:costs}}\n\n{TABLE}\n\nSee [@tbl:savings], [-@fig:map] and [@sec:S-1].",
    f"Table: Savings {{#tbl:savings}}\n\n{TABLE}\n\nTable: Costs again {{#tbl:costs}}\n\n{TABLE}",
    "![The map](picture:plan)\n\nFigure: The map {#fig:map}\n\n#### Deep\n\n###### Deeper",
    "::: chart emissions\nEmissions {#fig:emissions}\n:::\n\nAs [@fig:emissions] and [@fig:gone] show.",
    "A [link](https://example.org/"
    + "long/" * 12
    + "), a sign \u200e\U0001f30d and a note.[^one]\n\n[^one]: Here.",
    "\n".join(
        ["| " + " | ".join("abcdefgh") + " |", "|---" * 8 + "|"] + ["| longword " * 8 + "|"] * 3
    ),
]
PICTURE = {"sha256": "a" * 64, "ending": "png", "width": 800, "height": 600}


def marked(markdown: str, marks: list[str]) -> list[dict]:
    """The nodes of a text whose last words were remarked on."""
    made = nodes.of(markdown)
    ends = [piece for mark in marks for piece in ({"t": "from", "n": mark}, {"t": "to", "n": mark})]
    return [*made, {"t": "p", "c": ["The end", *ends]}] if marks else made


sections = st.builds(
    lambda at, markdown, marks, language, pictures, before: (
        section(
            f"S-{at}", f'A "title" {at}', markdown, nodes=marked(markdown, marks), pictures=pictures
        )
        | ({"language": language} if language else {})
        | ({"before": before} if before else {})
    ),
    st.integers(0, 3),
    st.sampled_from(MARKDOWN),
    st.lists(st.sampled_from(["r1", "r2"]), max_size=2, unique=True),
    st.sampled_from(["", "en", "sl"]),
    st.sampled_from([{}, {"plan": PICTURE}]),
    st.sampled_from([{}, {"fig": 3, "tbl": 10}]),
)


@st.composite
def documents(draw) -> dict:
    """Contracts of the same few texts, in other company each time."""
    made = contract(
        language=draw(st.sampled_from(["en", "sl", "de"])),
        charts=draw(st.sampled_from([{}, {"emissions": CHART}])),
        references=draw(st.sampled_from([{}, {"fig:map": "7", "tbl:savings": "2"}])),
        labels=draw(st.sampled_from([{}, {"table": "Tabela", "image": "Slika", "source": "Vir"}])),
    )
    for component in made["components"]:
        for module in component["modules"]:
            module["sections"] = draw(st.lists(sections, max_size=4))
    printed = draw(st.lists(st.sampled_from(["r1", "r2"]), max_size=2, unique=True))
    made["annex"]["sections"][0]["remarks"] = [
        remark(draw(st.sampled_from(["1", "4"])), "Why?", id=name) for name in printed
    ]
    return made


@settings(max_examples=many(120), deadline=None)
@given(st.lists(documents(), min_size=2, max_size=4))
def test_a_document_made_from_what_is_remembered_is_the_one_worked_out_anew(several):
    for given_ in several:
        anew, kept = Preflight(), Preflight()
        whole = anew.document(given_)
        parted, glyphs = texts.ready(kept, given_)
        for one in sections_of(parted):
            one["nodes"] = json.loads(one.pop("text"))
            assert one.pop("noted") == ('"t": "note"' in json.dumps(one["nodes"]))
        assert parted == json.loads(json.dumps(whole))
        assert kept.warnings() == anew.warnings()
        assert glyphs >= texts.glyphs(json.dumps(whole, ensure_ascii=False))


def test_a_change_of_one_section_prepares_one_section():
    markdown = [f"The text number {at} of this contract." for at in range(6)]
    texts.ready(Preflight(), _with(markdown))
    before = texts.prepared.cache_info().misses
    markdown[3] += " One more sentence."
    texts.ready(Preflight(), _with(markdown))
    assert texts.prepared.cache_info().misses == before + 1


def test_a_table_more_gives_those_after_it_their_new_numbers():
    costs = f"Table: Costs {{#tbl:costs}}\n\n{TABLE}"
    refers = "See [@tbl:costs]."
    first = typeset(_with(["Nothing.", costs, refers]))
    second = typeset(_with([f"Table: Before\n\n{TABLE}", costs, refers]))
    again = typeset(_with(["Nothing.", costs, refers]))
    assert first == again != second


def test_no_more_is_remembered_than_is_allowed():
    for at in range(texts.MOST + 5):
        texts.prepared(json.dumps({"nodes": [], "language": None, "pictures": {"n": at}}), AROUND)
    assert texts.prepared.cache_info().currsize == texts.MOST


AROUND = json.dumps({"language": "en", "labels": {}, "charts": {}})


def _with(markdown: list[str]) -> dict:
    made = contract()
    made["components"] = made["components"][:1]
    made["components"][0]["modules"][0]["sections"] = [
        section(f"S-{at}", f"Section {at}", text) for at, text in enumerate(markdown)
    ]
    return made
