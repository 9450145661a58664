"""My work: what waits for one person in all contracts, in a number of questions that does not grow with them."""

from datetime import date

import pytest

from tests import builders
from workflow.db import transaction
from workflow.queries import work
from workflow.rules.vocabulary import Moderation, Role, Stage, Stance
from workflow.services import reviews


@pytest.fixture
def maja(asked):
    return builders.person(Role.COORDINATOR, contract=builders.contract("ljubljana"))


def test_each_contract_has_its_pile_and_the_overdue_comes_first(maja):
    kranj, celje = (builders.contract(name, city=name.title()) for name in ("kranj", "celje"))
    for contract in (kranj, celje):
        builders.member(maja, Role.EDITOR, contract=contract)
    builders.section("A", contract=kranj, owner=maja, due_on=date(2001, 1, 1), author=maja)
    builders.section("B", contract=celje, stage=Stage.REVISION, owner=maja, author=maja)
    page = work.work(maja)
    assert [(pile.contract.slug, len(pile.tasks), pile.mine) for pile in page.piles] == [
        ("kranj", 1, 1),
        ("celje", 1, 1),
        ("ljubljana", 0, 0),
    ]
    assert page.piles[0].overdue == 1
    assert page.waiting == 2
    assert page.piles[1].tasks[0].text.startswith("Revise B")


def test_nothing_of_the_list_is_left_out(maja):
    for number in range(12):
        builders.section(f"S-{number}", owner=maja, stage=Stage.REVISION, author=maja)
    [pile] = work.work(maja).piles
    assert len(pile.tasks) == 12


def test_what_waits_for_a_moderator_is_counted_in_each_contract(maja):
    kranj = builders.contract("kranj", city="Kranj")
    builders.member(maja, Role.COORDINATOR, contract=kranj)
    held = builders.section(contract=kranj, author=maja, stage=Stage.REVISION)
    builders.thread(held, moderation=Moderation.HELD)
    kinds = {
        pile.contract.slug: [task.kind for task in pile.tasks] for pile in work.work(maja).piles
    }
    assert kinds == {"kranj": ["moderate"], "ljubljana": []}


def test_the_page_is_for_whoever_is_signed_in_and_names_no_other_contract(client, maja):
    builders.section("X", contract=builders.contract("secret", city="Secret"), author=maja)
    assert client.get("/work").status_code == 302
    page = builders.sign_in(client, maja).get("/work").text
    assert "Ljubljana" in page and "Secret" not in page


def test_whoever_takes_part_in_nothing_is_told_so(client, asked):
    page = builders.sign_in(client, builders.person(None)).get("/work").text
    assert "You take part in no contract yet" in page


def test_whoever_has_taken_a_position_is_asked_for_no_decision_until_he_takes_it_back(maja):
    one, other = (builders.person(Role.APPROVER) for _ in range(2))
    section = builders.section("A", stage=Stage.REVIEW)

    def decides(person) -> list[str]:
        tasks = [task for pile in work.work(person).piles for task in pile.tasks]
        return [task.text for task in tasks if task.kind == "decide"]

    assert decides(one) == decides(other) == ["Decide on A Section A"]
    for stance, waits in ((Stance.ABSTAIN, False), (Stance.NONE, True), (Stance.OBJECT, False)):
        with transaction():
            reviews.take(section, stance, by=one, seen=section.current, text="For a reason.")
        assert bool(decides(one)) is waits
        assert decides(other) == ["Decide on A Section A"]
