"""Word files of strangers opened: a document no larger than it seems, without macros, its XML without entities."""

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field

from lxml import etree

from ..rules.picture_files import MAX_BYTES
from ..rules.refusals import Invalid

MAX_UNPACKED = 400 * 1024 * 1024
MAX_XML = 96 * 1024 * 1024
MAX_PARTS = 6_000
MAX_RATIO = 400
"""Text packs to a hundredth at most; what unpacks to more than this is a trap."""

DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a document that hold words; links lead out of it by their ids, also from its notes. `pictures` are
    the names of parts by their ids, `content` the file itself."""

    body: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    footnotes: etree._Element | None
    endnotes: etree._Element | None
    comments: etree._Element | None
    links: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)

    def picture(self, name: str) -> bytes:
        """The bytes of a picture, by the name of its part; none where it is damaged or larger than pictures may be."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as packed:
            try:
                large = packed.getinfo(name).file_size > MAX_BYTES
                return b"" if large else packed.read(name)
            except (KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
                return b""


def opened(content: bytes) -> Package:
    """The document in the file. Raises `Invalid` for everything else, in words."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check(packed)
            return _package(packed, content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.XMLSyntaxError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as fault:
        raise _unreadable() from fault


def _check(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    whole = sum(part.file_size for part in parts)
    traps = (
        len(parts) > MAX_PARTS,
        whole > MAX_UNPACKED,
        xml > MAX_XML,
        any(p.file_size > 1_000_000 and p.file_size > MAX_RATIO * p.compress_size for p in parts),
    )
    if any(traps):
        raise Invalid(
            "file",
            "This file holds far more than it seems. Please save it again without pictures.",
        )
    if any("vbaproject" in part.filename.casefold() for part in parts):
        raise _macros()


def _package(packed: zipfile.ZipFile, content: bytes) -> Package:
    main = _main(packed)
    types = _read(packed, "[Content_Types].xml")
    declared = {
        one.get("PartName", "").lstrip("/"): one.get("ContentType", "")
        for one in types.iter(f"{TYPES}Override")
    }
    kind = declared.get(main, "")
    if "macroEnabled" in kind:
        raise _macros()
    if kind != DOCUMENT:
        raise _unreadable()
    folder, name = posixpath.split(main)
    relations = _relations(packed, posixpath.join(folder, "_rels", f"{name}.rels"))
    names = {
        kind: posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
        for _id, kind, target, outside in relations
        if not outside
    }

    def part(kind: str) -> etree._Element | None:
        at = names.get(OFFICE + kind)
        return _read(packed, at) if at in packed.namelist() else None

    links = {}
    for at in ("endnotes", "footnotes"):
        found = names.get(OFFICE + at, "")
        where = posixpath.join(posixpath.dirname(found), "_rels", posixpath.basename(found))
        links |= {f"{at}:{one[0]}": one[2] for one in _relations(packed, f"{where}.rels") if one[3]}
    links |= {one[0]: one[2] for one in relations if one[3]}
    return Package(
        body=_read(packed, main),
        styles=part("styles"),
        numbering=part("numbering"),
        footnotes=part("footnotes"),
        endnotes=part("endnotes"),
        comments=part("comments"),
        links=links,
        pictures={
            key: posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            for key, kind, target, outside in relations
            if kind == f"{OFFICE}image" and not outside
        },
        content=content,
    )


def _main(packed: zipfile.ZipFile) -> str:
    """The name of the part that is the document itself."""
    for _id, kind, target, _outside in _relations(packed, "_rels/.rels"):
        if kind == f"{OFFICE}officeDocument":
            return posixpath.normpath(target.lstrip("/"))
    raise _unreadable()


def _relations(packed: zipfile.ZipFile, name: str) -> list[tuple[str, str, str, bool]]:
    """Id, kind and target of what a part refers to, and whether it is outside of the file."""
    if name not in packed.namelist():
        return []
    return [
        (
            one.get("Id", ""),
            one.get("Type", ""),
            one.get("Target", ""),
            one.get("TargetMode") == "External",
        )
        for one in _read(packed, name).iter(RELATIONS)
    ]


def _read(packed: zipfile.ZipFile, name: str) -> etree._Element:
    """The XML of a part. Word writes no document type; who brings one wants entities to be read."""
    quiet = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(packed.read(name), quiet)
    if root.getroottree().docinfo.doctype:
        raise _unreadable()
    return root


def _unreadable() -> Invalid:
    return Invalid(
        "file", "This file cannot be read. Please open it in Word and save it again as .docx."
    )


def _macros() -> Invalid:
    return Invalid("file", "This file holds macros. Please save it as .docx, without macros.")
