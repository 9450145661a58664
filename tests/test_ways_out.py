"""A private remark and the city's own words leave by no way: every way out of the house is tried here."""

import io
import json
import re
import subprocess
import zipfile
from datetime import timedelta

import pytest
import time_machine

from tasks import mail as jobs
from tests import builders
from workflow import clock
from workflow.db import db, transaction
from workflow.models import Contract, Person, Question, Section, Thread
from workflow.queries.compilation import compilation
from workflow.rules.editions import Edition
from workflow.rules.vocabulary import (
    AnnexKind,
    Audience,
    Disposition,
    EventKind,
    RemarkKind,
    Rhythm,
    Role,
    SignatoryStatus,
    Stage,
    Visibility,
)
from workflow.services import digests, manifests, manuscripts, threads
from workflow.typesetting import typeset

SECRET = "zebrafinch"
TEXT = f"""Open words about heat.

::: city
The city's own {SECRET} words.

Table: A {SECRET} table

| {SECRET} | MWh |
|---|---|
| 2018 | 5 |
:::

Closing words about heat.
"""
OUTSIDERS = (Role.STAKEHOLDER, Role.OBSERVER, Role.REVIEWER)
SPEAKS_OF_OTHERS = {
    "people.accept",
    "people.reset",
    "unsubscribe.show",
    "static",
    "mailbox.show",
    "mailbox.html",
}
"""Ways that need a letter's token or the embedded catcher, and lead to no text of a contract."""


@pytest.fixture
def house(ctx):
    """A section with words for the city alone and a private remark; everybody wants letters at once."""
    contract = builders.contract()
    city = builders.person(Role.COORDINATOR, contract=contract, name="Maja City")
    section = builders.section(
        "CO-1", contract=contract, markdown=TEXT, author=city, owner=city, stage=Stage.REVISION
    )
    outsiders = [
        builders.person(role, contract=contract, rhythm=Rhythm.IMMEDIATE) for role in OUTSIDERS
    ]
    for person in outsiders:
        builders.follow(person, section)
    start = section.current.plain.index(SECRET)
    with transaction():
        private = threads.open_thread(
            section,
            by=city,
            revision=section.current,
            kind=RemarkKind.SUGGESTION,
            text=f"Between us: {SECRET}.",
            start=start,
            end=start + len(SECRET),
            replacement=f"not {SECRET}",
            visibility=Visibility.PUBLIC,
        )
        threads.reply(private, by=city, text=f"Also {SECRET}.")
    with transaction():
        threads.answer(private, by=city, disposition=Disposition.NOTED, text=f"Noted, {SECRET}.")
    asked = builders.question(section, text=f"Why {SECRET}?", answer=f"Since {SECRET}.", ready=True)
    with transaction():
        db.session.get(Question, asked.id).number = 0
    open_one = builders.thread(section, quote="Open words", text="An open question about heat.")
    assert private.visibility is Visibility.CITY
    sealed = builders.manifest(contract, by=city, number=0, frozen=False, components=[])
    signatory = builders.signatory(
        status=SignatoryStatus.SIGNED,
        manifest=sealed,
        promises=[f"A {SECRET} commitment.", "An open commitment."],
        representative=f"Ana {SECRET}",
        office=SECRET,
        letter_key="0" * 64,
        letter_name=f"{SECRET}.pdf",
    )
    signatory.commitments[1].may_publish = True
    builders.opened_to_all(builders.section(contract=contract, stage=Stage.CONSULTATION))
    builders.question(section, quote=SECRET, text="Why?", answer="So it is.", addendum=sealed)
    told = builders.event(EventKind.REMARK_MADE, contract=contract, section=section, thread=private)
    builders.hook(contract=contract, kinds=[EventKind.REMARK_MADE], told=told)
    ids = {"contract": contract.slug, "section": section.id, "private": private.id}
    ids |= {"signatory": signatory.id}
    return ids | {"open": open_one.id, "outsiders": [p.id for p in outsiders], "city": city.id}


def addresses(app, house):
    """Every address of the site that can be asked for, filled with what the house holds, once."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in SPEAKS_OF_OTHERS:
            continue
        about = [*(house.get("threads") or [house["private"]]), house["open"]]
        for thread in about if "thread_id" in rule.arguments else about[:1]:
            address = re.sub(
                r"<(?:[^:<>]+:)?([^<>]+)>",
                lambda found, thread=thread: {
                    "slug": house["contract"],
                    "section_id": str(house["section"]),
                    "signatory_id": str(house.get("signatory", 1)),
                    "thread_id": str(thread),
                    "number": "0",
                }.get(found[1], "1"),
                rule.rule,
            )
            yield rule.endpoint, address
            yield (
                rule.endpoint,
                f"{address}?q={SECRET}&show=all&variant=public&old=1&new=1&start=1&end=60",
            )


def words_in(response) -> str:
    """What a reader finds in an answer, also inside of a PDF or a sheet."""
    body = response.get_data()
    if body.startswith(b"%PDF"):
        return words_of_pdf(body)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "".join(
                archive.read(name).decode(errors="replace") for name in archive.namelist()
            )
    return body.decode(errors="replace")


def words_of_pdf(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def echoed(text: str) -> str:
    """The page without the reader's own question, which it repeats in its field and its links."""
    return re.sub(rf'(value="|q=|next=[^"]*){SECRET}', "", text)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_page_and_no_call_shows_it_to_outsiders(app, client, house, role):
    asked = set()
    person_id = house["outsiders"][OUTSIDERS.index(role)]
    builders.sign_in(client, db.session.get(Person, person_id))
    for endpoint, address in addresses(app, house):
        response = client.get(address)
        assert SECRET not in echoed(words_in(response)), (endpoint, address)
        asked.add(endpoint)
    assert {
        "sections.show",
        "sections.compare",
        "threads.show",
        "search.show",
        "board.show",
    } <= asked
    assert {"api_sections.show", "api_threads.listing", "documents.index", "inbox.show"} <= asked
    assert {"whole.show", "whole.compare", "whole.manifest", "whole.as_json"} <= asked
    assert {"matrix.show", "matrix.as_csv", "matrix.as_xlsx", "matrix.summary"} <= asked
    assert {"signatories.show", "signatories.as_csv", "api_signatories.listing"} <= asked
    assert "public.signatories" in asked
    assert {"answer_letters.show", "questions.show", "api_questions.register"} <= asked
    assert {
        "board.as_csv",
        "board.as_xlsx",
        "board.own_views",
        "progress.show",
        "work.show",
    } <= asked


def test_the_city_itself_does_see_it_so_that_this_file_cannot_be_blind(client, house):
    builders.sign_in(client, db.session.get(Person, house["city"]))
    section = f"/c/{house['contract']}/sections/{house['section']}"
    for address in (
        f"{section}/",
        f"{section}/compare?old=1&new=1",
        f"{section}/threads",
        f"/threads/{house['private']}",
        f"/c/{house['contract']}/search?q={SECRET}",
        f"/c/{house['contract']}/rounds/0/matrix",
        f"/c/{house['contract']}/rounds/0/matrix.csv",
        f"/c/{house['contract']}/rounds/0/matrix.xlsx",
        f"/c/{house['contract']}/whole/compare",
        f"/api/sections/{house['section']}",
        f"/api/sections/{house['section']}/threads",
        f"/c/{house['contract']}/signatories/{house['signatory']}",
        f"/c/{house['contract']}/signatories.csv",
        f"/api/contracts/{house['contract']}/signatories",
        f"/c/{house['contract']}/questions?state=all",
        f"/c/{house['contract']}/questions/0",
        f"/c/{house['contract']}/questions/register.csv?state=all",
        f"/c/{house['contract']}/questions/register.xlsx?state=all",
    ):
        assert SECRET in echoed(words_in(client.get(address))), address


def test_a_passage_that_one_may_not_read_cannot_be_quoted_back(client, house):
    builders.sign_in(client, db.session.get(Person, house["outsiders"][0]))
    section = db.session.get(Section, house["section"])
    start = section.current.plain.index(SECRET)
    form = {
        "revision": section.current_id,
        "kind": "question",
        "visibility": "public",
        "language": "en",
    }
    response = client.post(
        f"/c/{house['contract']}/sections/{house['section']}/threads",
        data=form | {"text": "What is here?", "start": start, "end": start + 5},
    )
    assert response.status_code == 422
    assert SECRET not in words_in(response)


def test_no_letter_and_no_preview_tells_it(house, smtp_sink):
    outsiders = [db.session.get(Person, person_id) for person_id in house["outsiders"]]
    with transaction():
        open_one = db.session.get(Thread, house["open"])
        threads.reply(open_one, by=db.session.get(Person, house["city"]), text="An open reply.")
    assert jobs.tell() > 0
    previews = [digests.preview(person, clock.now()) for person in outsiders]
    assert SECRET not in "".join(preview.text for preview in previews if preview)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        jobs.make()
        jobs.deliver()
    assert "An open reply." in letters_to(smtp_sink, outsiders)
    assert SECRET not in letters_to(smtp_sink, outsiders)


def letters_to(sink, people) -> str:
    """All that reached these people: heads, plain texts and HTML."""
    letters = [letter for person in people for letter in sink.to(person.email)]
    parts = [
        part.get_content() for one in letters for part in one.walk() if not part.is_multipart()
    ]
    return "".join(parts) + "".join(str(one.items()) for one in letters)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTICIPANTS])
def test_no_document_for_others_prints_it(house, audience):
    contract = db.session.query(Contract).filter_by(slug=house["contract"]).one()
    given = compilation(contract, Edition(audience, "en", annexes=frozenset(AnnexKind)))
    written = manuscripts.write(given, "0" * 64)
    assert SECRET not in json.dumps(written, default=str)
    assert SECRET not in json.dumps(manifests.manifest(given), default=str)
    assert SECRET not in words_of_pdf(typeset(written).bytes)
    whole = compilation(contract, Edition(Audience.CITY, "en", annexes=frozenset(AnnexKind)))
    assert SECRET in json.dumps(manuscripts.write(whole, "0" * 64), default=str)
