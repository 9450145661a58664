"""Other systems are told: through the real job, to a real HTTP server that checks signatures as it would outside."""

import json
import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks import Webhook

from tasks import hooks as jobs
from tests import builders
from tests.support.application import Worker
from tests.support.receiver import Receiver, receiving
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Delivery, Event, Hook
from workflow.rules.hooks import FAILURES, OFFERED, TRIES
from workflow.rules.vocabulary import EventKind, Moderation, Role, Visibility
from workflow.services import deliveries, hooks, outbox
from workflow.webhooks import Answer

APPROVED, REMARK = EventKind.SECTION_APPROVED, EventKind.REMARK_MADE


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def app(app):
    before = {name: app.config[name] for name in ("HOOKS_TO_LOOPBACK", "HOOK_SECONDS")}
    app.config.update(HOOKS_TO_LOOPBACK=True, HOOK_SECONDS=1)
    yield app
    app.config.update(before)


@pytest.fixture
def maja(ctx):
    return builders.person(Role.COORDINATOR, name="Maja")


@pytest.fixture
def section(maja):
    return builders.section("A-1", author=maja)


@pytest.fixture
def hook(maja, receiver: Receiver) -> Hook:
    return connected(maja, receiver.url)


def connected(maja, address: str, kinds=(APPROVED, REMARK)) -> Hook:
    with transaction():
        return hooks.make(builders.the_contract(), by=maja, address=address, kinds=kinds)


def happen(section, kind=APPROVED, **what) -> Event:
    with transaction():
        return outbox.record(
            kind, actor=None, contract_id=section.contract_id, section=section, **what
        )


def later(**time):
    """The job once more, after a while."""
    with time_machine.travel(clock.now() + timedelta(**time)):
        jobs.deliver()


def rows(model=Delivery) -> list:
    db.session.rollback()
    return db.session.scalars(
        select(model).order_by(model.id).execution_options(populate_existing=True)
    ).all()


def test_a_message_is_signed_as_the_standard_says_and_names_what_happened(hook, section, receiver):
    event = happen(section, revision=section.current)
    jobs.deliver()
    [call] = receiver.calls
    said = Webhook(hooks.secret(hook)).verify(call.body, call.headers)
    assert said["type"] == "section_approved"
    assert said["data"]["event"] == event.id
    assert said["data"]["section"] == {"id": section.id, "code": "A-1", "title": "Section A-1"}
    assert said["data"]["revision"] == {"number": 1, "sha256": section.current.sha256}
    assert said["data"]["contract"]["slug"] == section.contract.slug
    address = f"http://concord.test/c/{section.contract.slug}/sections/{section.id}/"
    assert said["data"]["url"] == address
    assert call.headers["content-type"] == "application/json"
    assert call.headers["webhook-id"] == f"concord_{hook.id}_{event.id}"
    assert call.headers["host"] == f"127.0.0.1:{receiver.port}"
    [told] = rows()
    assert told.delivered_at
    assert (told.attempts, told.status_code, told.last_error) == (1, 200, None)


def test_whatever_is_offered_can_be_told(app, section, maja, receiver, monkeypatch):
    connected(maja, receiver.url, kinds=OFFERED)
    remark = builders.thread(section)
    signatory = builders.signatory()
    about = {
        "revision": section.current,
        "thread": remark,
        "comment": remark.comments[0],
        "round": builders.round_of(section),
        "manifest": builders.manifest(section.contract, frozen=False),
        "signatory": signatory,
        "signatory_entry": signatory.entries[0],
    }
    for kind in OFFERED:
        happen(section, kind, **about)
    monkeypatch.setattr(jobs, "LONGEST_RUN", 100)
    jobs.deliver()
    assert all(told.delivered_at for told in rows()), [told.last_error for told in rows()]
    said = [json.loads(call.body) for call in receiver.calls]
    assert {one["type"] for one in said} == set(OFFERED)
    home = app.url_map.bind("concord.test")
    for one in said:
        assert home.match(one["data"]["url"].removeprefix("http://concord.test").split("?")[0])


def test_each_event_is_told_once_and_only_what_was_asked_for(hook, section, receiver):
    happen(section)
    happen(section, EventKind.REVISION_SAVED, revision=section.current)
    happen(builders.section(contract=builders.contract("kranj")))
    for _ in range(3):
        jobs.deliver()
    assert len(receiver.calls) == 1


def test_what_happened_before_the_hook_was_made_is_not_told(section, maja, receiver):
    happen(section)
    connected(maja, receiver.url)
    jobs.deliver()
    assert receiver.calls == []


def test_an_event_whose_transaction_ended_late_is_told_too(hook, section, receiver):
    early, late = happen(section), happen(section)
    with transaction():
        db.session.delete(db.session.get(Event, early.id))
    jobs.deliver()
    assert len(receiver.calls) == 1
    with transaction():
        missed = {"kind": APPROVED, "contract_id": section.contract_id, "section_id": section.id}
        db.session.add(Event(id=early.id, at=late.at, relayed_at=late.at, **missed))
    jobs.deliver()
    assert [call.headers["webhook-id"] for call in receiver.calls] == [
        f"concord_{hook.id}_{event.id}" for event in (late, early)
    ]


@pytest.mark.parametrize(
    "remark",
    [
        {"visibility": Visibility.CITY},
        {"visibility": Visibility.ORGANISATION},
        {"moderation": Moderation.HELD},
        {"withdrawn": True},
    ],
    ids=str,
)
def test_of_a_remark_that_is_not_for_everybody_nothing_leaves(hook, section, receiver, remark):
    thread = builders.thread(section, **remark)
    happen(section, REMARK, thread=thread, comment=thread.comments[0])
    jobs.deliver()
    assert receiver.calls == []
    [told] = rows()
    assert told.closed_at
    assert (told.delivered_at, told.last_error) == (None, None)


def test_a_remark_is_told_without_words_and_names(hook, section, receiver):
    thread = builders.thread(
        section, text="zebrafinch", quote="heated with coal", author=builders.person(name="Zora")
    )
    happen(section, REMARK, thread=thread, comment=thread.comments[0])
    jobs.deliver()
    [call] = receiver.calls
    assert json.loads(call.body)["data"]["comment"] == {
        "thread": thread.id,
        "number": thread.number,
        "kind": "question",
    }
    for word in (b"zebrafinch", b"coal", b"Zora"):
        assert word not in call.body


def test_what_fails_is_tried_again_under_the_same_id_and_the_hook_rests_meanwhile(
    hook, section, receiver
):
    receiver.status, receiver.said = 500, b"out of\x00 order " + b"x" * 5000
    happen(section)
    happen(section)
    jobs.deliver()
    assert len(receiver.calls) == 1
    told = rows()[0]
    assert (told.status_code, told.delivered_at, told.closed_at) == (500, None, None)
    assert told.last_error.startswith("500 out of order")
    assert len(told.last_error) <= 500
    receiver.behave()
    jobs.deliver()
    assert len(receiver.calls) == 1
    later(minutes=2)
    assert all(told.delivered_at for told in rows())
    ids = [call.headers["webhook-id"] for call in receiver.calls]
    assert len(ids) == 3
    assert len(set(ids)) == 2
    assert (rows(Hook)[0].failures, rows(Hook)[0].rests_until) == (0, None)


@pytest.mark.parametrize("fault", ["stalls", "drips", "hangs up", "redirects", "is not there"])
def test_a_system_that_misbehaves_holds_nobody_up(hook, section, receiver, maja, fault):
    with receiving() as other:
        connected(maja, f"{other.url}/other")
        happen(section)
        match fault:
            case "stalls":
                receiver.stalls = 3
            case "drips":
                receiver.drips = True
            case "hangs up":
                receiver.hangs_up = True
            case "redirects":
                receiver.status, receiver.more = 307, {"Location": f"{other.url}/elsewhere"}
            case _:
                receiver.stop()
        jobs.deliver()
        assert [call.path for call in other.calls] == ["/hooks/other"]
    bad, good = rows()
    assert good.delivered_at
    assert bad.delivered_at is None
    assert bad.last_error
    assert bad.status_code == (307 if fault == "redirects" else None)


def test_a_system_that_is_never_heard_is_given_up_and_the_coordinators_hear_of_it(
    hook, section, receiver
):
    receiver.status = 503
    happen(section)
    happen(section)
    hours = 0
    while rows(Hook)[0].active:
        hours += 3
        later(hours=hours)
        assert hours < 3 * 2 * FAILURES
    assert len(receiver.calls) == FAILURES
    assert rows(Hook)[0].given_up_at
    [told] = db.session.scalars(select(Event).where(Event.kind == EventKind.HOOK_GIVEN_UP)).all()
    assert (told.hook_id, told.relayed_at) == (hook.id, None)
    happen(section)
    later(days=30)
    assert len(receiver.calls) == FAILURES
    assert len(rows()) == 2


def test_one_message_that_is_never_taken_is_given_up_while_others_go_on(hook, section, receiver):
    receiver.status = 422
    happen(section)
    hours = 0
    for _ in range(TRIES + 2):
        receiver.status = 422
        hours += 3
        later(hours=hours)
        with transaction():
            hook = db.session.get(Hook, hook.id)
            hook.failures, hook.rests_until = 0, None
    [given_up] = rows()
    assert given_up.closed_at
    assert (given_up.attempts, len(receiver.calls)) == (TRIES, TRIES)
    receiver.behave()
    happen(section)
    jobs.deliver()
    assert [bool(told.delivered_at) for told in rows()] == [False, True]


@pytest.mark.parametrize(
    ("asked", "waits"),
    [("7200", timedelta(hours=2)), ("99999999999", timedelta(days=1)), ("soon", timedelta())],
)
def test_a_system_that_asks_to_wait_is_left_alone_so_long(hook, section, receiver, asked, waits):
    receiver.status, receiver.more = 429, {"Retry-After": asked}
    happen(section)
    jobs.deliver()
    [told], [kept] = rows(), rows(Hook)
    for until in (told.next_try_at, kept.rests_until):
        assert until - told.tried_at >= waits
        assert until - told.tried_at <= max(waits, timedelta(minutes=1)) + timedelta(seconds=10)
    receiver.behave()
    later(minutes=2)
    assert len(receiver.calls) == (1 if waits else 2)
    later(days=1, minutes=1)
    assert rows()[0].delivered_at


def test_what_was_told_long_ago_is_forgotten_and_what_was_not_is_kept(hook, section, receiver):
    happen(section)
    jobs.deliver()
    receiver.status = 500
    happen(section)
    later(hours=1)
    assert [bool(one.delivered_at) for one in rows()] == [True, False]
    long_after = {"days": 91}
    with time_machine.travel(clock.now() + timedelta(**long_after), tick=False):
        receiver.behave()
        jobs.forget()
    [waiting] = rows()
    assert waiting.delivered_at is None
    later(**long_after)
    assert [bool(one.delivered_at) for one in rows()] == [True]
    assert len(receiver.calls) == 3


def test_what_was_given_up_is_kept_until_it_is_sent_again(hook, section, receiver):
    receiver.status = 500
    happen(section)
    jobs.deliver()
    with transaction():
        [told] = rows()
        told.closed_at = clock.now()
    with time_machine.travel(clock.now() + timedelta(days=200), tick=False):
        jobs.forget()
    assert len(rows()) == 1


def test_gone_means_gone(hook, section, receiver):
    receiver.status = 410
    happen(section)
    jobs.deliver()
    assert not rows(Hook)[0].active
    assert len(receiver.calls) == 1


def test_a_new_secret_signs_beside_the_earlier_one_for_a_day(hook, section, receiver, maja):
    earlier = hooks.secret(hook)
    with transaction():
        hooks.renew_secret(hook, by=maja)
    newer = hooks.secret(hook)
    assert newer != earlier
    happen(section)
    jobs.deliver()
    [call] = receiver.calls
    for secret in (earlier, newer):
        Webhook(secret).verify(call.body, call.headers)
    happen(section)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        jobs.deliver()
        call = receiver.calls[1]
        Webhook(newer).verify(call.body, call.headers)
        with pytest.raises(Exception, match="No matching signature"):
            Webhook(earlier).verify(call.body, call.headers)


@pytest.mark.both_databases
def test_of_two_workers_one_tells(app, hook, section):
    happen(section)
    with transaction():
        deliveries.spread(clock.now())
    with transaction():
        first = deliveries.claim(clock.now())
    with transaction():
        second = deliveries.claim(clock.now())
    assert (len(first), second) == (1, [])
    with transaction():
        assert deliveries.claim(clock.now() + timedelta(seconds=61)) == first


def test_a_hook_hears_one_thing_at_a_time(hook, section, maja):
    happen(section)
    happen(section)
    with transaction():
        deliveries.spread(clock.now())
    with transaction():
        [first] = deliveries.claim(clock.now())
    with transaction():
        assert deliveries.claim(clock.now()) == []
    [written] = deliveries.write([first])
    with transaction():
        deliveries.settle(written, Answer(200), clock.now())
    with transaction():
        [second] = deliveries.claim(clock.now())
    assert second > first


def test_whoever_settles_late_does_not_undo_what_another_worker_did(hook, section):
    happen(section)
    with transaction():
        deliveries.spread(clock.now())
    with transaction():
        ids = deliveries.claim(clock.now())
    [written] = deliveries.write(ids)
    with transaction():
        deliveries.settle(written, Answer(200), clock.now())
    with transaction():
        deliveries.settle(written, Answer(error="late"), clock.now())
    [told] = rows()
    assert told.delivered_at
    assert (rows(Hook)[0].failures, told.last_error) == (0, None)


def test_a_message_that_cannot_be_written_stops_no_other(hook, section, receiver, maja):
    kranj = builders.contract("kranj")
    builders.member(maja, Role.COORDINATOR, contract=kranj)
    db.session.refresh(maja)
    with transaction():
        hooks.make(kranj, by=maja, address=f"{receiver.url}/kranj", kinds=[APPROVED])
    happen(section)
    happen(builders.section(contract=kranj))
    kranj.titles = {}
    builders.keep(kranj)
    jobs.deliver()
    assert [call.path for call in receiver.calls] == ["/hooks"]
    good, bad = rows()
    assert good.delivered_at
    assert (bad.delivered_at, bad.closed_at, bad.attempts) == (None, None, 1)
    assert "StopIteration" in bad.last_error


def test_a_message_is_told_again_when_asked_for_under_the_same_id(hook, section, receiver, maja):
    happen(section)
    jobs.deliver()
    with transaction():
        hooks.send_again(rows()[0], by=maja)
    jobs.deliver()
    first, again = receiver.calls
    assert first.headers["webhook-id"] == again.headers["webhook-id"]


@pytest.fixture
def soon_free(environment):
    """What a worker holds when it dies is free again in a moment; one that is only slow would lose it, too."""
    environment["CONCORD_HOOK_LEASE_SECONDS"] = "2"


@pytest.fixture
def worker_of_hooks(environment):
    environment |= {"CONCORD_DEMO": "1"}
    worker = Worker(environment | {"CONCORD_HOOK_SECONDS": "60"})
    yield worker
    worker.stop()


@pytest.mark.both_databases
@pytest.mark.timeout(240)
def test_several_workers_at_once_tell_each_thing_once(
    hook, section, receiver, maja, worker_of_hooks
):
    with receiving() as other:
        connected(maja, other.url)
        events = [happen(section) for _ in range(15)]
        worker_of_hooks.start()
        for _ in range(6):
            worker_of_hooks.send("hooks.deliver")
        for one in (receiver, other):
            one.wait(len(events), seconds=60)
        worker_of_hooks.stop()
    assert all(told.delivered_at and told.attempts == 1 for told in rows())
    for one in (receiver, other):
        told = [call.headers["webhook-id"].rpartition("_")[2] for call in one.calls]
        assert told == [str(event.id) for event in events]


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("soon_free")
def test_a_killed_workers_message_comes_again_under_the_same_id(
    hook, section, receiver, worker_of_hooks
):
    happen(section)
    receiver.stalls = 30
    worker_of_hooks.start()
    worker_of_hooks.send("hooks.deliver")
    receiver.wait(1, seconds=60)
    worker_of_hooks.kill()
    receiver.behave()
    worker_of_hooks.start()
    for _ in range(20):
        worker_of_hooks.send("hooks.deliver")
        if len(receiver.calls) > 1:
            break
        db.session.rollback()
        time.sleep(0.5)
    first, again = receiver.wait(2)
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    Webhook(hooks.secret(hook)).verify(again.body, again.headers)
