"""A text says where a chart of the contract's figures stands; pages draw it, with its numbers as a table."""

import pytest

from tests import builders
from workflow.models import Contract, Section
from workflow.rules.vocabulary import Act, Stage
from workflow.services import gatekeeping

CHART = "See [@fig:base].\n\n::: chart baseline {#fig:base}\nBy source\n:::\n\n::: chart gap\n:::\n"


@pytest.fixture
def section(anew, city) -> Section:
    return builders.section("E-1", contract=city.contract, author=city.editor, markdown=CHART)


def counted(contract: Contract) -> None:
    given = [{"sector": "x", "label": "Heat & power", "total": 1000}]
    sums = {"base_year": 2018, "unit": "t CO2e", "total": 1000, "by_source_sector": given}
    builders.figures(contract, sums)


def page(browser, section) -> str:
    return browser.get(f"/c/{section.contract.slug}/sections/{section.id}/").text


def test_the_page_draws_it_with_its_numbers_and_caption(section, city, enter):
    counted(city.contract)
    html = page(enter(city.stakeholder), section)
    assert '<svg class="chart broad"' in html
    assert "Heat &amp; power" in html
    assert '<th scope="row">Heat &amp; power</th><td class="num">1,000</td>' in html
    assert 'id="t-fig:base"' in html
    assert 'href="#t-fig:base"><span class="shown" role="img" aria-label="Figure\u00a01"' in html
    assert "The figures for the chart “gap” are not there yet." in html
    assert "data-chart=" not in html


def test_what_is_being_written_shows_it_and_names_one_that_there_is_not(section, city, enter):
    counted(city.contract)
    at = f"/c/{city.slug}/sections/{section.id}/preview"
    told = enter(city.editor).post(at, data={"markdown": CHART.replace("gap", "weather")}).text
    assert '<svg class="chart broad"' in told
    assert "1 chart is not known; there are baseline and gap" in told


def test_a_chart_that_there_is_not_shuts_the_gate(section, city):
    keys = [one.key for one in gatekeeping.blockers(section, Act.APPROVE)]
    assert "charts" not in keys
    builders.revision(section, "::: chart weather\n:::", author=city.editor)
    found = {one.key: one.details for one in gatekeeping.blockers(section, Act.APPROVE)}
    assert found["charts"] == ("weather",)


def test_everybody_sees_it_where_the_text_is_on_public_display(anew, city, client):
    counted(city.contract)
    hidden = f":::: city\n{CHART.replace('fig:base', 'fig:own')}::::\n\nOpen.\n"
    for code, text, drawn in (("P-1", CHART, True), ("P-2", hidden, False)):
        made = builders.section(
            code,
            contract=city.contract,
            author=city.editor,
            markdown=text,
            stage=Stage.CONSULTATION,
        )
        builders.opened_to_all(made)
        answer = client.get(f"/public/{city.slug}/sections/{made.id}")
        assert answer.status_code == 200
        assert ('class="chart broad"' in answer.text) is drawn
        assert ("Figure" in answer.text) is drawn
