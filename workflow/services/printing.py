"""What can be printed: of what each kind is made, how it is written, and with which template it is set."""

from ..queries.answer_letter import Letter
from ..queries.compiled import Compilation
from ..rules.vocabulary import FileFormat
from ..typesetting import Document
from ..typesetting import Letter as PrintedLetter
from . import answer_manuscripts, manifests, manuscripts

KINDS = {
    Compilation: (manifests.manifest, manuscripts.write, "contract"),
    Letter: (answer_manuscripts.manifest, answer_manuscripts.write, "letter"),
}


def manifest(given: Compilation | Letter) -> dict:
    return KINDS[type(given)][0](given)


def write(given: Compilation | Letter, manifest_sha256: str) -> Document | PrintedLetter:
    return KINDS[type(given)][1](given, manifest_sha256)


def template(given: Compilation | Letter) -> str:
    return KINDS[type(given)][2]


def format(given: Compilation | Letter) -> FileFormat:
    """As what it is written; letters are PDFs."""
    return given.edition.format if isinstance(given, Compilation) else FileFormat.PDF


def readers(given: Compilation | Letter) -> str:
    """For whom it is, of which contract: what may be typeset by one process after the other."""
    if isinstance(given, Compilation):
        return f"{given.contract_id} {given.audience} {given.language} {given.edition.kind}"
    return f"letter {given.slug}"
