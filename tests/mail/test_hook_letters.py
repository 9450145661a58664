"""The letter by which coordinators hear that another system is told nothing any more."""

from datetime import timedelta

from tests import builders
from tests.mail.conftest import MONDAY
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Hook
from workflow.rules.vocabulary import Rhythm, Role
from workflow.services import hooks


def test_coordinators_hear_that_a_hook_was_given_up_and_nobody_else(
    travel, post, smtp_sink, as_kept
):
    builders.contract("ljubljana")
    at_once = {"rhythm": Rhythm.IMMEDIATE}
    for role in Role:
        builders.person(role, name=role.title(), email=f"{role}@example.org", **at_once)
    builders.person(
        Role.COORDINATOR, name="Maja Hribar", email="sl@example.org", language="sl", **at_once
    )
    hook, _none = builders.hook()
    given_up(hook)
    post(MONDAY + timedelta(minutes=5))
    assert len(smtp_sink.letters) == 2
    as_kept("hook-given-up", smtp_sink.to("coordinator@example.org")[0])
    as_kept("hook-given-up-sl", smtp_sink.to("sl@example.org")[0])


def test_one_that_is_on_again_is_not_told_of(travel, post, smtp_sink):
    maja = builders.person(Role.COORDINATOR, rhythm=Rhythm.IMMEDIATE)
    hook, _none = builders.hook()
    given_up(hook)
    with transaction():
        wish = {"address": hook.address, "kinds": hooks.OFFERED}
        hooks.change(db.session.get(Hook, hook.id), by=maja, active=True, **wish)
    post(MONDAY + timedelta(minutes=5))
    assert smtp_sink.letters == []


def given_up(hook: Hook) -> None:
    with transaction():
        hooks.give_up(db.session.get(Hook, hook.id), clock.now())
