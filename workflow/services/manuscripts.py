"""The only place that turns what was read into the document that the typesetter prints, in the document's language."""

from dataclasses import asdict
from functools import lru_cache

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from .. import clock, dates, packs, storage
from ..labels import label
from ..queries import texts
from ..queries.compiled import Chapter, Compilation, Part, Pictured, Volume
from ..rules.text import abbreviations, changed, diff, marking, nodes
from ..rules.text.nodes import Node
from ..rules.text.render import render
from ..rules.vocabulary import AnnexKind, EditionKind, Stage
from ..typesetting import Document
from ..typesetting.document import (
    Abbreviation,
    Changed,
    ChangedRow,
    Changes,
    Component,
    Module,
    Picture,
    Section,
)
from . import appendix_manuscripts, chart_manuscripts, remark_manuscripts


def write(compilation: Compilation, manifest_sha256: str) -> Document:
    """The document with every word in its language; nothing in it is looked up again."""
    with force_locale(compilation.language):
        return _Writer(compilation).document(manifest_sha256)


class _Writer:
    def __init__(self, compilation: Compilation) -> None:
        self.compilation = compilation
        self.language = compilation.language

    def document(self, manifest_sha256: str) -> Document:
        given = self.compilation
        return {
            "city": given.city,
            "title": given.title,
            "target": given.target or "",
            "target_year": given.target_year,
            "iteration": _("Iteration %(number)s", number=given.iteration),
            "language": given.language,
            "titles_language": given.titles_in,
            "draft": given.draft,
            "copy": "" if given.edition.kind is EditionKind.READING else label(given.edition.kind),
            "lined": given.edition.kind is EditionKind.REVIEW,
            "date": given.as_of.isoformat(),
            "date_words": _("As of %(day)s", day=dates.day(given.as_of, self.language)),
            "manifest": manifest_sha256,
            "sealed": given.sealed.sha256 if given.sealed else "",
            "facts": self.facts(),
            "disclaimer": self.disclaimer(),
            **self.bears(),
            "abbreviations": self.abbreviations(),
            "components": [self.component(volume) for volume in given.volumes],
            **({"changes": self.changes()} if given.since else {}),
            **(
                {"annex": remark_manuscripts.write(given)}
                if AnnexKind.COMMENTS in given.edition.annexes
                else {}
            ),
            "appendices": appendix_manuscripts.write(given.appendices, self.language),
            "references": dict(given.references),
            "charts": {
                name: chart_manuscripts.write(drawn, given.target_year)
                for name, drawn in given.charts
            },
            "labels": labels(),
        }

    def facts(self) -> list[tuple[str, str]]:
        chapters = list(self.compilation.chapters())
        approved = sum(chapter.stage is Stage.APPROVED for chapter in chapters)
        sealed = self.compilation.sealed
        return [
            *([(_("Part"), self.compilation.part)] if self.compilation.part else []),
            *([(_("Contract"), _("Manifest %(number)s", number=sealed.number))] if sealed else []),
            *([(_("Compared with"), self.since())] if self.compilation.since else []),
            (_("Approved"), _("%(done)s of %(all)s sections", done=approved, all=len(chapters))),
            (_("Template"), f"{self.compilation.pack} {self.compilation.pack_version}"),
            (_("Readers"), label(self.compilation.audience)),
        ]

    def since(self) -> str:
        since = self.compilation.since
        on = clock.day_of(since.at, self.compilation.time_zone)
        day = dates.day(on, self.language)
        return _("Manifest %(number)s of %(day)s", number=since.number, day=day)

    def changes(self) -> Changes:
        rows = [self.changed(chapter) for chapter in self.compilation.chapters()]
        hint = _(
            "Words that were added stand between [+ and +] and are underlined; words that are gone stand between "
            "[− and −] and are struck out. Sections whose texts have not changed are not printed."
        )
        told = ngettext(
            "%(num)s section has another text than in manifest %(number)s (%(hash)s).",
            "%(num)s sections have other texts than in manifest %(number)s (%(hash)s).",
            len(rows),
            number=self.compilation.since.number,
            hash=self.compilation.since.sha256[:12],
        )
        return {"note": [told, hint], "rows": rows}

    def changed(self, chapter: Chapter) -> ChangedRow:
        words = diff.words(render(chapter.before.markdown).plain, render(chapter.markdown).plain)
        return {
            "code": chapter.code,
            "title": chapter.title,
            "was": chapter.before.revision,
            "now": chapter.revision,
            "added": texts.words(words, diff.Kind.ADDED),
            "removed": texts.words(words, diff.Kind.REMOVED),
        }

    def disclaimer(self) -> list[str]:
        city = self.compilation.city
        sentences = [
            _(
                "This document was compiled from the sections of the contract as they stood on the day named on "
                "its title page. Each section says in which state it is and which revision of its text is printed."
            ),
            _(
                "The content reflects the views of its authors. The European Commission is not responsible for any "
                "use that may be made of the information it contains."
            ),
        ]
        if self.compilation.titles_in != self.language:
            sentences.append(
                _(
                    "Titles of the template that do not exist in the language of this document stand in English."
                )
            )
        if self.compilation.bears.grant:
            support = _(
                "This contract was drawn up with support from the European Union under grant agreement No %(number)s.",
                number=self.compilation.bears.grant,
            )
            sentences.append(support)
        if self.compilation.demo:
            demo = _(
                "Demo data. Nothing in this document is a statement, draft or commitment of the City of %(city)s or "
                "of any real organisation.",
                city=city,
            )
            return [demo, *sentences]
        return sentences

    def bears(self) -> dict:
        """The city's colour and logo, as far as it has them."""
        bears = self.compilation.bears
        logo = bears.logo if bears.logo and storage.find(bears.logo.sha256) else None
        return {
            **({"colour": bears.colour} if bears.colour else {}),
            **({"logo": picture(logo) | {"alt": bears.logo_alt}} if logo else {}),
        }

    def abbreviations(self) -> list[Abbreviation]:
        """What the texts explain themselves, and of what they only use what the pack knows."""
        texts = [(one.language, shortened(one.markdown)) for one in self.compilation.chapters()]
        pack = packs.load(self.compilation.pack, self.compilation.pack_version)
        known = {
            one.key: (one.title.to(self.language), one.title.spoken(self.language))
            for one in pack.abbreviations
        }
        return [asdict(one) for one in abbreviations.collected(texts, known)]

    def component(self, volume: Volume) -> Component:
        return {
            "code": volume.key,
            "title": volume.title,
            "modules": [self.module(part) for part in volume.parts],
        }

    def module(self, part: Part) -> Module:
        return {
            "code": part.code,
            "title": part.title,
            "part": part.part or "",
            "sections": [self.section(chapter) for chapter in part.chapters],
            "not_applicable": [
                {"title": title, "reason": reason} for title, reason in part.left_out
            ],
        }

    def section(self, chapter: Chapter) -> Section:
        return {
            "code": chapter.code,
            "title": chapter.title,
            "state": chapter.stage.value,
            "state_word": label(chapter.stage),
            "revision": chapter.revision,
            "sha256": chapter.sha256 or "",
            "language": chapter.language,
            "tags": list(chapter.sectors),
            "before": dict(chapter.before_it),
            "nodes": self.text(chapter),
            **({"changed": self.writer(chapter)} if chapter.before else {}),
            "pictures": {
                one.name: picture(one) for one in chapter.pictures if storage.find(one.sha256)
            },
        }

    def writer(self, chapter: Chapter) -> Changed:
        """Whose changes they are, as far as he may be named."""
        at = chapter.written_at.isoformat() if chapter.written_at else ""
        return {"author": chapter.author or self.compilation.city, "at": at}

    def text(self, chapter: Chapter) -> list[Node]:
        """What is printed of a section; a reviewer's copy numbers the passages that were remarked on."""
        if chapter.before:
            return changed.of(chapter.before.markdown, chapter.markdown)
        if self.compilation.edition.kind is not EditionKind.REVIEW:
            return parsed(chapter.markdown)
        return marking.of(chapter.markdown, chapter.passages).nodes


@lru_cache(maxsize=256)
def parsed(markdown: str) -> list[Node]:
    """The nodes of a text, kept for the next document that holds it; whoever prepares them for print copies them."""
    return nodes.of(markdown)


@lru_cache(maxsize=256)
def shortened(markdown: str) -> abbreviations.Use:
    """What a text abbreviates, kept for the next document that holds it."""
    return abbreviations.used(parsed(markdown))


def picture(brought: Pictured) -> Picture:
    return {
        "sha256": brought.sha256,
        "ending": brought.ending,
        "width": brought.width,
        "height": brought.height,
    }


def labels() -> dict[str, str]:
    """The fixed words of the template, in the language that is in force."""
    return {
        "kind": _("Climate City Contract"),
        "draft": _("Draft"),
        "final": _("Final"),
        "target_year": _("Climate neutral by"),
        "disclaimer": _("Disclaimer"),
        "contents": _("Contents"),
        "tables": _("List of tables"),
        "figures": _("List of figures"),
        "figure": _("Figure"),
        "table": _("Table"),
        "source": _("Source"),
        "abbreviations": _("Abbreviations"),
        "abbreviation": _("Abbreviation"),
        "meaning": _("Meaning"),
        "page_of": _("{page} of {pages}"),
        "revision": _("Revision {number}"),
        "no_revision": _("No text yet"),
        "empty": _("This section has not been written yet."),
        "not_applicable": _("Not applicable"),
        "annex": _("Comments and answers"),
        "annex_empty": _("No comments have been made on these sections."),
        "answer": _("Answer of the city"),
        "unanswered": _("Not yet answered"),
        "whole_section": _("On the whole section"),
        "manifest": _("Manifest"),
        "sealed": _("Frozen under"),
        "image": _("Image"),
        "chart": _("Chart"),
        "section": _("Section"),
        "in_section": _("section"),
        "state": _("State"),
        "revision_heading": _("Revision"),
        "text_hash": _("Hash of the text"),
        "provenance": _("About this document"),
        "comments": _("Comments"),
        "suggested": _("Suggested text"),
        "changes": _("What changed"),
        "added": _("added"),
        "removed": _("struck out"),
        "revision_before": _("Revision before"),
        "revision_now": _("Revision now"),
        "words_added": _("Words added"),
        "words_removed": _("Words struck out"),
        "notes": _("Notes"),
        "note": _("Note"),
        "back": _("Back to note"),
        "comment": _("Comment"),
        "to_text": _("To the text"),
    }
