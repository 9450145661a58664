"""Letters of answers in the browser: looked through, issued together with the addendum, read, printed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import login_required

from ..db import transaction
from ..models import Contract
from ..queries import answer_letter as pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act
from ..services import answer_letters, documents
from .forms.questions import LetterForm
from .loading import contract_or_404, signed_in

blueprint = Blueprint("answer_letters", __name__, url_prefix="/c/<slug>/questions/letters")


def contract_to_answer_for(slug: str) -> Contract:
    """The contract, for those of the city's own people who read all of it."""
    contract = contract_or_404(slug)
    policy.require(signed_in(), Act.READ_INTERNAL, Place(contract.id))
    return contract


@blueprint.get("")
@login_required
def create(slug: str):
    """The letter as it would go out now."""
    contract = contract_to_answer_for(slug)
    page = pages.compose(contract, signed_in())
    form = LetterForm(formdata=None, seen=page.seen)
    return _render(page, form, {entry.number for entry in page.letter.entries})


def _render(page: pages.ComposePage, form: LetterForm, chosen: set[int]):
    return (
        render_template("answer_letters/create.html", page=page, form=form, chosen=chosen),
        form.status,
    )


@blueprint.post("")
@login_required
def issue(slug: str):
    contract = contract_to_answer_for(slug)
    form, chosen = LetterForm(), _chosen()
    if form.validate():
        with form.refusals(), transaction():
            addendum = answer_letters.issue(
                contract,
                chosen,
                by=signed_in(),
                note=form.note.data or "",
                seen=form.seen.data or None,
            )
            number = addendum.number
    if form.errors:
        return _render(pages.compose(contract, signed_in()), form, set(chosen))
    flash(
        ngettext(
            "%(num)s answer is sent with addendum %(number)s.",
            "%(num)s answers are sent with addendum %(number)s.",
            len(chosen),
            number=number,
        ),
        "good",
    )
    return redirect(url_for(".show", slug=slug, number=number), 303)


def _chosen() -> dict[int, str]:
    """The versions of the chosen answers as the page showed them, by the numbers of their questions."""
    asked = (one for one in request.form.getlist("chosen") if one.isascii() and one.isdecimal())
    return {int(one[:9]): request.form.get(f"version-{one[:9]}", "") for one in asked}


@blueprint.get("/<int:number>")
@login_required
def show(slug: str, number: int):
    """A letter that went out, for everybody who takes part."""
    page = pages.show(_addendum_or_404(contract_or_404(slug), number), signed_in())
    return render_template("answer_letters/show.html", page=page)


def _addendum_or_404(contract: Contract, number: int):
    return pages.find(contract, number) or abort(404)


@blueprint.post("/<int:number>/document")
@login_required
def build(slug: str, number: int):
    """Ask for the letter as a PDF."""
    addendum = _addendum_or_404(contract_or_404(slug), number)
    with transaction():
        document = documents.request_letter(addendum, by=signed_in())
        document_id = document.id
    return redirect(url_for("documents.show", document_id=document_id), 303)
