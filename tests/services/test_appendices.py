"""What follows the texts: the response matrix, the signatories, the reviewers' questions, each for its readers."""

import pytest

from tests import builders
from tests.support.queries import counted
from tests.typesetting.sample import faults, words_of
from tests.word.test_word import opened
from workflow.db import db, transaction
from workflow.models import Commitment
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import (
    AnnexKind,
    Audience,
    Disposition,
    EditionKind,
    Role,
    Scope,
    SignatoryStatus,
    Stage,
    Visibility,
)
from workflow.services import documents, manifests, manuscripts
from workflow.typesetting import typeset

pytestmark = pytest.mark.usefixtures("ctx")

ALL = frozenset(AnnexKind)


@pytest.fixture
def contract():
    return builders.contract()


@pytest.fixture
def section(contract):
    return builders.section("A-1", stage=Stage.CONSULTATION)


def printed(contract, audience, *annexes, language="en", **what) -> dict:
    edition = Edition(audience, language, annexes=frozenset(annexes), **what)
    given = compilation(contract, edition)
    return manuscripts.write(given, manifests.digest(manifests.manifest(given)))


def test_only_what_was_asked_for_follows(contract, section):
    titles = [
        [one["title"] for one in printed(contract, Audience.PUBLIC, *annexes)["appendices"]]
        for annexes in ([], [AnnexKind.MATRIX], [AnnexKind.SIGNATORIES, AnnexKind.QUESTIONS])
    ]
    assert titles == [[], ["Response matrix"], ["Signatories", "Questions of the reviewers"]]


def test_the_matrix_holds_what_its_readers_may_read(contract, section):
    luka = builders.person(Role.STAKEHOLDER, name="Luka Čeh")
    for visibility in Visibility:
        builders.thread(
            section,
            author=luka,
            text=f"for {visibility.value}",
            visibility=visibility,
            answer=Disposition.NOTED,
        )
    builders.thread(section, text="taken back", withdrawn=True)
    public = str(printed(contract, Audience.PUBLIC, AnnexKind.MATRIX)["appendices"])
    assert "for public" in public
    assert "for participants" not in public
    assert "Luka Čeh" not in public
    shared = str(printed(contract, Audience.PARTICIPANTS, AnnexKind.MATRIX)["appendices"])
    assert "for participants" in shared
    assert "for city" not in shared
    assert "Luka Čeh" in shared
    assert "Noted" in shared
    inside = str(printed(contract, Audience.CITY, AnnexKind.MATRIX)["appendices"])
    assert "for city" in inside
    assert "for organisation" not in inside
    assert "taken back" not in inside


def test_a_part_has_the_matrix_of_its_own_sections(contract, section):
    builders.thread(builders.section("B-1", contract=contract), text="Elsewhere.")
    builders.thread(section, text="Here.")
    words = str(
        printed(
            contract,
            Audience.CITY,
            AnnexKind.MATRIX,
            scope=Scope.SECTION,
            place=section.id,
        )["appendices"]
    )
    assert "Here." in words
    assert "Elsewhere." not in words


@pytest.fixture
def signed(contract, section):
    manifest = builders.manifest(contract, frozen=False)
    utility = builders.signatory(
        builders.organisation("Utility"),
        status=SignatoryStatus.SIGNED,
        manifest=manifest,
        promises=["No more coal.", "A secret promise."],
        representative="Vesna Oblak",
        office="Director",
    )
    builders.signatory(builders.organisation("Bank"), status=SignatoryStatus.IN_PREPARATION)
    builders.signatory(builders.organisation("Gone"), status=SignatoryStatus.WITHDRAWN)
    first = db.session.query(Commitment).filter_by(text="No more coal.").one()
    first.may_publish, first.tonnes_per_year = True, 1250.5
    db.session.commit()
    return utility


def test_signatories_stand_there_as_far_as_they_agreed(contract, signed):
    public = str(printed(contract, Audience.PUBLIC, AnnexKind.SIGNATORIES)["appendices"])
    assert "Utility" in public
    assert "1,250.5" in public
    for hidden in ("Bank", "A secret promise.", "Vesna Oblak", "Director", "Gone"):
        assert hidden not in public
    shared = str(printed(contract, Audience.PARTICIPANTS, AnnexKind.SIGNATORIES)["appendices"])
    assert "Bank" in shared
    assert "A secret promise." not in shared
    signed.may_publish = True
    db.session.commit()
    assert "Vesna Oblak" in str(printed(contract, Audience.PUBLIC, AnnexKind.SIGNATORIES))
    inside = str(printed(contract, Audience.CITY, AnnexKind.SIGNATORIES)["appendices"])
    assert "A secret promise." in inside
    assert "Gone" not in inside


def test_outside_of_the_city_only_answers_that_went_out_are_told(contract, section):
    addendum = builders.manifest(contract, frozen=False)
    builders.question(
        section,
        text="Which share?",
        quote="74 % of all homes",
        answer="As counted.",
        addendum=addendum,
    )
    builders.question(text="How much?", answer="Not yet decided.")
    builders.question(text="When?", answer="In May.", ready=True)
    for audience in (Audience.PUBLIC, Audience.PARTICIPANTS):
        words = str(printed(contract, audience, AnnexKind.QUESTIONS)["appendices"])
        assert "Which share?" in words
        assert "74 % of all homes" in words
        assert "Sent with addendum 1" in words
        assert "How much?" not in words
        assert "When?" not in words
    inside = str(printed(contract, Audience.CITY, AnnexKind.QUESTIONS)["appendices"])
    assert "In May." in inside
    assert "How much?" in inside
    assert "Not yet decided." not in inside


def test_reviewers_quotes_of_hidden_blocks_are_left_out(contract):
    markdown = "For all.\n\n::: participants\nOnly for some.\n:::\n"
    section = builders.section("A-4", stage=Stage.CONSULTATION, markdown=markdown)
    addendum = builders.manifest(contract, frozen=False)
    builders.question(section, quote="Only for some", answer="So.", addendum=addendum)
    assert "Only for some" not in str(printed(contract, Audience.PUBLIC, AnnexKind.QUESTIONS))
    assert "Only for some" in str(
        printed(contract, Audience.PARTICIPANTS, AnnexKind.QUESTIONS)["appendices"]
    )


def test_another_answer_makes_another_document(contract, section):
    maja = builders.person(Role.COORDINATOR)
    edition = Edition(Audience.CITY, "en", annexes=frozenset({AnnexKind.MATRIX}))
    thread = builders.thread(section)
    with transaction():
        first = documents.request(contract, edition, by=maja)
    assert first.manifest["appendices"]["matrix"]["count"] == 1
    thread.answer = "Otherwise."
    thread.disposition, thread.answered_by, thread.answered_at = (
        Disposition.ACCEPTED,
        maja,
        thread.created_at,
    )
    db.session.commit()
    with transaction():
        assert documents.request(contract, edition, by=maja).id != first.id


def test_appendices_take_a_number_of_queries_that_does_not_grow(ctx, contract, signed, section):
    def queries() -> int:
        db.session.expire_all()
        with counted(ctx) as statements:
            compilation(contract, Edition(Audience.CITY, "en", annexes=ALL))
        return len(statements)

    builders.thread(section, answer=Disposition.NOTED)
    builders.question(section, answer="So.", ready=True)
    few = queries()
    for number in range(5):
        more = builders.section(f"C-{number}")
        builders.thread(more, answer=Disposition.NOTED)
        builders.question(more, answer="So.", ready=True)
        builders.signatory(builders.organisation(), promises=["One.", "Two."])
    assert queries() <= few


@pytest.mark.parametrize("kind", [EditionKind.READING, EditionKind.REVIEW])
@pytest.mark.parametrize("language", ["en", "sl"])
def test_every_appendix_is_valid_and_says_the_same_in_both_formats(
    contract, section, signed, kind, language
):
    builders.thread(section, text="How *so*?\n\nWhy?", answer=Disposition.ACCEPTED)
    builders.question(section, text="Which share?", answer="As counted.", ready=True)
    document = printed(contract, Audience.CITY, *ALL, kind=kind, language=language)
    made = typeset(document)
    assert faults(made.bytes) == []
    words = words_of(made.bytes)
    file = opened(document)
    body = " ".join(
        [one.text for one in file.paragraphs]
        + [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    )
    for said in (
        "How *so*?",
        "A-1/1",
        "No more coal.",
        "Vesna Oblak",
        "Which share?",
        "As counted.",
    ):
        assert said in words
        assert said in body
    for appendix in document["appendices"]:
        assert appendix["title"] in words
        assert appendix["title"] in [one.text for one in file.paragraphs]


def test_empty_appendices_say_so(contract, section):
    document = printed(contract, Audience.PUBLIC, *ALL)
    words = words_of(typeset(document).bytes)
    for said in ("Nobody has signed yet.", "No question has been answered yet."):
        assert said in words
