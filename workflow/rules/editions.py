"""What somebody can have of a contract as a document: how much, for whose eyes, as what, with which annexes."""

from dataclasses import dataclass, replace

from .vocabulary import AnnexKind, Audience, EditionKind, FileFormat, Scope


@dataclass(frozen=True, slots=True)
class Edition:
    """`place` is the id of the component, module or section that `scope` is about, None for the whole; `since` the
    number of the manifest that changes are told from.

    Two requests for the same edition of the same text are one document.
    """

    audience: Audience
    language: str
    format: FileFormat = FileFormat.PDF
    kind: EditionKind = EditionKind.READING
    scope: Scope = Scope.WHOLE
    place: int | None = None
    since: int | None = None
    annexes: frozenset[AnnexKind] = frozenset({AnnexKind.COMMENTS})

    @property
    def whole(self) -> "Edition":
        """As it is built: a copy for reviewers never lacks the list of remarks that its marks lead to, and files of
        Markdown hold the texts alone."""
        if self.format is FileFormat.MARKDOWN:
            return replace(self, kind=EditionKind.READING, since=None, annexes=frozenset())
        if self.kind is EditionKind.CHANGES:
            return self
        if self.kind is not EditionKind.REVIEW:
            return replace(self, since=None)
        return replace(self, since=None, annexes=self.annexes | {AnnexKind.COMMENTS})

    def holds(self, scope: Scope, place: int) -> bool:
        """Whether what has this id is in it, as far as its own level says; the levels around it are asked as well."""
        return scope is not self.scope or place == self.place

    @property
    def listed(self) -> dict:
        """As it stands in a manifest: plain values in a fixed order."""
        return {
            "format": self.format.value,
            "kind": self.kind.value,
            "scope": self.scope.value,
            "place": self.place,
            "since": self.since,
            "annexes": sorted(annex.value for annex in self.annexes),
        }
