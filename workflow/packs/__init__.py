"""Templates of a contract as versioned data: which components, modules and elements there are, and how to fill them.

A pack is a folder `<id>/<version>/` of YAML files. Guidance is shown while writing and is no part of any text.
Keys are stable words that code may rely on; codes are labels that moved between generations and mean nothing here.
"""

from .outline import (
    Choice,
    Component,
    Element,
    EmissionSource,
    Field,
    Form,
    Group,
    Module,
    Pack,
    PackRef,
    Part,
    Row,
    SectionPlan,
    Sector,
    Subsector,
    Table,
)
from .shelf import UnknownPack, available, load
from .words import PackError, Words

__all__ = [
    "Choice",
    "Component",
    "Element",
    "EmissionSource",
    "Field",
    "Form",
    "Group",
    "Module",
    "Pack",
    "PackError",
    "PackRef",
    "Part",
    "Row",
    "Sector",
    "SectionPlan",
    "Subsector",
    "Table",
    "UnknownPack",
    "Words",
    "available",
    "load",
]
