"""Floor 4, the browser's edge. A route loads, opens a transaction, calls one verb and redirects."""

from importlib import import_module

from flask import Flask

BLUEPRINTS = (
    "people",
    "contracts",
    "board",
    "sections",
    "threads",
    "inbox",
    "unsubscribe",
    "documents",
    "help",
    "mailbox",
    "health",
)


def register(app: Flask) -> None:
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f".{name}", __name__).blueprint)
    import_module(".errors", __name__).register(app)
