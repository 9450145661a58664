"""Parts of pages that were rendered once: the only place that keeps HTML between requests.

A part is kept under everything that it is made of: the whole frozen view, the reader's language and clock, and where
the application lives. So nobody is shown what was made for other eyes unless theirs would see the very same, and a
field that is added to a view cannot be forgotten. Tokens of a form belong to a session and are put in anew each time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, current_app, request
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from . import clock, freshness

MOST = 4_096
"""Parts kept by one process: about a hundred pages of a section, some 20 MB."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML cut where the token of the session stands, and until when its words are true."""

    pieces: list[str]
    until: float


@dataclass(slots=True)
class Shelf:
    """The fragments used last; who comes first makes one, who comes later takes it."""

    most: int = MOST
    kept: OrderedDict[Hashable, Fragment] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Fragment | None:
        with self.lock:
            found = self.kept.get(key)
            if found:
                self.kept.move_to_end(key)
        return found if found and clock.now().timestamp() < found.until else None

    def put(self, key: Hashable, fragment: Fragment) -> None:
        with self.lock:
            self.kept[key] = fragment
            self.kept.move_to_end(key)
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who is drawn for: in which language and zone, at which address, with which token. `kept` for many parts."""

    shelf: Shelf
    reader: tuple[str, str, str]
    token: str

    @classmethod
    def of_reader(cls) -> "Hand":
        reader = str(get_locale()), str(get_timezone()), request.script_root
        return cls(current_app.extensions["fragments"], reader, generate_csrf())

    def kept(self, key: Hashable, render: Callable[[], str]) -> Markup:
        """What `render` gives, made once for each key, language and clock."""
        key = (key, self.reader)
        fragment = self.shelf.get(key)
        if fragment is None:
            with freshness.watched() as watch:
                fragment = Fragment(str(render()).split(self.token), watch.until)
            self.shelf.put(key, fragment)
        freshness.holds_until(fragment.until)
        return Markup(self.token.join(fragment.pieces))


def kept(key: Hashable, render: Callable[[], str]) -> Markup:
    """One part that is made once for each key, language and clock."""
    return Hand.of_reader().kept(key, render)


def part(template: str, macro: str, *views: Hashable) -> Markup:
    """What a macro draws from nothing but these views."""
    macros = current_app.jinja_env.get_template(template).module
    return kept((macros, macro, views), lambda: getattr(macros, macro)(*views))


def card(thread) -> Markup:
    """The card of a thread."""
    return part("_macros/thread.html", "card", thread, str(get_locale()))


def board(page) -> Markup:
    """The board; when something in it changed, the rows that did not are taken from the shelf."""
    macros = current_app.jinja_env.get_template("_macros/board.html").module
    hand = Hand.of_reader()

    def row(one) -> Markup:
        return hand.kept((macros, "row", one), lambda: macros.row(one))

    return hand.kept((macros, "content", page), lambda: macros.content(page, row))


def register(app: Flask) -> None:
    app.extensions["fragments"] = Shelf()
    app.add_template_global(card, "kept_card")
    app.add_template_global(board, "kept_board")
    app.add_template_global(part)
