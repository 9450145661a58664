"""What people say in a room: written down one by one or by the sheet, with their names only if they agreed."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from tests import builders
from workflow import clock, spreadsheets
from workflow.db import db, transaction
from workflow.models import Comment, Organisation, Sheet, Thread
from workflow.rules import sheets as columns
from workflow.rules.quoting import Found
from workflow.rules.refusals import Denied, Invalid, NotNow
from workflow.rules.sheet_layout import Why
from workflow.rules.sheets import Column
from workflow.rules.vocabulary import Channel, RemarkKind, Role, Stage, Visibility
from workflow.services import sheet_reading, sheets, threads, workshops
from workflow.spreadsheets import Table

pytestmark = pytest.mark.usefixtures("ctx")

NAUGHTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "first;=1+1",
    "'quoted'",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} %(who)s %s {0}",
    "Robert'); DROP TABLE thread;--",
    "žlica čaša ščurek ÆØÅ 漢字 🏳️‍🌈",
    "\u202eobrnjeno\u202c",
    'two\nlines, "quotes", and\ttabs',
    "１２３ ＝１＋１",
    "null",
    "ž" * 9_000,
]
ROOM = {
    Column.SOURCE: "Workshop 3",
    Column.CHANNEL: "workshop",
    Column.VISIBILITY: "participants",
    Column.LANGUAGE: "sl",
}


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def section(maja):
    return builders.section("B-2.1", stage=Stage.CONSULTATION)


def record(section, maja, **what) -> Thread:
    what = {"source": "Workshop 3, table B", "text": "Too dear."} | what
    with transaction():
        return workshops.record(section, by=maja, **what)


def as_csv(*rows: list[str], delimiter: str = ",") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def as_xlsx(*rows: list) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def brought(maja, content: bytes, **defaults) -> Sheet:
    with transaction():
        return sheets.bring(
            builders.the_contract(),
            by=maja,
            name="table-b.csv",
            content=content,
            defaults=ROOM | defaults,
        )


def confirmed(sheet, maja) -> Sheet:
    with transaction():
        return sheets.confirm(sheet, by=maja)


def said() -> list[str]:
    return list(db.session.scalars(select(Comment.text).order_by(Comment.id)))


# One by one


def test_what_somebody_said_is_a_remark_with_its_channel_and_source(section, maja):
    tenants = builders.organisation("Tenants")
    thread = record(
        section,
        maja,
        channel=Channel.PHONE,
        kind=RemarkKind.OBJECTION,
        organisation=tenants,
        on_behalf_of="Ana Novak",
        consented=True,
        visibility=Visibility.PUBLIC,
        language="sl",
    )
    assert (thread.channel, thread.source) == (Channel.PHONE, "Workshop 3, table B")
    assert (thread.kind, thread.visibility) == (RemarkKind.OBJECTION, Visibility.PUBLIC)
    assert (thread.on_behalf_of, thread.organisation, thread.language) == (
        "Ana Novak",
        tenants,
        "sl",
    )
    assert thread.consented_at is not None


def test_nobody_is_named_who_did_not_agree(section, maja):
    thread = record(section, maja, on_behalf_of="Ana Novak")
    assert (thread.on_behalf_of, thread.consented_at) == (None, None)


def test_taking_it_back_forgets_the_name(section, maja):
    thread = record(section, maja, on_behalf_of="Ana Novak", consented=True)
    with transaction():
        threads.withdraw(thread, by=maja)
    assert (thread.on_behalf_of, thread.consented_at, thread.comments[0].text) == (None, None, "")


@pytest.mark.parametrize(
    "quote",
    ["74 % of all homes", "  74 %   of\nall homes ", "“74 % of all homes”", "»74 % of all homes«"],
)
def test_words_that_stand_once_in_the_text_are_its_passage(section, maja, quote):
    thread = record(section, maja, quote=quote)
    assert thread.quote == "74 % of all homes"
    assert section.current.plain[thread.start : thread.end] == thread.quote


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("of", Found.SEVERAL),
        ("74 % of no homes", Found.ABSENT),
        ("hom", Found.ABSENT),
        (" ", Found.NOT_QUOTED),
    ],
)
def test_other_words_leave_the_remark_beside_the_section(section, maja, quote, found):
    assert workshops.spot(section, quote).found is found
    thread = record(section, maja, quote=quote)
    assert (thread.quote, thread.start) == (None, None)
    begins = "Too dear." if found is Found.NOT_QUOTED else f"“{quote}”\n\nToo dear."
    assert thread.comments[0].text == begins


def test_the_same_form_sent_twice_makes_one_remark_and_changes_nothing_of_it(section, maja):
    first = record(section, maja, token="once", on_behalf_of="Ana", consented=True)
    again = record(section, maja, token="once", source="Elsewhere")
    assert again.id == first.id
    assert (again.source, again.on_behalf_of) == ("Workshop 3, table B", "Ana")


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"source": " "}, "source"),
        ({"source": "x" * 201}, "source"),
        ({"text": " "}, "text"),
        ({"text": " ", "quote": "nowhere"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"quote": "x" * 5_001}, "quote"),
        ({"on_behalf_of": "x" * 201, "consented": True}, "on_behalf_of"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_field(section, maja, what, field):
    with pytest.raises(Invalid) as refused:
        record(section, maja, **what)
    assert refused.value.name == field
    assert said() == []


def test_an_organisation_of_another_city_is_refused(section, maja):
    stranger = builders.organisation(contract=builders.contract(city="Kranj"))
    with pytest.raises(Invalid):
        record(section, maja, organisation=stranger)


@pytest.mark.parametrize("role", [Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER, Role.APPROVER])
def test_only_those_who_write_may_write_down_for_others(section, role):
    with pytest.raises(Denied):
        record(section, builders.person(role))


def test_a_draft_takes_no_remarks(maja):
    with pytest.raises(NotNow):
        record(builders.section(stage=Stage.DRAFT), maja)


def test_an_editor_of_one_sector_records_there_and_nowhere_else(section):
    editor = builders.person(Role.EDITOR, sector="energy")
    tenants = builders.organisation("Tenants")
    assert record(section, editor, organisation=tenants).organisation is tenants
    elsewhere = builders.section(stage=Stage.CONSULTATION, sectors=("waste",))
    with pytest.raises(Denied):
        record(elsewhere, editor)


# By the sheet


@pytest.mark.parametrize("file", ["csv", "semicolon", "xlsx", "slovene", "cp1250"])
def test_a_sheet_becomes_remarks_once_it_is_confirmed(section, maja, file):
    english = [
        ["Section", "Comment", "Passage", "Kind", "Name", "May be named", "Notes to self"],
        ["b-2.1", "Too dear.", "74 % of all homes", "Concern", "Ana", "yes", "x"],
        ["", "", "", "", "", "", ""],
        ["B-2.1", "Well done.", "", "", "Žiga", "", ""],
    ]
    slovene = [
        ["Razdelek", "Pripomba", "Odlomek", "Vrsta", "Ime", "Sme biti imenovan", "Opombe"],
        ["B-2.1", "Too dear.", "74 % of all homes", "Pomislek", "Ana", "da", "x"],
        ["B-2.1", "Well done.", "", "", "Žiga", "ne", ""],
    ]
    content = {
        "csv": lambda: as_csv(*english),
        "semicolon": lambda: as_csv(*slovene, delimiter=";"),
        "xlsx": lambda: as_xlsx(*english),
        "slovene": lambda: as_xlsx(*slovene),
        "cp1250": lambda: as_csv(*slovene, delimiter=";").decode().encode("cp1250"),
    }[file]()
    sheet = brought(maja, content)
    assert said() == []
    first, second = sheets.lines(sheet, by=maja)
    assert (first.faults, second.faults) == ([], [])
    assert (first.found, second.found) == (Found.PASSAGE, Found.NOT_QUOTED)
    assert second.nameless
    assert confirmed(sheet, maja).recorded == 2
    assert said() == ["Too dear.", "Well done."]
    one, other = db.session.scalars(select(Thread).order_by(Thread.id))
    assert (one.on_behalf_of, one.kind, one.quote) == (
        "Ana",
        RemarkKind.CONCERN,
        "74 % of all homes",
    )
    assert (other.on_behalf_of, other.source, other.channel) == (
        None,
        "Workshop 3",
        Channel.WORKSHOP,
    )
    assert sheet.rows == []


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_naughty_words_come_in_as_they_were_written(section, maja, make):
    rows = [["Section", "Comment"], *(["B-2.1", words] for words in NAUGHTY)]
    if make is as_xlsx:
        file = spreadsheets.xlsx_file(Table("Comments", rows[0], rows[1:]))
        content = file.read()
        file.close()
    else:
        content = make(*rows)
    sheet = brought(maja, content)
    assert confirmed(sheet, maja).recorded == len(NAUGHTY)
    assert said() == NAUGHTY


def test_what_was_written_for_other_programs_is_read_back_without_its_guard(section, maja):
    file = spreadsheets.csv_file(
        Table("", ["Section", "Comment"], [["B-2.1", words] for words in NAUGHTY])
    )
    sheet = brought(maja, file.read())
    file.close()
    assert confirmed(sheet, maja).recorded == len(NAUGHTY)
    assert said()[:5] == ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "first;=1+1"]


def test_confirming_again_and_bringing_the_same_sheet_again_record_nothing_twice(section, maja):
    rows = [["Section", "Comment"], ["B-2.1", "Yes."], ["B-2.1", "Yes."], ["B-2.1", "No."]]
    sheet = brought(maja, as_csv(*rows))
    confirmed(sheet, maja)
    assert confirmed(sheet, maja).recorded == 3
    assert len(said()) == 3
    again = brought(maja, as_csv(*rows, ["B-2.1", "Perhaps."]))
    assert [line.recorded_as for line in sheets.lines(again, by=maja)] == [1, 2, 3, None]
    assert confirmed(again, maja).recorded == 1
    assert said() == ["Yes.", "Yes.", "No.", "Perhaps."]


def test_the_same_words_from_another_workshop_are_another_remark(section, maja):
    rows = [["Section", "Comment"], ["B-2.1", "Yes."]]
    confirmed(brought(maja, as_csv(*rows)), maja)
    other = brought(maja, as_csv(*rows), **{Column.SOURCE: "Workshop 4"})
    assert confirmed(other, maja).recorded == 1


def test_what_was_taken_back_may_be_brought_again(section, maja):
    rows = [["Section", "Comment"], ["B-2.1", "Yes."]]
    for _time in range(3):
        sheet = brought(maja, as_csv(*rows))
        assert confirmed(sheet, maja).recorded == 1
        latest = db.session.scalar(select(Thread).order_by(Thread.id.desc()))
        with transaction():
            threads.withdraw(latest, by=maja)


def test_every_fault_names_its_cell_and_what_could_stand_there(section, maja):
    builders.section("C-1", stage=Stage.DRAFT)
    rows = [
        ["Section", "Comment", "Kind", "Channel", "Language", "Consent", "Visibility"],
        ["B-9", "x", "Sugestion", "pigeon", "de", "maybe", "aliens"],
        ["", "", "", "", "", "", ""],
        ["", "x" * 10_001, "", "", "", "", ""],
        ["C-1", "", "", "", "", "", ""],
        ["B-2.1", "Good.", "", "", "", "", ""],
    ]
    sheet = brought(maja, as_csv(*rows))
    first, second, third, fourth = sheets.lines(sheet, by=maja)
    assert {(fault.column, fault.why) for fault in first.faults} == {
        (Column.SECTION, Why.UNKNOWN),
        (Column.KIND, Why.UNKNOWN),
        (Column.CHANNEL, Why.UNKNOWN),
        (Column.LANGUAGE, Why.UNKNOWN),
        (Column.CONSENT, Why.UNKNOWN),
        (Column.VISIBILITY, Why.UNKNOWN),
    }
    assert all(fault.accepted for fault in first.faults)
    assert {(fault.column, fault.why) for fault in second.faults} == {
        (Column.SECTION, Why.MISSING),
        (Column.REMARK, Why.LONG),
    }
    assert {(fault.column, fault.why) for fault in third.faults} == {
        (Column.SECTION, Why.CLOSED),
        (Column.REMARK, Why.MISSING),
    }
    assert (second.number, third.number, fourth.number) == (4, 5, 6)
    assert confirmed(sheet, maja).recorded == 1
    assert said() == ["Good."]
    assert [row["line"] for row in sheet.rows] == [2, 4, 5]


def test_a_coordinator_enters_organisations_that_an_editor_has_to_ask_for(section, maja):
    builders.organisation("Tenants of the North")
    rows = [
        ["Section", "Comment", "Organisation"],
        ["B-2.1", "One.", "tenants of the north"],
        ["B-2.1", "Two.", "Tenants of the Nort"],
    ]
    sheet = brought(maja, as_csv(*rows))
    editor = builders.person(Role.EDITOR)
    known, unknown = sheets.lines(sheet, by=editor)
    assert known.faults == []
    [fault] = unknown.faults
    assert (fault.column, fault.accepted) == (Column.ORGANISATION, ("Tenants of the North",))
    known, new = sheets.lines(sheet, by=maja)
    assert (known.new_organisation, new.new_organisation) == (False, True)
    assert confirmed(sheet, maja).recorded == 2
    names = set(db.session.scalars(select(Organisation.name)))
    assert names == {"Tenants of the North", "Tenants of the Nort"}


def test_a_section_that_closed_since_the_preview_leaves_its_rows_in_the_sheet(section, maja):
    sheet = brought(maja, as_csv(["Section", "Comment"], ["B-2.1", "Late."]))
    section.stage = Stage.APPROVED
    db.session.commit()
    assert confirmed(sheet, maja).recorded == 0
    assert len(sheet.rows) == 1


def test_an_organisation_that_two_rows_name_is_entered_once(section, maja):
    rows = [["Section", "Comment", "Organisation"], *(["B-2.1", w, "New Ones"] for w in "ab")]
    assert confirmed(brought(maja, as_csv(*rows)), maja).recorded == 2
    assert db.session.query(Organisation).count() == 1


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"0" * (spreadsheets.MAX_UNPACKED + 1))
    return file.getvalue()


def laughs() -> bytes:
    """A workbook whose words would unfold without end."""
    good, file = as_xlsx(["Section", "Comment"], ["B-2.1", "ha"]), io.BytesIO()
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY a0 "ha">{levels}]>'
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = doctype + part.replace(">ha<", ">&a11;<")
            new.writestr(name, part)
    return file.getvalue()


BROKEN = {
    "empty": lambda: b"",
    "blank": lambda: b" \n\n ",
    "only headings": lambda: as_csv(["Section", "Comment"]),
    "no headings": lambda: as_csv(["B-2.1", "Too dear."]),
    "one column": lambda: as_csv(["Comment"], ["Too dear."]),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
    "half a workbook": lambda: as_xlsx(["Section", "Comment"])[:900],
    "a zip": lambda: b"PK\x03\x04" + b"0" * 100,
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0" + b"0" * 100,
    "too large": lambda: b"a," * spreadsheets.MAX_BYTES,
    "too many rows": lambda: as_csv(["Section", "Comment"], *[["B-2.1", "x"]] * 2_001),
    "too many blank rows": lambda: b"Section,Comment\n" + b",\n" * 50_000,
    "a bomb": bomb,
    "laughter": laughs,
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_cannot_be_read_is_refused_with_words(section, maja, what):
    with pytest.raises(Invalid) as refused:
        brought(maja, BROKEN[what]())
    assert refused.value.name == "file"
    assert db.session.query(Sheet).count() == 0


def test_the_largest_sheet_is_taken(section, maja):
    rows = [["B-2.1", f"Remark {n}"] for n in range(spreadsheets.MAX_ROWS)]
    sheet = brought(maja, as_csv(["Section", "Comment"], *rows))
    assert len(sheets.lines(sheet, by=maja)) == spreadsheets.MAX_ROWS


def test_sheets_that_nobody_confirmed_are_thrown_away_after_a_while(section, maja):
    old = brought(maja, as_csv(["Section", "Comment"], ["B-2.1", "Old."]))
    old.created_at = clock.now() - sheet_reading.KEPT - timedelta(hours=1)
    db.session.commit()
    brought(maja, as_csv(["Section", "Comment"], ["B-2.1", "New."]))
    [kept] = db.session.scalars(select(Sheet))
    assert kept.rows[0]["cells"]["remark"] == "New."


def test_a_stakeholder_brings_no_sheet(section):
    with pytest.raises(Denied):
        brought(builders.person(Role.STAKEHOLDER), as_csv(["Section", "Comment"], ["B-2.1", "x"]))


# Words


@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_heading_that_we_offer_is_understood(language):
    headings = [columns.HEADINGS[column][language] for column in Column]
    assert list(columns.LAYOUT.found(headings).values()) == list(Column)


def test_cells_of_a_workbook_are_read_as_people_see_them(section, maja):
    content = as_xlsx(["Section", "Comment", "May be named"], ["B-2.1", 2030, True])
    [line] = sheets.lines(brought(maja, content), by=maja)
    assert (line.entry.remark, line.entry.consent) == ("2030", True)


def test_no_cell_of_ours_computes():
    table = Table("Matrix", ["Comment"], [[words] for words in NAUGHTY])
    with spreadsheets.xlsx_file(table) as file:
        cells = [row[0] for row in load_workbook(file).active.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == NAUGHTY
    assert {cell.data_type for cell in cells} == {"s"}
    with spreadsheets.csv_file(table) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        written = [row[0] for row in csv.reader(text)][1:]
    assert not [words for words in written if words.lstrip()[:1] in "=+-@"]
    assert written[:5] == [
        "'=1+1",
        "'+cmd|' /C calc'!A0",
        "'-2+3",
        "'@SUM(A1:A9)",
        "first;'=1+1",
    ]


def test_signs_that_no_file_can_hold_are_replaced():
    table = Table("a/b:c", ["x"], [["a\x00b\x0bc\ufffe"], ["y" * 40_000]])
    with spreadsheets.xlsx_file(table) as file:
        [first], [second] = load_workbook(file).active.iter_rows(min_row=2, values_only=True)
    assert first == "a\ufffdb\ufffdc\ufffd"
    assert len(second) == spreadsheets.LONGEST_CELL
