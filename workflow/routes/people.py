"""People: signing in and out, accepting an invitation, a forgotten password, and who takes part in a contract."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_required, login_user, logout_user

from ..db import db, transaction
from ..demo.population import DEMO_PASSWORD
from ..extensions import limiter
from ..models import Contract, Membership, Organisation, Person, Section, Sector
from ..queries import arrival
from ..queries import people as people_pages
from ..rules import policy
from ..rules.policy import Place
from ..rules.vocabulary import Act, OrganisationKind, Role
from ..services import organisations, people
from .forms.people import AcceptForm, ForgottenForm, InviteForm, SignInForm
from .loading import contract_or_404, page_asked, signed_in

blueprint = Blueprint("people", __name__)


def _who_knocks() -> str:
    return f"{get_remote_address()} {request.form.get('email', '').strip().casefold()[:254]}"


def _failed(response: Response) -> bool:
    return response.status_code == 422


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("10 per 5 minutes", key_func=_who_knocks, methods=["POST"], deduct_when=_failed)
@limiter.limit("100 per hour", methods=["POST"], deduct_when=_failed)
def sign_in():
    if current_user.is_authenticated:
        return redirect(url_for("contracts.index"), 303)
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        person = people.authenticate(form.email.data, form.password.data)
        if person:
            with transaction():
                people.arrive(person, password=form.password.data)
            _enter(person)
            return redirect(local(form.next.data) or url_for("contracts.index"), 303)
        form.password.errors = [_("This address and password do not fit together.")]
    page = arrival.sign_in(DEMO_PASSWORD if current_app.config["DEMO"] else None)
    return render_template("people/sign_in.html", page=page, form=form), form.status


def _enter(person: Person) -> None:
    """Begin a session of this person, with nothing in it from before."""
    session.clear()
    session.permanent = True
    login_user(person)


def local(address: str | None) -> str | None:
    """The address when it leads to a page of ours, else None: nobody is sent elsewhere after signing in."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


@blueprint.post("/sign-out")
def sign_out():
    language = session.get("language") or getattr(current_user, "language", None)
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    flash(_("You are signed out."))
    answer = redirect(url_for(".sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # also of pages that "back" would show
    return answer


@blueprint.post("/language")
def language():
    chosen = request.form.get("language")
    if chosen not in current_app.config["LANGUAGES"]:
        abort(400)
    session["language"] = chosen
    if current_user.is_authenticated:
        with transaction():
            people.prefer(signed_in(), language=chosen)
    return redirect(local(request.form.get("next")) or url_for("contracts.index"), 303)


@blueprint.route("/accept/<token>", methods=["GET", "POST"])
def accept(token: str):
    person = people.by_token(token)
    page = arrival.accept(person, token)
    if person is None:
        return render_template("people/accept.html", page=page, form=None), 410
    form = AcceptForm.for_person(person)
    if form.validate_on_submit():
        with form.refusals(), transaction():
            person = people.by_token(token) or abort(410)
            people.set_password(
                person,
                password=form.password.data,
                name=form.name.data,
                language=form.language.data,
            )
        if not form.errors:
            _enter(person)
            flash(_("Welcome, %(name)s.", name=person.name), "done")
            return redirect(url_for("contracts.index"), 303)
    return render_template("people/accept.html", page=page, form=form), form.status


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@limiter.limit("5 per hour", key_func=_who_knocks, methods=["POST"])
@limiter.limit("50 per hour", methods=["POST"])
def forgotten():
    form = ForgottenForm()
    if form.validate_on_submit():
        with transaction():
            people.forgot_password(form.email.data)
        flash(_("If we know this address, a letter with a link is on its way to it."), "done")
        return redirect(url_for(".sign_in"), 303)
    return render_template("people/forgotten.html", form=form), form.status


@blueprint.get("/c/<slug>/people")
@login_required
def index(slug: str):
    contract = contract_or_404(slug)
    page = people_pages.index(contract, current_user, page=page_asked())
    form = InviteForm.offering(page.options, contract, formdata=None) if page.options else None
    return render_template("people/index.html", page=page, form=form)


@blueprint.post("/c/<slug>/people")
@login_required
def invite(slug: str):
    contract = contract_or_404(slug)
    policy.require(current_user, Act.INVITE, Place(contract.id))
    page = people_pages.index(contract, current_user)
    form = InviteForm.offering(page.options, contract)
    if form.validate():
        with form.refusals(), transaction():
            invited = people.invite(
                contract,
                by=signed_in(),
                email=form.email.data,
                name=form.name.data,
                role=Role(form.role.data),
                organisation=_organisation(contract, form),
                language=form.language.data,
                **_scope(form),
            )
        if not form.errors:
            flash(_("The invitation to %(name)s is on its way.", name=invited.person.name), "done")
            return redirect(url_for(".index", slug=slug), 303)
    return render_template("people/index.html", page=page, form=form), form.status


def _organisation(contract: Contract, form: InviteForm) -> Organisation | None:
    if form.new_organisation.data:
        kind = OrganisationKind(form.new_kind.data)
        return organisations.named(contract, form.new_organisation.data, by=signed_in(), kind=kind)
    chosen = form.organisation.data
    return db.session.get(Organisation, int(chosen)) if chosen else None


def _scope(form: InviteForm) -> dict[str, Sector | Section]:
    kind, key = form.place
    models = {"sector": Sector, "section": Section}
    return {kind: db.session.get(models[kind], key)} if kind in models else {}


@blueprint.post("/c/<slug>/people/<int:membership_id>/invitation")
@login_required
@limiter.limit("100 per hour", key_func=lambda: str(current_user.id))
def resend(slug: str, membership_id: int):
    contract, membership = _membership_or_404(slug, membership_id)
    person = membership.person
    with transaction():
        people.invite(
            contract,
            by=signed_in(),
            email=person.email,
            name=person.name,
            role=membership.role,
            organisation=membership.organisation,
            sector=membership.sector,
            section=db.session.get(Section, membership.section_id)
            if membership.section_id
            else None,
        )
    flash(_("The invitation to %(name)s is on its way again.", name=person.name), "done")
    return redirect(url_for(".index", slug=slug), 303)


@blueprint.post("/c/<slug>/people/<int:membership_id>/remove")
@login_required
def remove(slug: str, membership_id: int):
    contract, membership = _membership_or_404(slug, membership_id)
    name = membership.person.name
    with transaction():
        people.remove(membership, contract, by=signed_in())
    flash(_("%(name)s no longer takes part in this way. What they wrote stays.", name=name), "done")
    return redirect(url_for(".index", slug=slug), 303)


def _membership_or_404(slug: str, membership_id: int) -> tuple[Contract, Membership]:
    contract = contract_or_404(slug)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.contract_id != contract.id:
        abort(404)
    return contract, membership
