"""Documents come in German too: whatever they say of themselves is there, and pages go on in English and Slovene."""

import io

import docx
import pytest
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask_babel import force_locale, get_translations

from runner import builds, messages
from tests import builders
from tests.translations.test_slovene import PLACEHOLDER
from tests.typesetting.sample import faults, open_pdf, words_of
from workflow import dates, word
from workflow.db import transaction
from workflow.labels import LABELS
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.refusals import Invalid
from workflow.rules.vocabulary import (
    AnnexKind,
    Audience,
    BuildState,
    Disposition,
    EditionKind,
    OrganisationKind,
    QuestionState,
    RemarkKind,
    ReviewBody,
    Role,
    SignatoryStatus,
    Stage,
)
from workflow.services import documents, manifests, manuscripts
from workflow.typesetting import LABELS as PRINTED
from workflow.typesetting import typeset

FILE = messages.TRANSLATIONS / "de" / "LC_MESSAGES" / "messages.po"
SPOKEN = (
    Stage,
    RemarkKind,
    Disposition,
    Audience,
    OrganisationKind,
    QuestionState,
    ReviewBody,
    SignatoryStatus,
)
"""What documents name by a label."""

TEXT = """Die Wärme kommt aus "der Stadt".

Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller wissen es.

Table: Emissionen

| Jahr | Tonnen |
|---|---|
| 2018 | 1.183.322 |
"""


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    builds.compile_translations(lambda _said: None)


@pytest.fixture(scope="module")
def catalogue():
    with FILE.open("rb") as file:
        return read_po(file)


@pytest.fixture
def contract(ctx):
    made = builders.contract()
    section = builders.section("A-1", markdown=TEXT, language="de", stage=Stage.CONSULTATION)
    builders.section("A-2", markdown=None)
    builders.element(builders.section("A-3"), because="Nicht bei uns.")
    builders.thread(section)
    builders.thread(section, answer=Disposition.ACCEPTED_IN_PART)
    manifest = builders.manifest(made, frozen=False)
    builders.signatory(status=SignatoryStatus.SIGNED, manifest=manifest, promises=["Fernwärme"])
    builders.question(section, answer="Ja.", addendum=manifest)
    builders.revision(section, TEXT + "\nEin neuer Satz.\n")
    return made


def document(contract, language="de", kind=EditionKind.READING, **what) -> dict:
    edition = Edition(Audience.CITY, language, kind=kind, annexes=frozenset(AnnexKind), **what)
    given = compilation(contract, edition)
    return manuscripts.write(given, manifests.digest(manifests.manifest(given)))


def test_whatever_documents_say_is_in_the_catalogue_and_finished(catalogue, gathered):
    said = {
        (message.id, message.context)
        for message in gathered
        if message.id and any(file in messages.DOCUMENTS for file, _line in message.locations)
    }
    assert said <= {(message.id, message.context) for message in catalogue}
    assert [one.id for one in catalogue if one.id and not messages.finished(one)] == []


def test_placeholders_are_those_of_the_original(catalogue):
    for message in catalogue:
        if message.id:
            forms = message.string if message.pluralizable else (message.string,)
            original = message.id[-1] if message.pluralizable else message.id
            for form in forms:
                assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(original))


def test_each_label_that_documents_use_is_german(ctx, catalogue):
    for vocabulary in SPOKEN:
        for value, words in LABELS[vocabulary].items():
            with force_locale("en"):
                english = str(words)
            assert catalogue.get(english), (vocabulary, value)


class _Heard(NullTranslations):
    """Hears whatever no catalogue translates."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def gettext(self, message):
        self.words.append(message)
        return message

    def ngettext(self, one, several, number):
        self.words.append(several)
        return several


@pytest.mark.parametrize("what", [{}, {"kind": EditionKind.CHANGES, "since": 1}], ids=str)
def test_a_whole_document_says_nothing_that_is_not_translated(contract, what):
    heard = _Heard()
    with force_locale("de"):
        get_translations().add_fallback(heard)
    document(contract, **what)
    assert heard.words == []


def test_it_is_a_valid_document_in_german(contract):
    made = typeset(document(contract))
    assert made.standards == ("ua-1", "a-2a")
    assert faults(made.bytes) == []
    assert str(open_pdf(made.bytes).Root.Lang) == "de"
    words = words_of(made.bytes)
    for said in ("ENTWURF", "Inhalt", "Tabelle 1", "Tabellenverzeichnis", f"2 von {made.pages}"):
        assert said in words
    for said in ("„der Stadt“", "Stand: ", "Offen für Anmerkungen", "Haftungsausschluss"):
        assert said in words
    for label in ("Contents", "Disclaimer", "List of tables", "Not applicable"):
        assert label not in words
    assert "hersteller" in words.replace("-\n", "")


def test_every_fixed_word_of_the_template_is_given(contract):
    english, german = document(contract, "en")["labels"], document(contract)["labels"]
    assert set(german) >= set(PRINTED)
    same = {key for key in german if german[key] == english[key]}
    assert same <= {"manifest"}


def test_titles_that_the_template_lacks_stand_in_english_and_the_document_says_so(contract):
    for component in contract.components:
        component.titles = {"en": "Action Plan", "sl": "Akcijski načrt"}
    german, slovene = document(contract), document(contract, "sl")
    assert (german["titles_language"], slovene["titles_language"]) == ("en", "sl")
    assert any("auf Englisch" in sentence for sentence in german["disclaimer"])
    assert not any("angleščini" in sentence for sentence in slovene["disclaimer"])
    file = docx.Document(io.BytesIO(word.write(german).bytes))
    headings = [one for one in file.paragraphs if one.style.name == "Heading 1"]
    languages = [one._p.xpath(".//w:lang/@w:val") for one in headings]
    assert ["en-GB"] in languages


def test_numbers_and_days_are_german(contract):
    assert dates.day(contract.created_at.date().replace(month=3, day=6), "de").startswith("6. März")


def test_documents_are_asked_for_in_german_and_pages_are_not(app, contract):
    maja = builders.person(Role.COORDINATOR)
    with transaction():
        asked = documents.request(contract, Edition(Audience.CITY, "de"), by=maja)
    assert (asked.state, asked.language) == (BuildState.QUEUED, "de")
    with pytest.raises(Invalid), transaction():
        documents.request(contract, Edition(Audience.CITY, "fr"), by=maja)
    assert set(app.config["LANGUAGES"]) == {"en", "sl"}
    page = app.test_client().get("/sign-in", headers={"Accept-Language": "de"})
    assert b'lang="en"' in page.data
