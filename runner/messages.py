"""The words that people read, gathered from the sources into the catalogues of `translations/`.

`python -m runner.messages` (or `make messages`) brings every catalogue up to date: new words come in empty, words
that nobody uses any more go, and what is translated stays. Nothing is guessed from similar words.
"""

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
PLACES = ("workflow", "templates")
KEYWORDS: dict[str, tuple | None] = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_c": ((1, "c"), 2),
    "Invalid": (2,),
    "Unfit": (1,),
}
"""Calls that hold words, and which of their arguments; a refusal's second argument is translated by the edge."""

DOCUMENTS = frozenset(
    f"workflow/services/{name}.py"
    for name in (
        "answer_manuscripts",
        "appendix_manuscripts",
        "bundles",
        "chart_manuscripts",
        "manuscripts",
        "remark_manuscripts",
    )
) | {"workflow/queries/figures.py"}
DOCUMENTS_ONLY = frozenset({"de"})
"""Languages of documents that pages do not speak: their catalogues hold what `DOCUMENTS` say, and the labels that were
once put into them."""


def gather() -> Catalog:
    """Every message of the sources, with the files that use it."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(fuzzy=False)
    for place in PLACES:
        for name, _line, words, _comments, context in extract_from_dir(
            ROOT / place, methods, options, KEYWORDS, directory_filter=_read
        ):
            file = os.path.join(place, name).replace(os.sep, "/")
            catalogue.add(words, None, [(file, None)], context=context)
    return catalogue


def update(file: Path) -> list[str]:
    """Bring one catalogue up to date; returns what is still to be translated in it."""
    with file.open("rb") as stream:
        known = read_po(stream)
    fresh = Catalog(
        locale=known.locale,
        project="Concord",
        version="1",
        header_comment=known.header_comment,
        creation_date=known.creation_date,
        revision_date=known.creation_date,
        last_translator="Concord",
        language_team=str(known.locale),
        msgid_bugs_address="Concord",
        fuzzy=False,
    )
    for message in gather():
        if not message.id or not _wanted(known, message):
            continue
        fresh.add(
            message.id,
            _translation(known, message, fresh.num_plurals),
            sorted(set(message.locations)),
            flags=message.flags - {"fuzzy"},
            context=message.context,
        )
    with file.open("wb") as stream:
        write_po(stream, fresh, width=110, sort_output=True, include_lineno=False)
    return [str(message.id) for message in fresh if message.id and not finished(message)]


def _wanted(known: Catalog, message) -> bool:
    """Whether the catalogue holds the message."""
    return (
        str(known.locale) not in DOCUMENTS_ONLY
        or known.get(message.id, message.context) is not None
        or any(file in DOCUMENTS for file, _line in message.locations)
    )


def finished(message) -> bool:
    """Whether a message is translated, in all its plural forms."""
    forms = message.string if message.pluralizable else (message.string,)
    return all(forms) and not message.fuzzy


def _read(folder: str | os.PathLike[str]) -> bool:
    """Folders like `_macros` hold words too; what Python compiled does not."""
    return Path(folder).name != "__pycache__"


def _translation(known: Catalog, message, forms: int):
    """What the catalogue says of the message so far, in as many forms as the language has."""
    old = known.get(message.id, message.context)
    if message.pluralizable:
        kept = old.string if old and old.pluralizable and len(old.string) == forms else None
        return tuple(kept or [""] * forms)
    return old.string if old and not old.pluralizable else ""


def main() -> None:
    for file in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        missing = update(file)
        print(f"{file.relative_to(ROOT)}: {len(missing)} to translate", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
