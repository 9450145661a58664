"""What the page of an organisation answers: who speaks for it, what do we say among ourselves, what is open until
when, what did we submit, and what came back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload, selectinload

from .. import clock
from ..db import db
from ..models import (
    Comment,
    Contract,
    Membership,
    Organisation,
    Person,
    Section,
    Signatory,
    Thread,
)
from ..rules import policy
from ..rules.policy import GRANTS, Place, covers
from ..rules.vocabulary import (
    Act,
    Disposition,
    Mandate,
    OrganisationKind,
    RemarkKind,
    Role,
    SignatoryStatus,
    Stage,
    Visibility,
)
from . import readings
from .navigation import ContractRef, contract_ref
from .outline import titled
from .views import PersonRef, SectionRef, SectorRef
from .visibility import readable

MOST = 200
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Speaker:
    membership_id: int
    person: PersonRef
    role: Role
    mandate: Mandate
    joined: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A remark of the organisation; `among` was said among its members."""

    thread_id: int
    number: int
    section: SectionRef
    kind: RemarkKind
    author: str
    text: str
    language: str
    quote: str | None
    at: datetime
    among: bool
    official: bool
    replies: int
    taken_up: bool
    disposition: Disposition | None
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A section on which the organisation is asked; `position` is the one it submitted, `among` what waits."""

    section: SectionRef
    closes_at: datetime | None
    days_left: int | None
    position: Said | None
    among: list[Said]
    open: bool


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    id: int
    name: str
    kind: OrganisationKind
    detail: str | None


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """`belongs`: the reader is a member. `submits`: he speaks for it. `delegate` is named where somebody is one."""

    contract: ContractRef
    organisation: OrganisationRef
    sectors: list[SectorRef]
    members: list[Speaker]
    delegate: str | None
    belongs: bool
    submits: bool
    names: bool
    describes: bool
    asked: list[Asked]
    submitted: list[Said]
    signatory_id: int | None
    signature: SignatoryStatus | None


@dataclass(frozen=True, slots=True)
class PositionPage:
    contract: ContractRef
    organisation: OrganisationRef
    section: SectionRef
    language: str
    among: list[Said]
    standing: Said | None
    passages: list[tuple[str, str]]


def page(contract: Contract, organisation: Organisation, person: Person) -> OrganisationPage:
    """Everything about an organisation that this reader may know."""
    members = _members(organisation)
    said = _said(organisation, person)
    belongs = organisation.id in policy.organisations_of(person, contract.id)
    steering = policy.grants(person, Act.INVITE, Place(contract.id))
    signatory = _signatory(organisation)
    delegate = any(
        m.organisation_id == organisation.id and m.mandate is Mandate.DELEGATE
        for m in person.memberships
    )
    return OrganisationPage(
        contract=contract_ref(contract, person.language),
        organisation=ref(organisation),
        sectors=_sectors(organisation, person.language),
        members=[_speaker(row, organisation) for row in members],
        delegate=next((row.name for row in members if row.mandate is Mandate.DELEGATE), None),
        belongs=belongs,
        submits=policy.speaks_for(person, organisation.id),
        names=steering or delegate,
        describes=steering,
        asked=_asked(contract, members, said, person) if belongs or steering else [],
        submitted=[one for one in said if not one.among],
        signatory_id=signatory.id if signatory else None,
        signature=signatory.status if signatory else None,
    )


def position_page(
    contract: Contract,
    organisation: Organisation,
    section: Section,
    person: Person,
    standing: Thread | None,
) -> PositionPage:
    """What a position can be made of: what members said on the section, and the passages it can be about."""
    said = _said(organisation, person, section)
    among = [one for one in said if one.among]
    return PositionPage(
        contract=contract_ref(contract, person.language),
        organisation=ref(organisation),
        section=_section_ref(section, person.language),
        language=section.language,
        among=among,
        standing=next((one for one in said if standing and one.thread_id == standing.id), None),
        passages=[("", _("The section as a whole")), *_quoted(among), *_blocks(section, person)],
    )


def find(contract: Contract, organisation_id: int) -> Organisation | None:
    """An organisation of the contract with its sectors."""
    query = (
        select(Organisation)
        .where(Organisation.id == organisation_id, Organisation.contract_id == contract.id)
        .options(joinedload(Organisation.sectors))
    )
    return db.session.scalars(query).unique().one_or_none()


def among(organisation: Organisation, person: Person, ids: Sequence[int]) -> list[Thread]:
    """Of these remarks those that the person may read and that belong to the organisation."""
    return list(
        db.session.scalars(
            select(Thread)
            .join(Section, Section.id == Thread.section_id)
            .where(
                Thread.id.in_(ids),
                Thread.organisation_id == organisation.id,
                readable(person),
            )
            .order_by(Thread.id)
        )
    )


def ref(organisation: Organisation) -> OrganisationRef:
    return OrganisationRef(
        organisation.id, organisation.name, organisation.kind, organisation.detail
    )


def _members(organisation: Organisation) -> Sequence[Row]:
    return db.session.execute(
        select(
            Membership.id,
            Membership.contract_id,
            Membership.sector_id,
            Membership.section_id,
            Membership.organisation_id,
            Membership.role,
            Membership.mandate,
            Person.id.label("person_id"),
            Person.name,
            Person.title,
            Person.password_hash.is_not(None).label("joined"),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation.id)
        .order_by(Person.name, Membership.id)
    ).all()


def _speaker(row: Row, organisation: Organisation) -> Speaker:
    return Speaker(
        row.id,
        PersonRef(row.person_id, row.name, organisation.name, row.title),
        row.role,
        row.mandate,
        row.joined,
    )


def _signatory(organisation: Organisation) -> Signatory | None:
    return db.session.scalar(
        select(Signatory).where(Signatory.organisation_id == organisation.id).limit(1)
    )


def _sectors(organisation: Organisation, language: str) -> list[SectorRef]:
    return [
        SectorRef(one.key, titled(one.titles, language), one.colour) for one in organisation.sectors
    ]


def _said(organisation: Organisation, person: Person, section: Section | None = None) -> list[Said]:
    """What the organisation said, as far as this reader may read it; the newest first."""
    first = (
        select(func.min(Comment.id))
        .where(Comment.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    replies = (
        select(func.count())
        .select_from(Comment)
        .where(Comment.thread_id == Thread.id, Comment.withdrawn_at.is_(None), Comment.id != first)
        .correlate(Thread)
        .scalar_subquery()
    )
    query = (
        select(Thread, Section, Comment.text, Person.name, replies.label("replies"))
        .join(Section, Section.id == Thread.section_id)
        .join(Comment, Comment.id == first)
        .join(Person, Person.id == Thread.author_id)
        .where(
            Thread.organisation_id == organisation.id,
            Thread.withdrawn_at.is_(None),
            readable(person),
        )
        .order_by(Section.position, Thread.id.desc())
        .limit(MOST)
    )
    if section is not None:
        query = query.where(Thread.section_id == section.id)
    return [_one_said(*row, language=person.language) for row in db.session.execute(query)]


def _one_said(
    thread: Thread, section: Section, text: str, author: str, replies: int, *, language: str
) -> Said:
    return Said(
        thread_id=thread.id,
        number=thread.number,
        section=_section_ref(section, language),
        kind=thread.kind,
        author=author,
        text=text,
        language=thread.language,
        quote=thread.quote,
        at=thread.created_at,
        among=thread.visibility is Visibility.ORGANISATION,
        official=thread.official,
        replies=replies,
        taken_up=thread.consolidated_id is not None,
        disposition=thread.disposition,
        answer=thread.answer if thread.disposition else "",
    )


def _asked(
    contract: Contract, members: Sequence[Row], said: list[Said], person: Person
) -> list[Asked]:
    """The sections that are open to the organisation now, and those on which its members have spoken."""
    sections = db.session.scalars(
        select(Section)
        .where(Section.contract_id == contract.id)
        .order_by(Section.closes_at.is_(None), Section.closes_at, Section.position)
        .options(selectinload(Section.sectors))
    ).all()
    now = clock.now()
    voices = [one for one in members if one.role in GRANTS[Act.COMMENT]]
    found = []
    for section in sections:
        own = [one for one in said if one.section.id == section.id]
        among_members = [one for one in own if one.among]
        asked = section.stage is Stage.CONSULTATION and any(
            covers(one, section.place, Act.COMMENT) for one in voices
        )
        if asked or among_members:
            position = next((one for one in own if one.official), None)
            ends = section.closes_at if asked else None
            left = max(0, (ends - now).days) if ends else None
            reference = _section_ref(section, person.language)
            takes = Act.COMMENT in policy.acts_at(person, section.place)
            found.append(Asked(reference, ends, left, position, among_members, takes))
    return found


def _section_ref(section: Section, language: str) -> SectionRef:
    return SectionRef(section.id, section.code, titled(section.titles, language), section.stage)


def _quoted(among: list[Said]) -> list[tuple[str, str]]:
    return [
        (f"remark:{one.thread_id}", _("The passage of comment %(number)s", number=one.number))
        for one in among
        if one.quote
    ]


def _blocks(section: Section, person: Person) -> list[tuple[str, str]]:
    if section.current is None:
        return []
    plain = section.current.plain
    return [
        (f"block:{block.number}", _cut(plain[block.start : block.end]))
        for block in readings.blocks(section.current, section, person)
        if plain[block.start : block.end].strip()
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:89] + "…"
