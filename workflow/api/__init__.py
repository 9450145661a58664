"""Floor 4, the JSON edge: the same verbs as the pages, described by OpenAPI at `/api/openapi.json`.

Whoever calls it is signed in by the session cookie, and writes with the `X-CSRFToken` header of the page.
Refusals are problem details (RFC 9457): 403 not this person, 404 not there, 409 not now, 422 wrong values.
"""

from flask import Flask

from . import (
    contracts,
    documents,
    figures,
    hooks,
    questions,
    sections,
    signatories,
    threads,
    wholes,
)
from .spec import spec


def register(app: Flask) -> None:
    for module in (
        contracts,
        documents,
        figures,
        hooks,
        questions,
        sections,
        signatories,
        threads,
        wholes,
    ):
        app.register_blueprint(module.blueprint)
    spec.register(app)
