"""What somebody opens he has read: the notices that lead to a page, and no others, by whichever way he came."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Event, Notification, Section, Thread
from workflow.queries import opening
from workflow.queries.happenings import ADDRESSES
from workflow.rules.vocabulary import EventKind, SignatoryStatus, Stage
from workflow.services import digests


@pytest.fixture
def told(app, city):
    """The coordinator was told of one thing of each kind of place."""
    with app.app_context():
        heat = builders.section("HEAT")
        one, other = (builders.thread(heat, author=city.stakeholder) for _ in range(2))
        rounded = builders.round_of(builders.section("BUS", stage=Stage.CONSULTATION))
        question = builders.question(heat)
        signatory = builders.signatory(status=SignatoryStatus.INVITED)
        said = {"section": heat, "actor": city.stakeholder}
        events = {
            "remark": builders.event(
                EventKind.REMARK_MADE, thread=one, comment=one.comments[0], **said
            ),
            "answer": builders.event(EventKind.REMARK_ANSWERED, thread=one, **said),
            "other remark": builders.event(
                EventKind.REMARK_MADE, thread=other, comment=other.comments[0], **said
            ),
            "revision": builders.event(EventKind.REVISION_SAVED, revision=heat.current, **said),
            "review": builders.event(EventKind.REVIEW_REQUESTED, **said),
            "approval": builders.event(EventKind.SECTION_APPROVED, **said),
            "round": builders.event(EventKind.ROUND_OPENED, round=rounded),
            "question": builders.event(EventKind.QUESTION_ASSIGNED, question=question, **said),
            "signatory": builders.event(EventKind.SIGNATORY_MOVED, signatory=signatory),
            "document": builders.event(EventKind.DOCUMENT_FAILED),
            "contract": builders.event(EventKind.CONTRACT_FROZEN),
        }
        for event in events.values():
            builders.notice(city.coordinator, event)
            builders.notice(city.editor, event)
        return SimpleNamespace(
            events={event.id: name for name, event in events.items()},
            section=heat.id,
            thread=one.id,
            comment=one.comments[0].id,
            paths={
                f"/threads/{one.id}": {"remark", "answer"},
                f"/threads/{one.id}/beside": {"remark", "answer"},
                f"/c/ljubljana/sections/{heat.id}/": {"approval"},
                f"/c/ljubljana/sections/{heat.id}/compare?new=1": {"revision"},
                f"/c/ljubljana/sections/{heat.id}/review": {"review"},
                f"/c/ljubljana/rounds/{rounded.number}": {"round"},
                f"/c/ljubljana/questions/{question.number}": {"question"},
                f"/c/ljubljana/signatories/{signatory.id}": {"signatory"},
                "/c/ljubljana/documents": {"document"},
                "/c/ljubljana/whole": {"contract"},
                "/c/ljubljana/": set(),
                "/c/ljubljana/board": set(),
                "/inbox": set(),
            },
        )


def read_by(app, person, told) -> set[str]:
    with app.app_context():
        rows = db.session.scalars(
            select(Notification.event_id).where(
                Notification.person_id == person.id, Notification.read_at.is_not(None)
            )
        )
        return {told.events[row] for row in rows}


def test_opening_a_page_reads_what_leads_to_it_and_nothing_else(app, city, enter, told):
    client, expected = enter(city.coordinator), set()
    for path, names in told.paths.items():
        assert client.get(path).status_code in (200, 303), path
        expected |= names
        assert read_by(app, city.coordinator, told) == expected, path
    assert read_by(app, city.editor, told) == set(), "each reads for himself"


def test_every_place_that_an_event_leads_to_reads_it():
    pages = {*ADDRESSES.values(), "sections.show", "contracts.home", "people.index"}
    assert opening.KINDS.keys() == pages
    assert set().union(*opening.KINDS.values()) == set(EventKind)


def test_what_the_address_of_each_such_page_names_is_known(app):
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    for endpoint in opening.KINDS:
        names = tuple((name, 1) for name in sorted(rules[endpoint].arguments))
        assert opening.about((endpoint, names)) is not None, endpoint


def test_the_count_on_the_page_is_already_right(city, enter, told):
    client = enter(city.coordinator)
    assert 'id="unread">11<' in client.get("/inbox").text
    assert 'id="unread">9<' in client.get(f"/threads/{told.thread}").text
    assert 'id="unread">9<' in client.get("/inbox").text


def test_a_page_that_may_not_be_seen_or_is_only_fetched_in_advance_reads_nothing(
    app, city, enter, told
):
    with app.app_context():
        stranger = builders.person(contract=builders.contract("kranj"))
        event = db.session.get(Event, min(told.events))
        builders.notice(stranger, event)
    assert enter(stranger).get(f"/threads/{told.thread}").status_code == 404
    assert read_by(app, stranger, told) == set()
    early = {"Sec-Purpose": "prefetch;prerender"}
    enter(city.coordinator).get(f"/threads/{told.thread}", headers=early)
    assert read_by(app, city.coordinator, told) == set()


def test_what_was_opened_is_not_mailed_any_more(app, city, enter, told):
    def waiting() -> int:
        with app.app_context():
            return digests.preview(db.session.merge(city.coordinator), clock.now()).count

    remarks = [number for number, name in told.events.items() if "remark" in name]
    with app.app_context():
        db.session.query(Notification).filter(Notification.event_id.in_(remarks)).update(
            {"due_at": clock.now()}
        )
        db.session.commit()
    assert waiting() == 2
    enter(city.coordinator).get(f"/threads/{told.thread}")
    assert waiting() == 1


def test_news_that_come_after_a_page_was_opened_are_read_when_it_is_opened_again(
    app, city, enter, told
):
    """Though as many are unread as before, and nothing else has happened."""
    client, path = enter(city.observer), f"/c/ljubljana/sections/{told.section}/"
    client.get(path)  # what is noted at the first visit is noted
    with app.app_context():
        approvals = [
            builders.event(
                EventKind.SECTION_APPROVED, section=db.session.get(Section, told.section)
            )
            for _ in range(2)
        ]
        builders.notice(city.observer, approvals[0])
    held = {"If-None-Match": client.get(path).headers["ETag"]}
    with app.app_context():
        builders.notice(city.observer, db.session.get(Event, approvals[1].id))
    assert client.get(path, headers=held).status_code == 200
    assert 'id="unread"' not in client.get("/inbox").text


def test_a_page_with_nothing_to_read_asks_nothing_for_it(app, city, enter, told):
    client, path = enter(city.coordinator), f"/threads/{told.thread}"
    client.get(path)
    with counted(app) as questions:
        client.get(path)
    assert not [one for one in questions if one.startswith("UPDATE")]
    with counted(app) as of_another:
        client.get(path.replace(str(told.thread), str(told.thread + 1)))
        client.get(path.replace(str(told.thread), str(told.thread + 1)))
    assert len(of_another) > 2 * len(questions), "the first time it writes"


def test_a_remark_is_shown_beside_its_text_on_the_right_page(app, city, enter, told):
    client = enter(city.coordinator)
    answer = client.get(f"/threads/{told.thread}/beside?comment={told.comment}")
    at = f"/c/ljubljana/sections/{told.section}/"
    assert answer.location == f"{at}#comment-{told.comment}"
    assert client.get(f"/threads/{told.thread}/beside").location == f"{at}#thread-{told.thread}"
    with app.app_context():
        section = db.session.get(Thread, told.thread).section
        quoted = [builders.thread(section, quote="district heating") for _ in range(40)]
        last = builders.thread(section).id
        first = quoted[0].id
    assert client.get(f"/threads/{first}/beside").location == f"{at}#thread-{first}"
    where = client.get(f"/threads/{last}/beside").location
    assert where == f"{at}?page=2#thread-{last}"
    assert f'id="thread-{last}"' in client.get(where).text
    assert client.get("/threads/999999/beside").status_code == 404
