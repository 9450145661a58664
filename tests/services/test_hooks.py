"""Web hooks are made and changed by those who may, and their secrets are in no row."""

import pytest
from sqlalchemy import text

from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Delivery, Event, Hook
from workflow.rules.refusals import Denied, Invalid
from workflow.rules.vocabulary import EventKind, Role
from workflow.services import deliveries, hooks
from workflow.webhooks import Answer

ADDRESS = "https://register.example.org/in"
APPROVED = EventKind.SECTION_APPROVED


@pytest.fixture
def maja(ctx):
    return builders.person(Role.COORDINATOR, name="Maja")


def made(maja, address=ADDRESS, kinds=(APPROVED,)) -> Hook:
    with transaction():
        return hooks.make(builders.the_contract(), by=maja, address=address, kinds=kinds)


def test_only_those_who_steer_connect_other_systems(maja):
    hook = made(maja)
    editor = builders.person(Role.EDITOR)
    lead = builders.person(Role.COORDINATOR, sector="energy")
    for stranger in (editor, lead):
        for deed in (
            lambda by: hooks.make(
                hook.contract, by=by, address="https://a.example", kinds=[APPROVED]
            ),
            lambda by: hooks.change(hook, by=by, address=ADDRESS, kinds=[APPROVED], active=False),
            lambda by: hooks.renew_secret(hook, by=by),
        ):
            with pytest.raises(Denied), transaction():
                deed(stranger)


def test_what_is_done_stands_in_the_record_and_nobody_is_written_to(maja):
    hook = made(maja)
    with transaction():
        hooks.renew_secret(hook, by=maja)
    for _ in range(2):
        with transaction():
            hooks.change(hook, by=maja, address=ADDRESS, kinds=[APPROVED], active=False)
    events = db.session.query(Event).order_by(Event.id).all()
    kinds = [EventKind.HOOK_MADE, EventKind.HOOK_CHANGED, EventKind.HOOK_CHANGED]
    assert [event.kind for event in events] == kinds
    assert all(event.relayed_at and event.hook_id == hook.id for event in events)


def test_no_row_holds_the_secret(maja, app):
    hook = made(maja)
    secret = hooks.secret(hook)
    assert secret.startswith("whsec_")
    row = db.session.execute(text("SELECT * FROM hook")).one()
    assert secret.removeprefix("whsec_") not in str(row)
    kept, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another key"
    try:
        assert hooks.secret(hook) != secret
    finally:
        app.config["SECRET_KEY"] = kept


def test_an_address_has_one_hook_in_a_contract_however_it_is_spelled(maja):
    hook = made(maja)
    for spelled in (ADDRESS, " https://REGISTER.example.org/in#x "):
        with pytest.raises(Invalid):
            made(maja, spelled)
    other = made(maja, "https://other.example/")
    with pytest.raises(Invalid), transaction():
        hooks.change(other, by=maja, address=ADDRESS, kinds=[APPROVED], active=True)
    with transaction():
        hooks.change(hook, by=maja, address=ADDRESS, kinds=[EventKind.REPLY_MADE], active=True)
    assert hook.kinds == ["reply_made"]


@pytest.mark.parametrize("kinds", [[], [EventKind.REMARK_HELD], [EventKind.PERSON_INVITED]])
def test_what_is_not_offered_is_not_told(maja, kinds):
    with pytest.raises(Invalid):
        made(maja, kinds=kinds)


def test_switched_on_again_it_begins_anew(maja):
    hook = made(maja)
    missed = builders.event(APPROVED)
    wish = {"by": maja, "address": ADDRESS, "kinds": [APPROVED]}
    with transaction():
        hooks.change(hook, active=False, **wish)
        hook.failures, hook.given_up_at = 15, missed.at
    missed = builders.event(APPROVED)
    with transaction():
        hooks.change(hook, active=True, **wish)
    assert (hook.failures, hook.given_up_at, hook.rests_until) == (0, None, None)
    assert hook.seen_id >= missed.id


def test_nothing_is_sent_again_while_it_is_off(maja):
    hook, delivery = builders.hook(told=builders.event(APPROVED), delivered_at=None)
    hook.active = False
    db.session.commit()
    with pytest.raises(Invalid), transaction():
        hooks.send_again(db.session.get(Delivery, delivery.id), by=maja)


def test_stopping_asks_nothing_of_the_address_and_of_the_kinds(maja):
    """What was allowed when it was made may no longer be, and is the best reason to stop."""
    hook, _ = builders.hook("http://127.0.0.1:9/in", kinds=[EventKind.REMARK_HELD])
    as_it_is = {"by": maja, "address": hook.address, "kinds": [EventKind.REMARK_HELD]}
    for _twice in range(2):
        with transaction():
            hooks.change(hook, **as_it_is, active=False)
    assert not hook.active
    kinds = [event.kind for event in db.session.query(Event).filter_by(hook_id=hook.id)]
    assert kinds == [EventKind.HOOK_CHANGED]
    for change in (
        {"active": True, "kinds": [APPROVED]},
        {"active": False, "address": "http://127.0.0.1:9/other"},
        {"active": False, "kinds": []},
    ):
        with pytest.raises(Invalid), transaction():
            hooks.change(hook, **as_it_is | change)


def switched_off(maja, hook: Hook) -> Hook:
    with transaction():
        kinds = [EventKind(kind) for kind in hook.kinds]
        return hooks.change(hook, by=maja, address=hook.address, kinds=kinds, active=False)


@pytest.mark.both_databases
def test_one_that_is_off_is_removed_with_its_log_and_the_record_names_it_still(maja):
    hook, _told = builders.hook(ADDRESS, told=builders.event(APPROVED))
    other, _told = builders.hook("https://other.example/", told=builders.event(APPROVED))
    with pytest.raises(Invalid, match="Switch it off first"), transaction():
        hooks.remove(hook, by=maja)
    switched_off(maja, hook)
    for _ in range(2):
        with transaction():
            hooks.remove(hook, by=maja)
    assert [one.hook_id for one in db.session.query(Delivery)] == [other.id]
    last = db.session.query(Event).order_by(Event.id.desc()).first()
    assert (last.kind, last.hook_id, last.actor_id) == (EventKind.HOOK_REMOVED, hook.id, maja.id)
    assert (hook.address, hook.salt, hook.earlier_salt) == (ADDRESS, "", None)
    again = made(maja)
    assert again.id != hook.id


def test_nobody_changes_one_that_was_removed_meanwhile(maja):
    hook, delivery = builders.hook(ADDRESS, told=builders.event(APPROVED))
    switched_off(maja, hook)
    with transaction():
        hooks.remove(hook, by=maja)
    for deed in (
        lambda: hooks.change(hook, by=maja, address=ADDRESS, kinds=[APPROVED], active=True),
        lambda: hooks.renew_secret(hook, by=maja),
    ):
        with pytest.raises(Invalid, match="removed meanwhile"), transaction():
            deed()
    assert not hook.active
    with pytest.raises(Denied), transaction():
        hooks.remove(hook, by=builders.person(Role.EDITOR))


def test_an_answer_that_comes_after_the_removal_is_let_go(maja):
    hook, delivery = builders.hook(ADDRESS, told=builders.event(APPROVED))
    on_its_way = deliveries.Written(delivery.id)
    switched_off(maja, hook)
    with transaction():
        hooks.remove(hook, by=maja)
    with transaction():
        deliveries.settle(on_its_way, Answer(error="Nobody there"), clock.now())
    assert (hook.failures, db.session.query(Delivery).count()) == (0, 0)
