"""What the address of a call names, or 404."""

from typing import TypeVar

from flask import abort
from flask_login import current_user

from ..models import Contract, Document, Hook, Section, Thread
from ..queries import access, documents, hooks

Row = TypeVar("Row")


def _or_404(row: Row | None) -> Row:
    return row if row is not None else abort(404)


def contract_or_404(slug: str) -> Contract:
    return _or_404(access.contract(slug, current_user))


def section_or_404(section_id: int) -> Section:
    return _or_404(access.section(section_id, current_user))


def thread_or_404(thread_id: int) -> Thread:
    return _or_404(access.thread(thread_id, current_user))


def document_or_404(document_id: int) -> Document:
    found = documents.find(document_id, current_user) if document_id < 2**31 else None
    return _or_404(found)


def hook_or_404(contract: Contract, hook_id: int) -> Hook:
    return _or_404(hooks.find(contract, hook_id) if hook_id < 2**31 else None)
