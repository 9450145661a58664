"""The demo city is loaded whole, truthfully and silently, and only once."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from workflow import packs
from workflow.db import db, transaction
from workflow.demo.load import load, read, sign_ins
from workflow.demo.mapping import DISPOSITIONS, KINDS, STAGES
from workflow.demo.population import DEMO_PASSWORD
from workflow.demo.texts import markdown
from workflow.models import (
    Comment,
    Commitment,
    Contract,
    Decision,
    Digest,
    Display,
    Element,
    Event,
    FigureSet,
    Membership,
    Milestone,
    Notification,
    Organisation,
    Person,
    Picture,
    Placement,
    Revision,
    Round,
    Section,
    Signatory,
    Thread,
)
from workflow.rules import policy, signing
from workflow.rules.lifecycle import replay
from workflow.rules.text import references, render
from workflow.rules.vocabulary import (
    Act,
    AnchorStatus,
    Channel,
    Disposition,
    EventKind,
    RemarkKind,
    Role,
    SignatoryStatus,
    Stage,
    Tier,
)
from workflow.services import gatekeeping, numbering, people

NOW = datetime(2031, 5, 20, 16, 45, tzinfo=UTC)
SOURCE = read()
COUNTS = SOURCE["counts"]


@pytest.fixture
def city(ctx) -> Contract:
    with transaction():
        return load(NOW)


def rows(model, *conditions) -> list:
    return list(db.session.scalars(select(model).where(*conditions).order_by(model.id)).unique())


def test_everything_in_the_file_arrives(city):
    """One load, many questions: loading is the slow part."""
    counts_are_those_of_the_file(city)
    the_outline_is_that_of_the_pack(city)
    each_quote_stands_where_its_offsets_say()
    each_ledger_replays_to_its_stage()
    nothing_was_approved_past_the_gate()
    nobody_did_what_his_roles_do_not_allow()
    answers_and_kinds_are_those_of_the_file()
    everyone_is_invented_and_can_sign_in(city)
    the_round_closes_in_twelve_days(city)
    nobody_is_owed_a_letter()
    the_record_is_in_the_order_of_time()
    rewritings_carry_out_what_the_answers_say()
    signatories_stand_where_the_file_says_and_nobody_has_signed()
    figures_are_kept_as_data(city)
    charts_and_a_picture_stand_in_the_texts_and_every_reference_leads_somewhere(city)


def charts_and_a_picture_stand_in_the_texts_and_every_reference_leads_somewhere(city):
    texts = numbering.texts(city.id)
    assert references.faults(texts) == {}
    drawn = [name for text in texts for name in text.seen(2).charts]
    assert drawn == ["baseline", "gap"]
    targets = references.numbered(texts).targets
    assert [targets[f"fig:{key}"].number for key in ("baseline", "gap", "network")] == list("123")
    [picture] = rows(Picture)
    assert "invented for this demo" in picture.caption
    assert picture.alt


def counts_are_those_of_the_file(city):
    written = [section for section in rows(Section) if section.current_id]
    first = rows(Revision, Revision.number == 1)
    assert len(written) == len(first) == COUNTS["sections"]
    assert len(rows(Organisation)) == len(rows(Commitment)) == COUNTS["stakeholders"]
    assert len(rows(Thread)) == len(rows(Comment)) == COUNTS["comments"]
    assert len([one for one in rows(Thread) if one.language == "sl"]) == COUNTS["comments_sl"]
    assert sum(text.markdown.count("\nTable: ") for text in first) == COUNTS["tables"]
    stages = Counter(section.stage for section in written)
    expected = Counter()
    for state, count in COUNTS["sections_by_state"].items():
        if count:
            expected[STAGES[state]] += count
    assert stages == expected
    assert (city.iteration, city.base_year, city.target_year, city.demo) == (2, 2018, 2030, True)


def the_outline_is_that_of_the_pack(city):
    pack = packs.load(city.pack, city.pack_version)
    assert [one.key for one in city.components] == [one.key for one in pack.components]
    modules = [module for component in city.components for module in component.modules]
    assert [module.key for module in modules] == [module.key for module in pack.modules()]
    assert all(module.sections for module in modules)
    assert 36 <= len(rows(Section)) <= 45
    homeless = rows(Element, Element.section_id.is_(None), Element.required)
    assert not homeless
    assert {section.title("sl") for section in rows(Section)} >= {
        "Pet prednostnih nalog",
        "Povzetek",
    }
    positions = [section.position for module in modules for section in module.sections]
    assert positions == list(range(1, len(positions) + 1))


def each_quote_stands_where_its_offsets_say():
    anchors = {f"demo {one['id']}": one["anchor"]["quote"] for one in SOURCE["comments"]}
    for comment in rows(Comment):
        thread = comment.thread
        plain = thread.revision.plain
        assert plain[thread.start : thread.end] == thread.quote == anchors[comment.token]
        assert thread.revision.number == 1
        assert thread.block is not None
        assert plain[: thread.start].endswith(thread.prefix)
        assert plain[thread.end :].startswith(thread.suffix)


def each_ledger_replays_to_its_stage():
    for section in rows(Section):
        ledger = list(
            db.session.scalars(
                select(Decision).where(Decision.section_id == section.id).order_by(Decision.number)
            )
        )
        assert replay([Act(line.act) for line in ledger]) is section.stage
        assert [line.number for line in ledger] == list(range(1, len(ledger) + 1))
        assert [line.at for line in ledger] == sorted(line.at for line in ledger)
        assert all(line.sha256 == line.revision.sha256 for line in ledger)
        if section.stage is Stage.APPROVED:
            assert ledger[-1].sha256 == section.current.sha256
        assert (section.closes_at is not None) == (section.stage is Stage.CONSULTATION)
        on_display = rows(Display, Display.section_id == section.id, Display.closed_at.is_(None))
        assert len(on_display) == (section.stage is Stage.CONSULTATION)


def nothing_was_approved_past_the_gate():
    approver = db.session.scalar(select(Membership).where(Membership.role == Role.APPROVER)).person
    for section in rows(Section, Section.stage == Stage.APPROVED):
        assert gatekeeping.blockers(section, Act.TAKE_POSITION, by=approver) == []


def nobody_did_what_his_roles_do_not_allow():
    for line in rows(Decision):
        assert policy.grants(line.by, Act(line.act), line.section.place)
    for thread in rows(Thread):
        assert policy.grants(thread.author, Act.COMMENT, thread.section.place)
        if thread.answered_by:
            assert policy.grants(thread.answered_by, Act.ANSWER, thread.section.place)
        if thread.organisation_id:
            spoken_for = {one.organisation_id for one in thread.author.memberships}
            assert thread.organisation_id in spoken_for
    for revision in rows(Revision):
        assert policy.grants(revision.author, Act.EDIT, revision.section.place)


def answers_and_kinds_are_those_of_the_file():
    threads = {comment.token: comment.thread for comment in rows(Comment)}
    for listed in SOURCE["comments"]:
        thread = threads[f"demo {listed['id']}"]
        comment = thread.comments[0]
        assert (comment.text, comment.translation) == (listed["text"], listed["text_en"])
        assert thread.kind is KINDS[listed["type"]]
        assert thread.supports == listed["supports"]
        assert thread.author.name == listed["author"]
        if listed["reply"]:
            assert thread.disposition is DISPOSITIONS[listed["status"]]
            assert thread.answer == listed["reply"]["text"]
            assert thread.created_at < thread.answered_at < NOW
        else:
            assert thread.disposition in (None, Disposition.REFERRED)
    channels = Counter(thread.channel for thread in threads.values())
    assert channels == {Channel.WEB: 28, Channel.PAPER: 1, Channel.PHONE: 1}
    assert {thread.kind for thread in threads.values()} >= {
        RemarkKind.OBJECTION,
        RemarkKind.SUPPORT,
    }


def everyone_is_invented_and_can_sign_in(city):
    everybody = rows(Person)
    assert all(person.invented and person.memberships for person in everybody)
    assert all(person.email.endswith((".org", ".net")) for person in everybody)
    roles = {membership.role for person in everybody for membership in person.memberships}
    assert roles == set(Role)
    assert len(everybody) == len({person.name for person in everybody}) == 28
    assert people.authenticate("maja.hribernik@example.org", DEMO_PASSWORD)
    lines = "\n".join(sign_ins(city))
    assert DEMO_PASSWORD in lines
    assert "nives.kastelic@example.org" in lines
    assert len(sign_ins(city)) == 1 + len(Role)


def the_round_closes_in_twelve_days(city):
    closing = {section.closes_at for section in rows(Section, Section.closes_at.is_not(None))}
    assert len(closing) == 1
    assert timedelta(days=11) < closing.pop() - NOW < timedelta(days=13)
    [running] = rows(Round)
    assert (running.number, running.closed_at) == (1, None)
    assert {display.round_id for display in rows(Display)} == {running.id}
    heard = [thread for thread in rows(Thread) if thread.round_id]
    assert len(heard) == COUNTS["comments"] - 1
    dates = {one.label: one.on.isoformat() for one in rows(Milestone)}
    assert len(dates) == len(SOURCE["milestones"])
    assert dates["First contract submitted"] == "2024-03-15"
    assert dates["Demo: first comment round closes (30 days)"] == "2031-06-01"
    assert all(
        section.due_on.isoformat() == "2031-06-01" for section in rows(Section) if section.due_on
    )


def nobody_is_owed_a_letter():
    assert rows(Digest) == []
    assert rows(Event, Event.relayed_at.is_(None)) == []
    told = rows(Notification)
    assert told
    assert all(one.due_at is None and one.read_at == one.created_at < NOW for one in told)


def the_record_is_in_the_order_of_time():
    events = rows(Event)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert all(event.at < NOW for event in events)
    kinds = Counter(event.kind for event in events)
    assert kinds[EventKind.REMARK_MADE] == COUNTS["comments"]
    assert kinds[EventKind.SECTION_APPROVED] == COUNTS["sections_by_state"]["approved"]
    assert kinds[EventKind.CONTRACT_CREATED] == 1


def rewritings_carry_out_what_the_answers_say():
    carried = [thread for thread in rows(Thread) if thread.carried_out_by_id]
    assert len(carried) == 3
    for thread in carried:
        assert thread.section.current_id == thread.carried_out_by_id
    placed = rows(Placement)
    assert {place.status for place in placed} <= {AnchorStatus.EXACT, AnchorStatus.MOVED}
    current = {section.id: section.current for section in rows(Section)}
    for place in placed:
        thread = place.thread
        assert current[thread.section_id].plain[place.start : place.end] == thread.quote


def signatories_stand_where_the_file_says_and_nobody_has_signed():
    signatories = rows(Signatory)
    assert Counter(one.status for one in signatories) == {
        SignatoryStatus.INVITED: 1,
        SignatoryStatus.IN_PREPARATION: 4,
        SignatoryStatus.LEGAL_CHECK: 7,
    }
    assert all(one.organisation.invented and one.due_on for one in signatories)
    for one in signatories:
        steps = [entry.to_status for entry in one.entries]
        assert steps[0] is SignatoryStatus.INVITED
        assert signing.replay(steps) is one.status
    promised = rows(Commitment)
    assert {one.tier for one in promised} == {Tier.FRAMEWORK, Tier.BASIS, Tier.LETTER_OF_INTENT}
    tonnes = [one["commitment"]["tonnes_per_year"] or 0 for one in SOURCE["stakeholders"]]
    assert sum(one.tonnes_per_year or 0 for one in promised) == sum(tonnes)


def figures_are_kept_as_data(city):
    figures = {one.key: one for one in rows(FigureSet, FigureSet.contract_id == city.id)}
    assert figures["baseline"].figures["total"] == 2301669
    assert figures["series"].figures["years"][0] == 2018
    assert figures["target"].unit == "t CO2e/year"
    assert len(figures["indicators"].figures["rows"]) == 8
    assert all("ljubljana.md" in one.source for one in figures.values())


def test_loading_twice_changes_nothing(city):
    before = {table.name: _count(table) for table in db.metadata.sorted_tables}
    with transaction():
        assert load(NOW + timedelta(days=40)).id == city.id
    assert {table.name: _count(table) for table in db.metadata.sorted_tables} == before


def test_paragraphs_and_seeded_defects_stay_as_they_were_written():
    names = {user["id"]: user["name"] for user in SOURCE["users"]}
    paragraphs = 0
    for section in SOURCE["sections"]:
        plain = render(markdown(section, names)).plain
        for paragraph in section["paragraphs"]:
            assert plain.count(paragraph["text"]) == 1
            paragraphs += 1
    assert paragraphs == COUNTS["paragraphs"]
    assert "TBD: list of renewal dates" in markdown(SOURCE["sections"][8], names)


def test_figures_are_printed_in_the_way_of_the_language():
    table = {
        "code": "A-1",
        "title": "T",
        "columns": ["a", "b"],
        "rows": [["x", 2301669], ["y", None]],
        "source": "s",
    }
    section = {"language": "sl", "paragraphs": [], "tables": [table]}
    assert "| x | 2.301.669 |\n| y |  |" in markdown(section, {})
    assert "| x | 2,301,669 |" in markdown(section | {"language": "en"}, {})


def _count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_the_command_names_the_sign_ins(app):
    told = app.test_cli_runner().invoke(args=["demo", "load"])
    assert told.exit_code == 0, told.output
    assert "/c/ljubljana" in told.output
    assert re.search(r"maja\.hribernik@example\.org +Maja Hribernik, coordinator", told.output)
