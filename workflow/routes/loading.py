"""Finding what an address names, for a person who may read it; everything else is a 404 that tells nothing."""

from flask import abort, g
from flask_login import current_user

from ..db import db
from ..models import Contract, Section, Thread
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act


def contract_or_404(slug: str) -> Contract:
    contract = db.session.query(Contract).filter_by(slug=slug).one_or_none()
    if contract is None or not policy.grants(current_user, Act.READ, Place(contract.id)):
        abort(404)
    g.contract = contract
    return contract


def section_or_404(slug: str, section_id: int) -> Section:
    contract = contract_or_404(slug)
    section = db.session.get(Section, section_id)
    if section is None or section.contract_id != contract.id:
        abort(404)
    return section


def thread_or_404(thread_id: int) -> Thread:
    """A thread that the person may read: his own, or one whose visibility includes him."""
    thread = db.session.get(Thread, thread_id)
    if thread is None:
        abort(404)
    contract_or_404(thread.section.contract.slug)
    visible = policy.visible_to(current_user, thread.section.place)
    if thread.author_id != current_user.id and thread.visibility not in visible:
        abort(404)
    return thread
