"""The contract as a whole: its freeze, its manifests, and what follows them."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import select

from ..db import db, transaction
from ..models import Contract, Section
from ..queries import manifests as listed
from ..queries import redline, whole
from ..rules import policy
from ..rules.canonical import canonical
from ..rules.policy import Place
from ..rules.vocabulary import Act, ReviewBody, Stage
from ..services import freezing, iterations
from .forms.whole import FreezeForm, OpenForm, ReasonForm, SubmitForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("whole", __name__, url_prefix="/c/<slug>/whole")


@blueprint.get("")
@login_required
def show(slug: str):
    return _page(contract_or_404(slug))


def _page(contract: Contract, status: int = 200, **forms):
    """The page; `forms` are those that could not be taken."""
    page = whole.page(contract, signed_in())
    forms = {
        "freeze": FreezeForm(formdata=None, seen=page.sha256),
        "lift": ReasonForm(formdata=None),
        "submit": SubmitForm(formdata=None),
    } | forms
    return render_template("whole/show.html", page=page, forms=forms), status


@blueprint.post("/freeze")
@login_required
def freeze(slug: str):
    contract, form = contract_or_404(slug), FreezeForm()
    if form.validate():
        with form.refusals(), transaction():
            manifest = freezing.freeze(
                contract, by=signed_in(), seen=form.seen.data or None, note=form.note.data or ""
            )
            number = manifest.number
    if form.errors:
        return _page(contract, 422, freeze=form)
    return _done(slug, _("The contract is frozen as manifest %(number)s.", number=number))


@blueprint.post("/lift")
@login_required
def lift(slug: str):
    contract, form = contract_or_404(slug), ReasonForm()
    if form.validate():
        with form.refusals(), transaction():
            freezing.lift(contract, by=signed_in(), reason=form.reason.data or "")
    if form.errors:
        return _page(contract, 422, lift=form)
    return _done(slug, _("The freeze is lifted. Sections can be opened again."))


@blueprint.post("/submission")
@login_required
def submit(slug: str):
    contract, form = contract_or_404(slug), SubmitForm()
    if form.validate():
        with form.refusals(), transaction():
            iterations.submit(
                contract, by=signed_in(), body=ReviewBody(form.body.data), on=form.on.data
            )
    if form.errors:
        return _page(contract, 422, submit=form)
    return _done(slug, _("The submission is kept."))


@blueprint.route("/addendum", methods=["GET", "POST"])
@login_required
def addendum(slug: str):
    return _open(slug, iterations.begin_addendum, every=False)


@blueprint.route("/iteration", methods=["GET", "POST"])
@login_required
def iteration(slug: str):
    return _open(slug, iterations.begin, every=True)


def _open(slug: str, verb, *, every: bool):
    """Choose what is opened, and say why; `every` section is proposed, or none."""
    contract = contract_or_404(slug)
    policy.require(signed_in(), Act.FREEZE, Place(contract.id))
    sections = _approved(contract)
    if request.method == "GET":
        chosen = {one.id for one in sections} if every else set()
        return _choose(contract, sections, chosen, OpenForm(formdata=None))
    chosen = set(request.form.getlist("section", type=int))
    form = OpenForm()
    if form.validate():
        with form.refusals(), transaction():
            verb(
                contract,
                [one for one in sections if one.id in chosen],
                by=signed_in(),
                reason=form.reason.data or "",
            )
    if form.errors:
        return _choose(contract, sections, chosen, form, 422)
    return _done(slug, _("The sections are open for revision."))


def _choose(contract: Contract, sections, chosen: set[int], form: OpenForm, status: int = 200):
    page = {
        "contract": contract,
        "iteration": contract.iteration + 1,
        "sections": sections,
        "chosen": chosen,
    }
    return render_template("whole/open.html", page=page, form=form), status


def _approved(contract: Contract) -> list[Section]:
    return list(
        db.session.scalars(
            select(Section)
            .where(Section.contract_id == contract.id, Section.stage == Stage.APPROVED)
            .order_by(Section.position, Section.id)
        )
    )


@blueprint.get("/compare")
@login_required
def compare(slug: str):
    contract = contract_or_404(slug)
    old, new = (request.args.get(name, None, int) for name in ("old", "new"))
    page = redline.page(contract, signed_in(), old=old, new=new, number=page_asked())
    if page is None:
        flash(_("There is nothing to compare yet: the contract was never frozen."))
        return redirect(url_for(".show", slug=slug), 303)
    return render_template("whole/compare.html", page=page)


@blueprint.get("/<int:number>")
@login_required
def manifest(slug: str, number: int):
    contract = contract_or_404(slug)
    page = whole.manifest(contract, number, current_user) or abort(404)
    return render_template("whole/manifest.html", page=page)


@blueprint.get("/<int:number>.json")
@login_required
def as_json(slug: str, number: int) -> Response:
    """The canonical JSON, byte for byte what the hash was computed over."""
    sealed = listed.find(contract_or_404(slug), number) or abort(404)
    response = Response(canonical(sealed.content), mimetype="application/json")
    name = f"{slug}-manifest-{number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _done(slug: str, words: str):
    flash(words, "done")
    return redirect(url_for(".show", slug=slug), 303)
