"""The desk: the queue of remarks, answers drafted one by one or for many, groups, and their publication."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from ..db import db, transaction
from ..models import Contract, Person, Round, Thread, ThreadGroup
from ..queries import desk as desk_pages
from ..queries import remarks
from ..queries.navigation import answers_in, contract_ref
from ..rules.policy import GRANTS
from ..rules.refusals import Denied, Invalid
from ..rules.vocabulary import Act, Disposition
from ..services import desk, groups
from .forms.desk import GroupForm, HandForm, ManyForm
from .forms.threads import AnswerForm
from .loading import contract_or_404, page_asked, signed_in, thread_or_404
from .threads import repeated_or_invalid, revision_or_invalid

blueprint = Blueprint("desk", __name__, url_prefix="/c/<slug>/desk")


@blueprint.get("")
@login_required
def show(slug: str):
    return _render(_contract(slug))


def _contract(slug: str) -> Contract:
    """The contract, for those who answer somewhere in it."""
    contract = contract_or_404(slug)
    if not answers_in(signed_in(), contract.id):
        raise Denied(Act.ANSWER, GRANTS[Act.ANSWER])
    return contract


def _render(contract: Contract, status: int = 200, opened: str = "", **forms):
    page = desk_pages.desk(contract, signed_in(), request.args, page_asked())
    fresh = {
        "many": ManyForm(formdata=None),
        "hand": HandForm.offering(page.colleagues, formdata=None),
        "grouping": GroupForm(formdata=None),
    }
    selected = _selected_ids() or ([row.id for row in page.rows] if page.group else [])
    return (
        render_template(
            "desk/show.html", page=page, selected=selected, opened=opened, **(fresh | forms)
        ),
        status,
    )


def _selected_ids() -> list[int]:
    asked = request.form.getlist("threads")
    return [int(one[:9]) for one in asked if one.isascii() and one[:9].isdecimal()]


def _selected(contract: Contract) -> list[Thread]:
    return remarks.chosen(contract, signed_in(), _selected_ids())


def _back(contract: Contract, anchor: str | None = None):
    """The desk as it was filtered."""
    kept = {name: value for name, value in request.args.items() if name != "slug"}
    return redirect(url_for(".show", slug=contract.slug, **kept, _anchor=anchor), 303)


@blueprint.post("/drafts")
@login_required
def draft_many(slug: str):
    """The same answer for all that are selected."""
    contract = _contract(slug)
    form = ManyForm()
    if form.validate():
        with form.refusals(), transaction():
            chosen = _selected(contract)
            made = desk.draft_many(
                chosen,
                by=signed_in(),
                disposition=Disposition(form.disposition.data),
                text=form.answer.data or "",
                carried_out=form.carried_out.data,
                duplicate_of=_repeated(chosen, form.duplicate_of.data),
                seen={one.id: request.form.get(f"seen-{one.id}", "") for one in chosen},
            )
    if form.errors:
        return _render(contract, 422, "draft", many=form)
    flash(ngettext("%(num)s draft is saved.", "%(num)s drafts are saved.", len(made)), "good")
    return _back(contract)


def _repeated(chosen: list[Thread], number: int | None) -> Thread | None:
    """The remark of that number in the section that all chosen remarks share."""
    if number is None:
        return None
    if len({thread.section_id for thread in chosen}) > 1:
        raise Invalid(
            "duplicate_of",
            "Numbers count within a section. Please select remarks of one section only.",
        )
    return repeated_or_invalid(chosen[0], number) if chosen else None


@blueprint.post("/colleague")
@login_required
def assign(slug: str):
    contract = _contract(slug)
    form = HandForm.offering(desk_pages.colleagues(contract))
    if form.validate():
        to = db.session.get(Person, int(form.assignee.data)) if form.assignee.data else None
        with form.refusals(), transaction():
            desk.assign(_selected(contract), by=signed_in(), to=to)
    if form.errors:
        return _render(contract, 422, "hand", hand=form)
    said = _("They lie before %(name)s now.", name=to.name) if to else _("Nobody has them now.")
    flash(said, "good")
    return _back(contract)


@blueprint.post("/groups")
@login_required
def put_together(slug: str):
    contract = _contract(slug)
    form = GroupForm()
    if form.validate():
        with form.refusals(), transaction():
            group = groups.put_together(
                contract, _selected(contract), by=signed_in(), title=form.title.data
            )
    if form.errors:
        return _render(contract, 422, "group", grouping=form)
    flash(_("They are one group now: answer them together."), "good")
    return redirect(url_for(".show", slug=slug, group=group.id), 303)


@blueprint.post("/groups/<int:group_id>/apart")
@login_required
def take_apart(slug: str, group_id: int):
    contract = _contract(slug)
    group = db.session.get(ThreadGroup, group_id)
    if group is None or group.contract_id != contract.id:
        abort(404)
    with transaction():
        groups.take_apart(group, by=signed_in())
    flash(_("The group is dissolved; its remarks and drafts stay as they are."), "good")
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.get("/alike")
@login_required
def alike(slug: str):
    """Groups that the words propose, for people to confirm."""
    contract = _contract(slug)
    page = desk_pages.proposals(contract, signed_in())
    return render_template("desk/alike.html", page=page)


@blueprint.post("/publication")
@login_required
def publish(slug: str):
    """Publish the drafts of the selected remarks, of a round, or all."""
    contract = _contract(slug)
    only = request.form.get("only")
    try:
        with transaction():
            told = desk.publish(
                contract,
                by=signed_in(),
                round=_round(contract, request.form.get("round", 0, int)),
                remarks=_selected(contract) if only == "selected" else None,
            )
    except Invalid as refusal:
        flash(_(refusal.message), "bad")
        return _back(contract, "publish")
    flash(
        ngettext(
            "%(num)s answer is published; its author will hear of it.",
            "%(num)s answers are published; each author will hear of them once.",
            len(told),
        ),
        "good",
    )
    return _back(contract)


def _round(contract: Contract, round_id: int) -> Round | None:
    found = db.session.get(Round, round_id) if 0 < round_id < 2**31 else None
    return found if found and found.contract_id == contract.id else None


@blueprint.get("/<int:thread_id>")
@login_required
def answer(slug: str, thread_id: int):
    """One remark with the form that answers it."""
    contract, thread = _thread(slug, thread_id)
    form = AnswerForm(formdata=None, **remarks.kept(thread))
    return _render_one(contract, thread, form)


def _thread(slug: str, thread_id: int) -> tuple[Contract, Thread]:
    contract, thread = _contract(slug), thread_or_404(thread_id)
    if thread.section.contract_id != contract.id or not thread.addressed:
        abort(404)
    return contract, thread


def _render_one(contract: Contract, thread: Thread, form: AnswerForm, status: int = 200):
    row = remarks.one(thread, signed_in())
    if form.seen.errors and row.draft:
        form.seen.data = row.draft.version
    page = {
        "contract": contract_ref(contract, signed_in().language),
        "row": row,
        "args": request.args,
    }
    return render_template("desk/answer.html", page=page, form=form), status


@blueprint.post("/<int:thread_id>")
@login_required
def draft(slug: str, thread_id: int):
    contract, thread = _thread(slug, thread_id)
    form = AnswerForm()
    if form.validate():
        with form.refusals(), transaction():
            desk.draft(
                thread,
                by=signed_in(),
                disposition=Disposition(form.disposition.data),
                text=form.answer.data or "",
                carried_out_by=revision_or_invalid(thread, form.revision_number.data),
                duplicate_of=repeated_or_invalid(thread, form.duplicate_of.data),
                seen=form.seen.data,
            )
    if form.errors:
        return _render_one(contract, thread, form, 422)
    flash(_("The draft is saved. Nobody outside the city sees it yet."), "good")
    return _back(contract, f"remark-{thread.id}")


@blueprint.post("/<int:thread_id>/discard")
@login_required
def discard(slug: str, thread_id: int):
    contract, thread = _thread(slug, thread_id)
    with transaction():
        desk.discard(thread, by=signed_in())
    flash(_("The draft is thrown away."), "good")
    return _back(contract, f"remark-{thread.id}")
