"""References in texts: numbers over the whole contract on the page, and a check where they lead nowhere."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import transaction
from workflow.models import Section
from workflow.rules.refusals import Blocked
from workflow.rules.vocabulary import Act, Role, Visibility
from workflow.services import freezing, gatekeeping, numbering

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"
COSTS = f"Table: Savings\n\n{TABLE}\nTable: Costs {{#tbl:costs}}\n\n{TABLE}"


@pytest.fixture
def costs(anew, city) -> Section:
    return builders.section("E-1", contract=city.contract, author=city.editor, markdown=COSTS)


@pytest.fixture
def section(costs, city) -> Section:
    text = f"See [@tbl:costs], [-@tbl:costs] and [@sec:E-1].\n\nTable: Own\n\n{TABLE}"
    return builders.section("E-2", contract=city.contract, author=city.editor, markdown=text)


def page(browser, section) -> str:
    return browser.get(f"/c/{section.contract.slug}/sections/{section.id}/").text


def before(section) -> int:
    return numbering.of(section.contract_id, set(Visibility)).before[section.id]["tbl"]


def test_the_page_says_numbers_and_leads_there(costs, section, city, enter):
    html = page(enter(city.stakeholder), section)
    number = before(costs) + 2
    at = f"/c/{city.slug}/sections/{costs.id}/"
    assert (
        f'href="{at}#t-tbl:costs"><span class="shown" role="img" aria-label="Table\u00a0{number}"'
        in html
    )
    assert f'role="img" aria-label="{number}"' in html
    assert f'href="{at}"><span class="shown" role="img" aria-label="section\u00a0E-1"' in html
    assert f'data-number="Table {number + 1}"' in html
    assert 'id="t-tbl:costs"' in page(enter(city.stakeholder), costs)


def test_a_text_before_it_counts_at_once(costs, section, city, enter):
    browser, number = enter(city.stakeholder), before(costs) + 2
    assert f"Table\u00a0{number}" in page(browser, section)
    builders.revision(costs, f"Table: More\n\n{TABLE}\n{COSTS}", author=city.editor)
    assert f"Table\u00a0{number + 1}" in page(browser, section)


def test_counting_is_one_query_however_many_texts_there_are(costs, section, city, app):
    with counted(app) as few:
        numbering.of(city.contract.id, set(Visibility))
    for number in range(4):
        builders.section(
            f"N-{number}", contract=city.contract, markdown=COSTS.replace("costs", "n")
        )
    with counted(app) as many:
        numbering.of(city.contract.id, set(Visibility))
    assert len(few) == len(many) == 1


def test_a_reference_that_leads_nowhere_shuts_the_gate_and_is_jumped_to(section, city, enter):
    builders.revision(section, "See [@fig:gone] and [@tbl:costs].", author=city.editor)
    [blocker] = [
        one for one in gatekeeping.blockers(section, Act.APPROVE) if one.key == "references"
    ]
    assert (blocker.count, blocker.details) == (1, ("[@fig:gone]",))
    browser = enter(city.coordinator)
    html = page(browser, section)
    assert '<span class="reference lost" id="lost-1">[@fig:gone]</span>' in html
    review = browser.get(f"/c/{city.slug}/sections/{section.id}/review").text
    assert "1 reference leads to nothing, or its label is there twice" in review
    assert f"/sections/{section.id}/#lost-1" in review
    board = browser.get(f"/c/{city.slug}/board").text
    assert "1 reference leads to nothing, or its label is there twice" in board


def test_a_label_that_is_there_twice_shuts_the_gate_of_both(costs, section, city):
    builders.revision(section, COSTS, author=city.editor)
    for one in (costs, section):
        keys = [blocker.key for blocker in gatekeeping.blockers(one, Act.APPROVE)]
        assert "references" in keys


def test_the_editor_is_told_while_he_writes(section, city, enter):
    browser = enter(city.editor)
    at = f"/c/{city.slug}/sections/{section.id}/preview"
    told = browser.post(at, data={"markdown": "See [@tbl:costs] and [@tbl:gone]."}).text
    assert 'aria-label="Table' in told
    assert "1 reference leads to nothing, or its label is there twice: “[@tbl:gone]”" in told


def test_a_contract_with_a_lost_reference_is_not_frozen(costs, section, city):
    for one in (costs, section):
        builders.approve_again(one)
    builders.revision(costs, f"Table: Costs\n\n{TABLE}", author=city.editor)
    builders.approve_again(costs)
    with pytest.raises(Blocked) as refusal, transaction():
        freezing.freeze(city.contract, by=builders.person(Role.COORDINATOR))
    found = {one.key: (one.count, one.details) for one in refusal.value.blockers}
    assert found["references"] == (1, ("E-2",))
