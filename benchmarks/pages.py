"""What pages cost, side by side with bare Flask routes that do the least: `python -m benchmarks.pages`.

The unit is processor milliseconds of the application per request; each pair is measured in turns in one run, so that
a busy machine slows both. The bare routes do the least: one has the rows in memory and renders all of them with Jinja,
which no page that asks a database can undercut by much; one asks who is there and for a number, and says “not
modified”; one inserts a row. The section is read by several people in turns: while nothing is written anywhere, their
page is at hand; what it costs the first one after something was written stands at the end. With `DATABASE_URL` it works
in that (empty) database instead of a SQLite file of its own.
"""

import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path
from uuid import uuid4

import time_machine
from flask import Flask, Response, redirect, render_template_string, request, session
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, func, insert, select

from tests import builders
from workflow import clock, create_app
from workflow.db import db, transaction
from workflow.models import Contract, Event, Person
from workflow.rules.text import render
from workflow.rules.vocabulary import RemarkKind, Role, Stage
from workflow.services import revisions

ROUNDS = 33
READERS = (Role.COORDINATOR, Role.COORDINATOR, Role.APPROVER, Role.STAKEHOLDER, Role.STAKEHOLDER)
"""Who reads the sections in turns; what is made for one of them is at hand for others of his role."""
ANEW = "200 remarks, page made anew", "all of 200 remarks, bare"
BARE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><div>{{ html|safe }}</div>
{% for thread in threads %}<article id="thread-{{ thread.id }}" data-start="{{ thread.start }}" data-end="{{ thread.end }}">
<header><b>{{ thread.kind }}</b> <a href="/threads/{{ thread.id }}">#{{ thread.number }}</a></header>
<blockquote>{{ thread.quote }}</blockquote>
{% for comment in thread.comments %}<div id="comment-{{ comment.id }}"><p>{{ comment.author }} <time datetime="{{ comment.at }}">{{ comment.at }}</time></p><div lang="{{ comment.language }}"><p>{{ comment.text }}</p></div></div>{% endfor %}
<footer><a href="/threads/{{ thread.id }}#reply">Reply</a> <a href="/threads/{{ thread.id }}#answer">Answer</a>
<form method="post" action="/threads/{{ thread.id }}/support"><button>Support</button></form></footer></article>{% endfor %}"""  # noqa: E501 - HTML is as wide as it is


def bare(threads: list[dict], html: str, url: str) -> Flask:
    app = Flask("bare")
    app.secret_key = "benchmark"
    engine = create_engine(url)
    said = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("text", Text))
    said.create(engine)

    @app.get("/")
    def page():
        return render_template_string(BARE, title="Section", html=html, threads=threads)

    @app.get("/unchanged")
    def unchanged():
        with engine.connect() as connection:
            connection.execute(select(Person.name).where(Person.id == session["person"])).one()
            state = connection.execute(select(func.max(Event.id))).scalar()
        response = Response()
        response.set_etag(str(state))
        return response.make_conditional(request)

    @app.post("/")
    def post():
        with engine.begin() as connection:
            connection.execute(insert(said).values(text=request.form["text"]))
        return redirect("/", 303)

    return app


def populated(contract: Contract, remarks: int) -> str:
    """A section with so many remarks with a reply each; returns the path of its page."""
    section = builders.section(
        f"B-{remarks}", contract=contract, stage=Stage.REVISION, markdown=text(1500)
    )
    revisions.keep_rendering(section.current, render(section.current.markdown, language="en"))
    voices = [builders.person(Role.STAKEHOLDER, contract=contract) for _ in range(10)]
    words = section.current.plain.split()
    for number in range(remarks):
        thread = builders.thread(
            section,
            author=voices[number % 10],
            kind=RemarkKind.QUESTION,
            text=f"Remark {number}: where does this figure come from, and who answers for it in 2030?",
            quote=" ".join(words[(at := number % 24 * 60 + number % 50) : at + 6]),
        )
        builders.comment(
            thread, author=voices[(number + 1) % 10], text="We would like to know as well."
        )
    return f"/c/{contract.slug}/sections/{section.id}/"


def text(words: int) -> str:
    """Paragraphs of numbered words: every passage stands in it once."""
    numbered = [f"word{number}" for number in range(words)]
    return "\n\n".join(" ".join(numbered[at : at + 60]) for at in range(0, words, 60))


def shaped(remarks: int) -> list[dict]:
    said = {"author": "Person 1", "at": "2026-11-24", "language": "en"}
    return [
        {
            "id": n,
            "number": n,
            "kind": "Question",
            "quote": "word1 word2 word3 word4 word5 word6",
            "start": n,
            "end": n + 30,
            "comments": [
                {
                    **said,
                    "id": 2 * n,
                    "text": f"Remark {n}: where does this figure come from, and who answers?",
                },
                {**said, "id": 2 * n + 1, "text": "We would like to know as well."},
            ],
        }
        for n in range(remarks)
    ]


def cost(request: Callable[[], Response], status: int) -> float:
    """Processor milliseconds of one request."""
    start = time.process_time()
    answer = request()
    took = (time.process_time() - start) * 1000
    assert answer.status_code == status, answer.text
    return took


def main(folder: str) -> None:
    url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/benchmark.sqlite")
    settings = {"SQLALCHEMY_DATABASE_URI": url, "DATA_DIR": Path(folder), "SECRET_KEY": "benchmark"}
    app = create_app(settings | {"RATELIMIT_ENABLED": False})
    with app.app_context():
        upgrade()
        with transaction():
            contract = builders.contract("benchmark")
            small, large = (populated(contract, remarks) for remarks in (200, 5_000))
            readers = [builders.person(role, contract=contract) for role in READERS]
    whole = "<p>" + "</p><p>".join(text(1500).split("\n\n")) + "</p>"
    plain = bare(shaped(200), whole, url).test_client()
    with plain.session_transaction() as opened:
        opened["person"] = 1

    def beat():
        """Something was written that no reader of these sections sees."""
        with app.app_context(), transaction():
            db.session.get(Contract, contract.id).target_year += 1

    with time_machine.travel(clock.now() + timedelta(hours=3)):  # nothing is only seconds old
        clients = [builders.sign_in(app.test_client(), reader) for reader in readers]
        table(measured(ways(clients, small, large, plain), beat))


def ways(clients: list[FlaskClient], small: str, large: str, plain: FlaskClient) -> dict:
    """What is measured, with the status that it has to answer with. The readers come in turns."""
    for client, address in product(clients, (small, large)):
        client.get(address)
    turns = cycle(clients)
    client = clients[0]
    page = client.get(small)
    form = dict(re.findall(r'name="(csrf_token|revision)"[^>]* value="([^"]+)"', page.text))
    remark = form | {"kind": "question", "visibility": "participants", "language": "en"}
    known = {"If-None-Match": page.headers["ETag"]}
    bare_known = {"If-None-Match": plain.get("/unchanged").headers["ETag"]}

    kept = client.get_cookie("session").value

    def post():
        client.set_cookie("session", kept)  # what earlier posts left to be told is told
        said = remark | {"text": "Who answers for it?", "token": uuid4().hex}
        return client.post(small + "threads", data=said)

    return {
        "all of 200 remarks, bare": (lambda: plain.get("/"), 200),
        "section, 200 remarks": (lambda: next(turns).get(small), 200),
        "section, 5,000 remarks": (lambda: next(turns).get(large), 200),
        "not modified, bare": (lambda: plain.get("/unchanged", headers=bare_known), 304),
        "section, not modified": (lambda: client.get(small, headers=known), 304),
        "one INSERT, bare": (lambda: plain.post("/", data={"text": "Who?"}), 303),
        "a remark, with its event": (post, 303),
        "200 remarks, page made anew": (lambda: next(turns).get(small), 200),
        "5,000 remarks, page made anew": (lambda: next(turns).get(large), 200),
    }


def measured(ways: dict[str, tuple], beat: Callable[[], None]) -> dict[str, float]:
    """The median of processor milliseconds. Remarks are posted, and other rows written, after all that stays the same
    was measured."""
    found = {}
    for group, before in (
        (list(ways)[:5], lambda: None),
        (list(ways)[5:7], lambda: None),
        (list(ways)[7:], beat),
    ):
        times: dict[str, list[float]] = {name: [] for name in group}
        for _ in range(ROUNDS):
            for name in group:
                before()
                times[name].append(cost(*ways[name]))
        found |= {name: statistics.median(times[name][3:]) for name in group}
    return found


def table(found: dict[str, float]) -> None:
    for name, middle in found.items():
        print(f"{name:32} {middle:8.2f} ms")
    for what, one, other, goal in (
        ("section, of all rendered bare", "section, 200 remarks", "all of 200 remarks, bare", 0.6),
        ("not modified, of bare", "section, not modified", "not modified, bare", 1.5),
        ("from 200 to 5,000 remarks", "section, 5,000 remarks", "section, 200 remarks", 1.3),
        ("a remark, of one INSERT", "a remark, with its event", "one INSERT, bare", 3),
        ("made anew, of all rendered bare", *ANEW, None),
        ("the same, from 200 to 5,000", "5,000 remarks, page made anew", ANEW[0], None),
    ):
        aim = (
            f"(goal: at most {goal})" if goal else "(the first reader after something was written)"
        )
        print(f"{what:32} {found[one] / found[other]:8.2f}  {aim}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(scratch)
