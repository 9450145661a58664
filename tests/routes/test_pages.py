"""Every page opens for whoever may see it, at a price that does not grow, and for nobody else."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import transaction
from workflow.models import Notification
from workflow.rules.vocabulary import EventKind, Reason, Role, Stage

IN_CONTRACT = ["/c/{slug}/", "/c/{slug}/board", "/c/{slug}/progress", "/c/{slug}/people"]
IN_CONTRACT += ["/c/{slug}/whole", "/c/{slug}/signatories", "/c/{slug}/data"]
OWN = ["/inbox", "/inbox?show=unread&contract={slug}", "/inbox/letter", "/preferences", "/work"]
OPEN = ["/sign-in", "/forgotten-password", "/help"]
MOST_QUERIES = 8


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_open_every_page_of_the_contract(city, enter, role):
    client = enter(getattr(city, role.value))
    for path in IN_CONTRACT + OWN + ["/help"]:
        answer = client.get(path.format(slug=city.slug))
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_pages_of_another_contract_are_not_there(app, city, enter):
    with app.app_context():
        stranger = builders.person(contract=builders.contract("kranj"))
    client = enter(stranger)
    for path in IN_CONTRACT:
        assert client.get(path.format(slug=city.slug)).status_code == 404


def test_a_visitor_is_taken_to_the_door_and_back(client, city):
    answer = client.get(f"/c/{city.slug}/board?stage=draft")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/c/ljubljana/board?stage%3Ddraft"


@pytest.mark.parametrize("path", OPEN)
def test_open_pages_need_no_sign_in(client, path):
    assert client.get(path).status_code == 200


def test_the_start_leads_to_the_only_contract_or_to_the_list(app, city, client, enter):
    assert client.get("/").location == "/sign-in"
    assert enter(city.editor).get("/").location == "/c/ljubljana/"
    with app.app_context():
        builders.member(city.editor, Role.EDITOR, contract=builders.contract("kranj"))
    answer = enter(city.editor).get("/")
    assert answer.status_code == 200
    assert "Contract of Ljubljana" in answer.text


@pytest.mark.parametrize("language", ["en", "sl"])
def test_pages_open_in_both_languages(city, enter, language):
    client = enter(city.coordinator)
    client.post("/language", data={"language": language})
    for path in IN_CONTRACT + OWN + ["/help"]:
        assert f'<html lang="{language}">' in client.get(path.format(slug=city.slug)).text


def test_a_page_asks_the_same_few_questions_of_a_large_contract(app, enter):
    small = _costs(app, enter, sections=5, remarks=5)
    large = _costs(app, enter, sections=60, remarks=200)
    assert large == small
    letters = [small.pop(one) for one in list(small) if one[1] == "/inbox/letter"]
    assert max(letters) <= MOST_QUERIES + 2, "a letter reads each table behind its news once"
    assert max(small.values()) <= MOST_QUERIES, small


def _costs(app, enter, *, sections: int, remarks: int) -> dict[tuple[str, str], int]:
    """How many questions each page costs each kind of reader in a contract of that size."""
    with app.app_context(), transaction():
        contract = builders.contract(f"city-{sections}")
        partner = builders.organisation(contract=contract, sectors=("energy",))
        readers = [
            builders.person(role, contract=contract, organisation=partner)
            for role in (Role.COORDINATOR, Role.STAKEHOLDER)
        ]
        made = [
            builders.section(
                contract=contract,
                stage=list(Stage)[number % 5],
                sectors=("energy", "cross"),
                author=readers[0],
                owner=readers[0],
            )
            for number in range(sections)
        ]
        for number in range(remarks):
            section, author = made[number % sections], readers[number % 2]
            thread = builders.thread(section, author=author, organisation=partner)
            for reader in readers:
                _tell(reader, contract, thread)
        for _ in range(sections):
            other = builders.organisation(contract=contract)
            builders.person(contract=contract, organisation=other)
        roles = [reader.memberships[0].role for reader in readers]
    return {
        (role, path): _cost(app, enter(reader), path.format(slug=contract.slug))
        for role, reader in zip(roles, readers, strict=True)
        for path in IN_CONTRACT + OWN
    }


def _cost(app, client, path: str) -> int:
    with counted(app) as questions:
        assert client.get(path).status_code == 200
    return len(questions)


def _tell(reader, contract, thread) -> None:
    event = builders.event(
        EventKind.REMARK_MADE,
        contract=contract,
        section=thread.section,
        thread=thread,
        comment=thread.comments[0],
        actor=reader,
    )
    builders.keep(
        Notification(
            event_id=event.id, person_id=reader.id, reason=Reason.OWNER, due_at=clock.now()
        )
    )
