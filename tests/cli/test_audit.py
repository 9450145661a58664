"""`flask audit …`: what an operator sees of the tamper-evident record."""

import pytest

from tests import builders
from tests.support import tampering
from workflow.rules.vocabulary import EventKind


@pytest.fixture
def flask(app):
    return lambda *words: app.test_cli_runner().invoke(args=["audit", *words])


@pytest.fixture
def events(app):
    with app.app_context():
        for _ in range(3):
            builders.event(EventKind.CONTRACT_CREATED)


def test_what_is_whole_ends_well(flask, events):
    assert flask("seal").output == "3 rows sealed\n"
    head = flask("head").output.strip()
    assert head.startswith("3:") and len(head) == 66
    verified = flask("verify", "--expect", head)
    assert verified.exit_code == 0, verified.output
    assert verified.output == f"3 seals verified, 0 faults; head {head}\n"


def test_what_was_changed_is_named_and_ends_badly(app, flask, events):
    flask("seal")
    head = flask("head").output.strip()
    with app.app_context():
        tampering.change("event", 2, kind=EventKind.CONTRACT_FROZEN)
        tampering.remove("event", 3)
        tampering.change("seal", 1, row_sha256="0" * 64)
    verified = flask("verify", "--expect", head)
    assert verified.exit_code == 1
    assert "event 2: changed after it was sealed" in verified.output
    assert "event 3: removed after it was sealed" in verified.output
    assert "seal 1 of event 1: the seal was changed" in verified.output
    assert "3 seals verified, 3 faults" in verified.output


def test_a_head_that_is_not_in_the_chain_is_said(flask, events):
    flask("seal")
    verified = flask("verify", "--expect", "9:" + "a" * 64)
    assert verified.exit_code == 1
    assert "seal 9: the expected head is not in the chain" in verified.output
    assert flask("verify", "--since", "-1").exit_code == 2
