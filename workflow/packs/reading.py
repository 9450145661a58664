"""From the entries of pack files to the shapes of an outline, level by level."""

from ..rules.vocabulary import ElementKind
from .entry import Entry
from .outline import (
    Choice,
    Component,
    Element,
    EmissionSource,
    Field,
    Form,
    Group,
    Module,
    Part,
    Row,
    SectionPlan,
    Sector,
    Subsector,
    Table,
)

CLOSED_LISTS = (
    "fields_of_action",
    "systemic_levers",
    "scopes",
    "notation_keys",
    "boundary_kinds",
    "inventory_methods",
    "stakeholder_kinds",
    "levels",
    "grades",
    "signatory_states",
    "commitment_tiers",
    "checklist",
)
"""The closed lists that every pack has, besides its sectors and its emission sources."""

FIELD_KINDS = frozenset({"text", "number", "percent", "money", "year", "date", "choice", "tick"})
HEADERS = frozenset({"base_year", "unit", "method"})

Sources = tuple[EmissionSource, ...]


def choice(entry: Entry) -> Choice:
    made = Choice(entry.text("key"), entry.words("title"), entry.words("note", required=False))
    entry.done()
    return made


def emission_source(entry: Entry) -> EmissionSource:
    made = EmissionSource(
        key=entry.text("key"),
        title=entry.words("title"),
        gpc=entry.text("gpc"),
        scopes=entry.numbers("scopes"),
        subsectors=tuple(_subsector(inner) for inner in entry.entries("subsectors")),
    )
    entry.done()
    return made


def _subsector(entry: Entry) -> Subsector:
    made = Subsector(entry.text("gpc"), entry.words("title"))
    entry.done()
    return made


def sector(entry: Entry) -> Sector:
    made = Sector(
        key=entry.text("key"),
        title=entry.words("title"),
        field_of_action=entry.text("field_of_action"),
        gpc=entry.strings("gpc"),
        colour=entry.text("colour"),
    )
    entry.done()
    return made


def component(entry: Entry, sources: Sources) -> Component:
    made = Component(
        key=entry.text("key"),
        code=entry.text("code"),
        title=entry.words("title"),
        purpose=entry.words("purpose"),
        template_version=entry.text("template_version"),
        parts=tuple(_part(inner, sources) for inner in entry.entries("parts")),
    )
    entry.done()
    return made


def _part(entry: Entry, sources: Sources) -> Part:
    made = Part(
        key=entry.text("key"),
        code=entry.text("code"),
        title=entry.words("title"),
        modules=tuple(_module(inner, sources) for inner in entry.entries("modules")),
    )
    entry.done()
    return made


def _module(entry: Entry, sources: Sources) -> Module:
    made = Module(
        key=entry.text("key"),
        code=entry.text("code"),
        title=entry.words("title"),
        purpose=entry.words("purpose"),
        checklist=entry.strings("checklist"),
        elements=tuple(_element(inner, sources) for inner in entry.entries("elements")),
        sections=tuple(_section(inner) for inner in entry.entries("sections")),
    )
    entry.done()
    return made


def _section(entry: Entry) -> SectionPlan:
    made = SectionPlan(
        key=entry.text("key"),
        title=entry.words("title"),
        answers=entry.strings("answers"),
        sectors=entry.strings("sectors"),
    )
    if not made.answers:
        entry.fault("the section answers no element")
    entry.done()
    return made


def _element(entry: Entry, sources: Sources) -> Element:
    kind = entry.text("kind")
    if kind not in list(ElementKind):
        entry.fault(f"`kind` is {', '.join(ElementKind)}, not {kind!r}")
        kind = ElementKind.TEXT
    for shape in (ElementKind.TABLE, ElementKind.FORM):
        if (entry.get(shape) is not None) != (kind == shape):
            entry.fault(
                f"an element of kind {kind} {'needs' if kind == shape else 'has no'} `{shape}`"
            )
    made = Element(
        key=entry.text("key"),
        code=entry.text("code"),
        kind=ElementKind(kind),
        title=entry.words("title"),
        guidance=entry.words("guidance"),
        required=entry.flag("required"),
        checklist=entry.strings("checklist"),
        table=_table(entry.entry("table"), sources) if entry.get("table") is not None else None,
        form=_form(entry.entry("form")) if entry.get("form") is not None else None,
    )
    entry.done()
    return made


def _table(entry: Entry, sources: Sources) -> Table:
    made = Table(
        columns=tuple(_field(inner) for inner in entry.entries("columns")),
        rows=_rows(entry, sources),
        unit=entry.optional("unit"),
        header=entry.strings("header"),
        notation_keys=entry.strings("notation_keys"),
    )
    if not made.columns:
        entry.fault("the table has no columns")
    for name in set(made.header) - HEADERS:
        entry.fault(f"`header` knows {', '.join(sorted(HEADERS))}, not {name!r}")
    entry.done()
    return made


def _rows(entry: Entry, sources: Sources) -> tuple[Row, ...]:
    """Fixed rows: the emission sources (`from: emission_sources`), then further ones (`then`)."""
    if entry.get("rows") is None:
        return ()
    rows = entry.entry("rows")
    origin = rows.optional("from")
    if origin not in (None, "emission_sources"):
        rows.fault(f"`from` knows emission_sources, not {origin!r}")
    first = [Row(source.key, source.title) for source in sources] if origin else []
    then = [Row(inner.text("key"), inner.words("title")) for inner in rows.entries("then")]
    rows.done()
    return (*first, *then)


def _form(entry: Entry) -> Form:
    made = Form(tuple(_group(inner) for inner in entry.entries("groups")), entry.flag("repeats"))
    if not made.groups:
        entry.fault("the form has no groups")
    entry.done()
    return made


def _group(entry: Entry) -> Group:
    made = Group(
        entry.text("key"),
        entry.words("title"),
        tuple(_field(inner) for inner in entry.entries("fields")),
    )
    entry.done()
    return made


def _field(entry: Entry) -> Field:
    made = Field(
        key=entry.text("key"),
        title=entry.words("title"),
        kind=entry.text("kind", default="text"),
        unit=entry.optional("unit"),
        choices=entry.optional("choices"),
        many=entry.flag("many"),
    )
    if made.kind not in FIELD_KINDS:
        entry.fault(f"`kind` is {', '.join(sorted(FIELD_KINDS))}, not {made.kind!r}")
    if (made.kind == "choice") != (made.choices is not None):
        entry.fault("`choices` goes with `kind: choice`, and only with it")
    entry.done()
    return made
