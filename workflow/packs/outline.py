"""The shape of a pack: component → part → module → element, and the sections an empty contract starts with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..rules.vocabulary import ElementKind
from .words import Words

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class PackRef:
    """Where a pack stands on the shelf."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a closed list."""

    key: str
    title: Words
    note: Words = field(default_factory=Words)


@dataclass(frozen=True, slots=True)
class Subsector:
    gpc: str
    title: Words


@dataclass(frozen=True, slots=True)
class EmissionSource:
    """A sector of the inventory: its GPC number, and the least scopes that the Mission counts."""

    key: str
    title: Words
    gpc: str
    scopes: tuple[int, ...]
    subsectors: tuple[Subsector, ...]


@dataclass(frozen=True, slots=True)
class Sector:
    """A working sector of the contract. It has a field of action and, on another axis, inventory subsectors."""

    key: str
    title: Words
    field_of_action: str
    gpc: tuple[str, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table or a field of a form. `choices` names a closed list of the pack."""

    key: str
    title: Words
    kind: str = "text"
    unit: str | None = None
    choices: str | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    title: Words


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are fixed rows; a table without them has one row for each thing that the city names.

    `header` lists what stands above the table (`base_year`, `unit`, `method`); `notation_keys` may replace a figure.
    """

    columns: tuple[Field, ...]
    rows: tuple[Row, ...] = ()
    unit: str | None = None
    header: tuple[str, ...] = ()
    notation_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: Words
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet of fields; `repeats` when there is one for each action, indicator or signatory."""

    groups: tuple[Group, ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """What the pack asks for. `required` elements are answered, or set aside as “not applicable, because …”."""

    key: str
    code: str
    kind: ElementKind
    title: Words
    guidance: Words
    required: bool
    checklist: tuple[str, ...] = ()
    table: Table | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section that an empty contract starts with. An element that several sections name belongs to the first."""

    key: str
    title: Words
    answers: tuple[str, ...]
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Module:
    key: str
    code: str
    title: Words
    purpose: Words
    checklist: tuple[str, ...]
    elements: tuple[Element, ...]
    sections: tuple[SectionPlan, ...]


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    code: str
    title: Words
    modules: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class Component:
    key: str
    code: str
    title: Words
    purpose: Words
    template_version: str
    parts: tuple[Part, ...]

    @property
    def modules(self) -> tuple[Module, ...]:
        return tuple(module for part in self.parts for module in part.modules)

    def part_of(self, module: Module) -> Part:
        """The part that a module of this component stands in."""
        return next(part for part in self.parts if module in part.modules)


@dataclass(frozen=True)
class Pack:
    """A whole template. `lists` are its closed lists by name, `imprint` what every compiled contract says of itself,
    `abbreviations` those that its texts use everywhere."""

    id: str
    version: str
    title: Words
    summary: Words
    imprint: Words
    languages: tuple[str, ...]
    components: tuple[Component, ...]
    sectors: tuple[Sector, ...]
    emission_sources: tuple[EmissionSource, ...]
    lists: dict[str, tuple[Choice, ...]] = field(hash=False)
    abbreviations: tuple[Choice, ...] = ()

    def choices(self, name: str) -> tuple[Choice | Sector | EmissionSource, ...]:
        """The closed list of that name. Raises KeyError for a name that the pack does not know."""
        own = {"sectors": self.sectors, "emission_sources": self.emission_sources}
        return own.get(name) or self.lists[name]

    def modules(self) -> Iterator[Module]:
        for component in self.components:
            yield from component.modules

    def elements(self) -> Iterator[Element]:
        for module in self.modules():
            yield from module.elements

    def sections(self) -> Iterator[SectionPlan]:
        for module in self.modules():
            yield from module.sections

    def component(self, key: str) -> Component:
        return next(component for component in self.components if component.key == key)

    def module(self, key: str) -> Module:
        return self._modules[key]

    def element(self, key: str) -> Element:
        return self._elements[key]

    def guidance_phrases(self) -> tuple[str, ...]:
        """Every sentence that tells writers what to do, in all languages: none of them belongs in a text."""
        texts = [text for module in self.modules() for text in module.purpose.values()]
        texts += [text for element in self.elements() for text in element.guidance.values()]
        sentences = (sentence for text in texts for sentence in _SENTENCE_END.split(text))
        return tuple(dict.fromkeys(sentence.strip() for sentence in sentences if sentence.strip()))

    @cached_property
    def _modules(self) -> dict[str, Module]:
        return {module.key: module for module in self.modules()}

    @cached_property
    def _elements(self) -> dict[str, Element]:
        return {element.key: element for element in self.elements()}
