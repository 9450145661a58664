"""Whatever is sent to whichever address, nobody gets a 500: the walk covers every rule of the application."""

from collections.abc import Iterable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests import builders
from tests.support.complete import share
from workflow import clock
from workflow.db import db
from workflow.models import Digest, SavedView, Section
from workflow.rules.vocabulary import EventKind, Rhythm, Role, Stage

ODD = {
    "nothing": "",
    "nul": "a\x00b",
    "script": "<script>alert(1)</script>",
    "long": "ž" * 200 + "z" * 4800,
    "beyond": "9" * 30,
    "negative": "-1",
    "nought": "0",
    "one": "1",
    "fraction": "1.5",
    "not a number": "NaN",
    "odd letters": "\u202e🏳️‍🌈\ufffe\u0000",
    "date": "9999-99-99",
    "early date": "0001-01-01",
    "late date": "9999-12-31",
    "format": "%(who)s {0} {{ 7 * 7 }}",
}
# fmt: off
FIELDS = (
    "act", "announcement", "answer", "audience", "base", "block", "closes_at", "disposition",
    "due", "duplicate_of", "email", "end", "hour", "kind", "language", "markdown", "name",
    "new_organisation", "next", "notice", "organisation", "owner", "page", "password",
    "password_again", "quote", "reason", "revision", "revision_number", "rhythm", "role", "scope",
    "section", "seen", "show", "start", "summary", "text", "timezone", "token", "visibility",
    "weekday", "old", "new", "stage", "sector", "component", "only", "from", "opens_at", "title",
    "days", "step", "body", "reference", "checklist", "asked_on", "due_on", "assignee", "state",
    "chosen",
    "tonnes_per_year", "investment_eur", "by_year", "may_publish", "representative", "office", "on",
    "note", "sha256", "agreed", "letter", "q", "tier", "to", "status", "names", "sort", "down",
    "submit_on", "address", "kinds", "active", "picture", "alt", "caption", "source", "line",
    "logo", "without_logo", "colour", "grant",
)
# fmt: on
VALID = {
    "act": "submit",
    "kind": "question",
    "visibility": "public",
    "disposition": "noted",
    "role": "stakeholder",
    "scope": "contract",
    "rhythm": "daily",
    "language": "en",
    "organisation": "",
    "audience": "city",
    "body": "commission",
    "tier": "basis",
    "to": "legal_check",
}
"""What lets a form through to the verb while all other fields are odd."""

BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b'{"text": "\\ud800"}',
    b'{"text": 1e999}',
    b"\xff\xfe",
]

pytestmark = pytest.mark.parametrize("app", ["postgresql"], indirect=True)
"""It refuses more than SQLite does, and a walk takes its time."""


@pytest.fixture
def town(app: Flask, city):
    """A city with a section in each stage, a remark on it, and the ids that addresses need."""
    with app.app_context():
        sections = [builders.section(stage=stage, author=city.coordinator) for stage in Stage]
        thread = builders.thread(sections[0], author=city.coordinator)
        builders.round_of(sections[1])
        builders.question(sections[0])
        sealed = builders.manifest(sections[0].contract, frozen=False)
        builders.question(sections[0], answer="So.", addendum=sealed)
        element = builders.element(sections[0])
        organisation = builders.organisation()
        signatory = builders.signatory(organisation, promises=["No more coal."])
        membership = builders.someone(Role.OBSERVER).memberships[0]
        builders.member(city.coordinator, Role.ADMIN)
        at = clock.now()
        letter = builders.keep(
            Digest(
                person_id=city.coordinator.id,
                rhythm=Rhythm.DAILY,
                due_at=at,
                composed_at=at,
                next_try_at=at,
                message_id="<one@example.org>",
                last_error="451 Later",
            )
        )
        view = builders.keep(
            SavedView(
                person_id=city.coordinator.id,
                contract_id=city.contract.id,
                name="Mine",
                query="only=mine",
            )
        )
        hook, delivery = builders.hook(told=builders.event(EventKind.SECTION_APPROVED))
        return {
            "slug": city.slug,
            "section_id": [section.id for section in sections],
            "thread_id": [thread.id],
            "element_id": [element.id],
            "membership_id": [membership.id],
            "letter_id": [letter.id],
            "person_id": [city.coordinator.id],
            "link_id": [1],
            "organisation_id": [organisation.id],
            "signatory_id": [signatory.id],
            "commitment_id": [signatory.commitments[0].id],
            "key": ["0" * 64],
            "document_id": [1],
            "group_id": [1],
            "sheet_id": [1],
            "comment_id": [1],
            "step_id": [1],
            "view_id": [view.id],
            "picture_id": [1],
            "hook_id": [hook.id],
            "delivery_id": [delivery.id],
            "number": [1],
            "token": ["odd"],
            "message_id": ["odd"],
            "name": ["0" * 32],
        }


def addresses(app: Flask, rule: Rule, town) -> list[str]:
    """The rule with real ids, once for each section where it names one."""
    names = {name: town[name] for name in rule.arguments}
    several = names.get("section_id", [None])
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(
            rule.endpoint,
            {
                name: one if name == "section_id" else known if name == "slug" else known[0]
                for name, known in names.items()
            },
            method="GET" if "GET" in rule.methods else "POST",
        )
        for one in several
    ]


def rules(app: Flask, method: str) -> list[Rule]:
    kept_out = ("static", "openapi_api", "people.sign_out")
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in kept_out and method in rule.methods
    ]


def in_turn(
    app: Flask, method: str, odd: str | bytes, all_odd: Iterable[str | bytes]
) -> list[Rule]:
    """A third of the rules for this oddity, so that each rule meets a third of the oddities; all with CI=true."""
    return share(rules(app, method), list(all_odd).index(odd), of=3)


@pytest.mark.parametrize("odd", ODD)
def test_no_form_ends_in_a_fault(app, town, city, enter, odd):
    form = dict.fromkeys(FIELDS, ODD[odd]) | VALID
    client = enter(city.coordinator)
    for rule in in_turn(app, "POST", odd, ODD):
        if rule.rule.startswith("/api/"):
            continue
        for address in addresses(app, rule, town):
            status = client.post(address, data=form).status_code
            assert status < 500, (address, status)


def test_no_empty_and_no_wild_form_ends_in_a_fault(app, town, city, enter):
    client = enter(city.coordinator)
    for rule in rules(app, "POST"):
        for address in addresses(app, rule, town)[:1]:
            for form in ({}, dict.fromkeys(FIELDS, ODD["nul"])):
                status = client.post(address, data=form).status_code
                assert status < 500, (address, status)


@pytest.mark.parametrize("odd", ODD)
def test_no_query_ends_in_a_fault(app, town, city, enter, odd):
    client = enter(city.coordinator)
    for rule in in_turn(app, "GET", odd, ODD):
        for address in addresses(app, rule, town)[:1]:
            status = client.get(
                address, query_string=dict.fromkeys(FIELDS, ODD[odd][:200])
            ).status_code
            assert status < 500, (address, status)


@pytest.mark.parametrize("body", BODIES)
def test_no_json_ends_in_a_fault(app, town, city, enter, body):
    client = enter(city.coordinator)
    for rule in in_turn(app, "POST", body, BODIES):
        for address in addresses(app, rule, town)[:1]:
            answer = client.post(address, data=body, content_type="application/json")
            assert answer.status_code < 500, (address, answer.status_code)


@pytest.mark.parametrize("odd", [*ODD.values(), "\ud800", "\uffff" * 10])
def test_odd_words_in_a_well_formed_body_are_taken_or_refused(app, town, city, enter, odd):
    client = enter(city.coordinator)
    [draft, discussed, *_others] = town["section_id"]
    with app.app_context():
        read = {key: db.session.get(Section, key).current_id for key in (draft, discussed)}
    remark = {"text": odd, "revision": read[discussed], "kind": "question"}
    bodies = {
        f"/api/sections/{discussed}/threads": remark,
        f"/api/threads/{town['thread_id'][0]}/replies": {"text": odd},
        f"/api/sections/{draft}/revisions": {"markdown": odd, "base": read[draft]},
    }
    for address, body in bodies.items():
        answer = client.post(address, json=body)
        assert answer.status_code < 500, address
        assert answer.is_json
    assert client.get(f"/c/{city.slug}/sections/{discussed}/").status_code == 200
