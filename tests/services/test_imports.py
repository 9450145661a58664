"""Contracts that were written elsewhere: nothing is written before it is confirmed, then all at once, and once only."""

import io

import pytest
from flask_babel import force_locale

from tests import builders
from tests.support.pictures import drawn
from tests.support.queries import counted
from tests.word.strange import word
from workflow import storage
from workflow.db import db, transaction
from workflow.models import Event, Picture, Revision, Section, Sheet
from workflow.queries import imports as pages
from workflow.queries.compilation import compilation
from workflow.rules.checks import undescribed
from workflow.rules.editions import Edition
from workflow.rules.refusals import Denied, Invalid, Outdated
from workflow.rules.vocabulary import Audience, EventKind, FileFormat, Role, Stage
from workflow.services import bundles, imports, pictures
from workflow.services.imports import Fate

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture(autouse=True)
def english(ctx):
    with force_locale("en"):
        yield


TEXT = """# A-1 Heat

Heat from [wood](https://example.org).

# B-9 Nowhere

Lost words.

# B-3 Trams

TBD
"""


@pytest.fixture
def contract():
    made = builders.contract()
    builders.section("A-1", contract=made)
    builders.section("B-3", contract=made, markdown=None)
    return made


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR)


def bring(contract, by, content: bytes | str = TEXT, name: str = "old.md") -> Sheet:
    content = content.encode() if isinstance(content, str) else content
    with transaction():
        return imports.bring(contract, by=by, name=name, content=content)


def confirm(sheet: Sheet, by, seen: str | None = None) -> Sheet:
    seen = imports.draw(sheet, by=by).seen if seen is None else seen
    with transaction():
        return imports.confirm(sheet, by=by, seen=seen)


def choose(sheet: Sheet, by, **chosen: str) -> Sheet:
    with transaction():
        return imports.choose(
            sheet, by=by, chosen={int(one.removeprefix("n")): to for one, to in chosen.items()}
        )


def fates(sheet: Sheet, by) -> dict[str, Fate]:
    return {one.section.code: one.fate for one in imports.draw(sheet, by=by).incoming}


def current(code: str) -> Revision | None:
    return db.session.query(Section).filter_by(code=code).one().current


def test_texts_arrive_together_and_only_when_they_are_confirmed(contract, maja):
    sheet = bring(contract, maja)
    assert fates(sheet, maja) == {"A-1": Fate.CHANGED, "B-3": Fate.NEW}
    assert current("B-3") is None
    assert confirm(sheet, maja).recorded == 2
    assert current("A-1").markdown == "Heat from [wood](https://example.org).\n"
    assert (current("A-1").number, current("A-1").summary) == (2, "Taken over from old.md")
    assert current("B-3").markdown == "TBD\n"
    assert [row["title"] for row in sheet.rows] == ["B-9 Nowhere"]
    saved = db.session.query(Event).filter_by(kind=EventKind.REVISION_SAVED, actor_id=maja.id)
    assert saved.count() == 2


def test_confirming_twice_and_bringing_the_same_again_changes_nothing(contract, maja):
    sheet = bring(contract, maja)
    confirm(sheet, maja)
    confirm(sheet, maja, seen="")
    again = bring(contract, maja)
    assert set(fates(again, maja).values()) == {Fate.SAME}
    assert confirm(again, maja).recorded == 0
    assert current("A-1").number == 2


def test_a_section_that_may_not_be_edited_now_keeps_its_text(contract, maja):
    builders.section("C-1", contract=contract, stage=Stage.CONSULTATION)
    builders.section("C-2", contract=contract, stage=Stage.REVISION)
    builders.section("C-3", contract=contract, stage=Stage.APPROVED)
    sheet = bring(contract, maja, "# C-1\n\nx\n\n# C-2\n\ny\n\n# C-3\n\nz")
    assert fates(sheet, maja) == {"C-1": Fate.CLOSED, "C-2": Fate.CHANGED, "C-3": Fate.CLOSED}
    assert confirm(sheet, maja).recorded == 1
    assert current("C-2").markdown == "y\n"
    assert current("C-1").number == current("C-3").number == 1
    assert [row["title"] for row in sheet.rows] == ["C-1", "C-3"]


def test_somebody_who_may_edit_one_sector_fills_only_its_sections(contract, maja):
    editor = builders.person(Role.EDITOR, sector="transport")
    builders.section("D-1", contract=contract, sectors=["transport"])
    sheet = bring(contract, editor, "# A-1\n\nx\n\n# D-1\n\ny")
    assert fates(sheet, editor) == {"A-1": Fate.DENIED, "D-1": Fate.CHANGED}
    assert pages.change(sheet, editor, current("A-1").section_id) is None
    assert confirm(sheet, editor).recorded == 1
    with pytest.raises(Denied):
        bring(contract, builders.person(Role.STAKEHOLDER))


def test_who_confirms_what_somebody_changed_meanwhile_is_refused(contract, maja):
    sheet = bring(contract, maja)
    seen = imports.draw(sheet, by=maja).seen
    builders.revision(current("A-1").section, "Somebody else's words.")
    db.session.commit()
    with pytest.raises(Outdated):
        confirm(sheet, maja, seen)
    assert current("B-3") is None
    assert confirm(sheet, maja).recorded == 2


def test_what_is_not_recognised_goes_where_somebody_says(contract, maja):
    sheet = bring(contract, maja)
    assert imports.draw(sheet, by=maja).placed[1].section is None
    choose(sheet, maja, n2=str(current("A-1").section_id), n3="out")
    assert fates(sheet, maja) == {"A-1": Fate.CHANGED}
    confirm(sheet, maja)
    assert current("A-1").markdown.endswith("\n\n# B-9 Nowhere\n\nLost words.\n")
    assert current("B-3") is None


def test_a_choice_that_is_no_section_of_the_contract_is_refused(contract, maja):
    elsewhere = builders.section("X-1", contract=builders.contract(city="Kranj"))
    sheet = bring(contract, maja)
    for number, to in ((1, str(elsewhere.id)), (1, "nonsense"), (99, "out")):
        with pytest.raises(Invalid):
            choose(sheet, maja, **{f"n{number}": to})


def test_a_word_file_arrives_with_what_was_not_understood(contract, maja):
    def fill(document):
        document.add_heading("A-1 Heat", 1)
        paragraph = document.add_paragraph("Wood.")
        document.add_comment(paragraph.runs[0], text="Sure?", author="Ana")

    sheet = bring(contract, maja, word(fill), "old.docx")
    page = pages.show(sheet, maja, page=1)
    assert [(one.number, one.found) for one in page.lost] == [(1, [("Ana: Sure?", "")])]
    assert confirm(sheet, maja).recorded == 1
    assert current("A-1").markdown == "Wood.\n"


def test_the_page_says_what_a_template_left_behind_and_what_would_change(contract, maja):
    sheet = bring(contract, maja)
    page = pages.show(sheet, maja, page=1)
    assert [(one.name[:3], one.leftovers) for one in page.texts] == [("A-1", []), ("B-3", ["TBD"])]
    assert (page.ready, page.out) == (2, 1)
    change = pages.change(sheet, maja, current("A-1").section_id)
    assert "<del" in change.html
    assert "wood" in change.html


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a\x00b", b"\xd0\xcf\x11\xe0old", b"PK\x03\x04", b"  \n"],
    ids=["empty", "no utf-8", "nul", "doc", "broken zip", "blank"],
)
def test_what_cannot_be_read_is_refused_beside_the_file(contract, maja, content):
    with pytest.raises(Invalid) as refused:
        bring(contract, maja, content)
    assert refused.value.name == "file"


def test_a_long_contract_asks_the_database_as_little_as_a_short_one(app, contract, maja):
    short = bring(contract, maja)
    for number in range(20):
        builders.section(f"E-{number}", contract=contract)
    long = bring(contract, maja, "\n\n".join(f"# E-{n}\n\nWords {n}." for n in range(20)))
    costs = []
    for sheet_id in (short.id, long.id):
        db.session.expire_all()
        sheet, person = db.session.get(Sheet, sheet_id), db.session.get(type(maja), maja.id)
        with counted(app) as questions:
            pages.show(sheet, person, page=1)
        costs.append(len(questions))
    assert costs[0] == costs[1] <= 12


def test_pictures_of_a_word_file_come_along_and_the_gate_asks_what_they_show(contract, maja):
    def fill(document):
        document.add_heading("A-1 Heat", 1)
        document.add_picture(io.BytesIO(drawn()))

    sheet = bring(contract, maja, word(fill), "old.docx")
    page = pages.show(sheet, maja, page=1)
    assert page.pictures == 1
    assert [one.number for one in page.lost] == [1]
    [picture] = db.session.query(Picture)
    assert (picture.contract_id, picture.by_id, picture.alt) == (contract.id, maja.id, "")
    assert storage.find(picture.sha256)
    confirm(sheet, maja)
    section = db.session.query(Section).filter_by(code="A-1").one()
    assert section.current.markdown == f"![](picture:{picture.name})\n"
    assert undescribed.count(section.current.markdown) == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_contract_goes_to_another_house_with_its_pictures(contract, maja, kind):
    section = db.session.query(Section).filter_by(code="A-1").one()
    with transaction():
        shown = pictures.bring(section, by=maja, content=drawn(kind=kind), alt="A map")
        builders.revision(section, f"Heat.\n\n![A map](picture:{shown.name})\n")
    given = compilation(contract, Edition(Audience.CITY, "en", format=FileFormat.MARKDOWN))
    content = bundles.write(given, "0" * 64).bytes
    with transaction():
        other = builders.contract("kranj", city="Kranj")
        there = builders.section("A-1", contract=other, markdown=None)
        vida = builders.person(Role.COORDINATOR, contract=other)
    confirm(bring(other, vida, content, "all.zip"), vida)
    assert there.current.sha256 == section.current.sha256
    [copy] = db.session.query(Picture).filter_by(contract_id=other.id)
    assert copy.sha256 == shown.sha256


def test_the_page_says_where_words_for_fewer_eyes_would_become_everybodys(contract, maja):
    section = db.session.query(Section).filter_by(code="A-1").one()
    builders.revision(section, "Open.\n\n::: city\nOur price.\n:::\n")
    text = "# A-1 Heat\n\nOpen, and more.\n\nOur price.\n\n# B-3 Trams\n\nRails.\n"
    plain = bring(contract, maja, text)
    assert [one.opens for one in pages.show(plain, maja, page=1).texts] == [True, False]
    marked = bring(contract, maja, "# A-1 Heat\n\nOpen, and more.\n\n::: city\nOur price.\n:::\n")
    assert [one.opens for one in pages.show(marked, maja, page=1).texts] == [False]
    confirm(plain, maja)
    assert [one.opens for one in pages.show(plain, maja, page=1).texts] == []
