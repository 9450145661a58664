"""Inviting in the browser: pasted or brought, looked through, confirmed once; nothing typed is lost."""

import io
import zipfile

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db
from workflow.models import Organisation, Signatory
from workflow.rules.vocabulary import Role

INVITE = "/c/ljubljana/signatories/invite"
CSV = "Organisation,Commitment,Tonnes\nHeat utility,No more coal.,3100\nBike network,Trees.,some\n"


@pytest.fixture
def maja(city, enter, anew):
    return enter(city.coordinator)


def bring(client, text=None, **form):
    if text is not None:
        form["file"] = (io.BytesIO(text.encode()), "podpisniki.csv")
    return client.post(f"{INVITE}/sheets", data=form)


def names() -> list[str]:
    db.session.expire_all()
    return sorted(one.organisation.name for one in db.session.query(Signatory))


def test_a_sheet_is_shown_before_anybody_is_invited(maja):
    answer = bring(maja, CSV, due_on="2027-03-01")
    page = maja.get(answer.location).text
    assert "1 organisation would be asked to sign." in page
    assert "“some” is not clear as a number" in page
    assert names() == []
    assert maja.post(answer.location).status_code == 303
    assert names() == ["Heat utility"]
    page = maja.get(answer.location).text
    assert "1 organisation of this sheet is asked to sign." in page
    assert "“some” is not clear as a number" in page
    maja.post(answer.location)
    assert names() == ["Heat utility"]


def test_pasted_lines_are_read_and_kept_when_something_is_wrong(maja):
    answer = bring(maja, pasted="Heat utility\nBike network; Ana Kos; ana@example.org")
    assert "2 organisations would be asked" in maja.get(answer.location).text
    typed = "Organisation\tContact"
    answer = bring(maja, pasted=typed)
    assert answer.status_code == 422
    assert "no row under the headings" in answer.text and typed in answer.text
    assert bring(maja).status_code == 422


def test_known_organisations_are_chosen(maja, city):
    one, other = (builders.organisation(name) for name in ("One", "Other"))
    page = maja.get(INVITE).text
    assert "One" in page and "Other" in page
    answer = maja.post(INVITE, data={"chosen": [one.id]})
    assert answer.location == "/c/ljubljana/signatories"
    assert names() == ["One"]
    assert f'value="{one.id}"' not in maja.get(INVITE).text
    assert maja.post(INVITE, data={}).status_code == 422
    assert maja.post(INVITE, data={"chosen": [one.id, other.id]}).status_code == 422


def test_a_sheet_belongs_to_whoever_brought_it_and_can_be_thrown_away(maja, city, enter):
    address = bring(maja, CSV).location
    assert enter(city.admin).get(address).status_code == 404
    assert "podpisniki.csv" in maja.get(INVITE).text
    assert maja.post(f"{address}/discard").status_code == 303
    assert maja.get(address).status_code == 404


def test_the_empty_sheet_says_what_goes_where(maja):
    body = maja.get(f"{INVITE}/template.xlsx").data
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        words = "".join(book.read(name).decode() for name in book.namelist())
    assert "Organisation" in words and "Letter of intent" in words and "Energy" in words


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.STAKEHOLDER, Role.OBSERVER])
def test_inviting_is_for_those_who_keep_the_list(city, enter, role):
    client = enter(getattr(city, role.value))
    for address in (INVITE, f"{INVITE}/template.xlsx"):
        assert client.get(address).status_code == 403
    assert client.post(INVITE, data={"chosen": [1]}).status_code == 403
    assert bring(client, CSV).status_code == 403


def test_the_pages_cost_the_same_however_many_there_are(app, maja):
    def costs(rows: int) -> list[int]:
        address = bring(maja, pasted="\n".join(f"New {rows} {n}" for n in range(rows))).location
        found = []
        for page in (INVITE, address):
            with counted(app) as asked:
                assert maja.get(page).status_code == 200
            found.append(len(asked))
        return found

    few = costs(2)
    for number in range(120):
        db.session.add(
            Organisation(contract_id=builders.the_contract().id, name=f"O {number}", kind="other")
        )
    db.session.commit()
    assert costs(300) == few
    assert max(few) <= 8
