"""What waits for this person in a contract: each task is one sentence and the page where it is done."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from .. import clock
from ..models import Contract, Person
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, Stage
from . import signatory
from .navigation import Numbers, numbers_in
from .outline import SectionLine, today_of
from .signatory import Awaited

MOST = 8
"""More sentences than this are no list for the home of a contract; the page of one's work has them all."""


@dataclass(frozen=True, slots=True)
class Task:
    kind: str
    text: str
    url: str
    due: date | None = None
    overdue: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The sections of a contract as they lie before one person."""

    contract: Contract
    person: Person
    lines: list[SectionLine]
    waits: Numbers
    signatures: list[Awaited]

    def may(self, act: Act, line: SectionLine) -> bool:
        return policy.may(self.person, act, line.place)

    def owns(self, line: SectionLine) -> bool:
        return line.owner is not None and line.owner.id == self.person.id

    def url(self, endpoint: str, line: SectionLine, **arguments) -> str:
        where = {"slug": self.contract.slug, "section_id": line.section.id}
        return url_for(endpoint, **where, **arguments)

    def queue(self, **arguments) -> str:
        return url_for("desk.show", slug=self.contract.slug, **arguments)

    def board(self, **arguments) -> str:
        return url_for("board.show", slug=self.contract.slug, **arguments)


def waiting(contract: Contract, person: Person, lines: list[SectionLine]) -> list[Task]:
    """What to do first: the overdue, then by date, then in the order of the table."""
    return waiting_in([contract], person, {contract.id: lines})[0][:MOST]


def waiting_in(
    contracts: Sequence[Contract], person: Person, lines: Mapping[int, list[SectionLine]]
) -> list[list[Task]]:
    """All that there is to do in each of the contracts, in two queries."""
    signatures = signatory.awaited_in(contracts, person)
    return found(contracts, person, lines, numbers_in(person, contracts), signatures)


def found(
    contracts: Sequence[Contract],
    person: Person,
    lines: Mapping[int, list[SectionLine]],
    waits: Sequence[Numbers],
    signatures: Mapping[int, list[Awaited]],
) -> list[list[Task]]:
    """What there is to do in each of the contracts, as they lie before the person."""
    piles = []
    for contract, counted in zip(contracts, waits, strict=True):
        desk = Desk(contract, person, lines[contract.id], counted, signatures[contract.id])
        tasks = [task for source in SOURCES for task in source(desk)]
        tasks.sort(key=lambda task: (not task.overdue, task.due is None, task.due or date.max))
        piles.append(tasks)
    return piles


def _decide(desk: Desk) -> Iterator[Task]:
    """Sections in review that this person may approve, or may send back, and has taken no position on."""
    for line in desk.lines:
        if line.spoken:
            continue
        if desk.may(Act.APPROVE, line):
            text = _("Decide on %(code)s %(title)s", **_named(line))
        elif desk.may(Act.REQUEST_CHANGES, line):
            text = _("Review %(code)s %(title)s", **_named(line))
        else:
            continue
        yield Task("decide", text, desk.url("sections.review", line), line.due, line.overdue)


def _write(desk: Desk) -> Iterator[Task]:
    """Own sections whose text is open."""
    texts = {
        Stage.DRAFT: lambda line: _("Write %(code)s %(title)s", **_named(line)),
        Stage.REVISION: lambda line: _("Revise %(code)s %(title)s", **_named(line)),
    }
    for line in desk.lines:
        if desk.owns(line) and line.section.stage in texts and desk.may(Act.EDIT, line):
            text = texts[line.section.stage](line)
            yield Task("write", text, desk.url("sections.edit", line), line.due, line.overdue)


def _close(desk: Desk) -> Iterator[Task]:
    """Rounds whose closing time has passed."""
    for line in desk.lines:
        if line.days_left is not None and line.days_left < 0 and desk.may(Act.CLOSE, line):
            text = _("Close the comment round on %(code)s %(title)s", **_named(line))
            yield Task("close", text, desk.url("sections.show", line))


def _answer(desk: Desk) -> Iterator[Task]:
    """Comments without an answer: each of one's own sections, all others together."""
    unanswered = [line for line in desk.lines if line.open and desk.may(Act.ANSWER, line)]
    for line in unanswered:
        if desk.owns(line):
            text = ngettext(
                "Answer %(num)s comment on %(code)s",
                "Answer %(num)s comments on %(code)s",
                line.open,
                code=line.section.code,
            )
            yield Task("answer", text, desk.queue(section=line.section.id))
    others = [line for line in unanswered if not desk.owns(line)]
    if others:
        text = ngettext(
            "Comments in %(num)s section wait for an answer",
            "Comments in %(num)s sections wait for an answer",
            len(others),
        )
        count = sum(line.open for line in others)
        yield Task("answer", text, desk.queue(), count=count)


def _comment(desk: Desk) -> Iterator[Task]:
    """Open rounds in which this voice has not said a word; the city's own people are not asked."""
    for line in desk.lines:
        asked = line.section.stage is Stage.CONSULTATION and not line.mine
        if asked and desk.may(Act.COMMENT, line) and not desk.may(Act.READ_INTERNAL, line):
            text = _("Say what you think of %(code)s %(title)s", **_named(line))
            ends = line.closes_at
            until = clock.day_of(ends, desk.person.time_zone) if ends else None
            yield Task("comment", text, desk.url("sections.show", line), until)


def _open(desk: Desk) -> Iterator[Task]:
    """Texts that nobody but their writers has seen yet."""
    ready = [
        line
        for line in desk.lines
        if line.section.stage is Stage.DRAFT and line.has_text and desk.may(Act.CONSULT, line)
    ]
    if ready:
        text = ngettext(
            "%(num)s draft has a text and could be opened for comments",
            "%(num)s drafts have a text and could be opened for comments",
            len(ready),
        )
        yield Task("open", text, desk.board(stage=Stage.DRAFT.value), count=len(ready))


def _moderate(desk: Desk) -> Iterator[Task]:
    """Comments that wait for a moderator, all together."""
    count = desk.waits.to_moderate
    if count:
        text = ngettext(
            "%(num)s comment waits for a moderator", "%(num)s comments wait for a moderator", count
        )
        yield Task("moderate", text, url_for("moderation.show", slug=desk.contract.slug))


def _sign(desk: Desk) -> Iterator[Task]:
    """Signatures of the organisations that this person speaks for."""
    today = today_of(desk.person)
    for one in desk.signatures:
        where = {"slug": desk.contract.slug, "signatory_id": one.id}
        page = "signatories.show" if one.what == "prepare" else "signing.sign"
        overdue = one.due_on is not None and one.due_on < today
        yield Task("sign", signing(one), url_for(page, **where), one.due_on, overdue)


def signing(one: Awaited) -> str:
    """What is awaited of whoever speaks for the organisation."""
    texts = {
        "sign": _("Sign the contract for %(name)s", name=one.name),
        "renew": _("Renew the signature of %(name)s", name=one.name),
        "prepare": _("Prepare the signature of %(name)s", name=one.name),
    }
    return texts[one.what]


def _answer_reviewers(desk: Desk) -> Iterator[Task]:
    """Reviewers' questions: one's own, and for whoever hands them out those that lie before nobody."""
    waiting, today = desk.waits, today_of(desk.person)

    def task(text: str, due: date | None, count: int, assignee: str) -> Task:
        where = url_for("questions.index", slug=desk.contract.slug, assignee=assignee)
        return Task("answer", text, where, due, due is not None and due < today, count)

    if count := waiting.asked:
        text = ngettext(
            "Answer %(num)s question of the reviewers",
            "Answer %(num)s questions of the reviewers",
            count,
        )
        yield task(text, waiting.asked_due, count, "me")
    if count := waiting.unassigned:
        text = ngettext(
            "%(num)s question of the reviewers lies before nobody",
            "%(num)s questions of the reviewers lie before nobody",
            count,
        )
        yield task(text, waiting.unassigned_due, count, "nobody")


def _freeze(desk: Desk) -> Iterator[Task]:
    """A contract of which everything that is written is approved."""
    written = [line for line in desk.lines if line.has_text]
    done = all(line.section.stage is Stage.APPROVED for line in written)
    leads = policy.grants(desk.person, Act.FREEZE, Place(desk.contract.id))
    if written and done and leads and not desk.contract.frozen_id:
        text = _("Every section is approved: freeze the contract")
        yield Task("freeze", text, url_for("whole.show", slug=desk.contract.slug))


SOURCES: tuple[Callable[[Desk], Iterable[Task]], ...] = (
    _sign,
    _decide,
    _close,
    _moderate,
    _write,
    _answer,
    _answer_reviewers,
    _comment,
    _open,
    _freeze,
)


def _named(line: SectionLine) -> dict[str, str]:
    return {"code": line.section.code, "title": line.section.title}
