"""Everything people read is there in Slovene: complete, current, with its placeholders and four plural forms."""

import re

import pytest
from babel.messages.pofile import read_po

from runner import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
FILES = sorted(
    file
    for file in messages.TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")
    if file.parent.parent.name not in messages.DOCUMENTS_ONLY
)


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.parent.parent.name)
def catalogue(request):
    with request.param.open("rb") as file:
        return read_po(file)


def test_there_is_a_slovene_catalogue():
    assert [file.parent.parent.name for file in FILES] == ["sl"]


def test_each_message_of_the_sources_is_in_the_catalogue_and_no_other(catalogue, gathered):
    known = {(message.id, message.context) for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in gathered if message.id}
    assert known == wanted, "`make messages` brings the catalogues up to date"


def test_nothing_is_left_untranslated_or_guessed(catalogue):
    open_ = [message.id for message in catalogue if message.id and not messages.finished(message)]
    assert open_ == []


def test_placeholders_are_those_of_the_original(catalogue):
    for message in _translated(catalogue):
        wanted = _placeholders(message.id[-1] if message.pluralizable else message.id)
        for form in _forms(message):
            assert _placeholders(form) == wanted, message.id


def test_each_number_has_its_form(catalogue):
    assert catalogue.num_plurals == 4
    counted = [message for message in _translated(catalogue) if message.pluralizable]
    assert counted
    assert all(len(message.string) == 4 for message in counted)


def test_spaces_and_breaks_at_the_ends_stay(catalogue):
    for message in _translated(catalogue):
        original = message.id[0] if message.pluralizable else message.id
        for form in _forms(message):
            assert _edges(form) == _edges(original), original


def test_no_markup_and_no_link_is_lost(catalogue):
    tags = re.compile(r"<[^>]+>")
    for message in _translated(catalogue):
        original = message.id[0] if message.pluralizable else message.id
        for form in _forms(message):
            assert sorted(tags.findall(form)) == sorted(tags.findall(original)), original


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 pripomb"),
        (1, "1 pripomba"),
        (2, "2 pripombi"),
        (3, "3 pripombe"),
        (5, "5 pripomb"),
        (101, "101 pripomba"),
        (102, "102 pripombi"),
        (111, "111 pripomb"),
    ],
)
def test_comments_are_counted_as_in_speech(catalogue, number, words):
    message = catalogue.get("%(num)s comment")
    form = message.string[_slovene_form(number)]
    assert form % {"num": number} == words


def _slovene_form(number: int) -> int:
    return {1: 0, 2: 1, 3: 2, 4: 2}.get(number % 100, 3)


def _translated(catalogue):
    return [message for message in catalogue if message.id and messages.finished(message)]


def _forms(message) -> tuple[str, ...]:
    return tuple(message.string) if message.pluralizable else (message.string,)


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_gathering_keeps_what_is_translated_and_guesses_nothing(tmp_path):
    file = tmp_path / "messages.po"
    text = FILES[0].read_text(encoding="utf-8")
    assert 'msgid "Sector"' in text
    file.write_text(text.replace('msgid "Sector"', 'msgid "Sektor-"'), encoding="utf-8")
    assert messages.update(file) == ["Sector"]
    after = file.read_text(encoding="utf-8")
    assert 'msgid "Sektor-"' not in after
    assert after.count('msgstr "Razdelek"') == text.count('msgstr "Razdelek"') > 0
