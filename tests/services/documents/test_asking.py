"""Documents as rows: asked for by whom, with what in them; never two of the same text."""

import pytest
from sqlalchemy import func, select

from tests import builders
from tests.support.events import kinds
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Document
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import Audience, Disposition, EventKind, Role, Stage, Visibility
from workflow.services import documents, manifests, manuscripts

pytestmark = pytest.mark.usefixtures("ctx")


def read(contract, audience) -> str:
    """Everything that would be printed for this audience."""
    given = compilation(contract, Edition(audience, "en"))
    return str(manuscripts.write(given, "0" * 64))


def test_the_same_contract_is_asked_for_once(ask, contract, maja, section):
    first = ask(contract, maja)
    assert ask(contract, builders.person(Role.STAKEHOLDER)).id == first.id
    assert db.session.scalar(select(func.count()).select_from(Document)) == 1
    assert kinds() == [EventKind.DOCUMENT_REQUESTED]


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
def test_any_change_of_what_is_printed_makes_another_document(ask, contract, maja, section, change):
    before = ask(contract, maja)
    change(section)
    assert ask(contract, maja).id != before.id


def test_audience_and_language_make_another_document(ask, contract, maja, section):
    made = {
        ask(contract, maja, audience, language).id
        for audience in Audience
        for language in ("en", "sl")
    }
    assert len(made) == 6


def test_nobody_has_a_document_built_that_reads_more_than_he_does(ask, contract, section):
    ana = builders.person(Role.STAKEHOLDER)
    assert documents.audiences(ana, contract) == [Audience.PUBLIC, Audience.PARTICIPANTS]
    with pytest.raises(Denied):
        ask(contract, ana, Audience.CITY)


def test_an_editor_of_one_sector_gets_no_document_with_the_remarks_of_all(contract, section):
    editor = builders.person(Role.EDITOR, sector="energy")
    assert Audience.CITY not in documents.audiences(editor, contract)


def test_observers_and_strangers_build_nothing(ask, contract, section):
    for person in (builders.person(Role.OBSERVER), builders.person(None)):
        with pytest.raises(Denied):
            ask(contract, person)


def test_an_unknown_language_is_refused(ask, contract, maja, section):
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


def test_the_manifest_names_every_text_with_its_hash(ask, contract, maja, section):
    document = ask(contract, maja)
    (component,) = document.manifest["components"]
    (printed,) = component["modules"][0]["sections"]
    assert (printed["code"], printed["stage"]) == ("A-1", "consultation")
    assert printed["sha256"] == section.current.sha256
    assert manifests.digest(document.manifest) == document.manifest_sha256


def test_the_date_of_a_document_is_that_of_its_last_change_and_not_of_the_day(
    contract, maja, section
):
    given = compilation(contract, Edition(Audience.CITY, "en"))
    assert given.as_of == clock.day_of(section.current.created_at, contract.time_zone)


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
