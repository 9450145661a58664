"""A contract that was written elsewhere in the browser: brought, looked through, taken over."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from ..db import transaction
from ..models import Contract, Sheet
from ..queries import bringing as brought
from ..queries import imports as pages
from ..queries.navigation import contract_ref
from ..rules.vocabulary import SheetKind
from ..services import import_files, imports
from .forms.imports import ConfirmImportForm, ImportForm
from .loading import contract_to_write, page_asked, signed_in

blueprint = Blueprint("imports", __name__, url_prefix="/c/<slug>/import")

CHOICE = "piece-"


@blueprint.before_request
def _larger_files() -> None:
    """A contract with its pictures is larger than what forms send elsewhere."""
    request.max_content_length = import_files.MAX_BYTES + 1024 * 1024


def sheet_or_404(slug: str, sheet_id: int) -> Sheet:
    contract = contract_to_write(slug)
    return brought.find(contract, signed_in(), sheet_id, SheetKind.TEXTS) or abort(404)


@blueprint.get("")
@login_required
def index(slug: str):
    return _render(contract_to_write(slug), ImportForm(formdata=None))


def _render(contract: Contract, form: ImportForm):
    page = {
        "contract": contract_ref(contract, signed_in().language),
        "waiting": brought.waiting(contract, signed_in(), SheetKind.TEXTS),
    }
    return render_template("imports/index.html", page=page, form=form), form.status


@blueprint.post("")
@login_required
def bring(slug: str):
    """Read the file and show what would go where; nothing is written yet."""
    contract = contract_to_write(slug)
    form = ImportForm()
    if form.validate():
        file = form.file.data
        with form.refusals(), transaction():
            sheet_id = imports.bring(
                contract,
                by=signed_in(),
                name=(file.filename or "").replace("\x00", ""),
                content=file.read(import_files.MAX_BYTES + 1),
            ).id
    if form.errors:
        return _render(contract, form)
    return redirect(url_for(".show", slug=slug, sheet_id=sheet_id), 303)


@blueprint.get("/<int:sheet_id>")
@login_required
def show(slug: str, sheet_id: int):
    sheet = sheet_or_404(slug, sheet_id)
    if sheet.file_name or sheet.refused:
        return render_template("imports/reading.html", page=pages.reading(sheet, signed_in()))
    page = pages.show(sheet, signed_in(), page=page_asked())
    return render_template("imports/show.html", page=page)


@blueprint.get("/<int:sheet_id>/progress")
@login_required
def progress(slug: str, sheet_id: int):
    """How much of the file is read, as a piece of the page that asks again."""
    page = pages.reading(sheet_or_404(slug, sheet_id), signed_in())
    return render_template("imports/_progress.html", page=page)


@blueprint.get("/<int:sheet_id>/sections/<int:section_id>")
@login_required
def change(slug: str, sheet_id: int, section_id: int):
    """What would change in one section."""
    page = pages.change(sheet_or_404(slug, sheet_id), signed_in(), section_id) or abort(404)
    return render_template("imports/change.html", page=page)


def _chosen() -> dict[int, str]:
    """Where the pieces of the page go, by their numbers."""
    said = {
        name.removeprefix(CHOICE): to
        for name, to in request.form.items()
        if name.startswith(CHOICE)
    }
    return {int(number): to for number, to in said.items() if number.isdecimal()}


@blueprint.post("/<int:sheet_id>/choices")
@login_required
def choose(slug: str, sheet_id: int):
    """Keep where the pieces of this page go."""
    sheet = sheet_or_404(slug, sheet_id)
    with transaction():
        imports.choose(sheet, by=signed_in(), chosen=_chosen())
    return redirect(_here(slug, sheet_id), 303)


@blueprint.post("/<int:sheet_id>")
@login_required
def confirm(slug: str, sheet_id: int):
    """Take the texts over, once. Choices that were made on the way are kept, and looked at first."""
    sheet = sheet_or_404(slug, sheet_id)
    with transaction():
        before = sheet.defaults["chosen"]
        changed = imports.choose(sheet, by=signed_in(), chosen=_chosen()).defaults["chosen"]
    if changed != before:
        flash(
            _("Your choices are kept. Please look at what becomes of them, then take it over."),
            "info",
        )
        return redirect(_here(slug, sheet_id), 303)
    with transaction():
        seen = ConfirmImportForm().seen.data or ""
        number = imports.confirm(sheet, by=signed_in(), seen=seen).recorded
    flash(
        ngettext(
            "%(num)s section has its new text.", "%(num)s sections have their new text.", number
        ),
        "good",
    )
    return redirect(url_for(".show", slug=slug, sheet_id=sheet_id), 303)


def _here(slug: str, sheet_id: int) -> str:
    """The page of the headings that was looked at."""
    return url_for(".show", slug=slug, sheet_id=sheet_id, page=page_asked(), _anchor="pieces")


@blueprint.post("/<int:sheet_id>/discard")
@login_required
def discard(slug: str, sheet_id: int):
    sheet = sheet_or_404(slug, sheet_id)
    with transaction():
        imports.discard(sheet, by=signed_in())
    flash(_("What you brought is thrown away."), "done")
    return redirect(url_for(".index", slug=slug), 303)
