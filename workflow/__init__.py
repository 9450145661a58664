"""Concord: where a city and its people write their Climate City Contract.

`create_app` is the only place that assembles the web.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import clock, config, db, extensions
from .config import Misconfigured

__all__ = ["Misconfigured", "create_app"]

TOP = Path(__file__).resolve().parent.parent


def create_app(
    settings: Mapping | None = None, *, nudge: Callable[[], None] | None = None
) -> Flask:
    """The web application.

    `settings` override the environment's; `nudge` is called after each commit to wake the jobs and may fail
    silently, since the rows it would hurry along are found by the next sweep anyway.
    """
    from . import cli, filters, fragments, models, pulse, security  # noqa: F401
    from .api import register as register_api
    from .routes import register as register_routes

    app = Flask(__name__, template_folder=str(TOP / "templates"), static_folder="static")
    app.config.from_mapping(config.from_environment(), STARTED_AT=clock.now())
    app.config.from_mapping(settings or {})
    if behind := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TOP / "translations")
    Path(app.config["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    if nudge:
        app.extensions["nudge"] = nudge

    db.db.init_app(app)
    with app.app_context():
        db.prepare(db.db.engine)
    pulse.watch()
    extensions.migrate.init_app(app, db.db, directory=str(TOP / "migrations"))
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    extensions.login.init_app(app)
    extensions.babel.init_app(
        app, locale_selector=filters.reader_language, timezone_selector=filters.reader_zone
    )

    filters.register(app)
    fragments.register(app)
    security.register(app)
    register_routes(app)
    register_api(app)
    cli.register(app)
    return app
