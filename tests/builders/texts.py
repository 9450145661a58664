"""Sections, their texts, and what the pack asks of them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from workflow import clock, packs
from workflow.db import db
from workflow.models import Contract, Decision, Display, Element, Person, Revision, Section
from workflow.rules.text import render
from workflow.rules.vocabulary import Act, ElementKind, Role, Stage

from .cities import module, sector, the_contract
from .people import someone
from .rows import builder, keep, numbers

TEXT = """## Heat for the whole city

The district heating network serves 74 % of all homes. By 2030 no home is heated with coal.

Table: Heat sold

| Year | MWh |
|---|---|
| 2018 | 1,144,719 |
| 2030 | 1,020,000 |

The city will renovate 3 % of its own buildings every year and report on it in public.
"""


@builder
def section(
    code: str | None = None,
    *,
    contract: Contract | None = None,
    component: str = "action-plan",
    sectors: Collection[str] = ("energy",),
    stage: Stage = Stage.DRAFT,
    owner: Person | None = None,
    due_on: date | None = None,
    markdown: str | None = TEXT,
    author: Person | None = None,
    closes_at: datetime | None = None,
    language: str = "en",
) -> Section:
    """A section with a text by `author` (None: without a text). In CONSULTATION it is on display, until `closes_at`."""
    contract = contract or the_contract()
    number = next(numbers)
    at = clock.now()
    made = Section(
        contract_id=contract.id,
        module_id=module(contract, component=component).id,
        code=code or f"S-{number}",
        titles={"en": f"Section {code or number}", "sl": f"Poglavje {code or number}"},
        position=number,
        language=language,
        stage=stage,
        stage_since=at,
        owner=owner,
        due_on=due_on,
    )
    made.sectors = [sector(key, contract=contract) for key in sectors]
    keep(made)
    if markdown is not None:
        revision(made, markdown, author=author)
    if stage is Stage.CONSULTATION:
        made.closes_at = closes_at or at + timedelta(days=30)
        keep(
            Display(
                section_id=made.id,
                revision_id=made.current_id,
                opened_by_id=made.current.author_id,
                opened_at=at,
                closes_at=made.closes_at,
            )
        )
    return made


@builder
def revision(
    section: Section, markdown: str = TEXT, *, author: Person | None = None, summary: str = ""
) -> Revision:
    """The next text of the section, made current, without carrying remarks along."""
    rendered = render(markdown, language=section.language)
    before = section.current
    made = Revision(
        section=section,
        number=before.number + 1 if before else 1,
        base_id=before.id if before else None,
        author=author
        or someone(Role.EDITOR, contract=db.session.get(Contract, section.contract_id)),
        markdown=rendered.markdown,
        plain=rendered.plain,
        sha256=rendered.sha256,
        summary=summary,
        created_at=clock.now(),
    )
    keep(made)
    section.current = made
    return keep(made)


@builder
def approved(code: str | None = None, **what) -> Section:
    """A section whose text somebody approved, with the line of its ledger that says so."""
    return approve_again(section(code, **what))


@builder
def approve_again(section: Section) -> Section:
    """The section approved as it reads now, without the steps that lead there."""
    section.stage = Stage.APPROVED
    keep(
        Decision(
            section=section,
            number=db.session.query(Decision).filter_by(section_id=section.id).count() + 1,
            act=Act.APPROVE,
            from_stage=Stage.REVIEW,
            to_stage=Stage.APPROVED,
            by=someone(Role.APPROVER, contract=section.contract),
            revision=section.current,
            sha256=section.current.sha256,
            at=clock.now(),
        )
    )
    return section


@builder
def element(
    section: Section, *, code: str = "B-1.1", required: bool = True, because: str | None = None
) -> Element:
    """An element of the pack that the section answers, a different one each time."""
    number = next(numbers)
    keys = [one.key for one in packs.load("netzerocities").elements()]
    used = db.session.query(Element.key).filter_by(module_id=section.module_id)
    free = set(keys) - {key for (key,) in used}
    return keep(
        Element(
            module_id=section.module_id,
            section_id=section.id,
            key=min(free, key=keys.index),
            code=code,
            kind=ElementKind.TEXT,
            titles={"en": f"Element {code}"},
            required=required,
            position=number,
            not_applicable_because=because,
        )
    )
