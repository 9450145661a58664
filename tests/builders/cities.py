"""A city with its sectors, and the parts and modules of its contract."""

from collections.abc import Collection

from workflow.db import db
from workflow.models import Component, Contract, FigureSet, Module, Sector

from .rows import builder, keep, numbers

SECTORS = {
    "energy": "Energy",
    "buildings": "Buildings",
    "transport": "Transport",
    "waste": "Waste management",
    "cross": "Cross-sector",
}


@builder
def contract(
    slug: str | None = None, *, city: str = "Ljubljana", sectors: Collection[str] = tuple(SECTORS)
) -> Contract:
    """A city with its sectors and one component with one module."""
    made = Contract(
        slug=slug or f"{city.casefold()}-{next(numbers)}",
        titles={"en": f"Climate City Contract of {city}", "sl": f"Podnebna pogodba: {city}"},
        city=city,
        country="SI",
        languages=["en", "sl"],
        base_year=2018,
        pack="netzerocities",
        pack_version="2024.1",
    )
    made.sectors = [
        Sector(key=key, titles={"en": SECTORS.get(key, key)}, position=position)
        for position, key in enumerate(sectors, 1)
    ]
    keep(made)
    module(made)
    return made


@builder
def module(contract: Contract, *, component: str = "action-plan", code: str = "B-1") -> Module:
    """The module of that code, made when the contract lacks it."""
    part = db.session.query(Component).filter_by(contract_id=contract.id, key=component).first()
    part = part or keep(
        Component(
            contract_id=contract.id,
            key=component,
            titles={"en": component.replace("-", " ").capitalize()},
            template_version="2024",
            position=next(numbers),
        )
    )
    known = db.session.query(Module).filter_by(component_id=part.id, code=code).first()
    return known or keep(
        Module(
            component_id=part.id,
            key=f"{component}.{code}",
            code=code,
            titles={"en": f"Module {code}"},
            position=next(numbers),
        )
    )


@builder
def sector(key: str, *, contract: Contract | None = None) -> Sector:
    contract = contract or the_contract()
    return db.session.query(Sector).filter_by(contract_id=contract.id, key=key).one()


@builder
def the_contract() -> Contract:
    """The first contract, made when there is none."""
    return db.session.query(Contract).order_by(Contract.id).first() or contract()


@builder
def figures(contract: Contract, figures: dict, *, key: str = "baseline") -> FigureSet:
    return keep(FigureSet(contract_id=contract.id, key=key, unit="t CO2e/a", figures=figures))
