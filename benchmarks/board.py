"""What the board costs with 60 sections and 5,000 remarks: `python -m benchmarks.board [database URL]`.

Beside it, in turns and in one run, bare Flask pages of the same number of bytes: one renders the very words of the
board from memory with Jinja, one hands out a finished text. The unit is processor milliseconds of the application.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from flask import Flask, render_template_string
from flask_migrate import upgrade
from sqlalchemy import insert

from tests import builders
from workflow import clock, create_app
from workflow.db import db, transaction
from workflow.models import Comment, Contract, Person, Section, Thread
from workflow.queries import board
from workflow.queries.board import BoardPage, Row
from workflow.rules.vocabulary import (
    Channel,
    Disposition,
    RemarkKind,
    Role,
    Stage,
    Visibility,
)

SECTIONS, REMARKS, ORGANISATIONS = 60, 5_000, 40
ROUNDS = 61
GOAL = 3
ASKING = (RemarkKind.OBJECTION, RemarkKind.QUESTION)
BARE = """<!doctype html><title>Board</title><h1>Board</h1><form>
{% for name, choices in filters %}<select name="{{ name }}">
{% for one in choices %}<option value="{{ one.value }}">{{ one.label }} ({{ one.count }})</option>{% endfor %}</select>{% endfor %}</form>
<table>{% for row in rows %}<tr><th><a href="{{ row.url }}">{{ row.title }}</a> {{ row.code }}{% for one in row.sectors %} {{ one }}{% endfor %}</th>
{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}<td><a href="{{ row.way }}">{{ row.todo }}</a>
<ul>{% for one in row.hindrances %}<li>{{ one.text }} <a href="{{ one.url }}">{{ one.word }}</a></li>{% endfor %}</ul></td></tr>
{{ filling|safe }}{% endfor %}</table>"""  # noqa: E501 - HTML is as wide as it is


def bare(page: BoardPage, size: int) -> Flask:
    """The words of the board in memory: rendered with Jinja, or handed out as they are, in about so many bytes."""
    app = Flask("bare")
    rows = [_in_memory(row) for row in page.rows]
    filters = [
        (name, [{"value": o.value, "label": o.label, "count": o.count} for o in choices])
        for name, choices in page.filters
    ]

    def rendered(filling: str) -> str:
        return render_template_string(BARE, filters=filters, rows=rows, filling=filling)

    with app.app_context():
        lacking = size - len(rendered("").encode())
        filling = "-" * max(0, lacking // len(rows))
        finished = rendered(filling)
    app.add_url_rule("/rendered", "rendered", lambda: rendered(filling))
    app.add_url_rule("/finished", "finished", lambda: finished)
    return app


def _in_memory(row: Row) -> dict:
    """All words of a row, as plain values."""
    cells = (row.section.stage, row.days, row.owner, row.due, row.open, row.unanswered)
    return {
        "url": f"/sections/{row.section.id}/",
        "title": row.section.title,
        "code": row.section.code,
        "sectors": [one.label for one in row.sectors],
        "cells": [str(cell) for cell in (*cells, row.blocking, row.silent)],
        "way": row.way or "",
        "todo": row.todo,
        "hindrances": [
            {"text": one.label, "word": word, "url": url}
            for one in row.hindrances
            for word, url in one.links
        ],
    }


def populated() -> tuple[Contract, Person]:
    """A city whose remarks are of every kind, answered or not, spread over all sections."""
    contract = builders.contract("benchmark")
    reader = builders.person(Role.COORDINATOR, contract=contract)
    members = []
    for number in range(ORGANISATIONS):
        organisation = builders.organisation(contract=contract, sectors=("energy",))
        sector = ("energy", "waste", None)[number % 3]
        members.append(builders.person(contract=contract, organisation=organisation, sector=sector))
    sections = [
        builders.section(
            contract=contract,
            component=("commitments", "action-plan", "investment-plan")[number // 25],
            stage=list(Stage)[number % 5],
            sectors=("energy", "cross") if number % 3 else ("waste",),
            author=reader,
            owner=members[number % 7],
            due_on=clock.now().date(),
        )
        for number in range(SECTIONS)
    ]
    remarked(sections, members)
    return contract, reader


def remarked(sections: list[Section], members: list[Person]) -> None:
    """Remarks of all kinds, two of five without an answer, spread by chance, the same chance each time."""
    at, chance = clock.now(), Random(4)
    answers = [None, None, Disposition.NOTED, Disposition.ACCEPTED, Disposition.NOT_ACCEPTED]
    said = [
        (sections[n % SECTIONS], *map(chance.choice, (members, list(RemarkKind), answers)))
        for n in range(REMARKS)
    ]
    rows = [
        {
            "section_id": section.id,
            "number": number,
            "revision_id": section.current_id,
            "author_id": member.id,
            "organisation_id": member.memberships[0].organisation_id,
            "kind": kind,
            "visibility": Visibility.PARTICIPANTS,
            "channel": Channel.WEB,
            "quote": "74 % of all homes",
            "start": 60,
            "end": 77,
            "created_at": at,
            "disposition": answer,
            "answer": "Because the figures say so." if answer else "",
            "answered_at": at if answer else None,
            "answered_by_id": section.current.author_id if answer else None,
        }
        for number, (section, member, kind, answer) in enumerate(said, 1)
    ]
    db.session.execute(insert(Thread), rows)
    words = "Where does this figure come from, and who answers for it in 2030?"
    db.session.execute(
        insert(Comment),
        [
            {"thread_id": key, "author_id": author, "text": words, "created_at": at}
            for key, author in db.session.query(Thread.id, Thread.author_id)
        ],
    )


def cost(request: Callable[[], object]) -> float:
    """Processor milliseconds of one request."""
    start = time.process_time()
    request()
    return (time.process_time() - start) * 1000


def main(url: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": url or f"sqlite:///{folder}/benchmark.sqlite",
                "DATA_DIR": Path(folder),
                "SECRET_KEY": "benchmark",
                "RATELIMIT_ENABLED": False,
            }
        )
        with app.app_context():
            upgrade()
            with transaction():
                contract, reader = populated()
            address = f"/c/{contract.slug}/board"
            client = builders.sign_in(app.test_client(), reader)
            remark = db.session.query(Thread.id).first().id
        size = len(client.get(address).get_data())
        with app.test_request_context():
            page = board.board(
                db.session.get(Contract, contract.id), db.session.get(Person, reader.id), {}
            )
            plain = bare(page, size).test_client()

        def changed() -> None:
            """Another number in one row, so that what was drawn of it is of no use; not measured."""
            with app.app_context(), transaction():
                one = db.session.get(Thread, remark)
                one.kind = next(kind for kind in ASKING if kind is not one.kind)

        def unknown() -> None:
            app.extensions["fragments"].kept.clear()

        nothing: Callable[[], None] = lambda: None  # noqa: E731
        ways = {
            "bare page, words rendered": (nothing, lambda: plain.get("/rendered")),
            "bare page, text at hand": (nothing, lambda: plain.get("/finished")),
            "board": (nothing, lambda: client.get(address)),
            "board, sorted": (nothing, lambda: client.get(f"{address}?sort=open")),
            "board, one row changed": (changed, lambda: client.get(address)),
            "board, drawn for the first time": (unknown, lambda: client.get(address)),
        }
        measured: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(3):
            for _before, request in ways.values():
                assert request().status_code == 200
        for _ in range(ROUNDS):
            for name, (before, request) in ways.items():
                before()
                measured[name].append(cost(request))
        base = statistics.median(measured["bare page, words rendered"])
        print(f"{SECTIONS} sections, {REMARKS:,} remarks, {ORGANISATIONS} organisations")
        print(f"{'page':32} {'bytes':>8} {'CPU ms':>8} {'of bare':>8}")
        for name, (_before, request) in ways.items():
            middle = statistics.median(measured[name])
            print(f"{name:32} {len(request().get_data()):8,} {middle:8.2f} {middle / base:8.2f}")
        print(f"goal: the board costs at most {GOAL} times the bare page that renders its words")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
