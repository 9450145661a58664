"""What pages cost, side by side with bare Flask routes that do the least: `python -m benchmarks.pages`.

The unit is processor milliseconds of the application per request; each pair is measured in turns in one run, so that
a busy machine slows both. The bare route has the rows in memory and renders them with Jinja into the same amount of
HTML, which no page that asks a database can undercut by much.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, render_template_string
from flask_migrate import upgrade

from tests import builders
from workflow import create_app
from workflow.db import transaction
from workflow.models import Contract
from workflow.rules.text import render
from workflow.rules.vocabulary import RemarkKind, Role, Stage
from workflow.services import revisions

ROUNDS = 15
BARE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><div>{{ html|safe }}</div>
{% for thread in threads %}<article id="thread-{{ thread.id }}" data-start="{{ thread.start }}" data-end="{{ thread.end }}">
<header><b>{{ thread.kind }}</b> <a href="/threads/{{ thread.id }}">#{{ thread.number }}</a></header>
<blockquote>{{ thread.quote }}</blockquote>
{% for comment in thread.comments %}<div id="comment-{{ comment.id }}"><p>{{ comment.author }} <time datetime="{{ comment.at }}">{{ comment.at }}</time></p><div lang="{{ comment.language }}"><p>{{ comment.text }}</p></div></div>{% endfor %}
<footer><a href="/threads/{{ thread.id }}#reply">Reply</a> <a href="/threads/{{ thread.id }}#answer">Answer</a>
<form method="post" action="/threads/{{ thread.id }}/support"><button>Support</button></form></footer></article>{% endfor %}"""  # noqa: E501 - HTML is as wide as it is


def bare(threads: list[dict], html: str) -> Flask:
    app = Flask("bare")

    @app.get("/")
    def page():
        return render_template_string(BARE, title="Section", html=html, threads=threads)

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
                contract = builders.contract("benchmark")
                small, large = (populated(contract, remarks) for remarks in (200, 5_000))
                reader = builders.person(Role.COORDINATOR, contract=contract)
            client = builders.sign_in(app.test_client(), reader)
        plain = bare(
            shaped(200), "<p>" + "</p><p>".join(text(1500).split("\n\n")) + "</p>"
        ).test_client()
        ways = {
            "bare route, 200 remarks": lambda: plain.get("/"),
            "section, 200 remarks": lambda: client.get(small),
            "section, 5,000 remarks": lambda: client.get(large),
            "board": lambda: client.get(f"/c/{contract_slug}/board"),
            "home": lambda: client.get(f"/c/{contract_slug}/"),
        }
        contract_slug = "benchmark"
        for request in ways.values():
            assert request().status_code == 200
        measured = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, request in ways.items():
                measured[name].append(cost(request))
        base = statistics.median(measured["bare route, 200 remarks"])
        print(f"{'page':28} {'CPU ms':>8} {'of bare':>8}")
        for name, times in measured.items():
            middle = statistics.median(times)
            print(f"{name:28} {middle:8.1f} {middle / base:8.2f}")
        growth = statistics.median(measured["section, 5,000 remarks"]) / statistics.median(
            measured["section, 200 remarks"]
        )
        print(f"growth from 200 to 5,000 remarks: {growth:.2f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
