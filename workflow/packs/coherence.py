"""What the parts of a pack say about each other: keys are given once, and whatever is named is there."""

from collections import Counter
from collections.abc import Iterable, Iterator

from .outline import Element, Field, Module, Pack


def contradictions(pack: Pack) -> Iterator[str]:
    """Every complaint about a pack whose files are well formed, each naming the key it is about."""
    yield from _twice("component", (component.key for component in pack.components))
    yield from _twice(
        "part", (part.key for component in pack.components for part in component.parts)
    )
    yield from _twice("module", (module.key for module in pack.modules()))
    yield from _twice("element", (element.key for element in pack.elements()))
    yield from _twice("section", (section.key for section in pack.sections()))
    yield from _twice("sector", (sector.key for sector in pack.sectors))
    yield from _twice("emission source", (source.key for source in pack.emission_sources))
    yield from _twice("abbreviation", (one.key for one in pack.abbreviations))
    for name, choices in pack.lists.items():
        yield from _twice(f"{name} entry", (choice.key for choice in choices))
        if not choices:
            yield f"{name}: the closed list is empty"
    yield from _strangers(pack)
    for module in pack.modules():
        yield from _in_module(pack, module)
    for element in pack.elements():
        yield from _in_element(pack, element)


def _twice(what: str, keys: Iterable[str]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"{key}: the {what} is there {times} times"


def _strangers(pack: Pack) -> Iterator[str]:
    """Sectors that name a field of action or an inventory subsector that the pack does not have."""
    fields = {choice.key for choice in pack.lists["fields_of_action"]}
    subsectors = {sub.gpc for source in pack.emission_sources for sub in source.subsectors}
    for sector in pack.sectors:
        if sector.field_of_action not in fields:
            yield f"{sector.key}: the sector names the unknown field of action {sector.field_of_action}"
        for gpc in sorted(set(sector.gpc) - subsectors):
            yield f"{sector.key}: the sector names the unknown inventory subsector {gpc}"


def _in_module(pack: Pack, module: Module) -> Iterator[str]:
    own = {element.key for element in module.elements}
    sectors = {sector.key for sector in pack.sectors}
    answered: set[str] = set()
    for section in module.sections:
        answered.update(section.answers)
        for key in section.answers:
            if key not in own:
                yield f"{section.key}: the section answers the unknown element {key} of module {module.key}"
        for key in section.sectors:
            if key not in sectors:
                yield f"{section.key}: the section names the unknown sector {key}"
    for element in module.elements:
        if element.required and element.key not in answered:
            yield f"{element.key}: no section of module {module.key} answers the required element"
    yield from _checklist(pack, module.key, module.checklist)


def _in_element(pack: Pack, element: Element) -> Iterator[str]:
    yield from _checklist(pack, element.key, element.checklist)
    fields = _fields(element)
    for field in fields:
        if field.choices and not _known(pack, field.choices):
            yield f"{element.key}: {field.key} chooses from the unknown list {field.choices}"
    if element.table:
        notations = {choice.key for choice in pack.lists["notation_keys"]}
        for key in sorted(set(element.table.notation_keys) - notations):
            yield f"{element.key}: the notation key {key} is unknown"
        yield from _twice(
            f"column of {element.key}", (field.key for field in element.table.columns)
        )
        yield from _twice(f"row of {element.key}", (row.key for row in element.table.rows))
    for group in element.form.groups if element.form else ():
        yield from _twice(f"field of {element.key}", (field.key for field in group.fields))


def _fields(element: Element) -> tuple[Field, ...]:
    in_table = element.table.columns if element.table else ()
    in_form = (
        (field for group in element.form.groups for field in group.fields) if element.form else ()
    )
    return (*in_table, *in_form)


def _known(pack: Pack, name: str) -> bool:
    return name in {"sectors", "emission_sources"} | pack.lists.keys()


def _checklist(pack: Pack, key: str, numbers: Iterable[str]) -> Iterator[str]:
    known = {choice.key for choice in pack.lists["checklist"]}
    for number in numbers:
        if number not in known:
            yield f"{key}: checklist number {number} is unknown"
