"""A contract as a web page: valid, nothing from elsewhere, everything reachable, and words that stay words."""

import hashlib
import io
import zipfile
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.support.pictures import drawn
from tests.typesetting.sample import contract, remark, section, with_text
from workflow import webpage
from workflow.rules.picture_files import rewritten
from workflow.rules.text import changed, marking

MAP = rewritten(drawn((80, 50)))
SHA = hashlib.sha256(MAP.content).hexdigest()
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>1</script>",
    "<!-- no comment",
    "&lt;b&gt; &amp;copy;",
    "</title></head>",
]


def page_of(document: dict, **more) -> tuple[Element, zipfile.ZipFile]:
    """The page, which the parser of the standard has nothing to say against, and all that lies beside it."""
    packed = zipfile.ZipFile(io.BytesIO(webpage.write(document, **more).bytes))
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(packed.read("index.html").decode())
    assert list(parser.errors) == []
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    led = {one.get("href")[1:] for one in page.iter("a") if one.get("href").startswith("#")}
    assert led <= set(ids)
    return page, packed


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def one(page: Element, name: str, **attributes: str) -> Element:
    [found] = [
        e for e in page.iter(name) if all(e.get(key) == value for key, value in attributes.items())
    ]
    return found


def test_the_page_holds_what_print_holds():
    page, _packed = page_of(contract())
    assert page.get("lang") == "en"
    said = words(page)
    for wanted in (
        "Ljubljana",
        "Emission factors applied",
        "the gap is 950,514 tonnes",
        "From the plant in Moste.",
        "Answer of the city",
        contract()["manifest"],
    ):
        assert wanted in said
    assert {"script", "link", "iframe", "form"}.isdisjoint(e.tag for e in page.iter())
    nav = one(page, "nav")
    assert [words(a) for a in nav.iter("a")][:3] == [
        words(h)
        for h in page.find("body/main").iter()
        if h.tag in ("h2", "h3", "h4") and h.get("id")
    ][:3]


def test_headings_go_down_one_by_one():
    page, _packed = page_of(contract())
    levels = [int(e.tag[1]) for e in page.iter() if e.tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_tables_say_what_their_cells_are_about():
    page, _packed = page_of(contract())
    table = next(e for e in page.iter("table") if "Emission factors" in words(e))
    assert words(table.find("caption")) == "Table 1 Emission factors applied"
    assert [(e.get("scope"), words(e)) for e in table.iter("th")] == [
        ("col", "Energy source"),
        ("col", "CO2 (t/MWh)"),
        ("col", "Method"),
        ("row", "Electricity"),
        ("row", "District heat"),
        ("row", "Total"),
    ]
    assert words(one(page, "a", href="#table-1")) == "Table 1 Emission factors applied"


def test_notes_lead_there_and_back():
    page, _packed = page_of(
        with_text("One[^a] and two[^b] and one again[^a].\n\n[^a]: A.\n\n[^b]: B.")
    )
    calls = [e for e in page.iter("a") if e.get("role") == "doc-noteref"]
    assert [(words(e), e.get("href")) for e in calls] == [
        ("1", "#note-1"), ("2", "#note-2"), ("1", "#note-1"),
    ]  # fmt: skip
    backs = [e.get("href") for e in page.iter("a") if e.get("role") == "doc-backlink"]
    assert backs == ["#call-1", "#call-2"]
    assert words(one(page, "li", id="note-2")).startswith("B.")


def test_pictures_lie_beside_the_page_and_say_what_they_show(tmp_path):
    file = tmp_path / SHA
    file.write_bytes(MAP.content)
    document = with_text(
        f'![The heat "map"](picture:{SHA[:32]})\n\nFigure: Heat\n\n![Gone](picture:{"0" * 32})'
    )
    made = document["components"][0]["modules"][0]["sections"][0]
    made["pictures"] = {
        SHA[:32]: {"sha256": SHA, "ending": "png", "width": MAP.width, "height": MAP.height}
    }
    page, packed = page_of(document, files={SHA: file}, more={"figures.json": b"{}"})
    picture = one(page, "img")
    assert (picture.get("alt"), picture.get("width")) == ('The heat "map"', "80")
    assert packed.read(picture.get("src")) == MAP.content
    assert packed.namelist() == ["index.html", f"pictures/{SHA}.png", "figures.json"]
    assert "Figure 1 Heat" in words(page)
    assert "[Image: Gone]" in words(page)


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_people_typed_is_words(typed):
    document = contract(city=typed, title=typed, target=typed)
    document["components"][0]["title"] = typed
    document["components"][0]["modules"][0]["sections"] = [
        section(
            typed, typed, f"```\n{typed}\n```\n\n| a |\n|---|\n| `{typed}` |\n\n[x](javascript:1)"
        )
    ]
    document["annex"]["sections"][0]["remarks"] = [remark(typed, typed, author=typed, quote=typed)]
    page, _packed = page_of(document)
    plain = " ".join(typed.split())
    assert words(page).count(plain) >= 9
    assert {"script", "img"}.isdisjoint(e.tag for e in page.iter())
    assert not any(key.startswith("on") for e in page.iter() for key in e.attrib)
    assert not any("javascript" in (e.get("href") or "") for e in page.iter("a"))
    policy = next(e.get("content") for e in page.iter("meta") if e.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_a_text_in_another_language_says_so():
    document = contract()
    document["components"][0]["modules"][0]["sections"] = [
        section("A-1", "Toplota", "Toplota za vse.", language="sl")
    ]
    page, _packed = page_of(document)
    assert words(one(page, "div", lang="sl")) == "Toplota za vse."


def test_the_passages_of_a_reviewers_copy_lead_to_the_remarks_and_back():
    document = contract(lined=True)
    text = "The gap is wide, as we know."
    made = section("A-1", "Gap", text)
    made["nodes"] = marking.of(text, {"7": (4, 7)}).nodes
    document["components"][0]["modules"][0]["sections"] = [made]
    document["annex"]["sections"][0]["remarks"] = [
        remark("3", "Why?", id="7"),
        remark("4", "And?", id="8"),
    ]
    page, _packed = page_of(document)
    marker = one(page, "a", href="#remark-7")
    assert (words(marker), marker.get("id")) == ("3", "passage-7")
    assert "3" in words(one(page, "a", href="#passage-7"))
    assert one(page, "article", id="remark-8") is not None


def test_what_changed_is_marked_for_eyes_and_ears():
    document = with_text("x")
    made = document["components"][0]["modules"][0]["sections"][0]
    made["nodes"] = changed.of("Old heat.\n\nGone.", "New heat.\n\n```\ncode\n```")
    page, _packed = page_of(document)
    assert "[+New+]" in [words(e) for e in page.iter("ins")]
    assert "[−Old−]" in [words(e) for e in page.iter("del")]
    assert "[+code+]" in [words(e) for e in page.iter("ins")]


def test_the_same_document_gives_the_same_bytes():
    assert webpage.write(contract()).bytes == webpage.write(contract()).bytes


def test_the_page_bears_the_logo_and_the_colour_of_the_city(tmp_path):
    file = tmp_path / SHA
    file.write_bytes(MAP.content)
    logo = {"sha256": SHA, "ending": "png", "width": 80, "height": 50, "alt": "Arms of the city"}
    page, packed = page_of(contract(logo=logo, colour="#0b5754"), files={SHA: file})
    shown = one(page, "img")
    assert (shown.get("alt"), shown.get("src")) == ("Arms of the city", f"pictures/{SHA}.png")
    assert packed.read(shown.get("src")) == MAP.content
    assert "--city: #0b5754" in page.findtext("head/style")
    odd, _packed = page_of(contract(colour="red; } body { display: none"))
    assert "display: none; } body" not in odd.findtext("head/style")
    assert "--city: red" not in odd.findtext("head/style")
