"""The pages of web hooks: who may see them, the secret that is shown once, and the log."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db
from workflow.models import Delivery, Hook
from workflow.rules.vocabulary import EventKind, Role
from workflow.services import hooks

HOOKS = "/c/ljubljana/hooks"
FORM = {"address": "https://register.example.org/in", "kinds": ["section_approved", "reply_made"]}


@pytest.fixture
def maja(city, enter):
    return enter(city.coordinator)


def the_hook(app) -> Hook:
    with app.app_context():
        return db.session.query(Hook).one()


def secret_of(app) -> str:
    with app.app_context():
        return hooks.secret(db.session.query(Hook).one())


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_connect_other_systems_see_and_make_them(app, city, enter, role):
    with app.app_context():
        hook, delivery = builders.hook(told=builders.event(EventKind.SECTION_APPROVED))
    client = enter(getattr(city, role.value))
    may = role in (Role.ADMIN, Role.COORDINATOR)
    for address in (HOOKS, f"{HOOKS}/{hook.id}"):
        assert client.get(address).status_code == (200 if may else 403)
    assert ("/hooks" in client.get("/c/ljubljana/people").text) is may
    again = f"{HOOKS}/{hook.id}/deliveries/{delivery.id}"
    for address in (HOOKS, f"{HOOKS}/{hook.id}", f"{HOOKS}/{hook.id}/secret", again):
        answer = client.post(address, data=FORM | {"address": f"https://a.example/{len(address)}"})
        assert answer.status_code == (303 if may else 403), address


def test_the_secret_is_shown_once_and_stands_in_no_cookie(app, maja):
    answer = maja.post(HOOKS, data=FORM)
    assert answer.location == f"{HOOKS}/{the_hook(app).id}"
    assert secret_of(app) not in str(answer.headers)
    first, second = maja.get(answer.location), maja.get(answer.location)
    assert secret_of(app) in first.text
    assert first.headers["Cache-Control"] == "no-store"
    assert secret_of(app) not in second.text
    assert secret_of(app) not in maja.get(HOOKS).text


def test_a_new_secret_is_shown_once_too(app, maja):
    maja.get(maja.post(HOOKS, data=FORM).location)
    before = secret_of(app)
    answer = maja.post(f"{HOOKS}/{the_hook(app).id}/secret")
    assert secret_of(app) != before
    shown = maja.get(answer.location).text
    assert secret_of(app) in shown
    assert before not in shown
    assert secret_of(app) not in maja.get(answer.location).text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"address": ""}, "Please give an address."),
        ({"address": "http://register.example.org"}, "Only encrypted addresses"),
        ({"address": "https://10.0.0.1/x"}, "not on the Internet"),
        ({"address": "https://me:pw@example.org/x"}, "leave out the name and the password"),
        ({"kinds": []}, "Please choose at least one."),
        ({"kinds": ["remark_held"]}, "reply_made"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_taken_says_why_and_loses_nothing(app, maja, wrong, message):
    answer = maja.post(HOOKS, data=FORM | wrong)
    assert answer.status_code == 422
    assert message in answer.text
    kept = (FORM | wrong)["address"]
    assert f'value="{kept}"' in answer.text
    with app.app_context():
        assert db.session.query(Hook).count() == 0


def test_a_second_click_makes_no_second_hook(app, maja):
    assert maja.post(HOOKS, data=FORM).status_code == 303
    answer = maja.post(HOOKS, data=FORM)
    assert answer.status_code == 422
    assert "There is a web hook to this address already." in answer.text
    assert the_hook(app)


def test_it_is_changed_switched_off_and_on(app, maja):
    page = maja.post(HOOKS, data=FORM).location
    other = {"address": "https://register.example.org/other", "kinds": ["section_approved"]}
    assert maja.post(page, data=other).status_code == 303
    hook = the_hook(app)
    assert (hook.address, hook.kinds, hook.active) == (*other.values(), False)
    assert "Switched off" in maja.get(page).text
    maja.post(page, data=other | {"active": "y"})
    assert the_hook(app).active


def test_the_log_says_what_became_of_each_message_and_sends_it_again(app, city, maja):
    with app.app_context():
        told = builders.event(
            EventKind.SECTION_APPROVED, section=builders.section("A-7", contract=city.contract)
        )
        hook, delivery = builders.hook(told=told, attempts=3, last_error="500 <b>no</b>")
    page = maja.get(f"{HOOKS}/{hook.id}").text
    for words in (
        "A section is approved",
        "(A-7)",
        "3 attempts",
        "500 &lt;b&gt;no",
        "Tried in vain",
    ):
        assert words in page
    again = f"{HOOKS}/{hook.id}/deliveries/{delivery.id}"
    assert maja.post(again).status_code == 303
    with app.app_context():
        assert db.session.get(Delivery, delivery.id).attempts == 0
        db.session.get(Hook, hook.id).active = False
        db.session.commit()
    maja.post(again)
    assert "Switch it on first." in maja.get(f"{HOOKS}/{hook.id}").text


def test_a_hook_of_another_contract_is_not_there(app, maja):
    with app.app_context():
        other = builders.contract("kranj")
        event = builders.event(EventKind.SECTION_APPROVED, contract=other)
        hook, delivery = builders.hook(contract=other, told=event)
    mine = maja.post(HOOKS, data=FORM).location
    assert maja.get(f"{HOOKS}/{hook.id}").status_code == 404
    assert maja.post(f"{HOOKS}/{hook.id}/secret").status_code == 404
    assert maja.post(f"{mine}/deliveries/{delivery.id}").status_code == 404


def test_the_pages_ask_the_same_few_questions_whatever_is_on_them(app, city, maja):
    costs = []
    for more in (1, 60):
        with app.app_context():
            for _ in range(more):
                event = builders.event(EventKind.SECTION_APPROVED)
                number = db.session.query(Hook).count()
                hook, _told = builders.hook(f"https://a.example/{number}", told=event)
                first = db.session.query(Hook).order_by(Hook.id).first()
                event = builders.event(EventKind.SECTION_APPROVED)
                builders.keep(Delivery(hook=first, event=event, next_try_at=event.at))
        for address in (HOOKS, f"{HOOKS}/{first.id}"):
            with counted(app) as questions:
                assert maja.get(address).status_code == 200
            costs.append(len(questions))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 8


API = "/api/contracts/ljubljana/hooks"


@pytest.mark.parametrize("role", list(Role))
def test_programs_connect_other_systems_only_for_those_who_may(app, city, enter, role):
    with app.app_context():
        hook, _ = builders.hook(told=builders.event(EventKind.SECTION_APPROVED))
    client = enter(getattr(city, role.value))
    may = role in (Role.ADMIN, Role.COORDINATOR)
    for address in (API, f"{API}/{hook.id}/deliveries"):
        assert client.get(address).status_code == (200 if may else 403)
    assert client.post(API, json=FORM).status_code == (201 if may else 403)
    assert client.post(f"{API}/{hook.id}/stop", json={}).status_code == (200 if may else 403)


def test_programs_make_list_and_stop_a_hook_and_learn_its_secret_once(app, maja):
    made = maja.post(API, json=FORM).json
    assert made["secret"] == secret_of(app)
    assert (made["state"], set(made["kinds"])) == ("on", set(FORM["kinds"]))
    [listed] = maja.get(API).json["hooks"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    for _ in range(2):
        assert maja.post(f"{API}/{made['id']}/stop", json={}).json["state"] == "off"
    assert not the_hook(app).active
    assert secret_of(app) not in maja.get(API).text


def test_a_hook_to_an_address_that_is_no_longer_allowed_is_stopped_by_either_way(app, city, maja):
    with app.app_context():
        hooks = [builders.hook(f"http://127.0.0.1:{port}/")[0] for port in (9, 10)]
    assert maja.post(f"{API}/{hooks[0].id}/stop", json={}).json["state"] == "off"
    kept = {"address": hooks[1].address, "kinds": hooks[1].kinds}
    assert maja.post(f"{HOOKS}/{hooks[1].id}", data=kept).status_code == 303
    assert [one["state"] for one in maja.get(API).json["hooks"]] == ["off", "off"]


def test_programs_read_what_became_of_each_message(app, city, maja):
    with app.app_context():
        hook, delivery = builders.hook(told=builders.event(EventKind.SECTION_APPROVED))
    log = maja.get(f"{API}/{hook.id}/deliveries").json
    assert (log["total"], log["page"], log["pages"]) == (1, 1, 1)
    [told] = log["deliveries"]
    assert (told["kind"], told["message_id"]) == (
        "section_approved",
        f"concord_{hook.id}_{delivery.event_id}",
    )


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"address": "http://register.example.org"}, "address"),
        ({"address": "https://10.0.0.1/in"}, "address"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["remark_held"]}, "kinds"),
        ({"kinds": ["nonsense"]}, "kinds.0"),
    ],
)
def test_programs_are_told_what_cannot_be_taken(app, maja, wrong, name):
    answer = maja.post(API, json=FORM | wrong)
    assert answer.status_code == 422
    assert name in [fault["name"] for fault in answer.json["errors"]]
    with app.app_context():
        assert db.session.query(Hook).count() == 0


def test_for_programs_a_hook_of_another_contract_is_not_there_and_the_ways_are_described(app, maja):
    with app.app_context():
        other = builders.contract("celje")
        hook, _ = builders.hook(contract=other, told=None)
    for number in (hook.id, 10**12):
        assert maja.get(f"{API}/{number}/deliveries").status_code == 404
        assert maja.post(f"{API}/{number}/stop", json={}).status_code == 404
    described = maja.get("/api/openapi.json").json["paths"]
    ways = {path for path in described if "/hooks" in path}
    assert ways == {
        "/api/contracts/{slug}/hooks",
        "/api/contracts/{slug}/hooks/{hook_id}/stop",
        "/api/contracts/{slug}/hooks/{hook_id}/deliveries",
    }


def test_one_that_is_off_is_removed_after_a_question(app, city, maja):
    with app.app_context():
        hook, _told = builders.hook(told=builders.event(EventKind.SECTION_APPROVED))
    at = f"{HOOKS}/{hook.id}"
    assert "Remove this web hook" not in maja.get(at).text
    assert maja.get(f"{at}/remove").location == at
    assert maja.post(f"{at}/remove").location == at
    assert "Switch it off first" in maja.get(at).text
    stop = f"/api/contracts/ljubljana/hooks/{hook.id}/stop"
    assert maja.post(stop, json={}).status_code == 200
    assert "Remove this web hook" in maja.get(at).text
    asked = maja.get(f"{at}/remove").text
    assert "messages (1) are deleted" in asked
    assert maja.post(f"{at}/remove").location == HOOKS
    assert "register.example.org" not in maja.get(HOOKS).text
    for gone in (at, f"{at}/remove", f"/api/contracts/ljubljana/hooks/{hook.id}/deliveries"):
        assert maja.get(gone).status_code == 404
    assert maja.post(f"{at}/remove").status_code == 404
    assert maja.get("/api/contracts/ljubljana/hooks").json["hooks"] == []
    record = maja.get("/c/ljubljana/").text
    assert "removed the web hook to register.example.org" in record
    assert f'href="{at}"' not in record


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_connect_other_systems_remove_them(app, city, enter, role):
    with app.app_context():
        hook, _told = builders.hook(told=builders.event(EventKind.SECTION_APPROVED))
        db.session.get(Hook, hook.id).active = False
        db.session.commit()
    browser, at = enter(getattr(city, role.value)), f"{HOOKS}/{hook.id}/remove"
    may = role in (Role.ADMIN, Role.COORDINATOR)
    assert browser.get(at).status_code == (200 if may else 403)
    assert browser.post(at).status_code == (303 if may else 403)
