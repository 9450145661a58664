"""`load` brings the demo city into the database; the only place that knows in which order."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from .. import packs
from ..db import db
from ..models import (
    Contract,
    Element,
    Event,
    FigureSet,
    Membership,
    Milestone,
    Module,
    Section,
    Sector,
)
from ..packs import Pack, SectionPlan
from ..rules.vocabulary import Role, Stage
from ..services import contracts
from .calendar import ASSIGNED, SUBMITTED, Calendar, public_day
from .history import History, Writing
from .mapping import PLACES
from .population import DEMO_PASSWORD, Population
from .remarks import Remarks
from .signing import Signing

FILE = Path(__file__).with_name("ljubljana.json")
PACK = ("netzerocities", "2024.1")
UNITS = {"final_energy": "MWh", "emission_factors": "t CO2/MWh", "indicators": None, "city": None}


def read() -> dict:
    """The demo file as it was written; `_about` says what in it is public, derived or invented."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def load(now: datetime) -> Contract:
    """The contract of the demo city, made if it is not there yet. Nobody is written to for what it contains.

    Invented dates are moved so that the open comment round closes twelve days after `now`.
    """
    source = read()
    known = db.session.scalar(select(Contract).where(Contract.slug == source["city"]["id"]))
    if known:
        return known
    calendar = Calendar.ending(now)
    pack = packs.load(*PACK)
    contract = _contract(source, pack, calendar)
    population = Population(source, contract, calendar)
    db.session.add_all([*population.people, *population.organisations.values()])
    _figures(source, contract)
    _milestones(source, contract, calendar)
    db.session.flush()
    history = History(contract)
    writing = Writing(population, calendar, history)
    remarks = Remarks(population, calendar, history)
    paragraphs = {p["id"]: p["text"] for listed in source["sections"] for p in listed["paragraphs"]}
    for section, listed in _sections(source, contract, pack):
        rendered = writing.write(section, listed)
        made_here = [remark for remark in source["comments"] if remark["section"] == listed["id"]]
        remarks.make(section, rendered, paragraphs, made_here)
    signing = Signing(population, calendar, history)
    for number, listed in enumerate(source["stakeholders"]):
        signing.make(number, listed)
    history.record()
    db.session.flush()
    return contract


def sign_ins(contract: Contract) -> list[str]:
    """Lines for the start-up screen: one person of each role, and the password that all of them share."""
    rows = db.session.scalars(
        select(Membership).where(Membership.contract_id == contract.id).order_by(Membership.id)
    )
    first: dict[Role, Membership] = {}
    for membership in rows:
        first.setdefault(membership.role, membership)
    width = max(len(one.person.email) for one in first.values())
    listed = [
        f"  {first[role].person.email:<{width}}  {first[role].person.name}, {role}"
        for role in Role
        if role in first
    ]
    return [f"Sign in with the password {DEMO_PASSWORD} as", *listed]


def _contract(source: Mapping, pack: Pack, calendar: Calendar) -> Contract:
    city, since = source["city"], calendar.moment(ASSIGNED, "08:00")
    contract = contracts.create(
        pack,
        city=city["name"],
        country=city["country"],
        slug=city["id"],
        language=city["submission_language"],
        languages=city["languages"],
        target_year=source["target"]["year"],
        with_sections=False,
    )
    contract.iteration = 2
    contract.base_year = source["baseline"]["base_year"]
    contract.target = source["target"]["kind"]
    contract.submit_on = calendar.day(SUBMITTED)
    contract.demo = True
    contract.created_at = since
    for sector in contract.sectors:
        listed = next(one for one in source["sectors"] if one["id"] == sector.key)
        sector.emission_sources = listed["gpc"]
        sector.colour = listed["colour"]
    for event in db.session.scalars(select(Event).where(Event.contract_id == contract.id)):
        event.at = event.relayed_at = since
    return contract


def _sections(source: Mapping, contract: Contract, pack: Pack) -> list[tuple[Section, Mapping]]:
    """The sections of the file in the order of the outline; modules the file leaves empty get those of the pack."""
    sectors = {sector.key: sector for sector in contract.sectors}
    written, position = [], 0
    for component, drawn in zip(contract.components, pack.components, strict=True):
        for module, plan in zip(component.modules, drawn.modules, strict=True):
            listed = [one for one in source["sections"] if PLACES[one["id"]].module == module.key]
            for outline in listed or contracts.codes(drawn, plan):
                position += 1
                section = _section(contract, module, position)
                db.session.add(section)
                if listed:
                    _as_written(section, outline, sectors)
                    written.append((section, outline))
                else:
                    _as_proposed(section, *outline, sectors)
    db.session.flush()
    return written


def _section(contract: Contract, module: Module, position: int) -> Section:
    return Section(
        contract_id=contract.id,
        module=module,
        position=position,
        stage=Stage.DRAFT,
        stage_since=contract.created_at,
    )


def _as_written(section: Section, listed: Mapping, sectors: Mapping[str, Sector]) -> None:
    section.code = listed["code"]
    section.titles = {"en": listed["title"], "sl": listed["title_sl"]}
    section.language = listed["language"]
    section.sectors = [sectors[listed["sector"]]]
    section.elements = _elements(section.module, PLACES[listed["id"]].answers)


def _as_proposed(
    section: Section, code: str, proposed: SectionPlan, sectors: Mapping[str, Sector]
) -> None:
    section.code = code
    section.titles = dict(proposed.title)
    section.language = "en"
    section.sectors = [sectors[key] for key in proposed.sectors]
    section.elements = _elements(section.module, proposed.answers)


def _elements(module: Module, keys: Iterable[str]) -> list[Element]:
    by_key = {element.key: element for element in module.elements}
    return [by_key[key] for key in keys]


def _figures(source: Mapping, contract: Contract) -> None:
    """The file's figures as they are, one named set a row."""
    baseline, target = dict(source["baseline"]), dict(source["target"])
    sets = {
        "series": baseline.pop("by_subsector_time_series"),
        "final_energy": baseline.pop("final_energy_2018_mwh"),
        "emission_factors": baseline.pop("emission_factors_2018_tco2_per_mwh"),
        "sector_view": baseline.pop("seed_sector_view"),
        "baseline": baseline,
        "indicators": {"rows": target.pop("indicators")},
        "target": target,
        "city": source["city"],
    }
    origin = {"series": baseline, "sector_view": baseline, "indicators": target}
    for key, figures in sets.items():
        told = origin.get(key, figures)
        db.session.add(
            FigureSet(
                contract_id=contract.id,
                key=key,
                unit=UNITS.get(key, told.get("unit")),
                source=told["source"],
                figures=figures,
            )
        )


def _milestones(source: Mapping, contract: Contract, calendar: Calendar) -> None:
    for listed in source["milestones"]:
        public = listed["status"] == "public"
        db.session.add(
            Milestone(
                contract_id=contract.id,
                on=public_day(listed["date"]) if public else calendar.day(listed["date"]),
                label=listed["label"],
                status=listed["status"],
                source=listed.get("source"),
            )
        )
