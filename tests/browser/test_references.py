"""Numbers instead of labels, and charts, where one reads: remarks are about the right words all the same."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_every_page import faults_of, settled
from tests.browser.test_reading import SELECT, ana_reads, words_of
from workflow.db import db
from workflow.models import Thread
from workflow.rules.vocabulary import Role, Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]

TEXT = """See [@fig:base], [@tbl:costs] and [@fig:gone]: homes need heat.

::: chart baseline {#fig:base}
By source
:::

Table: Costs {#tbl:costs}

| a | b |
|---|---|
| 1 | 2 |
"""


@pytest.fixture
def address(ctx: Flask) -> str:
    contract = builders.contract("mesto")
    builders.person(Role.STAKEHOLDER, name="Ana", email="ana@example.org", contract=contract)
    given = [{"sector": "x", "label": "Heat", "total": 600}, {"sector": "y", "total": 400}]
    sums = {"base_year": 2018, "unit": "t", "total": 1000, "by_source_sector": given}
    builders.figures(contract, sums)
    section = builders.section(contract=contract, stage=Stage.CONSULTATION, markdown=TEXT)
    return f"/c/mesto/sections/{section.id}/"


def test_a_remark_after_a_number_is_about_the_words_that_were_marked(
    address, live_server, visitors
):
    page = visitors.new()
    ana_reads(page, live_server.url, address)
    expect(page.get_by_role("link", name="Figure 1")).to_be_visible()
    page.evaluate(SELECT, ["homes", "need"])
    page.get_by_role("button", name="Comment on this", exact=True).click()
    page.get_by_label("Your comment", exact=True).fill("All of them?")
    page.get_by_role("button", name="Post the comment").click()
    expect(page.locator(".thread.is-active")).to_contain_text("All of them?")
    kept = db.session.query(Thread).one()
    assert words_of(kept) == kept.quote == "homes need"
    page.get_by_role("link", name="Table 1").click()
    expect(page.locator("caption")).to_be_in_viewport()


def test_numbers_and_charts_are_accessible_and_fit(address, live_server, visitors):
    for width in (1280, 390):
        page = visitors.new(width=width, height=800)
        ana_reads(page, live_server.url, address)
        settled(page, live_server.url + address)
        assert faults_of(page, address, width) == []
