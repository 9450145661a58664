"""The contract as a whole: what its sections stand like, and the list with hashes that a manifest seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Row, Select, and_, case, func, select

from ..db import db
from ..models import (
    Component,
    Contract,
    Decision,
    Element,
    FigureSet,
    Manifest,
    Module,
    Revision,
    Section,
    Thread,
)
from ..models.columns import in_language
from ..rules import whole
from ..rules.canonical import digest
from ..rules.refusals import Blocker
from ..rules.text import references
from ..rules.versions import sections_of
from ..rules.vocabulary import RemarkKind, Stage
from ..rules.whole import Standing
from . import numbering
from .read_once import unread

ADDENDUM = "addendum"
"""Where a manifest says of which other one it is an addendum."""

FORMAT = "concord-manifest/1"
"""Names the shape of the list, so that whoever reads one years later knows what to expect."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The contract as it stands now: how each section stands, and what a manifest of it would seal."""

    standings: list[Standing]
    content: dict

    @property
    def blockers(self) -> list[Blocker]:
        """What has to happen before it can be frozen; the page, the refusal and the API list the same."""
        return whole.blockers(self.standings)

    @property
    def sha256(self) -> str:
        return digest(self.content)


def read(contract: Contract) -> Whole:
    """The contract as it stands now, in as many queries whatever the number of sections and remarks.

    The content is a function of the texts and figures: the same ones give the same list and so the same hash. It holds
    strings, whole numbers, lists and objects; titles in the contract's language.
    """
    outline, rows, standings = _rows(contract)
    content = {
        "format": FORMAT,
        "contract": contract.slug,
        "city": contract.city,
        "title": contract.title(contract.language),
        "language": contract.language,
        "iteration": contract.iteration,
        "base_year": contract.base_year,
        "target": contract.target,
        "target_year": contract.target_year,
        "pack": {"id": contract.pack, "version": contract.pack_version},
        "components": _components(contract, rows, outline),
        "figures": _figures(contract),
    }
    return Whole(standings, content)


def current(contract: Contract) -> list[dict]:
    """The sections that a manifest would list now."""
    _outline_rows, rows, _standings = _rows(contract)
    return [_section(row, contract.language) for row in rows]


def texts(content: dict) -> dict:
    """The content of a manifest without what only an addendum says: what to compare with `read`."""
    return {key: value for key, value in content.items() if key != ADDENDUM}


def addendum(
    content: dict, *, to: Manifest, note: str, on: date, answers: Sequence[dict] = ()
) -> dict:
    """The content with what it changes of an earlier manifest, and why; answers to reviewers are listed by hashes."""
    told = {
        "to": to.sha256,
        "on": on.isoformat(),
        "note": note,
        "sections": [list(pair) for pair in changes(to.content, content)],
    }
    return content | {ADDENDUM: told | ({"answers": list(answers)} if answers else {})}


def changes(old: dict, new: dict) -> list[tuple[str, str | None, str | None]]:
    """The sections of which two manifests list other texts: the code, and the hash in each."""
    before = {one["id"]: one for one in sections_of(old)}
    after = {one["id"]: one for one in sections_of(new)}
    found = []
    for key in (*after, *(key for key in before if key not in after)):
        was, now = before.get(key), after.get(key)
        hashes = was and was["sha256"], now and now["sha256"]
        if hashes[0] != hashes[1]:
            found.append(((now or was)["code"], *hashes))
    return found


def _rows(contract: Contract) -> tuple[list[Row], list[Row], list[Standing]]:
    """The outline, the sections that a manifest lists (needed, and with a text), and how all of them stand."""
    outline = list(db.session.execute(_outline(contract)))
    held = numbering.INDEXES.hold()
    rows = list(db.session.execute(_sections(contract), held.asking))
    wrong = references.faults(
        references.Text(row.id, row.code, numbering.indexes(held, row.sha256, row.markdown))
        for row in rows
    )
    standings = [_standing(row, outline, wrong.get(row.id, ())) for row in rows]
    listed = {one.id for one in standings if one.needed and one.has_text}
    return outline, [row for row in rows if row.id in listed], standings


def _sections(contract: Contract) -> Select:
    """The sections in the order of the outline, with their texts' hashes, and what the last step approved."""
    remarks = _remarks(contract)
    last = (
        select(Decision.section_id, func.max(Decision.number).label("number"))
        .join(Section, Section.id == Decision.section_id)
        .where(Section.contract_id == contract.id)
        .group_by(Decision.section_id)
        .subquery()
    )
    approval = and_(
        Decision.section_id == last.c.section_id,
        Decision.number == last.c.number,
        Decision.to_stage == Stage.APPROVED,
    )
    return (
        select(
            Section.id,
            Section.module_id,
            Section.code,
            Section.titles,
            Section.language,
            Section.stage,
            Revision.number.label("revision"),
            Revision.sha256,
            (Revision.plain != "").label("has_text"),
            unread().label("markdown"),
            Decision.sha256.label("approved"),
            remarks.c.unanswered,
            remarks.c.objections,
        )
        .join(Module, Module.id == Section.module_id)
        .join(Component, Component.id == Module.component_id)
        .outerjoin(Revision, Revision.id == Section.current_id)
        .outerjoin(last, last.c.section_id == Section.id)
        .outerjoin(Decision, approval)
        .outerjoin(remarks, remarks.c.section_id == Section.id)
        .where(Section.contract_id == contract.id)
        .order_by(Component.position, Module.position, Section.position, Section.id)
    )


def _remarks(contract: Contract):
    """By section, the remarks without an answer, as the gate of an approval counts them."""
    return (
        select(
            Thread.section_id,
            func.count().label("unanswered"),
            func.count(case((Thread.kind == RemarkKind.OBJECTION, 1))).label("objections"),
        )
        .join(Section, Section.id == Thread.section_id)
        .where(
            Section.contract_id == contract.id,
            Thread.unanswered,
            Thread.withdrawn_at.is_(None),
            Thread.addressed,
            Thread.kind != RemarkKind.SUPPORT,
        )
        .group_by(Thread.section_id)
        .subquery()
    )


def _outline(contract: Contract) -> Select:
    """The modules in order, each with a row for every element, or one row without."""
    return (
        select(
            Component.key,
            Component.titles.label("component_titles"),
            Component.template_version,
            Module.id.label("module_id"),
            Module.code.label("module_code"),
            Module.titles.label("module_titles"),
            Element.id.label("element_id"),
            Element.section_id,
            Element.code,
            Element.titles,
            Element.required,
            Element.not_applicable_because.label("because"),
        )
        .join(Module, Module.component_id == Component.id)
        .outerjoin(Element, Element.module_id == Module.id)
        .where(Component.contract_id == contract.id)
        .order_by(
            Component.position,
            Component.id,
            Module.position,
            Module.id,
            Element.position,
            Element.id,
        )
    )


def _standing(row: Row, outline: list[Row], unresolved: tuple[str, ...]) -> Standing:
    own = [one for one in outline if one.section_id == row.id]
    return Standing(
        id=row.id,
        code=row.code,
        stage=row.stage,
        sha256=row.sha256,
        approved=row.approved,
        has_text=bool(row.has_text),
        wanted=sum(one.required and not one.because for one in own),
        set_aside=bool(own) and all(one.because for one in own),
        objections=row.objections or 0,
        unanswered=row.unanswered or 0,
        unresolved=unresolved,
    )


def _components(contract: Contract, sections: list[Row], outline: list[Row]) -> list[dict]:
    """The components and their modules, as far as they have a text, or a reason why there is none."""
    language, found = contract.language, {}
    for _module, group in groupby(outline, key=lambda row: row.module_id):
        first, *_others = rows = list(group)
        texts = [_section(one, language) for one in sections if one.module_id == first.module_id]
        left_out = [
            {"code": one.code, "title": in_language(one.titles, language), "because": one.because}
            for one in rows
            if one.because
        ]
        if not texts and not left_out:
            continue
        component = found.setdefault(
            first.key,
            {
                "key": first.key,
                "title": in_language(first.component_titles, language),
                "template": first.template_version,
                "modules": [],
            },
        )
        component["modules"].append(
            {
                "code": first.module_code,
                "title": in_language(first.module_titles, language),
                "sections": texts,
                "not_applicable": left_out,
            }
        )
    return list(found.values())


def _section(row: Row, language: str) -> dict:
    return {
        "id": row.id,
        "code": row.code,
        "title": in_language(row.titles, language),
        "language": row.language,
        "revision": row.revision,
        "sha256": row.sha256,
    }


def _figures(contract: Contract) -> list[dict]:
    """Each set of figures by the hash of all that is stored of it."""
    rows = db.session.execute(
        select(FigureSet.key, FigureSet.unit, FigureSet.source, FigureSet.figures)
        .where(FigureSet.contract_id == contract.id)
        .order_by(FigureSet.key)
    )
    return [
        {
            "key": row.key,
            "unit": row.unit,
            "source": row.source,
            "sha256": digest(dict(row._mapping)),
        }
        for row in rows
    ]
