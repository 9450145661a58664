import pytest
from sqlalchemy import select

from tests import builders
from tests.support.queries import counted
from workflow.db import db
from workflow.models import ApprovalStep, Decision, Person, Position, Section
from workflow.rules.vocabulary import Act, Disposition, RemarkKind, Role, Stage, Stance

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def judge():
    return builders.person(Role.APPROVER, name="Nives Kastelic")


@pytest.fixture
def section():
    return builders.section(stage=Stage.REVIEW)


def page(section, what="review"):
    return f"/c/{section.contract.slug}/sections/{section.id}/{what}"


def take(client, section, stance, text="", **more):
    return client.post(
        page(section, "positions"),
        data={"stance": stance, "text": text, "seen": section.current_id} | more,
    )


def undo_of(section):
    """The address by which the page offers to take the last step back."""
    last = db.session.scalars(select(Decision).order_by(Decision.number.desc())).first()
    return f"{page(section, 'undo')}?decision={last.id}"


def stage_of(section):
    db.session.expire_all()
    return db.session.get(Section, section.id).stage


def test_a_judge_approves_from_the_page_and_takes_the_click_back(client, section, judge):
    builders.sign_in(client, judge)
    assert "Nobody who is asked objects" in client.get(page(section)).text
    assert take(client, section, "approve").status_code == 303
    assert stage_of(section) is Stage.APPROVED
    shown = client.get(page(section)).text
    assert "Take it back" in shown
    assert client.post(undo_of(section)).status_code == 303
    assert stage_of(section) is Stage.REVIEW


def test_taking_back_twice_and_from_an_older_screen_takes_back_what_was_shown(
    client, section, judge
):
    builders.sign_in(client, judge)
    take(client, section, "approve")
    shown, address = client.get(page(section)).text, undo_of(section)
    assert address in shown
    for _click in range(2):
        assert client.post(address, follow_redirects=True).status_code == 200
    assert stage_of(section) is Stage.REVIEW
    take(client, section, "approve")
    assert client.post(address).status_code == 303
    assert stage_of(section) is Stage.APPROVED
    other = builders.section(stage=Stage.REVIEW)
    assert client.post(address.replace(f"/{section.id}/", f"/{other.id}/")).status_code == 404


def test_a_judge_who_agreed_approves_from_the_page_when_the_last_objection_is_gone(
    client, section, judge
):
    other = builders.person(Role.APPROVER)
    builders.sign_in(client, other)
    take(client, section, "object", "The sums are wrong.")
    builders.sign_in(client, judge)
    take(client, section, "approve")
    assert 'value="approve"' not in client.get(page(section)).text
    db.session.delete(db.session.get(Person, other.id).memberships[0])
    db.session.commit()
    assert 'value="approve"' in client.get(page(section)).text
    take(client, section, "approve")
    assert stage_of(section) is Stage.APPROVED


def test_an_objection_without_its_reason_is_refused_beside_the_field(client, section, judge):
    builders.sign_in(client, judge)
    answer = take(client, section, "object")
    assert answer.status_code == 422
    assert "Please say what you object to" in answer.text
    assert take(client, section, "object", "The sums are wrong.").status_code == 303
    assert "The sums are wrong." in client.get(page(section)).text


def test_what_was_typed_is_not_lost_when_the_position_is_refused(client, section):
    builders.keep(
        ApprovalStep(
            contract_id=section.contract_id,
            section_id=section.id,
            order=1,
            title="Legal",
            people=[builders.person(Role.APPROVER)],
        )
    )
    other = builders.person(Role.APPROVER)
    builders.sign_in(client, other)
    answer = take(client, section, "object", "My long reason.")
    assert answer.status_code == 422
    assert "My long reason." in answer.text
    assert "Nobody asks for your position at this step of the approval." in answer.text
    assert db.session.query(Position).count() == 0


def test_whoever_agreed_before_sees_what_changed_and_confirms_in_one_click(client, judge):
    section = builders.section(stage=Stage.REVIEW, markdown="The network serves 74 % of homes.")
    builders.keep(
        Position(
            section_id=section.id,
            person_id=judge.id,
            stance=Stance.APPROVE,
            revision_id=section.current_id,
            sha256=section.current.sha256,
            at=section.stage_since,
        )
    )
    builders.revision(section, "The network serves 76 % of homes.")
    builders.sign_in(client, judge)
    shown = client.get(page(section)).text
    assert "You agreed to revision 1" in shown
    assert "<ins" in shown
    assert "Confirm for the new text" in shown
    take(client, section, "approve")
    assert stage_of(section) is Stage.APPROVED


def test_the_review_page_asks_the_same_few_questions_however_many_judge(app, client, section):
    judge = builders.person(Role.APPROVER)
    builders.sign_in(client, judge)
    client.get(page(section))
    with counted(app) as few:
        client.get(page(section))
    for _ in range(20):
        builders.person(Role.APPROVER)
    for order in (1, 2, 3):
        step = ApprovalStep(
            contract_id=section.contract_id, order=order, title="Step", role=Role.APPROVER
        )
        builders.keep(step)
    with counted(app) as many:
        client.get(page(section))
    assert len(few) <= len(many) <= 12


def test_coordinators_plan_the_steps_and_others_may_not(client, section, judge):
    builders.sign_in(client, builders.person(Role.EDITOR))
    assert client.get(f"/c/{section.contract.slug}/approval").status_code == 403
    builders.sign_in(client, builders.person(Role.COORDINATOR))
    section.stage = Stage.REVISION
    db.session.commit()
    address = f"/c/{section.contract.slug}/approval"
    answer = client.post(address, data={"title": "Legal check", "order": 1, "quorum": 1})
    assert answer.status_code == 422
    assert "Please choose a role" in answer.text
    step = {"title": "Legal check", "order": 1, "quorum": 1, "people": [judge.id]}
    assert client.post(address, data=step).status_code == 303
    shown = client.get(address).text
    assert "Legal check" in shown
    assert "Nives Kastelic" in shown
    [made] = db.session.query(ApprovalStep).all()
    assert client.post(f"{address}/{made.id}/remove").status_code == 303
    assert db.session.query(ApprovalStep).count() == 0


def test_a_step_that_is_added_twice_is_there_once(client, section):
    builders.sign_in(client, builders.person(Role.COORDINATOR))
    address = f"/c/{section.contract.slug}/approval"
    section.stage = Stage.REVISION
    db.session.commit()
    step = {"title": "Legal", "order": 1, "quorum": 1, "role": "approver"}
    for _click in range(2):
        assert client.post(address, data=step).status_code == 303
    assert db.session.query(ApprovalStep).count() == 1
    assert client.post(address, data=step | {"order": 2}).status_code == 303
    assert db.session.query(ApprovalStep).count() == 2


def test_the_steps_do_not_change_while_a_text_is_judged_by_them(client, section):
    builders.sign_in(client, builders.person(Role.COORDINATOR))
    address = f"/c/{section.contract.slug}/approval"
    step = {"title": "Late", "order": 1, "quorum": 1, "role": "approver"}
    answer = client.post(address, data=step)
    assert answer.status_code == 422
    assert "under review" in answer.text
    assert "Late" in answer.text


def test_programs_take_positions_too_and_are_told_the_same_blockers(client, section, judge):
    builders.thread(section, kind=RemarkKind.OBJECTION)
    builders.sign_in(client, judge)
    address = f"/api/sections/{section.id}/positions"
    refused = client.post(address, json={"stance": "approve", "seen": section.current_id})
    assert refused.status_code == 409
    assert [one["key"] for one in refused.json["blockers"]] == ["objections", "answers"]
    taken = client.post(
        address, json={"stance": "object", "seen": section.current_id, "text": "As remarked."}
    )
    assert taken.status_code == 200
    assert [one["stance"] for one in taken.json["positions"]] == ["object"]


def test_a_section_with_several_judges_stays_in_review_and_says_how_many_are_asked(client, judge):
    section = builders.section(stage=Stage.REVIEW)
    other = builders.person(Role.APPROVER)
    builders.keep(
        ApprovalStep(
            contract_id=section.contract_id,
            order=1,
            title="Both",
            quorum=2,
            people=[judge, other],
        )
    )
    builders.sign_in(client, judge)
    answer = client.post(
        page(section, "positions"),
        data={"stance": "approve", "seen": section.current_id},
        follow_redirects=True,
    )
    assert "1 more person is asked." in answer.text
    assert stage_of(section) is Stage.REVIEW
    assert db.session.query(Decision).filter_by(act=Act.APPROVE).count() == 0


def test_an_answered_remark_does_not_hinder(client, section, judge):
    builders.thread(section, answer=Disposition.NOTED)
    builders.sign_in(client, judge)
    take(client, section, "approve")
    assert stage_of(section) is Stage.APPROVED


def test_steps_by_which_a_text_is_under_review_are_shown_and_not_offered_to_change(client, section):
    builders.sign_in(client, builders.person(Role.COORDINATOR))
    shown = client.get(page(section, "approval")).text
    assert "A text is under review by the steps as they are." in shown
    assert "Add the step" not in shown
    other = builders.section(stage=Stage.REVISION)
    assert "Add the step" in client.get(page(other, "approval")).text


def test_a_text_to_which_somebody_objects_is_not_said_to_wait(client, section, judge):
    builders.sign_in(client, judge)
    assert "waits for those who are asked" in client.get(page(section)).text
    take(client, section, "object", "The sums are wrong.")
    shown = client.get(page(section)).text
    assert "somebody who is asked objects" in shown
    assert "waits for those who are asked" not in shown


def test_an_author_who_judges_is_told_that_another_has_to_approve_too(client):
    author = builders.person(Role.COORDINATOR)
    section = builders.section(stage=Stage.REVIEW, author=author)
    builders.sign_in(client, author)
    assert (
        "Somebody who did not write this text has to approve it, too"
        in client.get(page(section)).text
    )
