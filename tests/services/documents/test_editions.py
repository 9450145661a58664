"""What an edition prints: a final contract, a part, a copy for reviewers, what changed."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests import builders
from workflow.db import db, transaction
from workflow.models import Section
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Invalid
from workflow.rules.text import render
from workflow.rules.vocabulary import Audience, EditionKind, FileFormat, Scope, Stage
from workflow.services import documents, freezing, manuscripts, revisions

pytestmark = pytest.mark.usefixtures("ctx")


def test_a_document_of_a_frozen_contract_is_final_and_prints_the_manifest(
    ask, contract, maja, section
):
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
def test_anything_but_the_frozen_texts_is_a_draft(ask, contract, maja, section, how):
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


def test_a_part_of_the_contract_is_a_document_of_its_own(ask, contract, maja, section):
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
