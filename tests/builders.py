"""Rows for tests, real and with sensible defaults; inside `transaction()` they are flushed, outside committed.

`contract()` makes the first city; whatever is built without naming a contract belongs to it.
"""

import itertools
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar

from flask import g, has_app_context
from flask.testing import FlaskClient
from pwdlib.hashers.argon2 import Argon2Hasher

from workflow import clock, packs
from workflow.db import _writing, db
from workflow.models import (
    Comment,
    Commitment,
    Component,
    Contract,
    Decision,
    Delivery,
    Display,
    Element,
    Event,
    FigureSet,
    Hook,
    Manifest,
    Membership,
    ModerationEntry,
    Module,
    Notification,
    Organisation,
    Person,
    Question,
    Revision,
    Round,
    Section,
    Sector,
    Signatory,
    SignatoryEntry,
    Subscription,
    Thread,
)
from workflow.rules.canonical import digest
from workflow.rules.text import render
from workflow.rules.vocabulary import (
    Act,
    Channel,
    Disposition,
    ElementKind,
    EventKind,
    Mandate,
    ManifestKind,
    Moderation,
    ModerationAct,
    OrganisationKind,
    Reason,
    RemarkKind,
    ReviewBody,
    Rhythm,
    Role,
    RoundAudience,
    SignatoryStatus,
    Stage,
    Tier,
    Visibility,
    Wish,
)
from workflow.services import wholes
from workflow.services.following import SCOPES

PASSWORD = "three words to keep"
SECTORS = {
    "energy": "Energy",
    "buildings": "Buildings",
    "transport": "Transport",
    "waste": "Waste management",
    "cross": "Cross-sector",
}
TEXT = """## Heat for the whole city

The district heating network serves 74 % of all homes. By 2030 no home is heated with coal.

Table: Heat sold

| Year | MWh |
|---|---|
| 2018 | 1,144,719 |
| 2030 | 1,020,000 |

The city will renovate 3 % of its own buildings every year and report on it in public.
"""

_numbers = itertools.count(1)
Row = TypeVar("Row")


def keep(row: Row, *others) -> Row:
    """Store rows and give the first one back."""
    db.session.add_all((row, *others))
    if _writing.get():
        db.session.flush()
    else:
        db.session.commit()
    return row


def contract(
    slug: str | None = None, *, city: str = "Ljubljana", sectors: Collection[str] = tuple(SECTORS)
) -> Contract:
    """A city with its sectors and one component with one module."""
    made = Contract(
        slug=slug or f"{city.casefold()}-{next(_numbers)}",
        titles={"en": f"Climate City Contract of {city}", "sl": f"Podnebna pogodba: {city}"},
        city=city,
        country="SI",
        languages=["en", "sl"],
        base_year=2018,
        pack="netzerocities",
        pack_version="2024.1",
    )
    made.sectors = [
        Sector(key=key, titles={"en": SECTORS.get(key, key)}, position=position)
        for position, key in enumerate(sectors, 1)
    ]
    keep(made)
    module(made)
    return made


def module(contract: Contract, *, component: str = "action-plan", code: str = "B-1") -> Module:
    """The module of that code, made when the contract lacks it."""
    part = db.session.query(Component).filter_by(contract_id=contract.id, key=component).first()
    part = part or keep(
        Component(
            contract_id=contract.id,
            key=component,
            titles={"en": component.replace("-", " ").capitalize()},
            template_version="2024",
            position=next(_numbers),
        )
    )
    known = db.session.query(Module).filter_by(component_id=part.id, code=code).first()
    return known or keep(
        Module(
            component_id=part.id,
            key=f"{component}.{code}",
            code=code,
            titles={"en": f"Module {code}"},
            position=next(_numbers),
        )
    )


def sector(key: str, *, contract: Contract | None = None) -> Sector:
    contract = contract or the_contract()
    return db.session.query(Sector).filter_by(contract_id=contract.id, key=key).one()


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
    number = next(_numbers)
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


def approved(code: str | None = None, **what) -> Section:
    """A section whose text somebody approved, with the line of its ledger that says so."""
    return approve_again(section(code, **what))


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


def figures(contract: Contract, figures: dict, *, key: str = "baseline") -> FigureSet:
    return keep(FigureSet(contract_id=contract.id, key=key, unit="t CO2e/a", figures=figures))


def opened_to_all(section: Section) -> Section:
    """The section's display as one of a public round."""
    shown = db.session.query(Display).filter_by(section_id=section.id, closed_at=None).one()
    shown.round = Round(
        contract_id=section.contract_id,
        number=next(_numbers),
        audience=RoundAudience.PUBLIC,
        announcement="Tell us what you think.",
        opened_by_id=shown.opened_by_id,
        opened_at=shown.opened_at,
        closes_at=shown.closes_at,
        sections=[section],
    )
    keep(shown)
    return section


def round_of(*sections: Section, closes_at: datetime | None = None) -> Round:
    """A running round of the sections; what they have on display belongs to it."""
    at = clock.now()
    first = sections[0]
    made = Round(
        contract_id=first.contract_id,
        number=db.session.query(Round).filter_by(contract_id=first.contract_id).count() + 1,
        opened_by_id=first.current.author_id,
        opens_at=at,
        opened_at=at,
        closes_at=closes_at or at + timedelta(days=30),
    )
    made.sections = list(sections)
    keep(made)
    shown = Display.section_id.in_([one.id for one in sections])
    db.session.query(Display).filter(shown).update({"round_id": made.id})
    return keep(made)


def element(
    section: Section, *, code: str = "B-1.1", required: bool = True, because: str | None = None
) -> Element:
    """An element of the pack that the section answers, a different one each time."""
    number = next(_numbers)
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


def organisation(
    name: str | None = None,
    *,
    contract: Contract | None = None,
    kind: OrganisationKind = OrganisationKind.CIVIL_SOCIETY,
    sectors: Collection[str] = (),
) -> Organisation:
    contract = contract or the_contract()
    made = Organisation(
        contract_id=contract.id, name=name or f"Organisation {next(_numbers)}", kind=kind
    )
    made.sectors = [sector(key, contract=contract) for key in sectors]
    return keep(made)


def person(
    role: Role | None = Role.STAKEHOLDER,
    *,
    name: str | None = None,
    email: str | None = None,
    contract: Contract | None = None,
    sector: Sector | str | None = None,
    section: Section | None = None,
    organisation: Organisation | None = None,
    language: str = "en",
    mandate: Mandate = Mandate.MEMBER,
    rhythm: Rhythm = Rhythm.DAILY,
    password: str | None = PASSWORD,
) -> Person:
    """A person with one role (None: with none), signed up with `PASSWORD` (None: only invited)."""
    number = next(_numbers)
    made = keep(
        Person(
            name=name or f"Person {number}",
            email=email or f"person-{number}@example.org",
            language=language,
            rhythm=rhythm,
            password_hash=_hash(password) if password else None,
        )
    )
    if role is not None:
        member(
            made,
            role,
            contract=contract,
            sector=sector,
            section=section,
            organisation=organisation,
            mandate=mandate,
        )
    return made


def member(
    person: Person,
    role: Role,
    *,
    contract: Contract | None = None,
    sector: Sector | str | None = None,
    section: Section | None = None,
    organisation: Organisation | None = None,
    mandate: Mandate = Mandate.MEMBER,
) -> Membership:
    """One more role for the person."""
    contract = contract or the_contract()
    if isinstance(sector, str):
        sector = db.session.query(Sector).filter_by(contract_id=contract.id, key=sector).one()
    return keep(
        Membership(
            person=person,
            contract_id=contract.id,
            role=role,
            sector_id=sector.id if sector else None,
            section_id=section.id if section else None,
            organisation_id=organisation.id if organisation else None,
            mandate=mandate,
        )
    )


def thread(
    section: Section,
    *,
    author: Person | None = None,
    text: str = "How was this figure found?",
    kind: RemarkKind = RemarkKind.QUESTION,
    visibility: Visibility = Visibility.PARTICIPANTS,
    quote: str | None = None,
    organisation: Organisation | None = None,
    answer: Disposition | None = None,
    withdrawn: bool = False,
    language: str = "en",
    revision: Revision | None = None,
    moderation: Moderation = Moderation.SHOWN,
) -> Thread:
    """A remark on the passage `quote` of the section's current text, or on the section as a whole."""
    read = revision or section.current
    author = author or someone(
        Role.STAKEHOLDER, contract=db.session.get(Contract, section.contract_id)
    )
    at = clock.now()
    start = read.plain.index(quote) if quote else None
    end = start + len(quote) if quote else None
    number = db.session.query(Thread).filter_by(section_id=section.id).count() + 1
    made = Thread(
        section=section,
        number=number,
        revision=read,
        author=author,
        organisation=organisation,
        kind=kind,
        visibility=visibility,
        channel=Channel.WEB,
        language=language,
        quote=quote,
        prefix=read.plain[max(0, start - 32) : start] if quote else None,
        suffix=read.plain[end : end + 32] if quote else None,
        start=start,
        end=end,
        moderation=moderation,
        created_at=at,
    )
    if answer:
        made.disposition, made.answer = answer, "Because the figures say so."
        made.answered_at, made.answered_by_id = at, read.author_id
    if withdrawn:
        made.withdrawn_at = at
    return keep(made, _comment(made, author, "" if withdrawn else text, language, at, moderation))


def comment(
    thread: Thread,
    *,
    author: Person | None = None,
    text: str = "Thank you.",
    moderation: Moderation = Moderation.SHOWN,
) -> Comment:
    """A reply."""
    author = author or thread.author
    return keep(_comment(thread, author, text, thread.language, clock.now(), moderation))


def moderated(
    comment: Comment, act: ModerationAct, *, by: Person | None = None, reason: str = ""
) -> ModerationEntry:
    """A line of the moderation log, about a comment whose state is as it was built."""
    contract_id = comment.thread.section.contract_id
    return keep(
        ModerationEntry(
            contract_id=contract_id, comment=comment, act=act, by=by, reason=reason, at=clock.now()
        )
    )


def question(
    section: Section | None = None,
    *,
    contract: Contract | None = None,
    text: str = "How was the share of homes found?",
    body: ReviewBody = ReviewBody.COMMISSION,
    reference: str = "",
    quote: str | None = None,
    assignee: Person | None = None,
    due_on: date | None = None,
    answer: str = "",
    ready: bool = False,
    carried_out_by: Revision | None = None,
    addendum: Manifest | None = None,
) -> Question:
    """A reviewers' question about the section, the passage `quote` of its text, or the contract as a whole."""
    contract = contract or (section and db.session.get(Contract, section.contract_id))
    contract = contract or the_contract()
    read = section.current if section else None
    start = read.plain.index(quote) if quote else None
    by = someone(Role.COORDINATOR, contract=contract)
    return keep(
        Question(
            contract_id=contract.id,
            number=db.session.query(Question).filter_by(contract_id=contract.id).count() + 1,
            body=body,
            reference=reference,
            asked_on=date(2025, 7, 1),
            due_on=due_on,
            text=text,
            section=section,
            revision=read,
            quote=quote,
            prefix=read.plain[max(0, start - 32) : start] if quote else None,
            suffix=read.plain[start + len(quote) :][:32] if quote else None,
            start=start,
            end=start + len(quote) if quote else None,
            assignee_id=assignee.id if assignee else None,
            answer=answer,
            answered_by=by if answer else None,
            answered_at=clock.now() if ready or addendum else None,
            carried_out_by=carried_out_by,
            addendum=addendum,
            entered_by_id=by.id,
        )
    )


def manifest(
    contract: Contract | None = None,
    *,
    by: Person | None = None,
    number: int | None = None,
    frozen: bool = True,
    **changed,
) -> Manifest:
    """The next manifest of the contract as it stands, whether or not it could be frozen; `changed` is listed instead.

    The contract stands still under it from now on, unless it is not to be `frozen`.
    """
    contract = contract or the_contract()
    if number is None:
        number = db.session.query(Manifest).filter_by(contract_id=contract.id).count() + 1
    content = wholes.read(contract).content | {"number": number} | changed
    made = Manifest(
        contract=contract,
        number=number,
        kind=ManifestKind.CONTRACT,
        iteration=contract.iteration,
        content=content,
        sha256=digest(content),
        by=by or someone(Role.COORDINATOR, contract=contract),
        at=clock.now(),
        supersedes=contract.frozen,
    )
    keep(made)
    if frozen:
        contract.frozen = made
    return keep(made)


def signatory(
    of: Organisation | None = None,
    *,
    status: SignatoryStatus = SignatoryStatus.INVITED,
    manifest: Manifest | None = None,
    promises: Collection[str] = (),
    by: Person | None = None,
    **what,
) -> Signatory:
    """An organisation asked to sign, with its last step; a signed one names its manifest."""
    of = of or organisation()
    by = by or someone(Role.COORDINATOR, contract=db.session.get(Contract, of.contract_id))
    made = Signatory(
        contract_id=of.contract_id,
        organisation=of,
        status=status,
        manifest=manifest,
        signed_on=clock.now().date() if manifest else None,
        **what,
    )
    keep(made)
    for text in promises:
        keep(Commitment(signatory=made, text=text, tier=Tier.BASIS))
    sha256 = manifest.sha256 if manifest else None
    step = SignatoryEntry(
        signatory=made, to_status=status, manifest=manifest, sha256=sha256, by=by, at=clock.now()
    )
    return keep(made, step)


def event(
    kind: EventKind, *, actor: Person | None = None, contract: Contract | None = None, **what
) -> Event:
    """An event that has been relayed already."""
    at = clock.now()
    contract = contract or the_contract()
    return keep(
        Event(kind=kind, actor=actor, contract_id=contract.id, at=at, relayed_at=at, **what)
    )


def notice(
    person: Person, event: Event, *, reason: Reason = Reason.FOLLOWER, read: bool = False
) -> Notification:
    """The person hears of the event, by the inbox only."""
    return keep(
        Notification(
            event_id=event.id,
            person_id=person.id,
            reason=reason,
            read_at=clock.now() if read else None,
        )
    )


def hook(
    address: str = "https://register.example.org/hooks",
    *,
    contract: Contract | None = None,
    kinds: Collection[EventKind] = (EventKind.SECTION_APPROVED,),
    told: Event | None = None,
    **what,
) -> tuple[Hook, Delivery | None]:
    """A web hook, and what became of the event that it was `told`; `what` is of the delivery."""
    contract = contract or the_contract()
    made = keep(
        Hook(
            contract_id=contract.id,
            address=address,
            kinds=[kind.value for kind in kinds],
            salt="salt",
            seen_id=told.id if told else 0,
            made_by=someone(Role.COORDINATOR, contract=contract),
        )
    )
    if told is None:
        return made, None
    return made, keep(Delivery(hook=made, event=told, next_try_at=clock.now(), **what))


def follow(
    person: Person, place: Contract | Sector | Section | Thread, wish: Wish = Wish.FOLLOW
) -> Subscription:
    """The person's wish about the place is kept, as the row alone."""
    scope = SCOPES[type(place)]
    return keep(Subscription(person_id=person.id, wish=wish, **{f"{scope}_id": place.id}))


def the_contract() -> Contract:
    """The first contract, made when there is none."""
    return db.session.query(Contract).order_by(Contract.id).first() or contract()


def someone(role: Role, *, contract: Contract | None = None) -> Person:
    """Anybody with this role in the contract, made when there is nobody."""
    contract = contract or the_contract()
    known = (
        db.session.query(Person)
        .join(Membership, Membership.person_id == Person.id)
        .filter(Membership.contract_id == contract.id, Membership.role == role)
        .order_by(Person.id)
        .first()
    )
    return known or person(role, contract=contract)


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """The client as this person, as after the sign-in form."""
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = person.get_id()
        session["_fresh"] = True
    if has_app_context():
        g.pop("_login_user", None)
    return client


def _comment(
    thread: Thread,
    author: Person,
    text: str,
    language: str,
    at: datetime,
    moderation: Moderation = Moderation.SHOWN,
) -> Comment:
    return Comment(
        thread=thread,
        author=author,
        language=language,
        text=text,
        created_at=at,
        moderation=moderation,
    )


@cache
def _hash(password: str) -> str:
    """A true argon2 hash with the smallest cost, since a hundred people sign up in one test."""
    return Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
