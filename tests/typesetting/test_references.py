"""References in print: numbers of the whole contract, links that lead there, and never an error of the engine."""

import io
import zipfile

import docx
from docx.oxml.ns import qn

from tests.typesetting.sample import faults, open_pdf, structure, with_text, words_of
from workflow import webpage, word
from workflow.typesetting import typeset

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"
TEXT = f"""See [@tbl:costs], [-@tbl:costs] and [@sec:B-1-E]; also [@fig:far] and [@tbl:gone].

Table: Savings

{TABLE}

Table: Costs {{#tbl:costs}}

{TABLE}
"""


def document(**more) -> dict:
    made = with_text(TEXT)
    made["references"] = {"fig:far": "7"}
    made["components"][0]["modules"][0]["sections"][0] |= more
    return made


def test_references_are_links_to_numbered_captions():
    made = typeset(document())
    assert made.standards == ("ua-1", "a-2a")
    assert faults(made.bytes) == []
    words = words_of(made.bytes).replace("\u00a0", " ")
    assert "See Table 2, 2 and section B-1-E; also Figure 7 and [@tbl:gone]." in words
    assert "Table 2 Costs" in words
    with open_pdf(made.bytes) as pdf:
        contents = [
            str(one.get("/Contents", "")) for p in pdf.pages for one in p.get("/Annots", [])
        ]
        links = [one for one in structure(pdf) if one.get("/S") == "/Link"]
    assert contents
    assert len(links) >= 3


def test_a_part_alone_bears_the_numbers_of_the_whole():
    made = typeset(document(before={"fig": 3, "tbl": 10}))
    words = words_of(made.bytes).replace("\u00a0", " ")
    assert "Table 11 Savings" in words
    assert "See Table 12, 12" in words


def test_a_label_that_is_there_twice_does_not_stop_the_press():
    made = with_text(TEXT + f"\nTable: Again {{#tbl:costs}}\n\n{TABLE}")
    assert "Table\u00a02" in words_of(typeset(made).bytes) or "Table 2" in words_of(
        typeset(made).bytes
    )


def test_word_links_lead_to_bookmarks_at_the_captions():
    made = docx.Document(io.BytesIO(word.write(document(before={"tbl": 10})).bytes))
    body = made.element.body
    names = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    anchors = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    led = [anchor for anchor in anchors if anchor and anchor.startswith("_Ref")]
    assert len(led) == 3
    assert set(led) <= names
    paragraphs = [
        "".join(t.text for t in p.iter(qn("w:t"))).replace("\u00a0", " ")
        for p in body.iter(qn("w:p"))
    ]
    assert "See Table 12, 12 and section B-1-E; also Figure 7 and [@tbl:gone]." in paragraphs
    assert "Table 12  Costs" in paragraphs
    codes = [one.text.strip() for one in body.iter(qn("w:instrText"))]
    assert "SEQ Table \\r 11" in codes
    assert "SEQ Table" in codes


def test_web_pages_lead_to_the_same_numbers():
    with zipfile.ZipFile(io.BytesIO(webpage.write(document(before={"tbl": 10})).bytes)) as files:
        [name] = [one for one in files.namelist() if one.endswith(".html")]
        html = files.read(name).decode().replace("\u00a0", " ")
    assert '<a href="#tbl:costs">Table 12</a>' in html
    assert 'id="tbl:costs"' in html
    assert '<a href="#sec:B-1-E">section B-1-E</a>; also Figure 7 and [@tbl:gone].' in html
    assert 'id="sec:B-1-E"' in html
