"""What a section waits for: the one step that brings it on, found in one table, with the page where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ..rules import policy
from ..rules.gate import Facts
from ..rules.policy import Actor, Place
from ..rules.vocabulary import Act, Stage


class Next(StrEnum):
    """The steps, the most urgent for those who coordinate first."""

    CLOSE = "close"
    ANSWER = "answer"
    CHANGE = "change"
    SETTLE = "settle"
    DECIDE = "decide"
    POSITIONS = "positions"
    CARRY_OUT = "carry_out"
    MEND = "mend"
    SUBMIT = "submit"
    WRITE = "write"
    OPEN = "open"
    HEAR = "hear"
    COMMENTS = "comments"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Case:
    """A section as far as its next step goes; `awaited` are positions that are still needed."""

    stage: Stage
    facts: Facts
    days_left: int | None
    silent: int
    awaited: int

    @property
    def text_open(self) -> bool:
        return self.stage in (Stage.DRAFT, Stage.REVISION)


@dataclass(frozen=True, slots=True)
class Step:
    """`count` is of how many things the words speak; whoever may do one of `acts` there is shown the `way`."""

    fits: Callable[[Case], bool]
    count: Callable[[Case], int] = lambda case: 0
    acts: tuple[Act, ...] = ()
    way: Callable[[dict], str] | None = None


def _review(where: dict) -> str:
    return url_for("sections.review", **where)


RULES: dict[Next, Step] = {
    Next.NOTHING: Step(lambda case: case.stage is Stage.APPROVED),
    Next.WRITE: Step(
        lambda case: case.text_open and not case.facts.has_text,
        acts=(Act.EDIT,),
        way=lambda where: url_for("sections.edit", **where),
    ),
    Next.CLOSE: Step(
        lambda case: (
            case.stage is Stage.CONSULTATION and case.days_left is not None and case.days_left < 0
        ),
        acts=(Act.CLOSE,),
        way=_review,
    ),
    Next.HEAR: Step(
        lambda case: case.stage is Stage.CONSULTATION and case.silent > 0,
        lambda case: case.silent,
        (Act.READ_INTERNAL,),
        lambda where: url_for("silence.show", slug=where["slug"], section=where["section_id"]),
    ),
    Next.COMMENTS: Step(
        lambda case: case.stage is Stage.CONSULTATION and not case.facts.unanswered
    ),
    Next.ANSWER: Step(
        lambda case: case.facts.unanswered > 0,
        lambda case: case.facts.unanswered,
        (Act.ANSWER,),
        lambda where: url_for("desk.show", slug=where["slug"], section=where["section_id"]),
    ),
    Next.CARRY_OUT: Step(
        lambda case: case.text_open and case.facts.not_carried_out > 0,
        lambda case: case.facts.not_carried_out,
        (Act.EDIT,),
        lambda where: url_for("sections.show", show="answered", **where),
    ),
    Next.MEND: Step(
        lambda case: case.text_open and bool(case.facts.leftovers),
        lambda case: len(case.facts.leftovers),
        (Act.EDIT,),
        lambda where: url_for("sections.edit", **where),
    ),
    Next.OPEN: Step(
        lambda case: case.stage is Stage.DRAFT, acts=(Act.CONSULT, Act.SUBMIT), way=_review
    ),
    Next.SUBMIT: Step(lambda case: case.stage is Stage.REVISION, acts=(Act.SUBMIT,), way=_review),
    Next.CHANGE: Step(
        lambda case: bool(case.facts.not_carried_out or case.facts.leftovers),
        acts=(Act.REQUEST_CHANGES,),
        way=_review,
    ),
    Next.SETTLE: Step(
        lambda case: case.facts.objecting > 0,
        lambda case: case.facts.objecting,
        (Act.REQUEST_CHANGES, Act.TAKE_POSITION),
        _review,
    ),
    Next.POSITIONS: Step(
        lambda case: case.awaited > 0, lambda case: case.awaited, (Act.TAKE_POSITION,), _review
    ),
    Next.DECIDE: Step(lambda case: True, acts=(Act.TAKE_POSITION,), way=_review),
}
"""The first that fits is the next step."""


def of(case: Case) -> tuple[Next, int]:
    """The step, and how many of what it is about."""
    name = next(name for name, step in RULES.items() if step.fits(case))
    return name, RULES[name].count(case)


def may(person: Actor, step: Next, place: Place) -> bool:
    """Whether the person may take the step, and so is shown the way."""
    return any(policy.may(person, act, place) for act in RULES[step].acts)


def way(step: Next, slug: str, section_id: int) -> str:
    """Where the step is taken."""
    return RULES[step].way({"slug": slug, "section_id": section_id})


WORDS: dict[Next, Callable[[int], str]] = {
    Next.CLOSE: lambda count: _("Close the round"),
    Next.ANSWER: lambda count: ngettext("Answer %(num)s comment", "Answer %(num)s comments", count),
    Next.CHANGE: lambda count: _("Request changes: the text is not ready"),
    Next.SETTLE: lambda count: ngettext(
        "Settle %(num)s objection", "Settle %(num)s objections", count
    ),
    Next.DECIDE: lambda count: _("Ready to decide"),
    Next.POSITIONS: lambda count: ngettext(
        "%(num)s position is awaited", "%(num)s positions are awaited", count
    ),
    Next.CARRY_OUT: lambda count: ngettext(
        "Carry out %(num)s accepted comment", "Carry out %(num)s accepted comments", count
    ),
    Next.MEND: lambda count: ngettext(
        "Mend %(num)s leftover in the text", "Mend %(num)s leftovers in the text", count
    ),
    Next.SUBMIT: lambda count: _("Submit for review"),
    Next.WRITE: lambda count: _("Write the text"),
    Next.OPEN: lambda count: _("Open for comments, or submit"),
    Next.HEAR: lambda count: ngettext(
        "Hear %(num)s organisation", "Hear %(num)s organisations", count
    ),
    Next.COMMENTS: lambda count: _("Wait for comments"),
    Next.NOTHING: lambda count: _("Nothing, it is approved"),
}


def words(step: Next, count: int) -> str:
    return WORDS[step](count)
