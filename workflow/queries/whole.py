"""What the page of the contract as a whole answers: where does it stand, what is still missing, and is it the text
that was sealed?"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from ..db import db
from ..models import Contract, Person, Revision, Section
from ..rules import whole
from ..rules.policy import Place
from ..rules.vocabulary import Act, Stage, Whole
from ..rules.whole import Standing
from ..services import questions, wholes
from . import gates, manifests
from .manifests import ManifestView
from .navigation import ContractRef, contract_ref
from .permits import Permit, permit


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the freeze as a sentence, with the sections that do not meet it."""

    key: str
    label: str
    ok: bool
    sections: list[Standing]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A section as a manifest lists it; `stage` is where it stands now, where that is told."""

    id: int
    code: str
    title: str
    revision: int
    sha256: str
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class ModuleLines:
    title: str
    texts: list[TextLine]
    left_out: list[dict]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a manifest lists, for reading; titles are in its own language."""

    language: str
    components: list[tuple[str, list[ModuleLines]]]
    figures: list[dict]
    pack: str
    addendum: dict | None
    texts: int


@dataclass(frozen=True, slots=True)
class WholePage:
    """`sha256` is the hash that a manifest of the contract as it stands now would have. `whole`: whether the contract
    is still exactly what its manifest seals, every text hashed again."""

    contract: ContractRef
    state: Whole
    iteration: int
    act: Permit
    conditions: list[Condition]
    listing: Listing
    spare: list[Standing]
    sha256: str
    frozen: ManifestView | None
    whole: bool
    amends: int | None
    manifests: list[ManifestView]
    may_read_questions: bool


@dataclass(frozen=True, slots=True)
class ManifestPage:
    contract: ContractRef
    manifest: ManifestView
    listing: Listing


def page(contract: Contract, person: Person) -> WholePage:
    found = wholes.read(contract)
    known = manifests.history(contract)
    state = manifests.state(contract, known)
    frozen = next((one for one in known if one.frozen), None)
    in_force = next((one for one in known if one.relied_on), None)
    return WholePage(
        contract=contract_ref(contract, person.language),
        state=state,
        iteration=contract.iteration,
        act=permit(person, Act.FREEZE, Place(contract.id)),
        conditions=conditions(found.standings),
        listing=listing(found.content, {one.id: one.stage for one in found.standings}),
        spare=[one for one in found.standings if not one.needed],
        sha256=found.sha256,
        frozen=frozen,
        whole=frozen is not None and _is_whole(contract, frozen, found),
        amends=in_force.number if in_force and state is Whole.ADDENDUM else None,
        manifests=known,
        may_read_questions=questions.reads(person, contract.id),
    )


def manifest(contract: Contract, number: int, person: Person) -> ManifestPage | None:
    """One manifest, as it was sealed; None where there is none of this number."""
    view = next((one for one in manifests.history(contract) if one.number == number), None)
    if view is None:
        return None
    return ManifestPage(
        contract=contract_ref(contract, person.language),
        manifest=view,
        listing=listing(view.content, {}),
    )


def conditions(sections: list[Standing]) -> list[Condition]:
    """Every condition of the freeze, met and unmet, in the order of the gate."""
    broken = {blocker.key: blocker for blocker in whole.blockers(sections)}
    found = []
    for key in (*whole.CONDITIONS, whole.EMPTY):
        blocker = broken.get(key)
        if key == whole.EMPTY and not blocker:
            continue
        well, ill = gates.sentences(key, blocker.count if blocker else 0)
        breaks = whole.CONDITIONS.get(key)
        found.append(
            Condition(
                key=key,
                label=ill if blocker else well,
                ok=blocker is None,
                sections=[one for one in sections if breaks and breaks(one)],
            )
        )
    return found


def listing(content: dict, stages: dict[int, Stage]) -> Listing:
    components = [
        (
            component["title"],
            [
                ModuleLines(
                    title=f"{module['code']} {module['title']}".strip(),
                    texts=[
                        TextLine(**_line(one), stage=stages.get(one["id"]))
                        for one in module["sections"]
                    ],
                    left_out=module["not_applicable"],
                )
                for module in component["modules"]
            ],
        )
        for component in content["components"]
    ]
    return Listing(
        language=content["language"],
        components=components,
        figures=content["figures"],
        pack=f"{content['pack']['id']} {content['pack']['version']}",
        addendum=content.get(wholes.ADDENDUM),
        texts=sum(1 for _one in wholes.sections_of(content)),
    )


def _line(one: dict) -> dict:
    return {key: one[key] for key in ("id", "code", "title", "revision", "sha256")}


def _is_whole(contract: Contract, sealed: ManifestView, found: wholes.Whole) -> bool:
    """Whether the list is the one that was sealed, and every text on it has the hash that it is listed with."""
    if wholes.texts(sealed.content) != found.content:
        return False
    listed = {one["id"]: one["sha256"] for one in wholes.sections_of(found.content)}
    texts = db.session.execute(
        select(Section.id, Revision.markdown)
        .join(Revision, Revision.id == Section.current_id)
        .where(Section.contract_id == contract.id)
    )
    return all(
        sha256(row.markdown.encode()).hexdigest() == listed[row.id]
        for row in texts
        if row.id in listed
    )
