"""What templates may use beyond their own context: the reader's language and zone, dates, numbers, labels, assets."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from secrets import token_urlsafe

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal, format_percent
from flask import Flask, current_app, g, request, session, url_for
from flask_babel import get_locale, get_timezone
from flask_login import current_user
from markupsafe import Markup, escape

from . import clock, dates, freshness, security
from .labels import hint, label
from .queries.navigation import navigation
from .rules import vocabulary
from .rules.cadence import HOME
from .rules.text import remark_html


def reader_language() -> str:
    """The language of the reader: chosen in this session, else his own, else the browser's."""
    languages = current_app.config["LANGUAGES"]
    chosen = session.get("language")
    if chosen in languages:
        return chosen
    if current_user and current_user.is_authenticated:
        return current_user.language if current_user.language in languages else "en"
    return request.accept_languages.best_match(list(languages)) or "en"


def reader_zone() -> str:
    """The reader's time zone; of whom nothing is known, that of the city whose page he reads."""
    if current_user and current_user.is_authenticated:
        return current_user.time_zone
    return g.contract.time_zone if "contract" in g else HOME


def _local(value: datetime) -> datetime:
    return value.astimezone(get_timezone())


def _locale() -> Locale | str:
    return get_locale() or "en"


def _as_date(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    return dates.day(_as_date(value), _locale()) if value else ""


def day_short(value: date | datetime | None) -> str:
    return dates.short_day(_as_date(value), _locale()) if value else ""


def month(value: date | datetime | None) -> str:
    return format_date(_as_date(value), "LLLL y", locale=get_locale()) if value else ""


def moment(value: datetime | None) -> str:
    return dates.moment(_local(value), _locale()) if value else ""


def ago(value: date | datetime | None) -> str:
    """How far away a moment is: "3 hours ago", "in 6 days"."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(12), tzinfo=UTC)
    now = clock.now()
    distance = value - now
    freshness.holds_until(now.timestamp() + freshness.distance_holds(distance))
    return format_timedelta(
        distance or -timedelta.resolution,
        granularity="minute",
        add_direction=True,
        locale=get_locale(),
    )


def iso(value: date | datetime | None) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value or "")


def number(value: float | None) -> str:
    return "" if value is None else format_decimal(value, locale=get_locale())


def decimal(value: float | None, places: int = 1) -> str:
    return "" if value is None else format_decimal(round(value, places), locale=get_locale())


def percent(value: float | None) -> str:
    return "" if value is None else format_percent(value, locale=get_locale())


def initials(name: str | None) -> str:
    words = [word for word in (name or "").split() if word[:1].isupper()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def remark(text: str | None, named: Iterable[str] = ()) -> Markup:
    return Markup(remark_html(text or "", named))


CODE = re.compile(r"(?<![\w-])[A-Z0-9]+(?:-[A-Z0-9]+)*-[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w-])")
"""A short label of hyphens and capitals, such as AP-B-2-E1, in which a line could end after a hyphen."""


def unbroken(text: str) -> Markup:
    """The text, in which no line ends within the code of a section; whoever copies it has the same letters."""
    return Markup(CODE.sub(r'<span class="code">\g<0></span>', str(escape(text))))


@cache
def _built(folder: Path) -> dict[str, str]:
    manifest = folder / "build" / "manifest.json"
    return json.loads(manifest.read_text()) if manifest.is_file() else {}


def asset(name: str) -> str:
    """The address of a built script or style, with its hash, so that browsers may keep it for good."""
    return url_for(
        "static", filename="build/" + _built(Path(current_app.static_folder)).get(name, name)
    )


FILTERS = (
    day,
    day_short,
    month,
    moment,
    ago,
    iso,
    number,
    decimal,
    percent,
    initials,
    label,
    hint,
    remark,
    unbroken,
)


def fresh_token() -> str:
    """A random word for a form, so that sending it twice does it once."""
    return token_urlsafe(12)


def register(app: Flask) -> None:
    for one in FILTERS:
        app.add_template_filter(one)
    app.add_template_global(asset)
    app.add_template_global(fresh_token)
    app.add_template_global(vocabulary, "vocabulary")

    @app.context_processor
    def everywhere() -> dict:
        return {
            "csp_nonce": security.nonce(),
            "locale": str(get_locale() or "en"),
            "languages": list(current_app.config["LANGUAGES"].items()),
            "nav": navigation(),
            "demo": current_app.config["DEMO"],
        }
