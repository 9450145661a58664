"""What a remark asks the database: the same number of questions, whatever was said before."""

import pytest

from tests import builders
from tests.support.queries import counted
from workflow.db import db, transaction
from workflow.models import Section, Thread
from workflow.rules.vocabulary import Stage


@pytest.fixture(params=[Stage.REVISION, Stage.CONSULTATION], ids=str)
def section(app, city, request) -> Section:
    """Under revision, or on display in a round."""
    with app.app_context(), transaction():
        section = builders.section("B-1", contract=city.contract, stage=request.param)
        if request.param is Stage.CONSULTATION:
            builders.round_of(section)
        return section


def test_a_remark_asks_six_questions_and_writes_three_rows_whatever_was_said(
    app, city, section, enter
):
    client = enter(city.coordinator)
    address = f"/c/{city.slug}/sections/{section.id}/threads"
    said = {"kind": "question", "visibility": "participants", "language": "en"}
    said |= {"revision": section.current_id, "text": "Who answers for it?", "from": "margin"}

    def asked(token: str) -> list[str]:
        with counted(app) as statements:
            answer = client.post(address, data=said | {"token": token})
        assert answer.status_code == 303
        return [one.split()[0] for one in statements]

    first = asked("one")
    with app.app_context(), transaction():
        for _ in range(12):
            builders.thread(db.session.get(Section, section.id), author=city.editor)
    assert first == asked("two") == ["SELECT"] * 6 + ["INSERT"] * 3
    with app.app_context():
        assert db.session.query(Thread).count() == 14


def test_a_remark_on_a_text_that_is_not_there_is_not_made(app, city, section, enter):
    client = enter(city.coordinator)
    address = f"/c/{city.slug}/sections/{section.id}/threads"
    said = {"kind": "question", "visibility": "participants", "language": "en", "text": "Who?"}
    with app.app_context(), transaction():
        other = builders.section("B-2", contract=city.contract, stage=Stage.REVISION).current_id
    for revision, status in (("", 422), (other, 404), (2**31 - 1, 404)):
        answer = client.post(address, data=said | {"revision": revision, "token": f"t{revision}"})
        assert answer.status_code == status, revision
    with app.app_context():
        assert db.session.query(Thread).count() == 0
