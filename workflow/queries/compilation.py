"""Everything that goes into a document, read at once and only as far as its audience may read.

The manifest and the printed pages are both made from this, so that neither can say what the other does not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from flask_babel import force_locale
from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from .. import clock
from ..db import db
from ..models import (
    Comment,
    Component,
    Contract,
    Decision,
    Manifest,
    Module,
    Person,
    Picture,
    Placement,
    Revision,
    Section,
    Thread,
)
from ..rules.editions import Edition
from ..rules.text import eyes
from ..rules.text.labels import REFERENCE
from ..rules.text.pictures import ADDRESS
from ..rules.text.references import NONE, Numbers
from ..rules.vocabulary import (
    AnnexKind,
    Audience,
    EditionKind,
    FileFormat,
    Scope,
    Visibility,
)
from ..services import numbering, wholes
from . import appendices, charts, compiled_changes, imprints, open_data, pictures, titles
from .compiled import Chapter, Compilation, Part, Pictured, Remark, Sealed, Utterance, Volume
from .compiled_changes import Before
from .figures import Emissions, Gap

READS: dict[Audience, frozenset[Visibility]] = {
    Audience.PUBLIC: frozenset({Visibility.PUBLIC}),
    Audience.PARTICIPANTS: frozenset({Visibility.PUBLIC, Visibility.PARTICIPANTS}),
    Audience.CITY: frozenset(Visibility) - {Visibility.ORGANISATION},
}
"""Which remarks are printed for whom."""

OF_FILES = frozenset({FileFormat.MARKDOWN, FileFormat.HTML})
"""What is made of several files, with the figures as data among them."""


def compilation(contract: Contract, edition: Edition) -> Compilation:
    """What the contract, or the part of it that the edition holds, says now; `as_of` is the day of its last change."""
    audience, language = edition.audience, edition.language
    sections = _sections(contract)
    sealed = _sealed(contract, sections)
    since = None
    if edition.kind is EditionKind.CHANGES:
        since = compiled_changes.since(contract, edition.since, sealed)
        sections = [section for section in sections if section.id in since.before]
    elif sealed:
        listed = {one["id"] for one in wholes.sections_of(sealed.content)}
        sections = [section for section in sections if section.id in listed]
    components = [
        component
        for component in _components(contract)
        if edition.holds(Scope.COMPONENT, component.id)
    ]
    modules = {module.id for component in components for module in component.modules}
    sections = [
        section
        for section in sections
        if section.module_id in modules
        and edition.holds(Scope.MODULE, section.module_id)
        and edition.holds(Scope.SECTION, section.id)
    ]
    remarks = _remarks(sections, audience) if AnnexKind.COMMENTS in edition.annexes else {}
    appended = appendices.read(contract, edition, sections, READS[audience])
    texts = [section.current.markdown for section in sections if section.current]
    brought = pictures.named(contract.id, texts)
    numbers = numbering.of(contract.id, READS[audience])
    chapters = defaultdict(list)
    for section in sections:
        before = since.before[section.id] if since else None
        said = remarks.get(section.id, [])
        chapter = _chapter(section, said, edition, before, brought, numbers)
        if before is None or chapter.before.markdown != chapter.markdown:
            chapters[section.module_id].append(chapter)
    called = titles.of_parts(contract, language)
    volumes = tuple(
        Volume(component.key, component.title(language), component.template_version, parts)
        for component in components
        if (parts := tuple(_parts(component, chapters, edition, called)))
    )
    printed = [
        chapter.markdown for volume in volumes for part in volume.parts for chapter in part.chapters
    ]
    return Compilation(
        contract_id=contract.id,
        slug=contract.slug,
        city=contract.city,
        time_zone=contract.time_zone,
        title=contract.title(language),
        titles_in=titles.spoken(components, language),
        target=contract.target,
        target_year=contract.target_year,
        iteration=contract.iteration,
        demo=contract.demo,
        bears=imprints.read(contract),
        pack=contract.pack,
        pack_version=contract.pack_version,
        edition=edition,
        as_of=max(filter(None, [_last_change(contract, sections, remarks), appended.latest])),
        sealed=Sealed(sealed.number, sealed.sha256) if sealed else None,
        since=since,
        appendices=appended,
        references=_references(printed, numbers),
        charts=_charts(contract, printed, language),
        volumes=volumes,
        figures=_figures(contract, edition),
    )


def _figures(contract: Contract, edition: Edition) -> dict | None:
    """The figures as data: they go along with the files of the whole contract."""
    if edition.format not in OF_FILES or edition.scope is not Scope.WHOLE:
        return None
    return open_data.whole(contract, open_data.within(contract, READS[edition.audience]))


def _sealed(contract: Contract, sections: list[Section]) -> Manifest | None:
    """The manifest that the contract is frozen under, if it lists the texts that were read."""
    manifest = contract.frozen
    if manifest is None:
        return None
    read = {section.id: section.current.sha256 for section in sections if section.current}
    listed = {one["id"]: one["sha256"] for one in wholes.sections_of(manifest.content)}
    return manifest if listed.items() <= read.items() else None


def _components(contract: Contract) -> list[Component]:
    return list(
        db.session.scalars(
            select(Component)
            .where(Component.contract_id == contract.id)
            .order_by(Component.position)
            .options(selectinload(Component.modules).selectinload(Module.elements))
        )
    )


def _sections(contract: Contract) -> list[Section]:
    return list(
        db.session.scalars(
            select(Section)
            .where(Section.contract_id == contract.id)
            .order_by(Section.position, Section.id)
            .options(
                joinedload(Section.current)
                .joinedload(Revision.author)
                .lazyload(Person.memberships),
                selectinload(Section.sectors),
            )
        )
    )


def _remarks(sections: list[Section], audience: Audience) -> dict[int, list[Remark]]:
    """By section; withdrawn ones never leave."""
    texts = {section.id: section.current_id for section in sections}
    rows = db.session.execute(
        select(Thread, Placement)
        .outerjoin(
            Placement,
            and_(Placement.thread_id == Thread.id, Placement.revision_id.in_(texts.values())),
        )
        .where(
            Thread.section_id.in_(texts),
            Thread.withdrawn_at.is_(None),
            Thread.shown,
            Thread.visibility.in_(READS[audience]),
        )
        .order_by(Thread.section_id, Thread.number)
        .options(
            raiseload(Thread.section),
            joinedload(Thread.author).lazyload(Person.memberships),
            joinedload(Thread.answered_by).lazyload(Person.memberships),
            joinedload(Thread.organisation),
            selectinload(Thread.comments).joinedload(Comment.author).lazyload(Person.memberships),
        )
    )
    found: dict[int, list[Remark]] = defaultdict(list)
    named = audience is not Audience.PUBLIC
    for thread, placement in rows:
        on = placement or (thread if thread.revision_id == texts[thread.section_id] else None)
        found[thread.section_id].append(_remark(thread, on, named=named))
    return found


def _remark(thread: Thread, on: Thread | Placement | None, *, named: bool) -> Remark:
    first, *rest = thread.comments
    organisation = thread.organisation.name if thread.organisation else None
    author = thread.author.name if named else None
    return Remark(
        thread_id=thread.id,
        number=thread.number,
        kind=thread.kind,
        visibility=thread.visibility,
        language=first.language,
        quote=thread.quote,
        place=(on.start, on.end) if on and on.start is not None else None,
        replacement=thread.replacement if thread.disposition is None else None,
        said=Utterance(author, organisation, thread.created_at, first.text),
        replies=tuple(
            Utterance(
                comment.author.name if named else None, None, comment.created_at, comment.text
            )
            for comment in rest
            if comment.withdrawn_at is None and comment.shown
        ),
        disposition=thread.disposition,
        answer=thread.answer,
        answered_by=thread.answered_by.name if thread.answered_by else None,
        answered_at=thread.answered_at,
    )


def _chapter(
    section: Section,
    remarks: list[Remark],
    edition: Edition,
    before: Before | None,
    brought: dict[str, Picture],
    numbers: Numbers,
) -> Chapter:
    """`before` is cut down to what the readers may see, as the text itself."""
    language, seen = edition.language, READS[edition.audience]
    text = section.current if before is None or before.listed else None
    markdown = eyes.without(text.markdown, seen) if text else ""
    places = {str(one.thread_id): one.place for one in remarks if one.place}
    return Chapter(
        id=section.id,
        code=section.code,
        title=section.title(language),
        language=section.language,
        stage=section.stage,
        sectors=tuple(sector.title(language) for sector in section.sectors),
        revision=text.number if text else None,
        sha256=text.sha256 if text else None,
        markdown=markdown,
        passages=eyes.moved(text.markdown, places, seen) if text and places else {},
        remarks=tuple(remarks),
        before=replace(before, markdown=eyes.without(before.markdown, seen)) if before else None,
        author=text.author.name if text and edition.audience is not Audience.PUBLIC else None,
        written_at=text.created_at if text else None,
        pictures=_pictures(markdown, brought),
        before_it=tuple(numbers.before.get(section.id, NONE).items()),
    )


def _charts(
    contract: Contract, texts: Collection[str], language: str
) -> tuple[tuple[str, Emissions | Gap], ...]:
    """What the charts of these texts are drawn from, in the language of the document."""
    if not charts.asked(texts):
        return ()
    with force_locale(language):
        return tuple(charts.of(contract, language).items())


def _references(texts: Collection[str], numbers: Numbers) -> tuple[tuple[str, str], ...]:
    """The numbers of what these texts refer to; what leads nowhere has none."""
    asked = dict.fromkeys(found[2] for text in texts for found in REFERENCE.finditer(text))
    return tuple((to, numbers.targets[to].number) for to in asked if to in numbers.targets)


def _pictures(markdown: str, brought: dict[str, Picture]) -> tuple[Pictured, ...]:
    """Those that the text shows, each once, in the order of the text."""
    names = dict.fromkeys(ADDRESS.findall(markdown))
    found = [brought[name] for name in names if name in brought]
    return tuple(Pictured(p.name, p.sha256, p.ending, p.width, p.height) for p in found)


def _parts(
    component: Component,
    chapters: dict[int, list[Chapter]],
    edition: Edition,
    called: dict[str, str],
) -> Iterator:
    """The modules that have something to say; guidance is not read at all."""
    language = edition.language
    for module in component.modules:
        if not edition.holds(Scope.MODULE, module.id):
            continue
        left_out = tuple(
            (element.title(language), element.not_applicable_because)
            for element in module.elements
            if element.not_applicable_because
            and edition.scope is not Scope.SECTION
            and edition.kind is not EditionKind.CHANGES
        )
        if chapters[module.id] or left_out:
            title = module.title(language)
            yield Part(
                module.code,
                title,
                called.get(module.part, module.part),
                tuple(chapters[module.id]),
                left_out,
            )


def _last_change(contract: Contract, sections: list[Section], remarks: dict) -> date:
    said = [
        moment
        for several in remarks.values()
        for remark in several
        for moment in (
            remark.said.at,
            remark.answered_at,
            *(reply.at for reply in remark.replies),
        )
    ]
    decided = db.session.scalar(
        select(func.max(Decision.at)).where(
            Decision.section_id.in_([section.id for section in sections])
        )
    )
    saved = [section.current.created_at for section in sections if section.current]
    last = max(filter(None, [contract.created_at, decided, *saved, *said]))
    return clock.day_of(last, contract.time_zone)
