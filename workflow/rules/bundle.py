"""A contract as a ZIP of Markdown files, one a section, and read again: the same texts, to the byte.

Each file begins with lines between `---` that say what it is, as names and JSON values (and so YAML, too).
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from . import picture_files
from .bringing import Piece
from .manuscript import Brought, Lost, Manuscript, Missed
from .picture_files import JPEG, PNG
from .refusals import Invalid
from .text.dialect import canonical
from .text.pictures import ADDRESS, NAME, NAME_LENGTH, SCHEME

MAX_FILES = 2_000
MAX_TEXTS = 48 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
NEW_YEAR = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP knows: the same texts make the same bytes on every day."""

FRONT = re.compile(r"\A---\n((?:[a-z0-9_]+: .*\n)+)---\n\n?")
PICTURE = re.compile(rf"pictures/({NAME.pattern})[0-9a-f]{{32}}\.(?:{PNG}|{JPEG})")
README = "README.md"
COMPRESSED = (".png", ".jpg")


@dataclass(frozen=True, slots=True)
class Text:
    """A section and its text; `facts` are what its file says of it, `code` among them."""

    code: str
    facts: Mapping[str, str | int | bool | None]
    markdown: str


def file(text: Text) -> str:
    """The content of one file: the facts, an empty line, and the text as it is kept."""
    facts = {"code": text.code, **text.facts}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in facts.items()]
    return f"---\n{''.join(lines)}---\n\n{text.markdown}"


def name(number: int, code: str) -> str:
    """The name of the file in the ZIP, in the order of the contract."""
    return f"sections/{number:03}-{re.sub('[^A-Za-z0-9.-]+', '-', code)[:60]}.md"


def write(texts: Iterable[Text], readme: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """The ZIP. The same texts give the same bytes."""
    files = {README: readme.encode()}
    files |= {name(number, text.code): file(text).encode() for number, text in enumerate(texts, 1)}
    return packed(files | dict(more or {}))


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files by their names, in their order. The same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in files.items():
            about = zipfile.ZipInfo(path, NEW_YEAR)
            stored = path.endswith(COMPRESSED)
            about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            about.external_attr, about.create_system = 0o644 << 16, 3
            archive.writestr(about, content, compresslevel=6)
    return made.getvalue()


def holds(content: bytes) -> bool:
    """Whether a ZIP is a bundle of Markdown and not a document of an office."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" not in names and any(name.endswith(".md") for name in names)


def read(content: bytes, on_part: Callable[[float], None] = lambda share: None) -> Manuscript:
    """The texts of a bundle, each a piece that names its section; `on_part` is told the share that is read. Raises
    `Invalid`."""
    pieces: list[Piece] = []
    missed: list[Missed] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            brought = _pictures(packed, on_part)
            for said in _contents(packed):
                for old, (name, _picture) in brought.items():
                    said = said.replace(f"{SCHEME}{old}", f"{SCHEME}{name}")
                found = one(said, len(pieces) + 1)
                if found is None:
                    continue
                piece, whole = found
                pieces.append(piece)
                if not whole:
                    missed.append(Missed(Lost.FEWER_EYES, piece.title))
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, RuntimeError, OSError) as fault:
        raise _unreadable() from fault
    if not pieces:
        raise _unreadable()
    shown = {name for piece in pieces for name in ADDRESS.findall(piece.markdown)}
    kept = {name: picture for name, picture in brought.values() if name in shown}
    return Manuscript(pieces, missed, kept)


def one(said: str, number: int = 1) -> tuple[Piece, bool] | None:
    """The piece in a file of a bundle, and whether it is all of the section's text; None for any other file."""
    head = FRONT.match(said)
    if head is None:
        return None
    try:
        facts = {
            key: json.loads(value)
            for key, _, value in (line.partition(": ") for line in head[1].splitlines())
        }
    except ValueError:
        return None
    if not isinstance(facts.get("code"), str):
        return None
    title = " ".join([facts["code"], str(facts.get("title") or "")]).strip()
    markdown = canonical(said[head.end() :])
    return Piece(number, 1, title, "", markdown, facts["code"]), facts.get("whole") is not False


def _pictures(
    packed: zipfile.ZipFile, on_part: Callable[[float], None]
) -> dict[str, tuple[str, Brought]]:
    """By the name that the texts use, each picture that can be taken and its name here; usually the same."""
    found: dict[str, tuple[str, Brought]] = {}
    _check(packed)
    parts = packed.infolist()
    for number, part in enumerate(parts):
        on_part(number / len(parts))
        named = PICTURE.fullmatch(part.filename)
        if named is None:
            continue
        try:
            made = picture_files.rewritten(packed.read(part))
        except picture_files.Unusable:
            continue
        found[named[1]] = made.sha256[:NAME_LENGTH], Brought(made, "")
    return found


def picture_name(sha256: str, ending: str) -> str:
    """The name of a picture's file in the ZIP."""
    return f"pictures/{sha256}.{ending}"


def _check(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    texts = sum(part.file_size for part in parts if not PICTURE.fullmatch(part.filename))
    whole = sum(part.file_size for part in parts)
    if len(parts) > MAX_FILES or texts > MAX_TEXTS or whole > MAX_UNPACKED:
        raise Invalid("file", "This file holds far more than it seems. Please split it.")


def _contents(packed: zipfile.ZipFile) -> Iterable[str]:
    """The Markdown files in their order, none larger than it seems."""
    for part in sorted(packed.infolist(), key=lambda part: part.filename):
        if part.filename.endswith(".md"):
            yield packed.read(part).decode("utf-8-sig").replace("\r\n", "\n")


def _unreadable() -> Invalid:
    return Invalid(
        "file", "This file cannot be read. A ZIP has to hold the Markdown files of a contract."
    )
