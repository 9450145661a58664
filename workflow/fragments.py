"""Parts of pages that were rendered once: the only place that keeps HTML between requests.

A part is kept under everything that it is made of: the whole frozen view, the reader's language and clock, and where
the application lives. So nobody is shown what was made for other eyes unless theirs would see the very same, and a
field that is added to a view cannot be forgotten. Tokens of a form belong to a session and are put in anew each time.

A whole page has no such view before it is made: it is kept under the state of the database, and what its reader may see
and do there. That is asked anew each time, so a word that was withdrawn is in no page that anybody is given.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, current_app, g, request
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from jinja2.environment import TemplateModule
from markupsafe import Markup

from . import clock, freshness

MOST = 4_096
"""Parts kept by one process: about a hundred pages of a section, some 20 MB."""

MOST_PAGES = 96
"""Whole pages kept by one process, some 15 MB; with the next change of anything there are others."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML cut where words stand that are new each time: pieces, and between them the numbers of these words. `until`
    is the moment until which the others are true."""

    pieces: list[str]
    numbers: list[int]
    until: float

    @classmethod
    def cut(cls, html: str, words: tuple[str, ...], until: float) -> "Fragment":
        """The HTML, cut wherever one of these words stands."""
        parts = re.split(f"({'|'.join(map(re.escape, words))})", html)
        return cls(parts[::2], [words.index(word) for word in parts[1::2]], until)

    def with_words(self, words: tuple[str, ...]) -> Markup:
        """The HTML with other words, in the order of those by which it was cut."""
        whole = [self.pieces[0]]
        for number, piece in zip(self.numbers, self.pieces[1:], strict=True):
            whole += words[number], piece
        return Markup("".join(whole))


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
    """Who is drawn for: in which language and zone, at which address, with which words that are new each time, first
    the token of the session. `kept` for many parts."""

    shelf: Shelf
    reader: tuple[str, str, str]
    words: tuple[str, ...]

    @classmethod
    def of_reader(cls, *fresh: str, shelf: str = "fragments") -> "Hand":
        """Draws for whoever asks now, and keeps it on that shelf; `fresh` are more words that are new each time."""
        locale = get_locale()
        known = g.setdefault("reader_drawn_for", {})
        if locale not in known:
            known[locale] = (str(locale), str(get_timezone()), request.script_root), generate_csrf()
        reader, token = known[locale]
        return cls(current_app.extensions[shelf], reader, (token, *fresh))

    def kept(self, key: Hashable, render: Callable[[], str]) -> Markup:
        """What `render` gives, made once for each key, language and clock."""
        key = (key, self.reader)
        fragment = self.shelf.get(key)
        if fragment is None:
            with freshness.watched() as watch:
                html = str(render())
            fragment = Fragment.cut(html, self.words, watch.until)
            self.shelf.put(key, fragment)
        freshness.holds_until(fragment.until)
        return fragment.with_words(self.words)


def kept(key: Hashable, render: Callable[[], str]) -> Markup:
    """One part that is made once for each key, language and clock."""
    return Hand.of_reader().kept(key, render)


def part(template: str, macro: str, *views: Hashable) -> Markup:
    """What a macro draws from nothing but these views."""
    macros = macros_of(template)
    return kept((macros, macro, views), lambda: getattr(macros, macro)(*views))


def macros_of(template: str) -> TemplateModule:
    """The macros of a template, which draw from nothing but what they are given and what every template has."""
    return current_app.jinja_env.get_template(template).module


def card(thread) -> Markup:
    """The card of a thread."""
    return part("_macros/thread.html", "card", thread, str(get_locale()))


def board(page) -> Markup:
    """The board; when something in it changed, the rows that did not are taken from the shelf."""
    macros = macros_of("_macros/board.html")
    hand = Hand.of_reader()

    def row(one) -> Markup:
        return hand.kept((macros, "row", one), lambda: macros.row(one))

    return hand.kept((macros, "content", page), lambda: macros.content(page, row))


def forget(app: Flask) -> None:
    """Nothing was ever drawn: for whoever puts another database in the place of the old one."""
    for shelf in ("fragments", "pages"):
        app.extensions[shelf].kept.clear()


def register(app: Flask) -> None:
    app.extensions["fragments"] = Shelf()
    app.extensions["pages"] = Shelf(MOST_PAGES)
    app.add_template_global(card, "kept_card")
    app.add_template_global(board, "kept_board")
    app.add_template_global(part)
