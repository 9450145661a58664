"""The contract as files of Markdown: what each file says of its section, and how to see that nothing was changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from .. import storage
from ..labels import label
from ..queries.compiled import Compilation, Pictured
from ..rules import bundle
from ..rules.bundle import Text
from ..rules.text.dialect import fingerprint
from ..rules.text.typed import escaped
from ..typesetting import Warning

FIGURES = "figures.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    bytes: bytes
    warnings: tuple[Warning, ...] = ()
    pages: None = None


def write(given: Compilation, manifest_sha256: str) -> Bundle:
    """A file for each section that has a text, and one that lists them. The same text gives the same bytes."""
    texts = list(_texts(given))
    with force_locale(given.language):
        readme = _readme(given, texts, manifest_sha256)
    return Bundle(bundle.write(texts, readme, pictures(given) | figures(given)))


def pictures(given: Compilation) -> dict[str, bytes]:
    """The files of the pictures that the texts show, as far as they are there."""
    return {
        bundle.picture_name(one.sha256, one.ending): path.read_bytes()
        for one in _shown(given)
        if (path := storage.find(one.sha256))
    }


def _shown(given: Compilation) -> list[Pictured]:
    """The pictures of all texts, each once."""
    return list(
        dict.fromkeys(picture for chapter in given.chapters() for picture in chapter.pictures)
    )


def figures(given: Compilation) -> dict[str, bytes]:
    """The figures as a file beside the others."""
    if not given.figures:
        return {}
    return {FIGURES: (json.dumps(given.figures, ensure_ascii=False, indent=2) + "\n").encode()}


def _texts(given: Compilation) -> Iterator[Text]:
    for volume in given.volumes:
        for part in volume.parts:
            for chapter in part.chapters:
                if chapter.sha256 is None:
                    continue
                sha256 = fingerprint(chapter.markdown)
                facts = {
                    "title": chapter.title,
                    "component": volume.key,
                    "module": part.code,
                    "state": chapter.stage.value,
                    "language": chapter.language,
                    "revision": chapter.revision,
                    "sha256": sha256,
                    "whole": sha256 == chapter.sha256,
                }
                yield Text(chapter.code, facts, chapter.markdown)


def _readme(given: Compilation, texts: list[Text], manifest_sha256: str) -> str:
    state = _("draft") if given.draft else _("final")
    about = [
        f"# {escaped(given.title)}",
        _("%(state)s as of %(day)s", state=state, day=given.as_of.isoformat()),
        f"{_('Readers')}: {label(given.audience)}",
        f"{_('Manifest')}: `{manifest_sha256}`",
        _(
            "Each file in `sections` is the text of one section. Lines at its start say what it is; the text begins "
            "after the empty line below them, and `sha256` is that of its UTF-8 bytes. Where `whole` is false, blocks "
            "that these readers may not see were left out."
        ),
    ]
    if given.figures:
        about.append(
            _(
                "`%(file)s` holds the figures of the contract as tables, each with a description of its columns.",
                file=FIGURES,
            )
        )
    shown = [
        f"- [{one.name}]({bundle.picture_name(one.sha256, one.ending)})" for one in _shown(given)
    ]
    if shown:
        about.append(
            _(
                "Where a text says `picture:` and a name, it shows the file in `pictures` whose name begins so:"
            )
        )
        about.append("\n".join(shown))
    rows = [
        f"- [{escaped(text.code)} {escaped(text.facts['title'])}]({bundle.name(number, text.code)}) "
        f"`{text.facts['sha256']}`"
        for number, text in enumerate(texts, 1)
    ]
    return "\n\n".join([*map(str, about), "\n".join(rows)]).rstrip("\n") + "\n"
