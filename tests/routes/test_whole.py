"""The page of the contract as a whole: where it stands, what is missing, and how it is frozen and moves on."""

import hashlib
import json

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Contract, ManifestEntry, Section
from workflow.rules.vocabulary import ManifestStep, RemarkKind, Role, Stage, Visibility
from workflow.services import freezing, wholes

MOST_QUERIES = 8
WHOLE = "/c/ljubljana/whole"


@pytest.fixture
def town(app):
    """A contract of two approved sections, with who leads it and who only reads."""
    with app.app_context(), transaction():
        contract = builders.contract("ljubljana")
        made = {
            "maja": builders.person(Role.COORDINATOR, contract=contract, name="Maja"),
            "ana": builders.person(Role.STAKEHOLDER, contract=contract, name="Ana"),
            "heat": builders.approved("A-1", contract=contract).id,
            "waste": builders.approved("A-2", contract=contract, markdown="Waste is burnt.").id,
        }
        builders.figures(contract, {"2018": 1})
    return made


@pytest.fixture
def enter(client):
    return lambda person: builders.sign_in(client, person)


def contract_of(app) -> Contract:
    return db.session.query(Contract).filter_by(slug="ljubljana").one()


def freeze(client, app, **form):
    with app.app_context():
        seen = wholes.read(contract_of(app)).sha256
    return client.post(f"{WHOLE}/freeze", data={"seen": seen} | form)


def test_what_is_missing_is_listed_with_the_way_there_and_nothing_can_be_frozen(app, town, enter):
    with app.app_context():
        open_section = builders.section("A-3", stage=Stage.REVIEW).id
        builders.thread(db.session.get(Section, town["heat"]), kind=RemarkKind.OBJECTION)
    client = enter(town["maja"])
    page = client.get(WHOLE).text
    assert "1 section is open for comments or in review" in page
    assert "1 blocking objection is open" in page
    assert f"/c/ljubljana/sections/{open_section}/review" in page
    assert "Freeze the contract</button>" not in page
    refused = freeze(client, app)
    assert refused.status_code == 409
    assert "1 section is open for comments or in review" in refused.text
    assert f'href="{WHOLE}"' in refused.text


def test_a_contract_is_frozen_read_verified_and_handed_out(app, town, enter):
    client = enter(town["maja"])
    page = client.get(WHOLE).text
    assert "Freeze the contract</button>" in page
    assert freeze(client, app).status_code == 303
    page = client.get(WHOLE).text
    assert "The contract is exactly what was sealed." in page
    file = client.get(f"{WHOLE}/1.json")
    sha256 = hashlib.sha256(file.data).hexdigest()
    assert sha256 in page
    assert json.loads(file.data)["contract"] == "ljubljana"
    reading = client.get(f"{WHOLE}/1").text
    assert sha256 in reading
    with app.app_context():
        for key in ("heat", "waste"):
            assert db.session.get(Section, town[key]).current.sha256 in reading


def test_a_change_past_concord_is_seen_at_once(app, town, enter):
    client = enter(town["maja"])
    freeze(client, app)
    with app.app_context():
        builders.revision(db.session.get(Section, town["waste"]), "Waste is sorted.")
    page = client.get(WHOLE).text
    assert "The contract is not what was sealed." in page
    assert "exactly what was sealed" not in page


def test_readers_see_where_it_stands_but_no_button(app, town, enter):
    client = enter(town["ana"])
    page = client.get(WHOLE).text
    assert "Nothing stands in the way" in page
    assert "Freeze the contract</button>" not in page
    assert freeze(client, app).status_code == 403
    for address in ("addendum", "iteration"):
        assert client.get(f"{WHOLE}/{address}").status_code == 403


def test_a_stale_page_freezes_nothing(app, town, enter):
    client = enter(town["maja"])
    with app.app_context():
        seen = wholes.read(contract_of(app)).sha256
        builders.approved("A-3", contract=contract_of(app))
    typed = {"note": "The sums <of> heat.", "password": "not for anybody"}
    refused = client.post(f"{WHOLE}/freeze", data={"seen": seen} | typed)
    assert refused.status_code == 409
    assert "The sums &lt;of&gt; heat." in refused.text
    assert "not for anybody" not in refused.text
    assert seen not in refused.text
    with app.app_context():
        assert contract_of(app).frozen_id is None


def test_sections_of_a_frozen_contract_offer_nothing_that_would_change_them(app, town, enter):
    client = enter(town["maja"])
    freeze(client, app)
    review = client.get(f"/c/ljubljana/sections/{town['heat']}/review").text
    assert "Reopen for revision</button>" not in review
    assert "The contract is frozen as a whole" in review
    with app.app_context():
        seen = db.session.get(Section, town["heat"]).current_id
    refused = client.post(
        f"/c/ljubljana/sections/{town['heat']}/move",
        data={"act": "reopen", "seen": seen, "reason": "New figures."},
    )
    assert refused.status_code == 409
    assert "The contract is frozen as a whole" in refused.text


def test_the_freeze_is_lifted_with_a_reason_and_nothing_typed_is_lost(app, town, enter):
    client = enter(town["maja"])
    freeze(client, app)
    refused = client.post(f"{WHOLE}/lift", data={"reason": ""})
    assert refused.status_code == 422
    assert "Please say why" in refused.text
    long = client.post(f"{WHOLE}/lift", data={"reason": "Too long. " * 500})
    assert long.status_code == 422
    assert "Too long. Too long." in long.text
    assert client.post(f"{WHOLE}/lift", data={"reason": "A sum is wrong."}).status_code == 303
    assert "A sum is wrong." in client.get(WHOLE).text


def submit(client, **form):
    return client.post(
        f"{WHOLE}/submission",
        data={"body": "mission_platform", "on": builders.today().isoformat()} | form,
    )


def test_what_was_submitted_moves_on_by_an_addendum_or_the_next_iteration(app, town, enter):
    client = enter(town["maja"])
    freeze(client, app)
    assert submit(client, on="2019-01-01").status_code == 422
    assert submit(client).status_code == 303
    page = client.get(WHOLE).text
    assert "Mission Platform" in page
    assert "Lift the freeze" not in page
    assert client.post(f"{WHOLE}/lift", data={"reason": "No."}).status_code == 409
    choose = client.get(f"{WHOLE}/addendum").text
    assert "checked" not in choose
    refused = client.post(f"{WHOLE}/addendum", data={"reason": "The reviewers asked."})
    assert refused.status_code == 422
    assert "The reviewers asked." in refused.text
    begun = client.post(
        f"{WHOLE}/addendum", data={"reason": "The reviewers asked.", "section": town["waste"]}
    )
    assert begun.status_code == 303
    page = client.get(WHOLE).text
    assert "Addendum in preparation" in page
    assert "1 section is not approved yet" in page


def test_the_next_iteration_proposes_to_open_every_section(app, town, enter):
    client = enter(town["maja"])
    freeze(client, app)
    submit(client)
    choose = client.get(f"{WHOLE}/iteration").text
    assert choose.count("checked") == 2
    assert "Begin iteration 2" in choose
    client.post(f"{WHOLE}/iteration", data={"reason": "Two years.", "section": town["heat"]})
    page = client.get(WHOLE).text
    assert "Next iteration in preparation" in page
    assert "iteration 2" in page


def test_an_addendum_says_what_it_is_about_or_is_not_issued(app, town, enter):
    client = enter(town["maja"])
    freeze(client, app)
    submit(client)
    client.post(f"{WHOLE}/addendum", data={"reason": "Asked.", "section": town["waste"]})
    with app.app_context(), transaction():
        section = db.session.get(Section, town["waste"])
        builders.revision(section, "Waste is sorted.")
        builders.approve_again(section)
    assert "It becomes an addendum to manifest 1." in client.get(WHOLE).text
    assert freeze(client, app).status_code == 422
    assert freeze(client, app, note="Waste is sorted.").status_code == 303
    assert "Waste is sorted." in client.get(f"{WHOLE}/2").text
    redline = client.get(f"{WHOLE}/compare?old=1&new=2").text
    assert "1 section has another text." in redline
    assert "<del" in redline


SECRET = "zebrafinch"


def test_the_redline_shows_what_changed_as_far_as_the_reader_may_read_it(app, town, enter):
    client = enter(town["maja"])
    assert client.get(f"{WHOLE}/compare").status_code == 303
    freeze(client, app)
    assert "Every section has the same text in both." in client.get(f"{WHOLE}/compare").text
    with app.app_context():
        waste = db.session.get(Section, town["waste"])
        builders.revision(waste, f"Waste is burnt.\n\n::: city\n{SECRET}\n:::\n")
        builders.revision(db.session.get(Section, town["heat"]), "Heat from the river.")
    assert SECRET in client.get(f"{WHOLE}/compare").text
    seen = enter(town["ana"]).get(f"{WHOLE}/compare").text
    assert "river" in seen
    assert SECRET not in seen
    assert "The words that you may read are the same." in seen


@pytest.mark.parametrize("frozen", [False, True])
def test_the_pages_ask_the_same_few_questions_of_a_large_contract(app, client, frozen):
    costs = [_costs(app, client, sections, frozen) for sections in (3, 60)]
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= MOST_QUERIES, costs


def _costs(app, client, sections: int, frozen: bool) -> dict[str, int]:
    with app.app_context(), transaction():
        contract = builders.contract(f"city-{sections}")
        maja = builders.person(Role.COORDINATOR, contract=contract)
        made = [builders.approved(contract=contract) for _ in range(sections)]
        for one in made:
            builders.element(one, because="There is no port." if one is made[0] else None)
            builders.thread(one, visibility=Visibility.PUBLIC).withdrawn_at = clock.now()
        first = freezing.freeze(contract, by=maja)
        for step in (ManifestStep.SUBMITTED, ManifestStep.ADDENDUM):
            builders.keep(ManifestEntry(manifest=first, step=step, by=maja, at=clock.now()))
        for one in made[1:]:
            builders.revision(one, "Another text.")
            builders.approve_again(one)
        contract.frozen = None
        if frozen:
            freezing.freeze(contract, by=maja, note="Other texts.")
        slug = contract.slug
    builders.sign_in(client, maja)
    found = {}
    for path in ("", "/1", "/1.json", "/compare?old=1", "/addendum", "/iteration"):
        with counted(app) as questions:
            assert client.get(f"/c/{slug}/whole{path}").status_code == 200
        found[path] = len(questions)
    return found


API = "/api/contracts/ljubljana"


def test_a_program_reads_where_it_stands_and_gets_the_same_blockers_as_refusal(app, town, enter):
    with app.app_context():
        builders.section("A-3", stage=Stage.REVISION)
    client = enter(town["maja"])
    told = client.get(f"{API}/whole").json
    assert (told["state"], told["iteration"], told["manifests"]) == ("open", 1, [])
    assert told["blockers"] == [{"key": "approved", "count": 1, "details": ["A-3"]}]
    refused = client.post(f"{API}/freeze", json={"seen": told["sha256"]})
    assert refused.status_code == 409
    assert refused.json["type"] == "urn:concord:problem:blocked"
    assert refused.json["blockers"] == told["blockers"]


def test_a_program_freezes_what_it_has_seen_and_lifts_it_with_a_reason(app, town, enter):
    client = enter(town["maja"])
    seen = client.get(f"{API}/whole").json["sha256"]
    assert client.post(f"{API}/freeze", json={"seen": "0" * 64}).status_code == 409
    told = client.post(f"{API}/freeze", json={"seen": seen}).json
    assert told["state"] == "frozen"
    assert [one["sha256"] for one in told["manifests"]] == [seen]
    file = client.get(f"{API}/manifests/1")
    assert hashlib.sha256(file.data).hexdigest() == seen
    section = f"/api/sections/{town['heat']}"
    read = client.get(section).json
    assert "reopen" not in read["acts"]
    move = {"act": "reopen", "seen": read["revision"]["id"], "reason": "New figures."}
    refused = client.post(f"{section}/moves", json=move)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:concord:problem:frozen")
    assert client.post(f"{API}/lift", json={"reason": ""}).status_code == 422
    assert client.post(f"{API}/lift", json={"reason": "A sum is wrong."}).json["state"] == "open"


def test_who_does_not_lead_is_refused_by_the_api_too(app, town, enter):
    client = enter(town["ana"])
    told = client.get(f"{API}/whole").json
    assert told["may_freeze"] is False
    assert client.post(f"{API}/freeze", json={"seen": told["sha256"]}).status_code == 403
    assert client.post(f"{API}/lift", json={"reason": "No."}).status_code == 403
