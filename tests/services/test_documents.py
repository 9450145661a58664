"""Documents as rows: asked for, claimed, kept alive, finished, failed, cancelled; never two of the same text."""

import re
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.queries import counted
from workflow import clock, storage
from workflow.db import db, transaction
from workflow.models import Contract, Document, Event, Person, Section
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.text import render
from workflow.rules.vocabulary import (
    Audience,
    BuildState,
    Disposition,
    EditionKind,
    EventKind,
    FileFormat,
    Role,
    Scope,
    Stage,
    Visibility,
)
from workflow.services import documents, freezing, manifests, manuscripts, revisions
from workflow.typesetting import Pdf, TypesettingFailed

pytestmark = pytest.mark.usefixtures("ctx")

PDF = Pdf(b"%PDF-1.7 a small file", 3, ("ua-1", "a-2a"), ())
LATER = timedelta(minutes=10)


@pytest.fixture
def contract():
    return builders.contract()


@pytest.fixture
def maja(contract):
    return builders.person(Role.COORDINATOR)


@pytest.fixture
def section(contract):
    return builders.section("A-1", stage=Stage.CONSULTATION)


def ask(contract, by, audience=Audience.PARTICIPANTS, language="en") -> Document:
    with transaction():
        return documents.request(contract, Edition(audience, language), by=by)


def claim(document, *, now=None) -> documents.Build | None:
    with transaction():
        return documents.claim(document.id, now=now or clock.now())


def finish(build) -> Document:
    with transaction():
        return documents.finish(build, PDF, key=storage.keep(PDF.bytes), now=clock.now())


def fail(build, kind, now) -> None:
    with transaction():
        documents.fail(build, kind, now=now)


def read(contract, audience) -> str:
    """Everything that would be printed for this audience."""
    given = compilation(contract, Edition(audience, "en"))
    return str(manuscripts.write(given, "0" * 64))


def kinds() -> list[EventKind]:
    return list(
        db.session.scalars(
            select(Event.kind).where(Event.document_id.is_not(None)).order_by(Event.id)
        )
    )


def test_the_same_contract_is_asked_for_once(contract, maja, section):
    first = ask(contract, maja)
    assert ask(contract, builders.person(Role.STAKEHOLDER)).id == first.id
    assert db.session.scalar(select(func.count()).select_from(Document)) == 1
    assert kinds() == [EventKind.DOCUMENT_REQUESTED]


def test_a_finished_document_is_given_back_and_nothing_is_built_again(contract, maja, section):
    document = ask(contract, maja)
    finish(claim(document))
    again = ask(contract, maja)
    assert (again.id, again.state) == (document.id, BuildState.DONE)
    assert documents.waiting(clock.now() + LATER) == []


def test_a_finished_document_whose_file_is_gone_is_built_again(contract, maja, section):
    document = ask(contract, maja)
    finish(claim(document))
    storage.find(document.file_key).unlink()
    assert ask(contract, maja).state is BuildState.QUEUED


@pytest.mark.parametrize(
    "change",
    [
        lambda section: builders.revision(section, "Another text."),
        lambda section: builders.thread(section),
        lambda section: builders.thread(section, answer=Disposition.NOTED),
        lambda section: builders.element(section, because="Part of A-2."),
        lambda section: builders.section("A-2"),
    ],
    ids=["text", "remark", "answer", "not applicable", "section"],
)
def test_any_change_of_what_is_printed_makes_another_document(contract, maja, section, change):
    before = ask(contract, maja)
    change(section)
    assert ask(contract, maja).id != before.id


def test_audience_and_language_make_another_document(contract, maja, section):
    made = {
        ask(contract, maja, audience, language).id
        for audience in Audience
        for language in ("en", "sl")
    }
    assert len(made) == 6


def test_nobody_has_a_document_built_that_reads_more_than_he_does(contract, section):
    ana = builders.person(Role.STAKEHOLDER)
    assert documents.audiences(ana, contract) == [Audience.PUBLIC, Audience.PARTICIPANTS]
    with pytest.raises(Denied):
        ask(contract, ana, Audience.CITY)


def test_an_editor_of_one_sector_gets_no_document_with_the_remarks_of_all(contract, section):
    editor = builders.person(Role.EDITOR, sector="energy")
    assert Audience.CITY not in documents.audiences(editor, contract)


def test_observers_and_strangers_build_nothing(contract, section):
    for person in (builders.person(Role.OBSERVER), builders.person(None)):
        with pytest.raises(Denied):
            ask(contract, person)


def test_an_unknown_language_is_refused(contract, maja, section):
    with pytest.raises(Invalid):
        ask(contract, maja, language="xx")


def test_remarks_are_printed_only_for_those_who_may_read_them(contract, section):
    for visibility in Visibility:
        builders.thread(section, text=f"for {visibility.value}", visibility=visibility)
    assert "for participants" not in read(contract, Audience.PUBLIC)
    assert "for city" not in read(contract, Audience.PARTICIPANTS)
    assert "for participants" in read(contract, Audience.PARTICIPANTS)
    assert "for city" in read(contract, Audience.CITY)


def test_withdrawn_words_are_not_printed(contract, section):
    thread = builders.thread(section, text="kept")
    reply = builders.comment(thread, text="taken back")
    reply.withdrawn_at = clock.now()
    builders.thread(section, text="all withdrawn", withdrawn=True)
    db.session.commit()
    printed = read(contract, Audience.CITY)
    assert "kept" in printed
    assert "taken back" not in printed
    assert "all withdrawn" not in printed


def test_private_people_are_not_named_in_public_documents(contract, section):
    luka = builders.person(Role.STAKEHOLDER, name="Luka Čeh")
    builders.thread(section, author=luka, text="I object", visibility=Visibility.PUBLIC)
    assert "Luka Čeh" not in read(contract, Audience.PUBLIC)
    assert "A participant" in read(contract, Audience.PUBLIC)
    assert "Luka Čeh" in read(contract, Audience.PARTICIPANTS)


def test_guidance_never_reaches_a_document(contract, section):
    builders.element(section)
    assert "guidance" not in read(contract, Audience.CITY).lower()


def test_every_copy_is_a_draft_also_when_every_section_is_approved(contract, section):
    section.stage = Stage.APPROVED
    db.session.commit()
    assert compilation(contract, Edition(Audience.PUBLIC, "en")).draft


def test_the_manifest_names_every_text_with_its_hash(contract, maja, section):
    document = ask(contract, maja)
    (component,) = document.manifest["components"]
    (printed,) = component["modules"][0]["sections"]
    assert (printed["code"], printed["stage"]) == ("A-1", "consultation")
    assert printed["sha256"] == section.current.sha256
    assert manifests.digest(document.manifest) == document.manifest_sha256


def test_only_one_builder_gets_a_document(contract, maja, section):
    document = ask(contract, maja)
    assert claim(document).attempt == 1
    assert claim(document) is None


def test_a_builder_that_fell_silent_is_replaced_and_locked_out(contract, maja, section):
    document = ask(contract, maja)
    first = claim(document)
    later = clock.now() + LATER
    assert documents.waiting(later) == [document.id]
    second = claim(document, now=later)
    assert second.attempt == 2
    with pytest.raises(documents.Abandoned):
        finish(first)
    assert finish(second).state is BuildState.DONE
    assert kinds() == [EventKind.DOCUMENT_REQUESTED, EventKind.DOCUMENT_READY]


def test_a_builder_that_speaks_is_left_alone(contract, maja, section):
    document = ask(contract, maja)
    build = claim(document)
    later = clock.now() + LATER
    with transaction():
        documents.heartbeat(build, step="pages", progress=40, now=later)
    assert documents.waiting(later + timedelta(seconds=5)) == []
    assert (document.step, document.progress) == ("pages", 40)


def test_what_is_never_finished_fails_in_the_end(contract, maja, section):
    document = ask(contract, maja)
    now = clock.now()
    for _ in range(documents.ATTEMPTS["abandoned"]):
        assert claim(document, now=now)
        now += LATER
    assert claim(document, now=now) is None
    assert (document.state, document.error) == (BuildState.FAILED, "abandoned")
    assert kinds()[-1] is EventKind.DOCUMENT_FAILED


def test_a_crash_is_tried_again_after_a_while(contract, maja, section):
    document = ask(contract, maja)
    now = clock.now()
    fail(claim(document), "crash", now)
    assert document.state is BuildState.QUEUED
    assert documents.waiting(now) == []
    assert documents.waiting(now + LATER) == [document.id]
    assert kinds() == [EventKind.DOCUMENT_REQUESTED]


def test_what_the_engine_refuses_is_not_tried_again_until_somebody_asks(contract, maja, section):
    document = ask(contract, maja)
    fail(claim(document), "engine", clock.now())
    assert document.state is BuildState.FAILED
    assert kinds()[-1] is EventKind.DOCUMENT_FAILED
    assert ask(contract, maja).state is BuildState.QUEUED


def test_every_way_to_fail_has_its_number_of_attempts():
    assert set(TypesettingFailed.REASONS) <= set(documents.ATTEMPTS)


def test_a_cancelled_build_is_let_go(contract, maja, section):
    document = ask(contract, maja)
    build = claim(document)
    with transaction():
        documents.cancel(document, by=maja)
    with pytest.raises(documents.Abandoned), transaction():
        documents.heartbeat(build, step="pages", progress=50, now=clock.now())
    assert document.state is BuildState.CANCELLED


def test_who_did_not_ask_for_it_may_not_cancel_it(contract, maja, section):
    document = ask(contract, maja)
    ana = builders.person(Role.STAKEHOLDER)
    with pytest.raises(Denied), transaction():
        documents.cancel(document, by=ana)


def test_a_finished_document_cannot_be_cancelled(contract, maja, section):
    document = ask(contract, maja)
    finish(claim(document))
    with transaction():
        documents.cancel(document, by=maja)
    assert document.state is BuildState.DONE


def test_what_waited_while_the_contract_changed_is_built_as_it_stands_now(contract, maja, section):
    document = ask(contract, maja)
    builders.revision(section, "The newest words.")
    build = claim(document)
    assert [chapter.markdown for chapter in build.given.chapters()] == ["The newest words.\n"]
    assert document.manifest_sha256 == build.manifest_sha256


def test_a_document_that_its_successor_overtook_is_not_built(contract, maja, section):
    old = ask(contract, maja)
    builders.revision(section, "The newest words.")
    new = ask(contract, maja)
    assert claim(old) is None
    assert (old.state, old.step) == (BuildState.CANCELLED, "superseded")
    assert claim(new) is not None


def test_the_date_of_a_document_is_that_of_its_last_change_and_not_of_the_day(
    contract, maja, section
):
    given = compilation(contract, Edition(Audience.CITY, "en"))
    assert given.as_of == section.current.created_at.date()


def test_reading_a_contract_takes_a_number_of_queries_that_does_not_grow(ctx, contract, section):
    def queries() -> int:
        db.session.expire_all()
        with counted(ctx) as statements:
            compilation(contract, Edition(Audience.CITY, "en"))
        return len(statements)

    builders.comment(builders.thread(section, answer=Disposition.NOTED))
    few = queries()
    for number in range(8):
        more = builders.section(f"B-{number}", sectors=("energy", "transport"))
        builders.element(more, because="no")
        for _ in range(3):
            builders.comment(builders.thread(more, answer=Disposition.NOTED))
    assert queries() <= few


def test_a_document_of_a_frozen_contract_is_final_and_prints_the_manifest(contract, maja, section):
    section = builders.approve_again(section)
    left_out = builders.section("Z-9", contract=contract, markdown=None)
    builders.element(left_out, because="There is no port.")
    with transaction():
        manifest = freezing.freeze(contract, by=maja)
    given = compilation(contract, Edition(Audience.PUBLIC, "en"))
    assert not given.draft
    assert [chapter.id for chapter in given.chapters()] == [section.id]
    document = ask(contract, maja)
    assert document.manifest["sealed"] == {"number": 1, "sha256": manifest.sha256}
    written = manuscripts.write(given, document.manifest_sha256)
    assert (written["draft"], written["sealed"]) == (False, manifest.sha256)


@pytest.mark.parametrize("how", ["lifted", "changed past Concord"])
def test_anything_but_the_frozen_texts_is_a_draft(contract, maja, section, how):
    section = builders.approve_again(section)
    with transaction():
        freezing.freeze(contract, by=maja)
    final = ask(contract, maja)
    if how == "lifted":
        with transaction():
            freezing.lift(contract, by=maja, reason="A sum is wrong.")
    else:
        builders.revision(section, "Something that slipped in.")
    draft = ask(contract, maja)
    assert draft.id != final.id
    assert (final.manifest["draft"], draft.manifest["draft"]) == (False, True)
    assert draft.manifest["sealed"] is None


def test_a_part_of_the_contract_is_a_document_of_its_own(contract, maja, section):
    other = builders.section("B-1", contract=contract)
    whole = ask(contract, maja)
    part = Edition(Audience.PARTICIPANTS, "en", scope=Scope.SECTION, place=section.id)
    with transaction():
        one = documents.request(contract, part, by=maja)
    assert one.id != whole.id
    assert one.edition == part
    given = compilation(contract, part)
    assert [chapter.code for chapter in given.chapters()] == [section.code]
    assert given.part == f"{section.code} {section.title('en')}"
    module = Edition(Audience.PARTICIPANTS, "en", scope=Scope.MODULE, place=other.module_id)
    assert other.code in [chapter.code for chapter in compilation(contract, module).chapters()]
    component = Edition(
        Audience.PARTICIPANTS, "en", scope=Scope.COMPONENT, place=other.module.component_id
    )
    assert compilation(contract, component).part == other.module.component.title("en")


def test_parts_of_other_contracts_are_refused(contract, maja):
    foreign = builders.section("A-9", contract=builders.contract("elsewhere"))
    places = {
        Scope.SECTION: foreign.id,
        Scope.MODULE: foreign.module_id,
        Scope.COMPONENT: foreign.module.component_id,
    }
    for scope, place in places.items():
        for named in (place, None):
            edition = Edition(Audience.PARTICIPANTS, "en", scope=scope, place=named)
            with pytest.raises(Invalid), transaction():
                documents.request(contract, edition, by=maja)


def test_without_annexes_no_comment_is_printed(contract, maja, section):
    builders.thread(section, text="Not in this copy.")
    edition = Edition(Audience.PARTICIPANTS, "en", annexes=frozenset())
    printed = manuscripts.write(compilation(contract, edition), "0" * 64)
    assert "annex" not in printed
    assert "Not in this copy." not in str(printed)


def test_changes_elsewhere_do_not_make_a_part_a_new_document(contract, maja, section):
    other = builders.section("B-1", contract=contract)
    part = Edition(Audience.PARTICIPANTS, "en", scope=Scope.SECTION, place=section.id)
    with transaction():
        first = documents.request(contract, part, by=maja)
    builders.revision(other, "Another text.")
    with transaction():
        assert documents.request(contract, part, by=maja).id == first.id
    builders.revision(section, "Another text.")
    with transaction():
        assert documents.request(contract, part, by=maja).id != first.id


def marks_of(printed, kind: str) -> list[str]:
    """The names of the marks in all texts."""
    return re.findall(rf"'t': '{kind}', 'n': '(\d+)'", str(printed["components"]))


def test_a_reviewers_copy_marks_the_passages_and_always_has_the_list(contract, maja, section):
    placed = builders.thread(section, quote="74 % of all homes", text="Which text?")
    whole = builders.thread(section, text="On all of it.")
    edition = Edition(Audience.PARTICIPANTS, "en", kind=EditionKind.REVIEW, annexes=frozenset())
    with transaction():
        document = documents.request(contract, edition, by=maja)
    assert document.edition == edition.whole
    printed = manuscripts.write(compilation(contract, document.edition), "0" * 64)
    assert printed["lined"]
    assert marks_of(printed, "to") == [str(placed.id)]
    listed = [remark["id"] for on in printed["annex"]["sections"] for remark in on["remarks"]]
    assert listed == [str(placed.id), str(whole.id)]
    usual = manuscripts.write(compilation(contract, Edition(Audience.PARTICIPANTS, "en")), "0" * 64)
    assert marks_of(usual, "to") == []


def test_a_passage_is_marked_where_it_stands_now(contract, maja):
    section = builders.section("A-2", stage=Stage.REVISION)
    thread = builders.thread(section, quote="74 % of all homes", text="Which text?")
    with transaction():
        revisions.save(
            section,
            by=maja,
            markdown="A new beginning.\n\n" + section.current.markdown,
            base=section.current,
            summary="",
        )
    edition = Edition(Audience.PARTICIPANTS, "en", kind=EditionKind.REVIEW)
    given = compilation(contract, edition)
    [chapter] = given.chapters()
    [(start, end)] = chapter.passages.values()
    assert render(chapter.markdown).plain[start:end] == thread.quote
    assert marks_of(manuscripts.write(given, "0" * 64), "to") == [str(thread.id)]


@pytest.fixture
def frozen(contract, maja, section):
    """A contract whose section was frozen, and has been rewritten since."""
    section = builders.approve_again(section)
    with transaction():
        manifest = freezing.freeze(contract, by=maja)
    with transaction():
        freezing.lift(contract, by=maja, reason="A sum is wrong.")
    builders.revision(section, "Heat comes from the river.", author=maja)
    return manifest


CHANGED = Edition(Audience.PARTICIPANTS, "en", kind=EditionKind.CHANGES, annexes=frozenset())


def test_what_changed_since_a_manifest_is_a_document(contract, maja, section, frozen):
    same = builders.section("B-1", contract=contract, markdown=None)
    with transaction():
        document = documents.request(contract, CHANGED, by=maja)
    assert (document.since, document.edition.since) == (frozen.number, frozen.number)
    assert document.manifest["since"] == [frozen.number, frozen.sha256]
    given = compilation(contract, document.edition)
    [chapter] = given.chapters()
    assert chapter.id == section.id != same.id
    printed = manuscripts.write(given, document.manifest_sha256)
    [row] = printed["changes"]["rows"]
    assert (row["was"], row["now"]) == (chapter.before.revision, section.current.number)
    assert row["added"] and row["removed"]
    [text] = printed["components"][0]["modules"][0]["sections"]
    assert "'gone'" in str(text["nodes"])
    assert text["changed"]["author"] == maja.name
    assert printed["copy"] == "What changed"


def test_public_changes_name_no_private_person(contract, maja, section, frozen):
    edition = replace(CHANGED, audience=Audience.PUBLIC, since=frozen.number)
    printed = manuscripts.write(compilation(contract, edition), "0" * 64)
    assert maja.name not in str(printed)
    [text] = printed["components"][0]["modules"][0]["sections"]
    assert text["changed"]["author"] == contract.city


def test_changes_that_readers_may_not_see_are_not_told(contract, maja):
    section = builders.section("A-3", stage=Stage.CONSULTATION, markdown="For all.")
    builders.approve_again(section)
    with transaction():
        manifest = freezing.freeze(contract, by=maja)
    with transaction():
        freezing.lift(contract, by=maja, reason="A note is missing.")
    builders.revision(section, "For all.\n\n::: city\nA secret.\n:::\n")
    edition = replace(CHANGED, since=manifest.number)
    assert list(compilation(contract, edition).chapters()) == []
    inside = compilation(contract, replace(edition, audience=Audience.CITY))
    assert len(list(inside.chapters())) == 1


def test_where_nothing_is_frozen_there_is_nothing_to_compare_with(contract, maja, section):
    for since in (None, 7):
        with pytest.raises(Invalid), transaction():
            documents.request(contract, replace(CHANGED, since=since), by=maja)


def test_only_changes_keep_what_they_are_told_from(contract, maja, section, frozen):
    with transaction():
        usual = documents.request(contract, Edition(Audience.PUBLIC, "en", since=1), by=maja)
    assert usual.since is None


def test_changes_cannot_be_told_in_files_of_markdown(contract, maja, section, frozen):
    with pytest.raises(Invalid), transaction():
        documents.request(contract, replace(CHANGED, format=FileFormat.MARKDOWN), by=maja)


def test_abbreviations_are_those_of_the_texts_and_of_the_template(contract, maja):
    builders.section("A-1", markdown="The heat transition plan (HTP) names GHG and IPPU (TBD).")
    builders.section("A-2", markdown="Načrt toplotnega prehoda (NTP) in HTP.", language="sl")
    edition = Edition(Audience.CITY, "sl")
    document = manuscripts.write(compilation(contract, edition), "0" * 64)
    assert [(one["short"], one["language"]) for one in document["abbreviations"]] == [
        ("GHG", "sl"),
        ("HTP", "en"),
        ("IPPU", "sl"),
        ("NTP", "sl"),
    ]
    assert document["abbreviations"][0]["long"] == "toplogredni plin"
    part = manuscripts.write(
        compilation(contract, replace(edition, scope=Scope.SECTION, place=_section_of("A-2").id)),
        "0" * 64,
    )
    assert [one["short"] for one in part["abbreviations"]] == ["NTP"]


def _section_of(code: str) -> Section:
    return db.session.scalars(select(Section).where(Section.code == code)).one()


def test_parts_of_the_template_are_called_in_the_documents_language(contract):
    module = builders.section("A-1").module
    module.part = "Current State of Climate Action"
    titles = [
        [
            one["part"]
            for volume in manuscripts.write(
                compilation(contract, Edition(Audience.CITY, language)), "0" * 64
            )["components"]
            for one in volume["modules"]
        ]
        for language in ("en", "sl", "de")
    ]
    english = [module.part]
    assert titles == [english, ["Stanje podnebnega ukrepanja"], english]
    module.part = "A part of our own"
    document = manuscripts.write(compilation(contract, Edition(Audience.CITY, "sl")), "0" * 64)
    assert document["components"][0]["modules"][0]["part"] == "A part of our own"


def test_asked_for_twice_in_the_same_moment_it_is_one_document_that_one_builder_gets(
    app, contract, maja, section
):
    ana = builders.person(Role.STAKEHOLDER)
    asking, contract_id = (maja.id, ana.id), contract.id
    db.session.remove()
    start, got, built = Barrier(2, timeout=30), [], []

    def work(person_id: int) -> None:
        with app.app_context():
            given = db.session.get(Contract, contract_id)
            person = db.session.get(Person, person_id)
            start.wait()
            with transaction():
                document = documents.request(given, Edition(Audience.PARTICIPANTS, "en"), by=person)
            got.append(document.id)
            start.wait()
            built.append(claim(document))

    threads = [Thread(target=work, args=(one,)) for one in asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2
    assert len(set(got)) == 1
    assert [build is None for build in built].count(False) == 1
    assert db.session.scalar(select(func.count()).select_from(Document)) == 1


def test_what_reads_again_as_what_was_cancelled_is_built_as_that(contract, maja, section):
    cancelled = ask(contract, maja)
    with transaction():
        documents.cancel(cancelled, by=maja)
    section.stage = Stage.REVISION
    db.session.commit()
    waiting = ask(contract, maja)
    assert waiting.id != cancelled.id
    section.stage = Stage.CONSULTATION
    db.session.commit()
    assert claim(waiting) is None
    assert (waiting.state, waiting.step) == (BuildState.CANCELLED, "superseded")
    assert cancelled.state is BuildState.QUEUED
    assert claim(cancelled).attempt == 1
