"""Words in several languages, and the complaint about a pack that lacks them."""

from collections.abc import Iterator, Mapping


class Words(Mapping[str, str]):
    """One text in the languages of a pack: `title["sl"]`, or `title.to("de")`, which falls back to English.

    `dict(title)` is what the rows of a contract keep. Immutable and hashable.
    """

    __slots__ = ("_pairs",)

    def __init__(self, texts: Mapping[str, str] | None = None):
        self._pairs = tuple((texts or {}).items())

    def __getitem__(self, language: str) -> str:
        return dict(self._pairs)[language]

    def __iter__(self) -> Iterator[str]:
        return (language for language, _text in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        return f"Words({dict(self._pairs)!r})"

    def to(self, language: str) -> str:
        """The text in the language, else in English, else in whichever there is, else nothing."""
        texts = dict(self._pairs)
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")

    def spoken(self, language: str) -> str:
        """The language that `to` answers in."""
        return (
            language if language in self else "en" if "en" in self else next(iter(self), language)
        )


class PackError(ValueError):
    """A pack cannot be used. `faults` lists everything that is wrong, each with its file and key."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults
