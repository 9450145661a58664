"""Hundreds of organisations invited by the sheet: looked through first, invited once however often it is brought."""

import io
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from tests import builders
from tests.support.queries import counted
from workflow import spreadsheets
from workflow.db import db, transaction
from workflow.models import (
    Commitment,
    Event,
    Membership,
    Organisation,
    Person,
    Signatory,
    SignatoryEntry,
)
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.signatory_sheet import HEADINGS, WORDS, Column
from workflow.rules.vocabulary import (
    EventKind,
    Mandate,
    OrganisationKind,
    Role,
    SignatoryStatus,
    Tier,
)
from workflow.services import signatory_sheets

pytestmark = pytest.mark.usefixtures("ctx")

SHEET = """Organisation,Kind,Contact,E-mail,Commitment,Tier,t CO2e,EUR,Year,Sector
Heat utility,City company,Vesna Oblak,vesna@example.org,No more coal.,Premium,"3,100",18500000,2030,Energy
heat  utility,,,,Pipes renewed.,framework,1200.5,,2029,energy
Bike network,NVO,Ana Kos,ana@example.org,,,,,,
"""
BROKEN = """Podpisnik;Vrsta;E-pošta;Zaveza;Stopnja;Tone;Leto;Sektor
;;;Nekaj.;;;;
A;galaxy;;;;;;
B;;not an address;;;;;
C;;;Trees.;best;;;
D;;;Trees.;;3.100;;
E;;;Trees.;;;soon;
F;;;Trees.;;;;Moon
G;;;;;12;;
"""


@pytest.fixture
def maja():
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def contract(maja):
    return builders.the_contract()


def bring(contract, by, content="", **what):
    with transaction():
        return signatory_sheets.bring(contract, by=by, content=content.encode(), **what)


def confirm(sheet, by) -> int:
    with transaction():
        return signatory_sheets.confirm(sheet, by=by).recorded


def signatories() -> dict[str, Signatory]:
    return {one.organisation.name: one for one in db.session.query(Signatory)}


def test_a_sheet_invites_organisations_with_their_people_and_commitments(contract, maja):
    sheet = bring(contract, maja, SHEET, due_on=date(2027, 3, 1))
    assert [
        (one.is_new, one.asks, one.invites, one.promises) for one in signatory_sheets.lines(sheet)
    ] == [
        (True, True, True, True),
        (False, False, False, True),
        (True, True, True, False),
    ]
    assert signatories() == {}
    assert confirm(sheet, maja) == 2
    heat, bikes = signatories()["Heat utility"], signatories()["Bike network"]
    assert (heat.status, heat.due_on) == (SignatoryStatus.INVITED, date(2027, 3, 1))
    assert heat.organisation.kind is OrganisationKind.CITY_COMPANY
    assert bikes.organisation.kind is OrganisationKind.NGO
    assert [
        (one.text, one.tier, one.tonnes_per_year, one.investment_eur, one.by_year, one.sector.key)
        for one in heat.commitments
    ] == [
        ("No more coal.", Tier.PREMIUM, 3100.0, 18_500_000.0, 2030, "energy"),
        ("Pipes renewed.", Tier.FRAMEWORK, 1200.5, None, 2029, "energy"),
    ]
    vesna = db.session.query(Person).filter_by(email="vesna@example.org").one()
    [membership] = vesna.memberships
    assert (membership.organisation_id, membership.mandate) == (
        heat.organisation_id,
        Mandate.DELEGATE,
    )
    kinds = db.session.scalars(select(Event.kind)).all()
    assert kinds.count(EventKind.SIGNATORY_INVITED) == kinds.count(EventKind.PERSON_INVITED) == 2


def test_the_same_sheet_again_invites_and_writes_to_nobody(contract, maja):
    confirm(bring(contract, maja, SHEET), maja)
    events = db.session.query(Event).count()
    sheet = bring(contract, maja, SHEET)
    assert all(line.already for line in signatory_sheets.lines(sheet))
    assert confirm(sheet, maja) == confirm(sheet, maja) == 0
    assert db.session.query(Event).count() == events
    assert db.session.query(SignatoryEntry).count() == 2


def test_a_second_contact_does_not_take_the_mandate_of_the_delegate(contract, maja):
    confirm(bring(contract, maja, SHEET), maja)
    confirm(bring(contract, maja, pasted="Heat utility; Bor Zver; bor@example.org"), maja)
    mandates = dict(
        db.session.execute(
            select(Person.email, Membership.mandate).join(
                Membership, Membership.person_id == Person.id
            )
        ).all()
    )
    assert mandates["vesna@example.org"] is Mandate.DELEGATE
    assert mandates["bor@example.org"] is Mandate.MEMBER


def test_every_fault_is_named_beside_its_cell_and_the_row_waits(contract, maja):
    sheet = bring(contract, maja, BROKEN)
    faults = [
        [(fault.column.value, fault.why.value) for fault in line.faults]
        for line in signatory_sheets.lines(sheet)
    ]
    assert faults == [
        [("organisation", "missing")],
        [("kind", "unknown")],
        [("email", "unknown")],
        [("tier", "unknown")],
        [("tonnes", "unknown")],
        [("year", "unknown")],
        [("sector", "unknown")],
        [("commitment", "missing")],
    ]
    assert confirm(sheet, maja) == 0
    assert len(sheet.rows) == 8
    assert db.session.query(Organisation).count() == 0


def test_numbers_are_read_by_the_signs_of_whoever_brought_the_sheet(contract, maja):
    text = "Organizacija;Zaveza;Ton na leto\nA;Drevesa.;3.100\nB;Drevesa.;3,5\n"
    for decimal in (",", "."):
        lines = signatory_sheets.lines(bring(contract, maja, text, decimal=decimal))
        assert [bool(line.faults) for line in lines] == [decimal == ".", False]
    assert [line.entry.tonnes for line in lines] == [None, 3.5]


def test_numbers_of_a_workbook_are_never_a_thousand_times_more(contract, maja):
    book = Workbook()
    book.active.append(["Organisation", "Commitment", "Tonnes", "EUR"])
    book.active.append(["A", "Trees.", 3.125, 18_500_000])
    file = io.BytesIO()
    book.save(file)
    with transaction():
        sheet = signatory_sheets.bring(contract, by=maja, content=file.getvalue(), decimal=",")
    [line] = signatory_sheets.lines(sheet)
    assert (line.entry.tonnes, line.entry.euros) == (3.125, 18_500_000.0)


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        (
            "Heat utility\n\nKrožnica, javno podjetje\n",
            [("Heat utility", "", ""), ("Krožnica, javno podjetje", "", "")],
        ),
        ("A\tAna Kos\tana@example.org", [("A", "Ana Kos", "ana@example.org")]),
        ("A; Ana Kos ;ana@example.org", [("A", "Ana Kos", "ana@example.org")]),
        ("E-pošta\tPodpisnik\nana@example.org\tA", [("A", "", "ana@example.org")]),
    ],
)
def test_lines_are_pasted_as_people_have_them(contract, maja, pasted, found):
    lines = signatory_sheets.lines(bring(contract, maja, pasted=pasted))
    said = [(one.entry.organisation, one.entry.person, one.entry.email) for one in lines]
    assert said == found
    assert not any(line.faults for line in lines)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"content": b""}, "empty"),
        ({"content": b"Nothing,Known\n1,2"}, "has to name the columns"),
        ({"content": b"Organisation\n"}, "no row under"),
        ({"pasted": "Organisation\tContact\n"}, "no row under"),
        ({"pasted": "x\n" * 2001}, "too much"),
        ({"pasted": "x" * 200_001}, "too much"),
    ],
)
def test_what_says_nothing_is_refused(contract, maja, what, message):
    with pytest.raises(Invalid, match=message), transaction():
        signatory_sheets.bring(contract, by=maja, **what)


def test_nothing_is_added_to_what_is_signed(contract, maja):
    manifest = builders.manifest(contract)
    builders.signatory(
        builders.organisation("Heat utility"), status=SignatoryStatus.SIGNED, manifest=manifest
    )
    lines = signatory_sheets.lines(bring(contract, maja, SHEET))
    assert [[fault.why.value for fault in line.faults] for line in lines] == [
        ["closed"],
        ["closed"],
        [],
    ]


def test_sheets_are_for_those_who_keep_the_list(contract):
    for role in (Role.EDITOR, Role.STAKEHOLDER, Role.OBSERVER):
        with pytest.raises(Denied), transaction():
            signatory_sheets.bring(contract, by=builders.person(role), pasted="A")


def test_organisations_that_are_known_are_asked_by_choosing_them(contract, maja):
    one, other = builders.organisation("One"), builders.organisation("Other")
    elsewhere = builders.organisation(contract=builders.contract("kranj"))
    with transaction():
        asked = signatory_sheets.invite(
            contract, [one.id, other.id, elsewhere.id], by=maja, due_on=None
        )
    assert sorted(signatory.organisation.name for signatory in asked) == ["One", "Other"]
    with pytest.raises(Invalid), transaction():
        signatory_sheets.invite(contract, [], by=maja, due_on=None)


def test_hundreds_are_looked_through_in_a_few_questions(app, contract, maja):
    def asked(rows: int) -> int:
        pasted = "\n".join(f"Org {number}\tAna\tana{number}@example.org" for number in range(rows))
        sheet = bring(contract, maja, pasted=pasted)
        with counted(app) as questions:
            assert len(signatory_sheets.lines(sheet)) == rows
        return len(questions)

    assert asked(3) == asked(300) <= 5
    sheet = bring(contract, maja, pasted="\n".join(f"Org {number}" for number in range(230)))
    assert confirm(sheet, maja) == 230
    assert db.session.scalar(select(func.count(Signatory.id))) == 230


def test_every_column_has_a_name_in_both_languages_and_every_word_is_known():
    assert all(set(names) == {"en", "sl"} for names in HEADINGS.values())
    assert set(HEADINGS) == set(Column)
    assert set(WORDS[Column.KIND]) == set(OrganisationKind)
    assert set(WORDS[Column.TIER]) == set(Tier)


def test_commitments_of_a_sheet_are_not_for_publication_until_somebody_says_so(contract, maja):
    confirm(bring(contract, maja, SHEET), maja)
    assert not any(db.session.scalars(select(Commitment.may_publish)))


def test_a_cell_of_three_decimals_keeps_its_meaning():
    assert [spreadsheets._text(value) for value in (3.125, 3.5, 3.0)] == ["3.1250", "3.5", "3"]
