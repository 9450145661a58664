"""Figures as open data: columns that keep their names, a description that fits the files, consent respected."""

import csv
import hashlib
import io
import json
from importlib import resources

import pytest

from tests import builders
from workflow.db import db, transaction
from workflow.models import Sector
from workflow.rules.vocabulary import SignatoryStatus

HOME = "/c/ljubljana/data"
BASELINE = {
    "base_year": 2018,
    "unit": "t CO2e/year",
    "total": 12.5,
    "by_source_sector": [
        {"sector": "waste", "scope1": 12.5, "scope2": None, "total": 12.5},
        {"sector": "afolu", "scope1": -3, "total": "many"},
    ],
}
TARGET = {
    "year": 2030,
    "unit": "t CO2e/year",
    "columns": ["baseline", "something_else", "residual"],
    "rows": [{"sector": "waste", "values": [10, 99, 4]}],
}
INDICATORS = {
    "rows": [{"no": 1, "name": "=Waste", "unit": "t", "targets": {"2030": 4, "2026": 8, "soon": 1}}]
}


@pytest.fixture
def client(app, city, enter):
    with app.app_context(), transaction():
        contract = builders.the_contract()
        builders.figures(contract, BASELINE)
        builders.figures(contract, TARGET, key="target")
        builders.figures(contract, INDICATORS, key="indicators")
        builders.figures(contract, {"name": "Ljubljana"}, key="city")
    return enter(city.observer)


def rows(client, name: str) -> list[list[str]]:
    answer = client.get(f"{HOME}/{name}.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8"))))


def test_the_figures_stand_in_columns_that_keep_their_names(client):
    assert rows(client, "baseline") == [
        ["year", "sector", "scope1", "scope2", "scope3", "total", "unit"],
        ["2018", "waste", "12.5", "", "", "12.5", "t CO2e/year"],
        ["2018", "afolu", "-3", "", "", "", "t CO2e/year"],
        ["2018", "total", "", "", "", "12.5", "t CO2e/year"],
    ]
    head, [year, sector, *values] = rows(client, "gap")
    assert head[2:4] == ["baseline", "reduction_target"]
    assert (year, sector, values) == ("2030", "waste", ["10", "", "", "", "", "4", "t CO2e/year"])
    assert rows(client, "indicators")[1:] == [
        ["1", "'=Waste", "", "2026", "8", "t"],
        ["1", "'=Waste", "", "2030", "4", "t"],
    ]


def test_the_description_fits_the_files(client):
    told = json.loads(client.get(f"{HOME}/datapackage.json").data)
    assert told["name"] == "ljubljana"
    assert [one["name"] for one in told["resources"]] == ["baseline", "gap", "indicators"]
    for one in told["resources"]:
        content = client.get(f"{HOME}/{one['path']}").data
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        fields = [field["name"] for field in one["schema"]["fields"]]
        assert rows(client, one["name"])[0] == fields


def test_the_page_lists_what_there_is_and_says_when_there_is_nothing(client, city, enter, app):
    page = client.get(HOME).text
    for name in ("baseline", "gap", "indicators"):
        assert f"{HOME}/{name}.csv" in page
    assert "commitments.csv" not in page
    assert client.get(f"{HOME}/city.csv").status_code == 404
    with app.app_context(), transaction():
        other = builders.contract("kranj", city="Kranj")
        reader = builders.person(contract=other)
    assert "There are no figures yet" in enter(reader).get("/c/kranj/data").text
    assert enter(reader).get(HOME).status_code == 404


def test_only_commitments_that_may_be_published_are_data(app, client):
    with app.app_context(), transaction():
        for name, status, consent in (
            ("Open", SignatoryStatus.SIGNED, True),
            ("Shy", SignatoryStatus.SIGNED, False),
            ("Slow", SignatoryStatus.INVITED, True),
        ):
            signatory = builders.signatory(
                builders.organisation(name), promises=[f"{name} saves."], status=status
            )
            [promise] = signatory.commitments
            promise.may_publish, promise.tonnes_per_year = consent, 7.5
            promise.sector_id = db.session.query(Sector).filter_by(key="waste").first().id
    [_head, one] = rows(client, "commitments")
    assert (one[0], one[2], one[3], one[4]) == ("Open", "Open saves.", "waste", "7.5")


def test_the_figures_of_the_demo_are_all_data(app, city, enter):
    demo = json.loads(
        resources.files("workflow.demo").joinpath("ljubljana.json").read_text("utf-8")
    )
    with app.app_context(), transaction():
        contract = builders.the_contract()
        builders.figures(contract, demo["baseline"])
        builders.figures(contract, demo["target"], key="target")
        builders.figures(contract, {"rows": demo["target"]["indicators"]}, key="indicators")
    client = enter(city.observer)
    assert len(rows(client, "baseline")) == 7
    assert rows(client, "gap")[-1][1:] == [
        "total", "2301669", "1841353", "890839", "950514", "950514", "460316", "t CO2e/year",
    ]  # fmt: skip
    assert len(rows(client, "indicators")) == 1 + 3 * len(demo["target"]["indicators"])
