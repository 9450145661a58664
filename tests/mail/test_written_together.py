"""Letters that are written together read as if each had been written alone."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests import builders
from workflow import clock
from workflow.db import db
from workflow.models import Digest, Person
from workflow.rules.vocabulary import (
    Disposition,
    EventKind,
    Reason,
    Rhythm,
    Role,
    Stage,
    Visibility,
)
from workflow.services import pieces, sending

pytestmark = pytest.mark.usefixtures("ctx")

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TEXT = "The network serves 74 % of all homes.\n\n::: city\nThe mayor calls it zebrafinch.\n:::\n"


def readers() -> list[Person]:
    """Everybody who may read differently: by role, language, clock, organisation, or because it bears his name."""
    people = [builders.person(role) for role in Role for _ in range(2)]
    people += [builders.person(Role.EDITOR, sector="energy"), builders.person(None)]
    people[-1].guest = True
    people.append(builders.person(organisation=builders.organisation("Heat utility")))
    for number, person in enumerate(people):
        person.rhythm = Rhythm.WEEKLY if number % 3 else Rhythm.IMMEDIATE
        person.language = "sl" if number % 2 else "en"
        person.time_zone = "Asia/Tokyo" if number % 5 else "Europe/Ljubljana"
    people[3].name = 'Mária <b>\xa0& "Söhne" O\'Neill'
    db.session.commit()
    return people


def happened(people: list[Person]) -> list:
    """Remarks for all eyes, changed texts with hidden words, answers and steps."""
    contract, events = builders.the_contract(), []
    for number, visibility in enumerate(Visibility):
        section = builders.section(
            f"B-{number}",
            markdown=TEXT,
            stage=Stage.REVISION,
            owner=people[number],
            author=people[0],
        )
        here = {"contract": contract, "section": section}
        thread = builders.thread(
            section,
            author=people[number + 4] if number else people[-2],
            visibility=visibility,
            answer=Disposition.NOTED,
            quote="74 %",
        )
        first = {"thread": thread, "comment": thread.comments[0], **here}
        events.append(builders.event(EventKind.REMARK_MADE, actor=thread.author, **first))
        reply = builders.comment(thread, author=people[5], text="We ask *the same*.")
        said = {"thread": thread, "comment": reply, **here}
        events.append(builders.event(EventKind.REPLY_MADE, actor=people[5], **said))
        events.append(
            builders.event(EventKind.REMARK_ANSWERED, actor=people[0], thread=thread, **here)
        )
        for share in ("75 %", "76 %"):
            saved = builders.revision(
                section, TEXT.replace("74 %", share).replace("zebrafinch", f"finch {share}")
            )
            what = {"revision": saved, **here}
            events.append(builders.event(EventKind.REVISION_SAVED, actor=people[0], **what))
        events.append(builders.event(EventKind.SECTION_APPROVED, actor=people[1], **here))
    return events


def digests(people: list[Person], events: list) -> list[int]:
    at, ids = clock.now(), []
    for person in people:
        digest = builders.keep(
            Digest(
                person=person,
                rhythm=person.rhythm,
                due_at=at,
                composed_at=at,
                next_try_at=at,
                message_id=f"<{person.id}@example.org>",
            )
        )
        for number, event in enumerate(events):
            notice = builders.notice(person, event)
            notice.reason = (Reason.FOLLOWER, Reason.AUTHOR)[number % 2]
            notice.digest_id = digest.id
        ids.append(digest.id)
    db.session.commit()
    return ids


def test_what_many_letters_share_is_told_to_each_reader_as_to_him_alone():
    builders.contract("ljubljana")
    people = readers()
    ids = digests(people, happened(people))
    with time_machine.travel(MONDAY, tick=False):  # a guest's link names the second it was made in
        together = sending.write(ids)
        for remembered in (pieces._text, pieces._html, pieces._frame):
            remembered.cache_clear()
        alone = [one for digest_id in reversed(ids) for one in sending.write([digest_id])]
    assert together == alone[::-1]
    assert not [one.error for one in together if one.error]
    texts = {str(one.letter.text) for one in together if one.letter}
    assert len(texts) > len(people) * 2 / 3
    knowing = [one for one in together if one.letter and "finch" in str(one.letter.html)]
    assert 0 < len(knowing) < len(together)
