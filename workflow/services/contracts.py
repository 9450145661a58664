"""Contracts: the only place where a template pack becomes a city's own outline of rows; and when it is handed in."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from zoneinfo import available_timezones

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Component, Contract, Element, Module, Person, Section, Sector
from ..packs import outline
from ..rules import policy
from ..rules.cadence import HOME
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, EventKind, Stage
from . import outbox
from .locking import locked

TITLES = {"en": "Climate City Contract of {city}", "sl": "Podnebna pogodba mesta {city}"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")
YEARS = range(2025, 2101)


def create(
    pack: outline.Pack,
    *,
    city: str,
    country: str,
    slug: str,
    language: str = "en",
    languages: Collection[str] | None = None,
    target_year: int = 2030,
    time_zone: str = HOME,
    by: Person | None = None,
    with_sections: bool = True,
) -> Contract:
    """An empty contract with the outline of the pack and the sections that it starts with.

    `with_sections=False` leaves the sections, and which elements they answer, to the caller.
    """
    city = " ".join(city.split())
    languages = list(dict.fromkeys([language, *(languages or ())]))
    _check(city=city, country=country, slug=slug, languages=languages, target_year=target_year)
    _check_zone(time_zone)
    contract = Contract(
        slug=slug,
        titles={code: title.format(city=city) for code, title in TITLES.items()},
        city=city,
        country=country,
        time_zone=time_zone,
        language=language,
        languages=languages,
        target_year=target_year,
        pack=pack.id,
        pack_version=pack.version,
        created_at=clock.now(),
    )
    contract.sectors = [
        _sector(sector, position) for position, sector in enumerate(pack.sectors, 1)
    ]
    contract.components = [
        _component(component, position) for position, component in enumerate(pack.components, 1)
    ]
    db.session.add(contract)
    db.session.flush()
    if with_sections:
        _start(contract, pack)
    outbox.record(EventKind.CONTRACT_CREATED, actor=by, contract_id=contract.id)
    return contract


def plan_submission(contract: Contract, *, by: Person, on: date | None) -> None:
    """Say on which day the contract is to be handed in; None: nobody knows yet."""
    policy.require(by, Act.ASSIGN, Place(contract.id))
    if on and on.year not in YEARS:
        raise Invalid("submit_on", "Please give a day between 2025 and 2100.")
    locked(contract).submit_on = on


def set_time_zone(contract: Contract, time_zone: str) -> None:
    """Say by which clock the city goes. For whoever runs the service; what papers say already stays."""
    _check_zone(time_zone)
    locked(contract).time_zone = time_zone


def _check_zone(time_zone: str) -> None:
    if time_zone not in available_timezones():
        raise Invalid("time_zone", "Please give the time zone by its name, such as Europe/Riga.")


def _check(*, city: str, country: str, slug: str, languages: list[str], target_year: int) -> None:
    if not 1 <= len(city) <= 120:
        raise Invalid("city", "Please give the name of the city, at most 120 characters.")
    if not COUNTRY.fullmatch(country):
        raise Invalid("country", "Please give the country by its two letters, such as SI.")
    if len(slug) > 80 or not SLUG.fullmatch(slug):
        raise Invalid("slug", "Please use small letters, digits and single hyphens only.")
    if any(not re.fullmatch("[a-z]{2,3}", code) for code in languages):
        raise Invalid("language", "Please give each language by its letters, such as sl.")
    if target_year not in YEARS:
        raise Invalid("target_year", "Please give a year between 2025 and 2100.")
    if db.session.scalar(select(Contract.id).where(Contract.slug == slug)):
        raise Invalid("slug", "There is a contract at this address already.")


def _sector(sector: outline.Sector, position: int) -> Sector:
    return Sector(
        key=sector.key,
        titles=dict(sector.title),
        field_of_action=sector.field_of_action,
        emission_sources=list(sector.gpc),
        colour=sector.colour,
        position=position,
    )


def _component(component: outline.Component, position: int) -> Component:
    return Component(
        key=component.key,
        titles=dict(component.title),
        template_version=component.template_version,
        position=position,
        modules=[
            _module(module, component.part_of(module), number)
            for number, module in enumerate(component.modules, 1)
        ],
    )


def _module(module: outline.Module, part: outline.Part, position: int) -> Module:
    return Module(
        key=module.key,
        code=module.code,
        titles=dict(module.title),
        part=part.title.to("en"),
        position=position,
        elements=[
            Element(
                key=element.key,
                code=element.code,
                kind=element.kind,
                titles=dict(element.title),
                required=element.required,
                position=number,
            )
            for number, element in enumerate(module.elements, 1)
        ],
    )


def _start(contract: Contract, pack: outline.Pack) -> None:
    """The sections that the pack proposes; an element that several of them name belongs to the first."""
    sectors = {sector.key: sector for sector in contract.sectors}
    position, at = 0, clock.now()
    for component, drawn in zip(contract.components, pack.components, strict=True):
        for module, plan in zip(component.modules, drawn.modules, strict=True):
            elements = {element.key: element for element in module.elements}
            for code, proposed in codes(drawn, plan):
                position += 1
                section = Section(
                    contract_id=contract.id,
                    module=module,
                    code=code,
                    titles=dict(proposed.title),
                    position=position,
                    language=contract.language,
                    stage=Stage.DRAFT,
                    stage_since=at,
                )
                section.sectors = [sectors[key] for key in proposed.sectors]
                section.elements = [elements.pop(k) for k in proposed.answers if k in elements]
                db.session.add(section)
    db.session.flush()


def codes(
    component: outline.Component, module: outline.Module
) -> Iterator[tuple[str, outline.SectionPlan]]:
    """Each proposed section with a short label for it: `AP-A-2`, or `AP-A-1-E` where sectors share a module."""
    name = module.code or module.key.rpartition(".")[2].upper()
    stem = name if name.startswith(f"{component.code}-") else f"{component.code}-{name}"
    used: Counter[str] = Counter()
    for proposed in module.sections:
        if len(module.sections) == 1:
            yield stem, proposed
            continue
        letter = "X" if len(proposed.sectors) != 1 else _letter(proposed.sectors[0])
        used[letter] += 1
        yield f"{stem}-{letter}{used[letter] if used[letter] > 1 else ''}", proposed


def _letter(sector: str) -> str:
    return "X" if sector == "cross" else sector[0].upper()
