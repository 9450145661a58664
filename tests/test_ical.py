"""Calendar files: what is written can be read back, folded and escaped as the format wants, whatever the words are."""

from datetime import UTC, date, datetime, timedelta, timezone

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.text.reading import corpus
from workflow import ical
from workflow.ical import Entry

AT = datetime(2026, 11, 27, 16, 5, 7, tzinfo=UTC)
FORBIDDEN = {*map(chr, range(32)), "\x7f"} - {"\t"}


def entry(title="Round 1 closes", text="Contract", on=AT, **what) -> Entry:
    given = {"uid": "round-1-closes@concord.test", "url": "https://concord.test/c/kranj/rounds/1"}
    return Entry(on=on, title=title, text=text, sequence=2, changed_at=AT, **given | what)


def read(file: bytes) -> icalendar.Event:
    """The only event of the file, after the rules that hold for every line of it."""
    assert file.endswith(b"\r\n")
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        assert not FORBIDDEN & set(line.decode())
    calendar = icalendar.Calendar.from_ical(file)
    [event] = calendar.walk("VEVENT")
    assert not calendar.errors and not event.errors
    return event


def written(one: Entry) -> bytes:
    return ical.written([one], name="Concord", language="sl")


def test_a_moment_is_told_in_utc_and_a_day_as_a_day():
    ljubljana = timezone(timedelta(hours=1))
    assert b"DTSTART:20261127T160507Z\r\n" in written(entry(on=AT.astimezone(ljubljana)))
    assert b"DTSTART;VALUE=DATE:20261206\r\n" in written(entry(on=date(2026, 12, 6)))


def test_an_entry_has_its_name_its_state_its_language_and_a_way_back():
    event = read(written(entry()))
    assert event["UID"] == "round-1-closes@concord.test"
    assert event["SEQUENCE"] == 2
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == AT
    assert event["SUMMARY"].params["LANGUAGE"] == "sl"
    assert event["URL"] == "https://concord.test/c/kranj/rounds/1"
    assert event["DESCRIPTION"] == "Contract\nhttps://concord.test/c/kranj/rounds/1"


def test_nothing_rings_and_nobody_is_busy():
    event = read(written(entry()))
    assert event["TRANSP"] == "TRANSPARENT"
    assert not event.subcomponents


def test_the_same_entries_make_the_same_file():
    assert written(entry()) == written(entry())


def test_an_empty_calendar_can_be_read():
    calendar = icalendar.Calendar.from_ical(ical.written([], name="Concord", language="en"))
    assert (calendar["VERSION"], calendar["NAME"]) == ("2.0", "Concord")
    assert not calendar.walk("VEVENT")


def check(words: str) -> None:
    event = read(written(entry(title=words, text=words)))
    assert str(event["SUMMARY"]) == ical.clean(words)
    assert str(event["DESCRIPTION"]) == f"{ical.clean(words)}\n{event['URL']}"


@pytest.mark.parametrize(
    "words",
    [
        'a;b,c\\d:e"f',
        "\\n is no break, \\\\n neither",
        "one\ntwo\r\nthree\rfour",
        "BEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        "ž" * 200,
        "👩‍👩‍👧‍👦" * 40,
        "\x00\x07\x0b\x1b\x7f\x85\u2028\u2029\ufeff",
        " leading and trailing ",
        "x" * 74 + "ž",
    ],
)
def test_words_come_back_as_they_were(words):
    check(words)


def test_naughty_strings_come_back_as_they_were():
    for words in corpus("naughty-strings.json"):
        check(words)


@given(st.text() | st.text('\\;,:"\r\n\t ^nž👩\x00\x1f', max_size=200))
def test_any_words_come_back_as_they_were(words):
    check(words)


@given(st.text())
def test_cleaning_keeps_all_but_control_characters(words):
    assert ical.clean(ical.clean(words)) == ical.clean(words)
    kept = [one for one in words.replace("\r\n", "\n").replace("\r", "\n") if one.isprintable()]
    assert [one for one in ical.clean(words) if one.isprintable()] == kept
