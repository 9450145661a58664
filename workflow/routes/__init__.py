"""Floor 4, the browser's edge. A route loads, opens a transaction, calls one verb and redirects."""

from importlib import import_module

from flask import Flask
from werkzeug.routing import IntegerConverter

BLUEPRINTS = (
    "people",
    "organisations",
    "signatories",
    "signing",
    "inviting",
    "guest_links",
    "hooks",
    "silence",
    "contracts",
    "board",
    "progress",
    "work",
    "desk",
    "sections",
    "approvals",
    "drafts",
    "merging",
    "threads",
    "moderation",
    "public",
    "suggestions",
    "rounds",
    "displays",
    "matrix",
    "workshops",
    "questions",
    "question_sheets",
    "answer_letters",
    "search",
    "inbox",
    "calendar",
    "wishes",
    "unsubscribe",
    "whole",
    "documents",
    "imports",
    "imprints",
    "pictures",
    "gallery",
    "open_data",
    "public_data",
    "help",
    "mailbox",
    "operations",
    "health",
    "metrics",
)


class RowNumber(IntegerConverter):
    """The id of a row in an address; where no column could hold it, there is nothing."""

    def __init__(self, map, **options):
        super().__init__(map, **{"max": 2**31 - 1, **options})


def register(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f".{name}", __name__).blueprint)
    import_module(".addresses", __name__).register(app)
    import_module(".errors", __name__).register(app)
    import_module(".opening", __name__).register(app)
