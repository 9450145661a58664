"""The shelf of packs: which there are, and reading one with every fault named at once."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .coherence import contradictions
from .entry import Entry
from .outline import Pack, PackRef
from .reading import CLOSED_LISTS, choice, component, emission_source, sector
from .words import PackError

SHELF = Path(__file__).parent
PACK_FILE = "pack.yaml"


class UnknownPack(LookupError):
    """There is no such pack, or not in that version."""


def available(shelf: Path = SHELF) -> list[PackRef]:
    """The packs on the shelf, by name and from the oldest to the newest version."""
    files = shelf.glob(f"*/*/{PACK_FILE}")
    refs = (PackRef(file.parent.parent.name, file.parent.name) for file in files)
    return sorted(refs, key=lambda ref: (ref.id, _age(ref.version)))


def load(pack_id: str, version: str | None = None, *, shelf: Path = SHELF) -> Pack:
    """The pack, in its newest version unless told. Raises `UnknownPack`, or `PackError` with all that is wrong."""
    versions = [ref.version for ref in available(shelf) if ref.id == pack_id]
    if not versions or (version and version not in versions):
        known = ", ".join(f"{ref.id} {ref.version}" for ref in available(shelf)) or "none"
        raise UnknownPack(
            f"there is no pack {pack_id} {version or ''}".rstrip() + f"; known: {known}"
        )
    return _read(shelf / pack_id / (version or versions[-1]))


def _age(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


@cache
def _read(folder: Path) -> Pack:
    faults: list[str] = []
    head = _entry(folder, PACK_FILE, ("en",), faults)
    head.languages = head.strings("languages") or ("en",)
    lists = _entry(folder, head.text("lists"), head.languages, faults)
    sources = tuple(emission_source(entry) for entry in lists.entries("emission_sources"))
    pack = Pack(
        id=head.text("id"),
        version=head.text("version"),
        title=head.words("title"),
        summary=head.words("summary"),
        imprint=head.words("imprint"),
        languages=head.languages,
        sectors=tuple(sector(entry) for entry in lists.entries("sectors")),
        emission_sources=sources,
        lists={
            name: tuple(choice(entry) for entry in lists.entries(name)) for name in CLOSED_LISTS
        },
        abbreviations=tuple(choice(entry) for entry in lists.entries("abbreviations")),
        components=tuple(
            component(_entry(folder, file, head.languages, faults), sources)
            for file in head.strings("components")
        ),
    )
    head.done()
    lists.done()
    stands_in = (folder.parent.name, folder.name)
    if (pack.id, pack.version) != stands_in:
        head.fault(f"the pack calls itself {pack.id} {pack.version}, which is not its folder")
    faults += [f"{'/'.join(stands_in)}: {complaint}" for complaint in contradictions(pack)]
    if faults:
        raise PackError(faults)
    return pack


def _entry(folder: Path, name: str, languages: tuple[str, ...], faults: list[str]) -> Entry:
    file = f"{folder.parent.name}/{folder.name}/{name}"
    return Entry(
        _parsed(folder / name, file, faults), file=file, languages=languages, faults=faults
    )


def _parsed(path: Path, file: str, faults: list[str]) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        faults.append(f"{file}: the file cannot be read")
    except yaml.YAMLError as error:
        faults.append(f"{file}: not YAML: {' '.join(str(error).split())}")
    return {}
