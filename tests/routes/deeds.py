"""Everything that people do and that is seen on the page of a section, as a table, and the town where they do it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import (
    Contract,
    Decision,
    Membership,
    Thread,
)
from workflow.rules.vocabulary import (
    Act,
    Disposition,
    Mandate,
    RemarkKind,
    ReviewBody,
    Role,
    RoundAudience,
    Stage,
    Visibility,
    Wish,
)
from workflow.services import (
    anchoring,
    contests,
    corrections,
    desk,
    drafts,
    following,
    freezing,
    guest_links,
    guests,
    inbox,
    moderation,
    notices,
    organisations,
    people,
    questions,
    reviews,
    revisions,
    rounds,
    sections,
    suggestions,
    threads,
    undoing,
)
from workflow.services.questions import Asked

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Q = RemarkKind.QUESTION
LATER = NOON + timedelta(minutes=65)
"""When pages stay as they are for a while: nothing in them is only minutes old, and no news."""

PAGES = ("shown", "revised", "settled")


class Town:
    """Two sections, one on display and one in revision, with remarks of all kinds, and who reads them.

    What is asked for by name is the row as it is now.
    """

    def __init__(self, contract: Contract):
        self.ids: dict[str, tuple[type, int]] = {}
        self.contract = contract
        harbour = builders.organisation("Harbour", contract=contract)
        self.organisation = harbour
        self.rowers = builders.organisation("Rowers", contract=contract)
        for role in (Role.EDITOR, Role.APPROVER, Role.OBSERVER, Role.REVIEWER):
            setattr(self, role.value, builders.person(role, contract=contract))
        self.coordinator, self.other = (
            builders.person(Role.COORDINATOR, contract=contract) for _ in range(2)
        )
        self.ana = builders.person(
            contract=contract, organisation=harbour, mandate=Mandate.DELEGATE, name="Ana"
        )
        self.bor = builders.person(contract=contract, organisation=harbour, name="Bor")
        self.revised = builders.section(
            "B-1", contract=contract, author=self.editor, stage=Stage.REVISION
        )
        self.shown = builders.section("B-2", contract=contract, author=self.editor)
        self.element = builders.element(self.revised)
        with transaction():
            self.round = rounds.plan(
                self.contract,
                [self.shown],
                by=self.coordinator,
                closes_at=NOON + timedelta(days=40),
                audience=RoundAudience.PUBLIC,
                announcement="Please read.",
            )
        for name, section, author in (
            ("first", self.revised, self.ana),
            ("second", self.revised, self.bor),
            ("quoted", self.revised, self.ana),
            ("said", self.shown, self.ana),
        ):
            quote = "By 2030 no home is heated with coal." if name == "quoted" else None
            setattr(self, name, builders.thread(section, author=author, quote=quote))
        for kind in RemarkKind:
            builders.thread(self.shown, author=self.bor, kind=kind, quote="coal")
        builders.thread(self.revised, answer=Disposition.NOTED)
        self.done = builders.contract()
        builders.member(self.coordinator, Role.COORDINATOR, contract=self.done)
        self.settled = builders.approved("C-1", contract=self.done)

    def __setattr__(self, name: str, row) -> None:
        if name == "ids":
            super().__setattr__(name, row)
        else:
            self.ids[name] = type(row), row.id

    def __getattr__(self, name: str):
        return db.session.get_one(*self.ids[name])


def _remark(town: Town, *, by: str = "bor", section: str = "shown", **what) -> Thread:
    section, what = getattr(town, section), {"kind": Q, "text": "And the harbour?"} | what
    return threads.open_thread(section, by=getattr(town, by), revision=section.current, **what)


def _suggest(town: Town) -> None:
    start = town.revised.current.plain.index("coal")
    wish = {"kind": RemarkKind.SUGGESTION, "replacement": "oil", "start": start, "end": start + 4}
    town.wish = _remark(town, section="revised", **wish)


def _save(town: Town, words: str, by: str = "editor") -> None:
    section = town.revised
    markdown = section.current.markdown + "\n\n" + words
    revisions.save(section, by=getattr(town, by), markdown=markdown, base=section.current)


def _orphan(town: Town) -> None:
    section = town.revised
    markdown = section.current.markdown.replace("By 2030 no home is heated with oil.", "")
    revisions.save(section, by=town.editor, markdown=markdown, base=section.current)


def _move(town: Town, act: Act, by: str = "coordinator", section: str = "revised", **what) -> None:
    section = getattr(town, section)
    reviews.move(section, act, by=getattr(town, by), seen=section.current, **what)


def _guest_speaks(town: Town) -> None:
    town.word = guests.remark(
        town.shown,
        email="guest@example.org",
        name="Gusti",
        publish_name=True,
        revision=town.shown.current,
        kind=Q,
        text="May I?",
        language="en",
    )
    guests.confirm(town.word)


def _everybody_hears(town: Town) -> None:
    while waiting := notices.next_event(clock.now()):
        notices.fan_out(waiting)
        waiting.relayed_at = clock.now()
        db.session.flush()


def _by_a_link(town: Town) -> None:
    town.link = guest_links.make(
        town.contract,
        by=town.coordinator,
        organisation=town.rowers,
        name="Linda",
        email="linda@example.org",
        role=Role.STAKEHOLDER,
        expires_at=clock.now() + timedelta(days=9),
    )


def _invite(town: Town) -> None:
    newcomers = organisations.named(town.contract, "Newcomers", by=town.other)
    people.invite(
        town.contract,
        by=town.other,
        email="new@example.org",
        name="New",
        role=Role.STAKEHOLDER,
        organisation=newcomers,
    )


def _membership(town: Town, name: str) -> Membership:
    return getattr(town, name).memberships[0]


def _last(town: Town, by: str) -> Decision:
    return undoing.last_of(town.revised, by=getattr(town, by))


def _answer(town: Town, name: str, disposition: Disposition, **what) -> None:
    threads.answer(
        getattr(town, name), by=town.editor, disposition=disposition, text="Because.", **what
    )


ACTS: list[tuple[str, Callable[[Town], object]]] = [
    ("a remark", lambda t: _remark(t)),
    ("a remark for the city", lambda t: _remark(t, visibility=Visibility.CITY)),
    (
        "a word among members",
        lambda t: _remark(
            t, by="ana", visibility=Visibility.ORGANISATION, organisation=t.organisation
        ),
    ),
    ("a suggestion", lambda t: _suggest(t)),
    ("a reply", lambda t: threads.reply(t.first, by=t.bor, text="I wonder, too.")),
    ("support", lambda t: threads.support(t.first, by=t.bor)),
    ("support taken back", lambda t: threads.support(t.first, by=t.bor)),
    ("a draft of an answer", lambda t: desk.draft(t.first, by=t.editor, disposition="noted", text="Hm")),
    ("another draft", lambda t: desk.draft(t.first, by=t.editor, disposition="referred", text="Hm")),
    ("a draft thrown away", lambda t: desk.discard(t.first, by=t.editor)),
    ("an answer", lambda t: _answer(t, "first", Disposition.NOTED)),
    ("the author agrees", lambda t: contests.agree(t.first, by=t.ana)),
    ("another answer", lambda t: _answer(t, "first", Disposition.NOT_ACCEPTED)),
    ("a contest", lambda t: contests.contest(t.first, by=t.ana, text="No.")),
    ("a flag", lambda t: moderation.flag(t.second.comments[0], by=t.ana, reason="Rude.")),
    ("a flag dismissed", lambda t: moderation.dismiss(t.second.comments[0], by=t.other)),
    ("words held", lambda t: moderation.hold(t.second.comments[0], by=t.other)),
    ("words released", lambda t: moderation.release(t.second.comments[0], by=t.other)),
    ("words hidden", lambda t: moderation.hide(t.second.comments[0], by=t.other, reason="Rude.")),
    ("an appeal", lambda t: moderation.appeal(t.second.comments[0], by=t.bor, reason="Not so.")),
    (
        "an appeal decided",
        lambda t: moderation.decide(t.second.comments[0], by=t.coordinator, restore=True),
    ),
    (
        "a reply hidden",
        lambda t: moderation.hide(t.first.comments[1], by=t.other, reason="Off the point."),
    ),
    ("a remark withdrawn", lambda t: threads.withdraw(t.second, by=t.bor)),
    ("a guest confirmed", _guest_speaks),
    ("a guest shown", lambda t: moderation.release(t.word.comments[0], by=t.other)),
    ("somebody writes", lambda t: drafts.seen(t.revised, by=t.editor)),
    ("somebody else writes, too", lambda t: drafts.seen(t.revised, by=t.other)),
    ("a text saved", lambda t: _save(t, "And more.")),
    ("a suggestion taken over", lambda t: suggestions.accept(t.revised, [t.wish], by=t.editor, seen=t.revised.current)),
    ("a passage removed", _orphan),
    (
        "a place found again",
        lambda t: anchoring.reattach(
            t.quoted, by=t.editor, revision=t.revised.current, start=0, end=9
        ),
    ),
    (
        "an element that does not apply",
        lambda t: sections.set_aside(t.element, t.revised, by=t.editor, because="No harbour."),
    ),
    (
        "an owner",
        lambda t: sections.assign(
            t.revised, by=t.coordinator, owner=t.editor, due_on=NOON.date() + timedelta(days=9)
        ),
    ),
    ("followed", lambda t: following.keep(t.revised, by=t.ana, wish=Wish.FOLLOW)),
    ("not followed any more", lambda t: following.keep(t.revised, by=t.ana, wish=None)),
    ("people hear of it", _everybody_hears),
    ("an inbox read", lambda t: inbox.read(t.ana)),
    (
        "a position of an organisation",
        lambda t: organisations.submit(
            t.organisation, t.shown, by=t.ana, revision=t.shown.current, text="We agree.", kind=Q
        ),
    ),
    (
        "a round that is longer",
        lambda t: rounds.extend(
            t.round, by=t.coordinator, closes_at=NOON + timedelta(days=50), reason="Holidays."
        ),
    ),
    (
        "a displayed text corrected",
        lambda t: corrections.correct(
            t.shown,
            by=t.coordinator,
            markdown=t.shown.current.markdown.replace("2030", "2031"),
            base=t.shown.current,
            reason="A slip.",
        ),
    ),
    ("somebody invited", _invite),
    ("a guest by a link", _by_a_link),
    ("a link revoked", lambda t: guest_links.revoke(t.link, by=t.coordinator)),
    (
        "an author who accepts under another name",
        lambda t: people.set_password(t.bor, password=builders.PASSWORD, name="Boris"),
    ),
    (
        "another role",
        lambda t: people.invite(
            t.contract, by=t.other, email=t.ana.email, name="O", role=Role.EDITOR
        ),
    ),
    ("a role taken away", lambda t: people.remove(_membership(t, "ana"), t.contract, by=t.other)),
    ("another language", lambda t: people.prefer(t.coordinator, language="sl")),
    ("another time zone", lambda t: people.prefer(t.coordinator, time_zone="Asia/Tokyo")),
    ("a step", lambda t: _move(t, Act.SUBMIT)),
    ("a step back", lambda t: undoing.undo(_last(t, "coordinator"), by=t.coordinator)),
    ("opened for comments", lambda t: _move(t, Act.CONSULT)),
    ("closed", lambda t: _move(t, Act.CLOSE)),
    ("closed with its round", lambda t: rounds.close(t.round, by=t.coordinator)),
    (
        "a question of the reviewers",
        lambda t: questions.receive(
            t.contract,
            Asked(ReviewBody.COMMISSION, "Why?", NOON.date(), section=t.revised),
            by=t.coordinator,
        ),
    ),
    ("a contract frozen", lambda t: freezing.freeze(t.done, by=t.coordinator)),
    ("a contract thawed", lambda t: freezing.lift(t.done, by=t.coordinator, reason="A slip.")),
]  # fmt: skip
AT_ONCE = {"a step back"}
"""What can only be done soon after what is done before it."""
