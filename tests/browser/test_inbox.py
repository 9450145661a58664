"""The inbox on a phone: what was read is marked in place, by keys too, and a notice leads to the words it is about."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.test_desk import sign_in
from tests.browser.test_every_page import faults_of
from workflow.rules.vocabulary import EventKind, Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]


@pytest.fixture
def told(ctx):
    """Ana was told of two replies to her remark and of an approval."""
    contract = builders.contract("mesto")
    ana = builders.person(Role.STAKEHOLDER, email="ana@example.org", contract=contract)
    heat = builders.section("HEAT", contract=contract)
    remark = builders.thread(heat, author=ana, quote="74 % of all homes")
    jona = builders.person(Role.EDITOR, name="Jona", contract=contract)
    said = {"actor": jona, "section": heat, "contract": contract}
    replies = [builders.comment(remark, author=jona, text=f"Reply {n}.") for n in (1, 2)]
    for reply in replies:
        event = builders.event(EventKind.REPLY_MADE, thread=remark, comment=reply, **said)
        builders.notice(ana, event)
    builders.notice(ana, builders.event(EventKind.SECTION_APPROVED, **said))
    return {"comment": replies[0].id}


def test_what_was_read_is_marked_in_place_taken_back_and_a_reply_is_jumped_to(
    told, live_server, visitors
):
    phone = visitors.new(width=390, height=844, bypass_csp=True)
    ana = sign_in(phone, live_server.url, "ana@example.org")
    ana.goto(f"{live_server.url}/inbox")
    assert not faults_of(ana, "the inbox", 390)
    expect(ana.locator("#unread")).to_have_text("3")

    ana.get_by_role("button", name="Mark as read: Jona approved HEAT").press("Enter")
    expect(ana.locator("#unread")).to_have_text("2")
    undo = ana.get_by_role("button", name="Take it back")
    expect(undo).to_be_focused()
    assert not faults_of(ana, "the inbox after a click", 390)
    undo.press("Enter")
    expect(ana.locator("#unread")).to_have_text("3")

    ana.get_by_role("button", name="Mark this section as read").click()
    expect(ana.locator("#unread")).to_have_count(0)
    ana.get_by_role("button", name="Take it back").click()
    expect(ana.locator("#unread")).to_have_text("3")

    ana.get_by_label("Only unread").check()
    expect(ana).to_have_url(f"{live_server.url}/inbox?show=unread")
    ana.locator(f'a[href$="comment={told["comment"]}"]').click()
    reply = ana.locator(f"#comment-{told['comment']}")
    expect(reply).to_be_focused()
    expect(reply).to_be_in_viewport()
    expect(ana.locator("#unread")).to_have_count(0)
