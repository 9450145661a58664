"""Figures as open data: columns that keep their names, a description that fits the files, consent respected."""

import csv
import hashlib
import io
import json
import zipfile
from importlib import resources

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Contract, Section, Sector
from workflow.queries import open_data as pages
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import Audience, FileFormat, SignatoryStatus, Stage, Visibility
from workflow.services import bundles

HOME = "/c/ljubljana/data"
PUBLIC = "/public/ljubljana/data"
SHEET = """Clean heat for all.

| Field | Content |
|---|---|
| Action type | Technical *intervention* |
| Field of action | Energy systems |
| GHG reduction | 394,400 t |

::: city
| Field | Content |
|---|---|
| Total cost | 7 zebrafinches |
:::
"""
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


def sheet_of(contract: Contract, *, stage: Stage = Stage.DRAFT) -> Section:
    """A section of the module of actions, with the sheet of one as its text."""
    section = builders.section(
        contract=contract, stage=stage, markdown=SHEET, component="action_plan"
    )
    section.module.key = pages.PORTFOLIO
    return section


def stating(table: str, contract: Contract, *, stage: Stage = Stage.DRAFT) -> Section:
    """A section whose text states the figures of the table."""
    section = builders.section(contract=contract, stage=stage)
    builders.element(section).key = pages.STATED_IN[table]
    return section


def test_the_sheets_of_actions_are_data_as_far_as_their_reader_may_see(app, client, city, enter):
    with app.app_context(), transaction():
        code = sheet_of(builders.the_contract()).code
        builders.section(contract=builders.the_contract(), markdown=SHEET)
        rest = sheet_of(builders.the_contract())
        builders.element(rest).key = "ap.portfolio.residual"
    head, *found = rows(client, "actions")
    [one] = [dict(zip(head, row, strict=True)) for row in found]
    assert (one["code"], one["type"], one["sectors"]) == (code, "Technical intervention", "energy")
    assert (one["reduction"], one["cost"]) == ("394,400 t", "")
    whole = dict(zip(head, rows(enter(city.coordinator), "actions")[1], strict=True))
    assert whole["cost"] == "7 zebrafinches"
    assert whole["sha256"] != one["sha256"]


def test_the_tables_are_json_one_by_one_all_in_one_and_for_programs(client):
    waste, _sinks, total = client.get(f"{HOME}/baseline.json").json["data"]
    assert waste == {
        "year": 2018, "sector": "waste", "scope1": 12.5, "scope2": None, "scope3": None,
        "total": 12.5, "unit": "t CO2e/year",
    }  # fmt: skip
    assert total["total"] == 12.5
    whole = client.get(f"{HOME}/figures.json").json
    assert [one["name"] for one in whole["resources"]] == ["baseline", "gap", "indicators"]
    for one in whole["resources"]:
        assert client.get(f"{HOME}/{one['name']}.json").json == one
        fields = [field["name"] for field in one["schema"]["fields"]]
        assert all(list(row) == fields for row in one["data"])
        told = client.get(f"/api/contracts/ljubljana/data/{one['name']}").json
        assert told["rows"] == one["data"]
        assert [column["name"] for column in told["columns"]] == fields
    told = client.get("/api/contracts/ljubljana/data").json["tables"]
    assert [one["name"] for one in told] == ["baseline", "gap", "indicators"]
    for address in (f"{HOME}/city.json", "/api/contracts/ljubljana/data/city"):
        assert client.get(address).status_code == 404
    described = client.get("/api/openapi.json").json["paths"]
    assert "/api/contracts/{slug}/data/{name}" in described


def test_everybody_computes_with_what_was_on_public_display_and_nothing_else(app, client, city):
    visitor = app.test_client()
    assert visitor.get(PUBLIC).status_code == 404
    assert visitor.get(f"{HOME}/baseline.csv").status_code != 200
    with app.app_context(), transaction():
        contract = builders.the_contract()
        builders.opened_to_all(stating("gap", contract, stage=Stage.CONSULTATION))
        stating("baseline", contract)
        inside = sheet_of(contract)
        signed = builders.signatory(
            builders.organisation("Open"), promises=["Saves."], status=SignatoryStatus.SIGNED
        )
        signed.commitments[0].may_publish = True
    assert f"{PUBLIC}" in visitor.get("/public/ljubljana").text
    page = visitor.get(PUBLIC).text
    assert "gap.csv" in page and "commitments.json" in page
    whole = visitor.get(f"{PUBLIC}/figures.json").json
    assert [one["name"] for one in whole["resources"]] == ["gap", "commitments"]
    assert visitor.get(f"{PUBLIC}/gap.csv").data == client.get(f"{HOME}/gap.csv").data
    for name in ("baseline", "indicators", "actions"):
        assert visitor.get(f"{PUBLIC}/{name}.csv").status_code == 404
        assert visitor.get(f"{PUBLIC}/{name}.json").status_code == 404
    with app.app_context(), transaction():
        shown = builders.opened_to_all(sheet_of(builders.the_contract(), stage=Stage.CONSULTATION))
        builders.revision(shown, SHEET.replace("394,400 t", "1 t, not on display yet"))
        code = shown.code
    [one] = visitor.get(f"{PUBLIC}/actions.json").json["data"]
    assert (one["code"], one["reduction"], one["cost"]) == (code, "394,400 t", "")
    assert one["code"] != inside.code
    described = visitor.get(f"{PUBLIC}/datapackage.json").json["resources"]
    assert [one["path"] for one in described] == ["gap.csv", "actions.csv", "commitments.csv"]


def test_the_pages_of_data_ask_the_same_few_questions_of_many_actions(app, client):
    visitor, asked = app.test_client(), []
    for more in (1, 8):
        with app.app_context(), transaction():
            for _ in range(more):
                builders.opened_to_all(sheet_of(builders.the_contract(), stage=Stage.CONSULTATION))
        for reader, address in ((client, HOME), (visitor, PUBLIC)):
            with counted(app) as questions:
                assert reader.get(address).status_code == 200
            asked.append(len(questions))
    assert asked[:2] == asked[2:]
    assert max(asked) <= 8


def test_the_figures_go_along_with_the_files_of_the_whole_contract(app, city, client):
    with app.app_context(), transaction():
        contract = builders.the_contract()
        sheet_of(contract)
        wide = pages.whole(contract, pages.within(contract, frozenset(Visibility)))
        bundled = bundle_of(contract, Audience.PARTICIPANTS)
        narrow = json.loads(bundled.read("figures.json"))
    assert "zebrafinches" in json.dumps(wide)
    assert "zebrafinches" not in json.dumps(narrow)
    assert narrow == client.get(f"{HOME}/figures.json").json
    assert "figures.json" in bundled.read("README.md").decode()


def bundle_of(contract: Contract, audience: Audience) -> zipfile.ZipFile:
    given = compilation(contract, Edition(audience, "en", format=FileFormat.MARKDOWN))
    return zipfile.ZipFile(io.BytesIO(bundles.write(given, "0" * 64).bytes))
