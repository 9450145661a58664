from datetime import timedelta

import pytest

from tests import builders
from tests.mail.conftest import MONDAY
from workflow.db import db, transaction
from workflow.models import Person, Section
from workflow.rules.vocabulary import (
    Act,
    Disposition,
    EventKind,
    Mandate,
    RemarkKind,
    Rhythm,
    Role,
    Stage,
)
from workflow.services import (
    corrections,
    guest_links,
    guests,
    letters,
    mandates,
    moderation,
    organisations,
    outbox,
    people,
    reviews,
    revisions,
    rounds,
    sections,
    silence,
    threads,
)
from workflow.services.pieces import wrapped

MORNING = MONDAY.replace(day=24, hour=6)

HEAT = """The district heating network serves 74 % of all homes. By 2030 no home is heated with coal.

The city will renovate 3 % of its own buildings every year and report on it in public.
"""


@pytest.fixture
def city(travel):
    contract = builders.contract("ljubljana")
    builders.person(
        Role.COORDINATOR, name="Maja Hribar", email="maja@example.org", rhythm=Rhythm.OFF
    )
    builders.person(
        Role.APPROVER, name="Tine Kos", email="tine@example.org", rhythm=Rhythm.IMMEDIATE
    )
    builders.person(
        Role.STAKEHOLDER,
        name="Peter Zajc",
        email="peter@example.org",
        organisation=builders.organisation("Tenants' Union"),
    )
    builders.person(
        Role.STAKEHOLDER,
        name="Špela Žnidaršič",
        email="spela@example.org",
        language="sl",
        rhythm=Rhythm.IMMEDIATE,
    )
    return contract


@pytest.fixture
def author(city):
    """Who wrote the first texts, and has left."""
    return builders.person(None, name="Ana Novak")


def one(name: str) -> Person:
    return db.session.query(Person).filter_by(name=name).one()


def heat(author, *, stage=Stage.DRAFT, owner=None) -> Section:
    section = builders.section(
        "B-2.1", stage=stage, markdown=HEAT, author=author, owner=owner and one(owner)
    )
    with transaction():
        db.session.get(Section, section.id).titles = {
            "en": "Heat for buildings",
            "sl": "Toplota za stavbe",
        }
    return section


def move(section, act, by, **what):
    with transaction():
        reviews.move(section, act, by=one(by), seen=section.current, **what)


def remark(section, by, quote, text, kind=RemarkKind.QUESTION, **what):
    start = section.current.plain.index(quote)
    with transaction():
        return threads.open_thread(
            section,
            by=one(by),
            revision=section.current,
            kind=kind,
            text=text,
            start=start,
            end=start + len(quote),
            **what,
        )


def test_a_daily_letter_tells_what_was_opened_said_and_answered(
    author, travel, post, smtp_sink, as_kept
):
    section = heat(author)
    other = builders.section("C-1", markdown=HEAT, author=author)
    builders.follow(one("Peter Zajc"), other)
    move(
        section,
        Act.CONSULT,
        "Maja Hribar",
        closes_at=MONDAY + timedelta(days=18),
        announcement="We ask you to look at the figures for district heating.",
    )
    travel(MONDAY + timedelta(hours=1))
    thread = remark(
        section,
        "Peter Zajc",
        "By 2030 no home is heated with coal.",
        "Who pays for the change of 1,400 boilers?\n\nOur members cannot.",
        RemarkKind.OBJECTION,
        organisation=one("Peter Zajc").memberships[0].organisation,
    )
    travel(MONDAY + timedelta(hours=2))
    with transaction():
        threads.reply(thread, by=one("Špela Žnidaršič"), text="To nas tudi zanima.", language="sl")
    travel(MONDAY + timedelta(hours=3))
    with transaction():
        threads.answer(
            thread,
            by=one("Maja Hribar"),
            disposition=Disposition.ACCEPTED_IN_PART,
            text="The fund of 2027 pays half of it. We say so in the text now.",
        )
    for hour in (4, 5):
        travel(MONDAY + timedelta(hours=hour))
        with transaction():
            revisions.save(
                other,
                by=one("Maja Hribar"),
                markdown=f"{HEAT}\n\nAnd a line of hour {hour}.",
                base=db.session.get(Section, other.id).current,
                summary="Figures of 2025",
            )
    travel(MORNING)
    post(MORNING)
    [letter] = smtp_sink.to("peter@example.org")
    as_kept("daily", letter)


def test_whoever_is_named_is_written_to_at_once(author, travel, post, smtp_sink, as_kept):
    section = heat(author, stage=Stage.CONSULTATION)
    remark(
        section,
        "Špela Žnidaršič",
        "3 % of its own buildings",
        "Is 3 % enough? @Peter Zajc, your members asked for more. Or write to union@example.org.",
    )
    travel(MONDAY + timedelta(minutes=2))
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("peter@example.org")
    as_kept("mentioned", letter)


def test_a_sentence_on_a_company_ends_with_one_full_stop(author, travel, post, smtp_sink):
    section = heat(author, stage=Stage.CONSULTATION)
    company = builders.organisation("Toplota d.o.o.")
    builders.member(one("Peter Zajc"), Role.STAKEHOLDER, organisation=company)
    said = "Who pays? @Špela Žnidaršič asked as well."
    remark(section, "Peter Zajc", "3 % of its own buildings", said, organisation=company)
    travel(MONDAY + timedelta(minutes=2))
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("spela@example.org")
    text = letter.get_body(("plain",)).get_content()
    assert "Toplota d.o.o.\n" in text.replace("\r\n", "\n")


def test_a_letter_is_in_its_readers_language(author, travel, post, smtp_sink, as_kept):
    section = heat(author, stage=Stage.CONSULTATION)
    builders.follow(one("Špela Žnidaršič"), section)
    remark(
        section,
        "Peter Zajc",
        "3 % of its own buildings",
        "Is 3 % enough? See https://example.org/renovation-wave.",
    )
    travel(MONDAY + timedelta(minutes=2))
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("spela@example.org")
    as_kept("remark-sl", letter)


def test_the_approver_is_asked_and_the_owner_hears_why_not(
    author, travel, post, smtp_sink, as_kept
):
    builders.person(
        Role.EDITOR, name="Jona Kralj", email="jona@example.org", rhythm=Rhythm.IMMEDIATE
    )
    section = heat(author, owner="Jona Kralj")
    move(section, Act.SUBMIT, "Jona Kralj")
    post(MONDAY + timedelta(minutes=2))
    [asked] = smtp_sink.to("tine@example.org")
    as_kept("review-requested", asked)
    travel(MONDAY + timedelta(minutes=5))
    move(
        section,
        Act.REQUEST_CHANGES,
        "Tine Kos",
        reason="The share of 74 % has no source. Please name it.",
    )
    post(MONDAY + timedelta(minutes=7))
    [told] = smtp_sink.to("jona@example.org")
    as_kept("changes-requested", told)


def test_who_is_made_owner_reads_until_when(author, travel, post, smtp_sink, as_kept):
    builders.person(Role.EDITOR, name="Jona Kralj", email="jona@example.org", rhythm=Rhythm.WEEKLY)
    section = heat(author)
    with transaction():
        sections.assign(
            section,
            by=one("Maja Hribar"),
            owner=one("Jona Kralj"),
            due_on=(MONDAY + timedelta(days=20)).date(),
        )
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("jona@example.org")
    as_kept("assigned", letter)


def test_an_invitation_says_who_invites_to_what_and_how_to_come_in(city, post, smtp_sink, as_kept):
    with transaction():
        people.invite(
            city,
            by=one("Maja Hribar"),
            email="nova@example.org",
            name="Nova Oseba",
            role=Role.STAKEHOLDER,
            organisation=one("Peter Zajc").memberships[0].organisation,
        )
    post(MONDAY)
    [letter] = smtp_sink.to("nova@example.org")
    as_kept("invitation", letter)


def test_who_has_a_password_already_is_invited_to_look(city, post, smtp_sink, as_kept):
    riga = builders.contract("riga", city="Riga")
    with transaction():
        people.invite(
            riga, by=None, email="spela@example.org", name="Špela Žnidaršič", role=Role.OBSERVER
        )
    post(MONDAY)
    [letter] = smtp_sink.to("spela@example.org")
    as_kept("invitation-known-sl", letter)


def test_a_forgotten_password_is_mended_by_a_letter(city, post, smtp_sink, as_kept):
    with transaction():
        people.forgot_password("peter@example.org")
    post(MONDAY)
    [letter] = smtp_sink.to("peter@example.org")
    as_kept("password", letter)


def test_words_of_people_are_never_read_as_html(author, travel, post, smtp_sink):
    section = heat(author, stage=Stage.CONSULTATION)
    builders.follow(one("Špela Žnidaršič"), section)
    text = "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3))"
    remark(section, "Peter Zajc", "3 % of its own buildings", text)
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("spela@example.org")
    html = letter.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert text.split()[0] in letter.get_body(("plain",)).get_content()


def test_a_long_absence_makes_a_letter_that_can_still_be_read(author, travel, post, smtp_sink):
    section = heat(author, stage=Stage.CONSULTATION)
    builders.follow(one("Špela Žnidaršič"), section)
    with transaction():
        for _ in range(130):
            outbox.record(
                EventKind.REVIEW_REQUESTED,
                actor=one("Maja Hribar"),
                contract_id=section.contract_id,
                section=section,
            )
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("spela@example.org")
    text = letter.get_body(("plain",)).get_content()
    assert text.count("Maja Hribar") == letters.MOST
    assert "30" in text
    assert "http://concord.test/inbox" in text


def test_plain_text_is_wrapped_but_addresses_stay_whole():
    address = "https://example.org/" + "a" * 100
    assert wrapped(f"Look at {address} now", "> ").splitlines() == [
        "> Look at",
        f"> {address}",
        "> now",
    ]


@pytest.fixture
def guest(city, author):
    """Somebody without an account, who has just said something in a public round."""
    section = builders.opened_to_all(heat(author, stage=Stage.CONSULTATION))
    passage = "By 2030 no home is heated with coal."
    start = section.current.plain.index(passage)
    with transaction():
        return guests.remark(
            section,
            email="guest@example.net",
            name="Ana Guest",
            publish_name=True,
            revision=section.current,
            kind=RemarkKind.CONCERN,
            text="And what about the homes that burn oil?",
            language="en",
            start=start,
            end=start + len(passage),
        )


def test_a_guest_is_asked_to_confirm(guest, post, travel, smtp_sink, as_kept):
    post(MONDAY)
    [letter] = smtp_sink.to("guest@example.net")
    as_kept("guest-confirm", letter)


def test_who_has_an_account_may_also_sign_in(guest, post, travel, smtp_sink, as_kept):
    person = guest.author
    with transaction():
        person.guest, person.language = False, "sl"
        person.name = "Ana Novak"
    post(MONDAY)
    [letter] = smtp_sink.to("guest@example.net")
    as_kept("guest-confirm-known-sl", letter)


def test_a_guest_hears_what_a_moderator_decided(guest, post, travel, smtp_sink, as_kept):
    first = guest.comments[0]
    with transaction():
        guests.confirm(guest)
        moderation.release(first, by=one("Maja Hribar"))
    travel(MONDAY + timedelta(hours=1))
    post(MONDAY + timedelta(hours=1))
    as_kept("remark-released", smtp_sink.to("guest@example.net")[-1])
    with transaction():
        moderation.hide(first, by=one("Maja Hribar"), reason="It names a neighbour.")
    travel(MONDAY + timedelta(hours=2))
    post(MONDAY + timedelta(hours=2))
    as_kept("remark-hidden", smtp_sink.to("guest@example.net")[-1])
    with transaction():
        moderation.appeal(first, by=guest.author, reason="It names nobody.")
        moderation.decide(first, by=one("Maja Hribar"), restore=True)
    travel(MONDAY + timedelta(hours=3))
    post(MONDAY + timedelta(hours=3))
    as_kept("appeal-decided", smtp_sink.to("guest@example.net")[-1])


def test_a_moderator_hears_of_an_appeal(guest, post, travel, smtp_sink, as_kept):
    admin = builders.person(
        Role.ADMIN, name="Ajda Petek", email="ajda@example.org", rhythm=Rhythm.IMMEDIATE
    )
    with transaction():
        guests.confirm(guest)
        moderation.hide(guest.comments[0], by=admin, reason="It names a neighbour.")
        moderation.appeal(guest.comments[0], by=guest.author, reason="It names nobody.")
    with transaction():
        people.prefer(one("Maja Hribar"), rhythm=Rhythm.IMMEDIATE)
    travel(MONDAY + timedelta(hours=1))
    post(MONDAY + timedelta(hours=1))
    as_kept("appeal", smtp_sink.to("maja@example.org")[-1])


def test_a_new_delegate_and_the_members_hear_of_mandate_and_position(
    author, travel, post, smtp_sink, as_kept
):
    section = heat(author, stage=Stage.CONSULTATION)
    club = one("Peter Zajc").memberships[0].organisation
    builders.person(
        name="Miha Kos", email="miha@example.org", organisation=club, rhythm=Rhythm.IMMEDIATE
    )
    with transaction():
        mandates.give(one("Peter Zajc").memberships[0], Mandate.DELEGATE, by=one("Maja Hribar"))
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("peter@example.org")
    as_kept("mandate", letter)
    travel(MONDAY + timedelta(hours=1))
    with transaction():
        organisations.submit(
            club,
            section,
            by=one("Peter Zajc"),
            revision=section.current,
            kind=RemarkKind.CONCERN,
            text="Our members ask for help with the costs.",
        )
    post(MONDAY + timedelta(hours=2))
    [letter] = smtp_sink.to("miha@example.org")
    as_kept("position-submitted", letter)


def test_a_guest_reads_who_asks_for_what_and_until_when(city, post, smtp_sink, as_kept):
    with transaction():
        guest_links.make(
            city,
            by=one("Maja Hribar"),
            organisation=one("Peter Zajc").memberships[0].organisation,
            name="Gita Guest",
            email="gita@example.org",
            role=Role.REVIEWER,
            purpose="Please look at the heat chapter.",
            expires_at=MONDAY + timedelta(days=30),
        )
    post(MONDAY)
    [letter] = smtp_sink.to("gita@example.org")
    as_kept("guest-link", letter)


def test_an_organisation_that_is_silent_is_reminded(author, travel, post, smtp_sink, as_kept):
    section = heat(author)
    move(
        section,
        Act.CONSULT,
        "Maja Hribar",
        closes_at=MONDAY + timedelta(days=10),
        announcement="Please comment.",
    )
    post(MONDAY + timedelta(days=2))
    before = len(smtp_sink.to("peter@example.org"))
    with transaction():
        silence.remind(one("Peter Zajc").memberships[0].organisation, by=one("Maja Hribar"))
    post(MONDAY + timedelta(days=3))
    letters_now = smtp_sink.to("peter@example.org")
    assert len(letters_now) == before + 1
    as_kept("voice-awaited", letters_now[-1])


def opened(author, **what):
    asked = [heat(author), builders.section("C-1", markdown=HEAT, author=author)]
    what = {"closes_at": MONDAY + timedelta(days=18)} | what
    with transaction():
        return rounds.plan(
            builders.the_contract(),
            asked,
            by=one("Maja Hribar"),
            announcement="Ljubljana asks for your comments on two sections.\n\nThank you.",
            **what,
        )


def test_a_round_of_many_sections_is_told_in_one_letter(author, travel, post, smtp_sink, as_kept):
    opened(author)
    post(MONDAY + timedelta(minutes=2))
    [letter] = smtp_sink.to("spela@example.org")
    as_kept("round-opened-sl", letter)
    [letter] = smtp_sink.to("tine@example.org")
    as_kept("round-opened", letter)


def test_an_extension_says_why_and_until_when(author, travel, post, smtp_sink, as_kept):
    made = opened(author)
    post(MONDAY + timedelta(minutes=2))
    smtp_sink.clear()
    travel(MONDAY + timedelta(days=1))
    with transaction():
        rounds.extend(
            made,
            by=one("Maja Hribar"),
            closes_at=MONDAY + timedelta(days=25),
            reason="Many of you were on holiday.",
        )
    post(MONDAY + timedelta(days=1, minutes=2))
    [letter] = smtp_sink.to("tine@example.org")
    as_kept("round-extended", letter)


def test_a_correction_shows_what_became_of_the_words(author, travel, post, smtp_sink, as_kept):
    made = opened(author)
    post(MONDAY + timedelta(minutes=2))
    smtp_sink.clear()
    travel(MONDAY + timedelta(days=1))
    section = made.sections[0]
    with transaction():
        corrections.correct(
            section,
            by=one("Maja Hribar"),
            markdown=section.current.markdown.replace("74 %", "76 %"),
            base=section.current,
            reason="A figure of last year had slipped in.",
        )
    post(MONDAY + timedelta(days=1, minutes=2))
    [letter] = smtp_sink.to("tine@example.org")
    as_kept("text-corrected", letter)
