"""The only place that says what a document is made of: an ordered list with hashes, and the hash of that list."""

from dataclasses import asdict
from importlib.metadata import version

from ..queries.compiled import Chapter, Compilation, Part
from ..rules.canonical import digest
from ..rules.text import dialect
from ..typesetting import TEMPLATE_VERSION
from . import appendix_manuscripts

__all__ = ["digest", "manifest"]


def manifest(compilation: Compilation) -> dict:
    """The texts with their revision hashes, the remarks by one digest, and with what all of it is set."""
    remarks = [remark for chapter in compilation.chapters() for remark in chapter.remarks]
    return {
        "contract": compilation.slug,
        "city": compilation.city,
        "title": compilation.title,
        "target": compilation.target,
        "target_year": compilation.target_year,
        "iteration": compilation.iteration,
        "demo": compilation.demo,
        "bears": asdict(compilation.bears),
        "draft": compilation.draft,
        "sealed": asdict(compilation.sealed) if compilation.sealed else None,
        "since": [compilation.since.number, compilation.since.sha256]
        if compilation.since
        else None,
        "as_of": compilation.as_of.isoformat(),
        "language": compilation.language,
        "audience": compilation.audience.value,
        "edition": compilation.edition.listed,
        "part": compilation.part,
        "pack": [compilation.pack, compilation.pack_version],
        "template": [TEMPLATE_VERSION, f"typst {version('typst')}"],
        "components": [
            {
                "key": volume.key,
                "title": volume.title,
                "template": volume.template,
                "modules": [_module(part) for part in volume.parts],
            }
            for volume in compilation.volumes
        ],
        **({"figures": digest(compilation.figures)} if compilation.figures else {}),
        "references": dict(compilation.references),
        **(
            {"charts": digest([[name, asdict(drawn)] for name, drawn in compilation.charts])}
            if compilation.charts
            else {}
        ),
        "appendices": appendix_manuscripts.listed(compilation.appendices),
        "remarks": {
            "count": len(remarks),
            "answered": sum(remark.disposition is not None for remark in remarks),
            "sha256": digest([asdict(remark) for remark in remarks]),
        },
    }


def _module(part: Part) -> dict:
    return {
        "code": part.code,
        "title": part.title,
        "part": part.part,
        "sections": [_section(chapter) for chapter in part.chapters],
        "not_applicable": [list(one) for one in part.left_out],
    }


def _section(chapter: Chapter) -> dict:
    """`read` is the hash of what the readers may see of the text, where that is not all of it."""
    read = dialect.fingerprint(chapter.markdown)
    return {
        "id": chapter.id,
        "code": chapter.code,
        "title": chapter.title,
        "language": chapter.language,
        "sectors": list(chapter.sectors),
        "stage": chapter.stage.value,
        "revision": chapter.revision,
        "sha256": chapter.sha256,
        **({"read": read} if chapter.sha256 not in (None, read) else {}),
        **({"before": chapter.before.sha256} if chapter.before else {}),
        "pictures": [picture.sha256 for picture in chapter.pictures],
        "before_it": dict(chapter.before_it),
    }
