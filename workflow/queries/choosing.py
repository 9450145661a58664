"""What the page answers on which a round is planned: which sections can be opened, and why not the others?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..models import Contract, Person
from ..rules import policy
from ..rules.vocabulary import Act
from ..services import rounds
from . import outline
from .navigation import ContractRef, contract_ref
from .views import SectionRef, SectorRef


@dataclass(frozen=True, slots=True)
class Choice:
    """A section that can be chosen; `why` not is the name of its stage, or `text`; `here` when the filter lets it
    through."""

    section: SectionRef
    sectors: list[SectorRef]
    chosen: bool
    why: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class ChoosePage:
    contract: ContractRef
    public_days: int
    groups: list[tuple[str, list[Choice]]]
    kept: list[int]
    chosen: int
    components: list[tuple[str, str]]
    sectors: list[tuple[str, str]]
    may_plan: bool


def page(
    contract: Contract, person: Person, *, chosen: Collection[int], wanted: Mapping[str, str | None]
) -> ChoosePage:
    """The sections that this person leads, by the part of the contract; `kept` are chosen but filtered out."""
    lines = [
        line
        for line in outline.lines(contract, person)
        if policy.grants(person, Act.CONSULT, line.place)
    ]
    groups: dict[str, list[Choice]] = {}
    kept, components, sectors = [], {}, {}
    for line in lines:
        components[line.component_key] = line.component
        sectors |= {one.key: one.label for one in line.sectors}
        here = wanted.get("component") in (None, "", line.component_key) and (
            wanted.get("sector") in (None, "", *(one.key for one in line.sectors))
        )
        why = rounds.why_not(line.section.stage, frozen=line.place.frozen, has_text=line.has_text)
        choice = Choice(line.section, line.sectors, line.section.id in chosen, why, here)
        if here:
            groups.setdefault(line.component, []).append(choice)
        elif choice.chosen:
            kept.append(line.section.id)
    return ChoosePage(
        contract=contract_ref(contract, person.language),
        public_days=contract.public_days,
        groups=list(groups.items()),
        kept=kept,
        chosen=sum(line.section.id in chosen for line in lines),
        components=list(components.items()),
        sectors=sorted(sectors.items(), key=lambda one: one[1]),
        may_plan=bool(lines),
    )
