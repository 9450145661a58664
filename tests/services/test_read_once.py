"""No text is read twice, and nobody loses what was known when he began to ask."""

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow.db import db
from workflow.models import Revision
from workflow.services.read_once import KNOWN, ReadOnce, unread


@pytest.fixture
def read():
    return []


@pytest.fixture
def lengths(read):
    def find(markdown: str) -> int:
        read.append(markdown)
        return len(markdown)

    return ReadOnce(find, most=2)


def test_a_text_is_read_once(lengths, read):
    assert [lengths.hold().of("a", text) for text in ("four", None, "four")] == [4, 4, 4]
    assert read == ["four"]
    assert lengths.hold().asking == {KNOWN: ["a"]}


def test_what_was_known_at_the_start_stays_at_hand_though_others_begin_anew(lengths, read):
    first = lengths.hold()
    assert [first.of("a", "one"), first.of("b", "three")] == [3, 5]
    mine = lengths.hold()
    assert mine.asking == {KNOWN: []}
    assert mine.of("c", "four") == 4
    begun = lengths.hold()
    assert begun.asking == {KNOWN: ["c"]}
    mine.of("d", "five!")
    others = lengths.hold()
    assert others.asking == {KNOWN: []}
    assert begun.of("c", None) == 4
    assert first.of("a", None) == 3
    assert read == ["one", "three", "four", "five!"]


@pytest.mark.both_databases
def test_thousands_of_known_texts_are_one_value_of_one_statement(ctx):
    sections = [builders.section(code, markdown=f"Text {code}.") for code in ("A-1", "A-2")]
    known, other = (section.current.sha256 for section in sections)
    hashes = [f"{number:064x}" for number in range(5_000)] + [known, 'it\'s "1", {2}']
    query = select(Revision.sha256, unread()).order_by(Revision.id)
    with counted(ctx) as statements:
        found = dict(db.session.execute(query, {KNOWN: hashes}).all())
    assert found == {known: None, other: sections[1].current.markdown}
    assert len(statements) == 1
    assert len(statements[0]) < 1_000
    assert set(db.session.scalars(query.with_only_columns(unread()), {KNOWN: []})) == {
        section.current.markdown for section in sections
    }
