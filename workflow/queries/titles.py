"""What the parts of a contract are called in the language of a document, as far as its template speaks it."""

from .. import packs
from ..models import Component, Contract


def spoken(components: list[Component], language: str) -> str:
    """The language in which the template has named them; English stands in for one that it does not speak."""
    return language if all(language in one.titles for one in components) else "en"


def of_parts(contract: Contract, language: str) -> dict[str, str]:
    """The title of each part of the template by its English one, which the rows keep."""
    pack = packs.load(contract.pack, contract.pack_version)
    return {
        part.title.to("en"): part.title.to(language)
        for component in pack.components
        for part in component.parts
    }
