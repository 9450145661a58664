"""How the words of the demo file become the words of the house: each list of the file is one table here."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..rules.vocabulary import (
    Act,
    Channel,
    Disposition,
    OrganisationKind,
    RemarkKind,
    Role,
    SignatoryStatus,
    Stage,
    Tier,
)

STAGES: dict[str, Stage] = {
    "draft": Stage.DRAFT,
    "internal_review": Stage.REVIEW,
    "open_for_comments": Stage.CONSULTATION,
    "revision": Stage.REVISION,
    "sector_signoff": Stage.REVIEW,
    "approved": Stage.APPROVED,
}

ROUTES: dict[str, tuple[Act, ...]] = {
    "draft": (),
    "internal_review": (Act.SUBMIT,),
    "open_for_comments": (Act.CONSULT,),
    "revision": (Act.CONSULT, Act.CLOSE),
    "sector_signoff": (Act.CONSULT, Act.CLOSE, Act.SUBMIT),
    "approved": (Act.CONSULT, Act.CLOSE, Act.SUBMIT, Act.APPROVE),
}
"""The moves that led a section to its state; replaying them gives the stage above."""

ROLES: dict[str, Role] = {
    "coordinator": Role.COORDINATOR,
    "sector_lead": Role.EDITOR,
    "approver": Role.APPROVER,
    "expert_reviewer": Role.REVIEWER,
}

STAKEHOLDERS: dict[str, OrganisationKind] = {
    "municipal utility": OrganisationKind.CITY_COMPANY,
    "municipal transport operator": OrganisationKind.CITY_COMPANY,
    "NGO": OrganisationKind.NGO,
    "academia": OrganisationKind.SCIENCE_EDUCATION,
    "business association": OrganisationKind.BUSINESS,
    "industry": OrganisationKind.BUSINESS,
    "neighbouring municipality": OrganisationKind.MUNICIPALITY,
    "national government": OrganisationKind.GOVERNMENT,
    "finance": OrganisationKind.FINANCE,
    "citizens": OrganisationKind.CITIZENS,
}

KINDS: dict[str, RemarkKind] = {
    "question": RemarkKind.QUESTION,
    "objection": RemarkKind.OBJECTION,
    "suggestion": RemarkKind.SUGGESTION,
    "data_correction": RemarkKind.CORRECTION,
    "editorial": RemarkKind.CORRECTION,
    "support": RemarkKind.SUPPORT,
}

DISPOSITIONS: dict[str, Disposition | None] = {
    "open": None,
    "under_consideration": None,
    "accepted": Disposition.ACCEPTED,
    "partly_accepted": Disposition.ACCEPTED_IN_PART,
    "not_accepted": Disposition.NOT_ACCEPTED,
    "answered": Disposition.NOTED,
    "duplicate": Disposition.DUPLICATE,
}

CHANNELS: dict[str, Channel] = {
    "web": Channel.WEB,
    "paper, typed in by staff": Channel.PAPER,
    "telephone, typed in by staff": Channel.PHONE,
}

SIGNATORY: dict[str, tuple[SignatoryStatus, ...]] = {
    "signed": (SignatoryStatus.IN_PREPARATION, SignatoryStatus.LEGAL_CHECK),
    "in_preparation": (SignatoryStatus.IN_PREPARATION,),
    "letter_of_intent": (SignatoryStatus.IN_PREPARATION,),
    "legal_check": (SignatoryStatus.LEGAL_CHECK,),
    "requested": (),
}
"""The steps that followed the invitation. Nothing is frozen in the demo, so nobody has signed: who signed in the file
is ready to do so."""


def tier(promise: Mapping) -> Tier:
    """How far a commitment of the file goes."""
    if promise["status"] == "letter_of_intent":
        return Tier.LETTER_OF_INTENT
    return Tier.FRAMEWORK if promise["tonnes_per_year"] else Tier.BASIS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section of the file stands in the outline of the pack, and what it answers there."""

    module: str
    answers: tuple[str, ...]


PLACES: dict[str, Place] = {
    "S-01": Place("co.introduction", ("co.introduction.text",)),
    "S-02": Place("co.goal", ("co.goal.text", "co.goal.exclusions", "co.goal.cobenefits")),
    "S-03": Place("co.priorities", ("co.priorities.text",)),
    "S-04": Place("co.process", ("co.process.text",)),
    "S-05": Place("ap.baseline", ("ap.baseline.emission_factors",)),
    "S-06": Place("ap.baseline", ("ap.baseline.final_energy", "ap.baseline.assessment")),
    "S-07": Place("ap.baseline", ("ap.baseline.emissions", "ap.baseline.charts")),
    "S-08": Place("ap.baseline", ("ap.baseline.activity",)),
    "S-09": Place("ap.policies", ("ap.policies.text", "ap.policies.gap")),
    "S-10": Place("ap.barriers", ("ap.barriers.text",)),
    "S-11": Place("ap.barriers", ("ap.barriers.mapping",)),
    "S-12": Place("ap.pathways", ("ap.pathways.table",)),
    "S-13": Place("ap.pathways", ("ap.pathways.text",)),
    "S-14": Place("ap.pathways", ()),
    "S-15": Place("ap.pathways", ()),
    "S-16": Place("ap.portfolio", ("ap.portfolio.action",)),
    "S-17": Place("ap.portfolio", ()),
    "S-18": Place("ap.portfolio", ("ap.portfolio.overview",)),
    "S-19": Place("ap.portfolio", ()),
    "S-20": Place("ap.portfolio", ()),
    "S-21": Place("ap.portfolio", ("ap.portfolio.residual",)),
    "S-22": Place("ap.indicators", ("ap.indicators.table", "ap.indicators.metadata")),
    "S-23": Place("ap.governance", ("ap.governance.model", "ap.governance.relations")),
    "S-24": Place("ip.costs", ("ip.costs.text", "ip.costs.sectorial", "ip.costs.projects")),
    "S-25": Place("ip.risks", ("ip.risks.text", "ip.risks.table")),
}
"""An element belongs to one section: the one of the file that says most about it."""


@dataclass(frozen=True, slots=True)
class Position:
    """An answer that the file only announces, written out because the section went on without waiting."""

    disposition: Disposition
    by: str
    text: str


POSITIONS: dict[str, Position] = {
    "C-007": Position(
        Disposition.REFERRED,
        "U-02",
        "Both values will be shown side by side in the yearly report. The outside reviewer of the factors has been "
        "asked to take up your hourly data set; the text of this edition stays.",
    ),
}
"""Remarks that the file leaves open although their section is approved: nothing is approved unanswered."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a second revision changed, for the answers of the file that say so (“added in version 2”)."""

    old: str
    new: str
    summary: str
    carries_out: str


REWRITINGS: dict[str, Rewriting] = {
    "S-02": Rewriting(
        "and we will measure that share every year beginning in 2026.",
        "and we will measure the two shares, for warmth and for mobility, separately every year beginning in 2026.",
        "Warmth and mobility are measured as two shares",
        "C-001",
    ),
    "S-03": Rewriting(
        "shrinks the residual bin to",
        "shrinks the household residual bin to",
        "The 80 kg are household waste only",
        "C-003",
    ),
    "S-06": Rewriting(
        "partly because two winters were mild.",
        "partly because two winters were mild. An annex lists the heating degree days of each year, so that what "
        "renovation saved can be told apart from the weather.",
        "Heating degree days are given in an annex",
        "C-009",
    ),
}
