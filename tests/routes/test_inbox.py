"""The inbox and the wishes: what happened that concerns me, and how do I want to hear of it?"""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import insert, select, update

from tests import builders
from tests.support.queries import counted
from workflow import clock
from workflow.db import db
from workflow.models import Event, Notification, Person, Section, Subscription, Thread
from workflow.rules.vocabulary import (
    EventKind,
    Reason,
    RemarkKind,
    Rhythm,
    Role,
    Visibility,
    Wish,
    WishScope,
)

WISHES = {
    "rhythm": "weekly",
    "hour": "18",
    "weekday": "4",
    "quiet_from": "22",
    "quiet_until": "6",
    "timezone": "Europe/Lisbon",
    "language": "en",
}


@pytest.fixture
def told(app, city):
    """The editor was told of a remark on one section, and of a revision of another."""
    with app.app_context():
        heat = builders.section("HEAT")
        remark = builders.thread(
            heat,
            author=city.stakeholder,
            kind=RemarkKind.CONCERN,
            quote="renovate 3 % of its own buildings",
        )
        made = builders.event(
            EventKind.REMARK_MADE,
            actor=city.stakeholder,
            section=heat,
            thread=remark,
            comment=remark.comments[0],
        )
        bus = builders.section("BUS")
        saved = builders.event(
            EventKind.REVISION_SAVED, actor=city.coordinator, section=bus, revision=bus.current
        )
        notices = [builders.notice(city.editor, event) for event in (made, saved)]
        return SimpleNamespace(notice=notices[0].id, section=heat.id, thread=remark.id)


def unread(app) -> int:
    with app.app_context():
        return db.session.query(Notification).filter(Notification.read_at.is_(None)).count()


def test_it_says_what_happened_where_why_one_hears_it_and_quotes(city, enter, told):
    page = enter(city.editor).get("/inbox").text
    for words in (
        "2 things you have not read",
        f"{city.stakeholder.name} commented on HEAT",
        "renovate 3 % of its own buildings",
        f"{city.coordinator.name} saved revision 1 of BUS",
        "because you follow what happens here",
        f"/threads/{told.thread}",
    ):
        assert words in page


def test_nobody_sees_what_somebody_else_was_told(city, enter, told):
    assert "HEAT" not in enter(city.observer).get("/inbox").text


def test_what_may_no_longer_be_read_disappears_from_the_inbox(app, city, enter, told):
    with app.app_context():
        thread = db.session.get(Thread, told.thread)
        thread.visibility = Visibility.CITY
        builders.keep(thread)
        watcher = builders.person(Role.OBSERVER)
        builders.notice(watcher, db.session.get(Notification, told.notice).event)
    assert "HEAT" not in enter(watcher).get("/inbox").text
    assert "HEAT" in enter(city.editor).get("/inbox").text


def test_whoever_left_the_contract_no_longer_reads_its_news(app, city, enter, told):
    with app.app_context():
        [membership] = db.session.get(Person, city.editor.id).memberships
        db.session.delete(membership)
        db.session.commit()
    page = enter(city.editor).get("/inbox").text
    assert "HEAT" not in page
    assert "BUS" not in page


def test_the_next_letter_is_read_before_it_is_sent(app, city, enter, told):
    with app.app_context():
        db.session.execute(update(Notification).values(due_at=clock.now()))
        db.session.commit()
    client = enter(city.editor)
    assert 'href="/inbox/letter"' in client.get("/inbox").text
    assert "HEAT" in client.get("/inbox/letter").text
    client.post("/inbox/read")
    assert "Nothing waits to be mailed to you" in client.get("/inbox/letter").text


def test_a_withdrawn_remark_is_no_longer_told(app, city, enter, told):
    with app.app_context():
        thread = db.session.get(Thread, told.thread)
        thread.withdrawn_at = thread.created_at
        builders.keep(thread)
    page = enter(city.editor).get("/inbox").text
    assert "renovate" not in page
    assert "BUS" in page


def test_everything_is_marked_as_read_at_once(app, city, enter, told):
    answer = enter(city.editor).post("/inbox/read")
    assert answer.status_code == 303
    assert answer.location.startswith("/inbox?marked=")
    assert unread(app) == 0


def test_what_was_marked_is_made_unread_again_for_five_minutes(app, city, enter, told):
    client = enter(city.editor)
    client.post("/inbox/read", data={"notice": told.notice})
    answer = client.post("/inbox/read")
    marked = answer.location.partition("=")[2]
    page = client.get(answer.location).text
    assert "1 notice is marked as read." in page and f'value="{marked}"' in page
    client.post("/inbox/unread", data={"marked": marked})
    assert unread(app) == 1, "only what the last click marked"
    client.post("/inbox/read")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert "marked as read." not in client.get(answer.location).text
        client.post("/inbox/unread", data={"marked": marked})
        assert "too long ago" in client.get("/inbox").text
    assert unread(app) == 0


@pytest.mark.parametrize("marked", ["", "x", "-1", "9" * 400, "9" * 16, "²", None])
def test_a_moment_that_is_none_takes_nothing_back(app, city, enter, told, marked):
    client = enter(city.editor)
    client.post("/inbox/read")
    assert (
        client.post("/inbox/unread", data={"marked": marked} if marked else {}).status_code == 303
    )
    assert client.get("/inbox", query_string={"marked": marked or ""}).status_code == 200
    assert unread(app) == 0


def test_nobody_takes_back_what_others_marked(app, city, enter, told):
    marked = enter(city.editor).post("/inbox/read").location.partition("=")[2]
    enter(city.observer).post("/inbox/unread", data={"marked": marked})
    assert unread(app) == 0


@pytest.fixture
def elsewhere(app, city, told):
    """The editor was also told of something in another contract, for another reason, and has read one thing."""
    with app.app_context():
        kranj = builders.contract("kranj", city="Kranj")
        builders.member(city.editor, Role.EDITOR, contract=kranj)
        section = builders.section("TRAM", contract=kranj)
        event = builders.event(EventKind.SECTION_APPROVED, contract=kranj, section=section)
        builders.notice(city.editor, event, reason=Reason.OWNER)
        read = builders.event(EventKind.SECTION_APPROVED, section=builders.section("OLD"))
        builders.notice(city.editor, read, read=True)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, {"HEAT", "BUS", "TRAM", "OLD"}),
        ({"show": "unread"}, {"HEAT", "BUS", "TRAM"}),
        ({"contract": "kranj"}, {"TRAM"}),
        ({"contract": "ljubljana"}, {"HEAT", "BUS", "OLD"}),
        ({"contract": "ljubljana", "show": "unread"}, {"HEAT", "BUS"}),
        ({"reason": "owner"}, {"TRAM"}),
        ({"reason": "author"}, set()),
        ({"contract": "celje"}, set()),
        ({"reason": "nonsense", "show": "nonsense"}, {"HEAT", "BUS", "TRAM", "OLD"}),
    ],
)
def test_the_inbox_is_filtered(city, enter, elsewhere, chosen, shown):
    page = enter(city.editor).get("/inbox", query_string=chosen).text
    assert {code for code in ("HEAT", "BUS", "TRAM", "OLD") if f"Section {code}" in page} == shown
    if not shown:
        assert "Nothing that you were told fits this filter." in page


def test_what_the_filter_shows_is_marked_and_the_filter_stays(app, city, enter, elsewhere):
    client = enter(city.editor)
    answer = client.post("/inbox/read?contract=kranj")
    assert answer.location.startswith("/inbox?contract=kranj&marked=")
    assert unread(app) == 2
    page = client.get("/inbox?contract=kranj").text
    assert "Nothing of this is unread." in page and "Clear the filter" in page


def test_a_page_that_was_read_away_leads_to_the_first(app, city, enter, told):
    page = enter(city.editor).get("/inbox?page=9").text
    assert "HEAT" in page and "Nothing here yet" not in page


def test_the_next_letter_is_shown_as_a_mail_program_shows_it(app, city, enter, told):
    client = enter(city.editor)
    assert client.get("/inbox/letter/html").status_code == 404
    with app.app_context():
        db.session.execute(update(Notification).values(due_at=clock.now()))
        db.session.commit()
    assert 'src="/inbox/letter/html"' in client.get("/inbox/letter").text
    letter = client.get("/inbox/letter/html")
    assert "HEAT" in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]


def test_the_inbox_asks_as_little_of_five_thousand_notices(app, city, enter, told):
    client = enter(city.editor)

    def cost(path):
        with counted(app) as questions:
            assert client.get(path).status_code == 200
        return len(questions)

    paths = ("/inbox", "/inbox?show=unread&reason=follower&page=2", "/inbox?contract=ljubljana")
    client.get("/inbox")
    small = [cost(path) for path in paths]
    with app.app_context():
        section, at = db.session.get(Section, told.section), clock.now()
        one = {"kind": EventKind.SECTION_APPROVED, "at": at, "contract_id": section.contract_id}
        rows = db.session.scalars(
            insert(Event).returning(Event.id), [one | {"section_id": section.id}] * 5000
        ).all()
        notices = {"person_id": city.editor.id, "reason": Reason.FOLLOWER, "created_at": at}
        db.session.execute(insert(Notification), [notices | {"event_id": row} for row in rows])
        db.session.commit()
    large = [cost(path) for path in paths]
    assert max(*small, *large) <= 8
    assert large[0] == small[0] and large[2] == small[2]


@pytest.mark.parametrize("which", ["notice", "section"])
def test_one_notice_or_one_section_is_marked_as_read(app, city, enter, told, which):
    enter(city.editor).post("/inbox/read", data={which: getattr(told, which)})
    assert unread(app) == 1


def test_nobody_marks_what_others_were_told(app, city, enter, told):
    enter(city.observer).post("/inbox/read", data={"notice": told.notice})
    enter(city.observer).post("/inbox/read")
    assert unread(app) == 2


def test_a_long_inbox_is_shown_a_page_at_a_time(app, city, enter):
    with app.app_context():
        section = builders.section()
        for _ in range(51):
            event = builders.event(EventKind.SECTION_APPROVED, section=section)
            builders.notice(city.editor, event)
    client = enter(city.editor)
    first, second = (client.get(f"/inbox?page={page}").text for page in (1, 2))
    assert first.count('class="notice ') == 50
    assert second.count('class="notice ') == 1


def test_wishes_are_kept(app, city, enter):
    client = enter(city.editor)
    assert client.post("/preferences", data=WISHES).location == "/preferences"
    with app.app_context():
        person = db.session.get(Person, city.editor.id)
        assert (person.rhythm, person.digest_hour, person.digest_weekday, person.time_zone) == (
            Rhythm.WEEKLY,
            18,
            4,
            "Europe/Lisbon",
        )
        assert (person.quiet_from, person.quiet_until) == (22, 6)


def test_a_new_language_is_spoken_at_once(city, enter):
    client = enter(city.editor)
    client.post("/preferences", data=WISHES | {"language": "sl"})
    assert '<html lang="sl">' in client.get("/preferences").text


@pytest.mark.parametrize(
    "changes",
    [
        {"rhythm": "hourly"},
        {"hour": "24"},
        {"hour": "noon"},
        {"weekday": "7"},
        {"quiet_from": "24"},
        {"quiet_until": ""},
        {"timezone": "Mars/Olympus"},
        {"language": "tlh"},
    ],
)
def test_a_wish_that_cannot_be_kept_says_so_beside_the_field(app, city, enter, changes):
    answer = enter(city.editor).post("/preferences", data=WISHES | changes)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    with app.app_context():
        assert db.session.get(Person, city.editor.id).digest_hour == 7


def kept(app, person) -> list[tuple[str, Wish]]:
    """The places that the person spoke of, each with the wish."""
    with app.app_context():
        rows = db.session.scalars(
            select(Subscription).where(Subscription.person_id == person.id).order_by("id")
        )
        return [
            (scope, row.wish) for row in rows for scope in WishScope if getattr(row, f"{scope}_id")
        ]


def chosen(page: str) -> list[str]:
    """What the list of wishes says of each place, in its order."""
    lists = page.partition('id="follows"')[2]
    return re.findall(r'<option value="(\w+)" selected>', lists)


def test_the_preferences_list_every_place_that_one_may_follow_and_what_one_said_of_others(
    app, city, enter
):
    with app.app_context():
        section = builders.section("HEAT", sectors=["energy"])
        thread = builders.thread(section, author=city.stakeholder)
        for place, wish in (
            (section.sectors[0], Wish.WEEKLY),
            (section, Wish.MUTE),
            (thread, Wish.IMMEDIATE),
        ):
            builders.follow(city.editor, place, wish)
    page = enter(city.editor).get("/preferences").text
    said = [wish for wish in chosen(page) if wish != "usual"]
    assert said == ["weekly", "mute", "immediate"]
    assert f"Comment {thread.number} on Section HEAT" in page
    assert set(chosen(enter(city.observer).get("/preferences").text)) == {"usual"}


def test_whoever_left_a_contract_no_longer_reads_the_names_of_its_places(app, city, enter):
    with app.app_context():
        builders.follow(city.editor, builders.section("HEAT"))
        [membership] = db.session.get(Person, city.editor.id).memberships
        db.session.delete(membership)
        db.session.commit()
    assert "HEAT" not in enter(city.editor).get("/preferences").text


@pytest.mark.parametrize("scope", WishScope)
def test_each_place_is_followed_muted_and_let_go(app, city, enter, scope):
    with app.app_context():
        section = builders.section("CHOSEN", sectors=["energy"])
        thread = builders.thread(section, author=city.stakeholder)
        slug = section.contract.slug
        place, page = {
            WishScope.CONTRACT: (section.contract, None),
            WishScope.SECTOR: (section.sectors[0], None),
            WishScope.SECTION: (section, f"/c/{slug}/sections/{section.id}/"),
            WishScope.THREAD: (thread, f"/threads/{thread.id}"),
        }[scope]
        asked = {"scope": scope.value, "id": place.id}
    client = enter(city.editor)
    for wish in ("follow", "weekly", "weekly", "mute"):
        answer = client.post(f"/c/{slug}/wishes", data=asked | {"wish": wish})
        assert (answer.status_code, answer.location) == (303, f"/preferences#hear-{slug}")
        assert kept(app, city.editor) == [(scope, Wish(wish))]
    if page:
        answer = client.post(f"/c/{slug}/wishes", data=asked | {"wish": "daily", "back": "yes"})
        assert answer.location == page
        assert "Following" in client.get(page).text
    client.post(f"/c/{slug}/wishes", data=asked | {"wish": "usual"})
    assert kept(app, city.editor) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"wish": "loudly"}, 422),
        ({"scope": "planet"}, 422),
        ({"id": "first"}, 422),
        ({"id": "0"}, 422),
        ({"id": "4000000000"}, 404),
        ({"scope": "sector", "id": "99999"}, 404),
        ({"scope": "thread", "id": "99999"}, 404),
        ({"scope": "contract", "id": "99999"}, 404),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(app, city, enter, changes, status):
    with app.app_context():
        section = builders.section("CHOSEN")
        slug = section.contract.slug
    asked = {"scope": "section", "id": section.id, "wish": "mute"} | changes
    assert enter(city.editor).post(f"/c/{slug}/wishes", data=asked).status_code == status
    assert kept(app, city.editor) == []


def test_the_list_of_wishes_asks_the_same_number_of_questions_whatever_is_followed(
    app, city, enter
):
    client = enter(city.editor)

    def asked() -> int:
        with counted(app) as statements:
            assert client.get("/preferences").status_code == 200
        return len(statements)

    few = asked()
    with app.app_context():
        for number in range(9):
            section = builders.section(f"S-{number}", sectors=["energy", "waste", "transport"])
            builders.follow(city.editor, section)
            builders.follow(city.editor, builders.thread(section), Wish.WEEKLY)
    assert asked() == few <= 8


def test_the_page_of_a_comment_asks_eight_questions_at_most_whatever_is_said(app, city, enter):
    with app.app_context():
        thread = builders.thread(builders.section(), author=city.stakeholder)
        builders.follow(city.editor, thread)
    client = enter(city.editor)

    def asked() -> int:
        with counted(app) as statements:
            assert client.get(f"/threads/{thread.id}").status_code == 200
        return len(statements)

    few = asked()
    with app.app_context():
        for _ in range(9):
            builders.comment(thread, author=builders.person(Role.STAKEHOLDER))
    assert asked() == few <= 8
