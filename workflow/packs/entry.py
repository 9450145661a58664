"""Reading one mapping of a pack file: each getter returns a usable value and writes down what is wrong with it."""

from collections.abc import Iterator
from typing import Any

from .words import Words


class Entry:
    """A mapping of a pack file with the place it stands in, for complaints that name file and key.

    `faults` is shared by all entries of a pack; after reading, `done` complains about keys nobody asked for.
    """

    def __init__(
        self,
        node: Any,
        *,
        file: str,
        languages: tuple[str, ...],
        faults: list[str],
        trail: tuple[str, ...] = (),
    ):
        self.file = file
        self.languages = languages
        self.faults = faults
        self.trail = trail
        self._asked: set[str] = set()
        self._node: dict = node if isinstance(node, dict) else {}
        if not isinstance(node, dict):
            self.fault("a mapping is expected here")

    def fault(self, complaint: str) -> None:
        place = " > ".join(self.trail[-2:])
        self.faults.append(": ".join(filter(None, (self.file, place, complaint))))

    def get(self, name: str, default: Any = None) -> Any:
        self._asked.add(name)
        return self._node.get(name, default)

    def text(self, name: str, *, default: str | None = None) -> str:
        """A string. YAML reads `NO` and `2024.1` as something else, so anything but a string is a fault."""
        value = self.get(name, default)
        if isinstance(value, str):
            return value
        self.fault(
            f"`{name}` is missing"
            if value is None
            else f"`{name}` has to be text; put {value!r} in quotes"
        )
        return ""

    def optional(self, name: str) -> str | None:
        return self.text(name) if self.get(name) is not None else None

    def words(self, name: str, *, required: bool = True) -> Words:
        """Text in every language of the pack."""
        value = self.get(name)
        if value is None and not required:
            return Words()
        texts = value if isinstance(value, dict) else {}
        for language in self.languages:
            if not isinstance(texts.get(language), str) or not texts[language].strip():
                self.fault(f"`{name}` has no text in `{language}`")
        for language in texts.keys() - set(self.languages):
            self.fault(f"`{name}` has text in `{language}`, which is no language of the pack")
        return Words(
            {language: text.strip() for language, text in texts.items() if isinstance(text, str)}
        )

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.get(name, default)
        if not isinstance(value, bool):
            self.fault(f"`{name}` is true or false, not {value!r}")
        return value is True

    def strings(self, name: str) -> tuple[str, ...]:
        value = self.get(name, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.fault(f"`{name}` has to be a list of texts; put numbers and words like NO in quotes")
        return ()

    def numbers(self, name: str) -> tuple[int, ...]:
        value = self.get(name, [])
        if isinstance(value, list) and all(type(one) is int for one in value):
            return tuple(value)
        self.fault(f"`{name}` has to be a list of whole numbers")
        return ()

    def entry(self, name: str) -> "Entry":
        return self._inner(self.get(name, {}), name)

    def entries(self, name: str) -> Iterator["Entry"]:
        """The mappings of a list, one after the other."""
        value = self.get(name, [])
        if not isinstance(value, list):
            self.fault(f"`{name}` has to be a list")
            return
        for number, node in enumerate(value, start=1):
            yield self._inner(node, f"{name} {number}")

    def done(self) -> None:
        """Complain about what nobody asked for: a misspelt key would be lost without a word."""
        for name in self._node.keys() - self._asked:
            self.fault(f"`{name}` is not known here")

    def _inner(self, node: Any, name: str) -> "Entry":
        key = node.get("key") if isinstance(node, dict) else None
        return Entry(
            node,
            file=self.file,
            languages=self.languages,
            faults=self.faults,
            trail=(*self.trail, key if isinstance(key, str) else name),
        )
