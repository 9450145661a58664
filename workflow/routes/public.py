"""The public pages: read what is on display for everybody, comment without an account, look after what one said."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_limiter import RequestLimit
from flask_login import current_user

from ..db import db, transaction
from ..extensions import limiter
from ..models import Comment, Contract, Display, Section, Thread
from ..queries import access, public_own, public_signatories
from ..queries import public as pages
from ..rules.refusals import Invalid, NotNow
from ..rules.vocabulary import Moderation, RemarkKind
from ..services import guests, moderation, threads
from .forms.guests import GuestForm, WordsForm
from .forms.refusals import tell
from .loading import page_asked, revision_or_404
from .signatories import letter_file

blueprint = Blueprint("public", __name__, url_prefix="/public")

SECTION = "/<slug>/sections/<int:section_id>"


@blueprint.after_request
def _keep_links_to_oneself(response: Response) -> Response:
    """A page that a letter's link opens is kept by no cache and found by no search engine."""
    if "token" in (request.view_args or {}):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _language() -> str:
    return str(get_locale() or "en")


@blueprint.get("/")
def index():
    return render_template("public/index.html", page=pages.index(_language()))


@blueprint.get("/<slug>")
def contract(slug: str):
    found = pages.contract(slug) or abort(404)
    if current_user.is_authenticated and access.contract(slug, current_user):
        return redirect(url_for("contracts.home", slug=slug), 303)
    g.contract = found
    page = pages.overview(found, _language())
    signed = public_signatories.count(found)
    return render_template("public/contract.html", page=page, signed=signed)


@blueprint.get("/<slug>/signatories")
def signatories(slug: str):
    """Who has signed, and what may be published of it."""
    page = public_signatories.page(
        _contract_or_404(slug), _language(), request.args, page=page_asked()
    )
    return render_template("public/signatories.html", page=page)


@blueprint.get("/<slug>/signatories/<int:signatory_id>/letter")
def letter(slug: str, signatory_id: int) -> Response:
    found = public_signatories.with_letter(_contract_or_404(slug), signatory_id)
    if found is None:
        abort(404)
    return letter_file(found, found.letter_key)


@blueprint.get(SECTION)
def section(slug: str, section_id: int):
    found = _section_or_404(slug, section_id)
    if _takes_part(found[0]):
        return redirect(url_for("sections.show", slug=slug, section_id=section_id), 303)
    page = pages.section(*found, _language(), page=page_asked())
    form = GuestForm.blank(page.revision_id) if page.section.open_until else None
    return render_template("public/section.html", page=page, form=form)


@blueprint.get(f"{SECTION}/comment")
def compose(slug: str, section_id: int):
    found = _section_or_404(slug, section_id)
    if _takes_part(found[0]):
        return redirect(url_for("threads.create", slug=slug, section_id=section_id), 303)
    display = guests.open_display(found[0]) or abort(404)
    asked = {name: request.args.get(name, None, int) for name in ("block", "start", "end")}
    return _composing(found[0], display, GuestForm.blank(display.revision_id, **asked))


def _composing(section: Section, display: Display, form: GuestForm, status: int = 200):
    page = pages.compose(
        section,
        display,
        _language(),
        block=form.block.data,
        start=form.start.data,
        end=form.end.data,
    )
    if form.replacement.data is None:
        form.replacement.data = page.quote
    return render_template("public/compose.html", page=page, form=form), status


def _too_often(limit: RequestLimit) -> Response:
    """The page again with all that was typed, and a word on when to go on."""
    found = _section_or_404(request.view_args["slug"], request.view_args["section_id"])
    display = guests.open_display(found[0]) or abort(404)
    form = GuestForm()
    form.form_errors.append(
        _(
            "Too many comments were sent from here or for this address. Your words are still here; "
            "please send them again in an hour."
        )
    )
    page, status = _composing(found[0], display, form, 429)
    response = make_response(page, status)
    response.headers["Retry-After"] = "3600"
    return response


def _address() -> str:
    return request.form.get("email", "").strip().casefold()[:254]


def _kept(response: Response) -> bool:
    return response.status_code == 303


@blueprint.post(f"{SECTION}/comment")
@limiter.limit("20 per hour", deduct_when=_kept, on_breach=_too_often)
@limiter.limit("60 per hour", on_breach=_too_often)
@limiter.limit("5 per hour", key_func=_address, deduct_when=_kept, on_breach=_too_often)
def post(slug: str, section_id: int):
    found, display = _section_or_404(slug, section_id)
    display = guests.open_display(found) or display
    form = GuestForm()
    if form.validate():
        revision = revision_or_404(found.id, form.revision.data) or abort(422)
        try:
            with transaction():
                guests.remark(
                    found,
                    email=form.email.data,
                    name=form.full_name.data or "",
                    publish_name=form.publish_name.data,
                    revision=revision,
                    kind=RemarkKind(form.kind.data),
                    text=form.text.data,
                    language=_language(),
                    start=form.start.data,
                    end=form.end.data,
                    block=form.block.data,
                    replacement=form.replacement.data,
                    token=form.token.data,
                )
        except Invalid as refusal:
            tell(form, refusal)
        except NotNow:
            closed = _(
                "The round is over, so this can no longer be sent. Your words are still here."
            )
            form.form_errors.append(closed)
            return _composing(found, display, form, 409)
        else:
            return redirect(url_for(".sent", slug=slug, section_id=section_id), 303)
    return _composing(found, display, form, 422)


@blueprint.get(f"{SECTION}/sent")
def sent(slug: str, section_id: int):
    """The same for every address, so that it tells nothing about any."""
    found, display = _section_or_404(slug, section_id)
    page = pages.section(found, display, _language())
    return render_template("public/sent.html", page=page)


@blueprint.get("/confirm/<token>")
def confirm(token: str):
    """What the link of the letter shows; the button confirms, since mail programs open links on their own."""
    thread = guests.to_confirm(token)
    if thread is None:
        return render_template("public/confirm.html", thread=None), 410
    g.contract = thread.section.contract
    return render_template(
        "public/confirm.html", thread=thread, comment=thread.comments[0], token=token
    )


@blueprint.post("/confirm/<token>")
@limiter.limit("30 per hour")
def confirmed(token: str):
    thread = guests.to_confirm(token)
    if thread is None:
        return render_template("public/confirm.html", thread=None), 410
    with transaction():
        if request.form.get("act") == "discard" and thread.moderation is Moderation.UNCONFIRMED:
            threads.withdraw(thread, by=thread.author)
        else:
            guests.confirm(thread)
    return redirect(url_for(".confirm", token=token), 303)


@blueprint.get("/mine/<token>")
def mine(token: str):
    """A guest's own page: what he said, where it stands, what the city answered."""
    return _own_page(token)


def _own_page(token: str, form: WordsForm | None = None, about: int | None = None):
    person = guests.by_token(token)
    if person is None:
        return render_template("public/mine.html", remarks=None), 410
    with force_locale(person.language):
        page = public_own.own(person, person.language)
        return (
            render_template(
                "public/mine.html",
                remarks=page,
                token=token,
                form=form or WordsForm(formdata=None),
                about=about,
            ),
            422 if form else 200,
        )


@blueprint.post("/mine/<token>/withdraw/<int:thread_id>")
@limiter.limit("60 per hour")
def withdraw(token: str, thread_id: int):
    person = guests.by_token(token) or abort(410)
    thread = db.session.get(Thread, thread_id)
    if thread is None or thread.author_id != person.id:
        abort(404)
    with transaction():
        threads.withdraw(thread, by=person)
    flash(_("The comment is withdrawn. Its number stays."), "done")
    return redirect(url_for(".mine", token=token), 303)


@blueprint.post("/mine/<token>/appeal/<int:comment_id>")
@limiter.limit("60 per hour")
def appeal(token: str, comment_id: int):
    person = guests.by_token(token) or abort(410)
    comment = db.session.get(Comment, comment_id)
    if comment is None or comment.author_id != person.id:
        abort(404)
    form = WordsForm()
    if form.validate():
        with form.refusals(), transaction():
            moderation.appeal(comment, by=person, reason=form.reason.data)
    if form.errors:
        return _own_page(token, form, comment_id)
    flash(_("Your appeal is there; another moderator looks at it."), "done")
    return redirect(url_for(".mine", token=token), 303)


def _contract_or_404(slug: str) -> Contract:
    g.contract = pages.contract(slug) or abort(404)
    return g.contract


def _section_or_404(slug: str, section_id: int) -> tuple[Section, Display]:
    found = pages.find_section(slug, section_id)
    if found is None:
        abort(404)
    g.contract = found[0].contract
    return found


def _takes_part(section: Section) -> bool:
    return bool(current_user.is_authenticated and access.section(section.id, current_user))
