"""Workshop capture in the browser: fast entry that stays on its form, and sheets that are looked through first."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from ..db import db, transaction
from ..models import Contract, Organisation, Section
from ..queries import bringing as brought
from ..queries import recording as pages
from ..queries import sheet_words
from ..queries.navigation import contract_ref
from ..rules.quoting import Found
from ..rules.sheets import Column
from ..rules.vocabulary import Channel, RemarkKind, SheetKind, Visibility
from ..services import sheets, threads, workshops
from . import bringing
from .bringing import Bringing
from .forms.workshops import RecordForm, SheetForm
from .loading import contract_or_404, signed_in, thread_or_404

blueprint = Blueprint("workshops", __name__, url_prefix="/c/<slug>/record")

REMEMBERED = ("section", "source", "channel", "visibility", "language")


def contract_to_record_for(slug: str) -> Contract:
    """The contract, for those who may write down remarks for at least one part of it."""
    contract = contract_or_404(slug)
    workshops.require(signed_in(), contract.id)
    return contract


@blueprint.get("")
@login_required
def record(slug: str):
    contract = contract_to_record_for(slug)
    page = pages.record(contract, signed_in())
    return _render(page, RecordForm.offering(page, formdata=None, **_remembered(contract)))


def _remembered(contract: Contract) -> dict[str, str]:
    """What the last entry in this contract was about; a link may name the section."""
    kept = session.get("recording", {})
    mine = REMEMBERED if kept.get("contract") == contract.id else ()
    asked = {"section": request.args["section"]} if "section" in request.args else {}
    return {"language": contract.language} | {name: kept[name] for name in mine} | asked


def _render(page: pages.RecordPage, form: RecordForm):
    return render_template("workshops/record.html", page=page, form=form), form.status


@blueprint.post("")
@login_required
def enter(slug: str):
    contract = contract_to_record_for(slug)
    page = pages.record(contract, signed_in())
    form = RecordForm.offering(page)
    if form.validate():
        with form.refusals(), transaction():
            section = db.session.get(Section, int(form.section.data))
            chosen = form.organisation.data
            thread = workshops.record(
                section,
                by=signed_in(),
                source=form.source.data,
                text=form.text.data,
                channel=Channel(form.channel.data),
                kind=RemarkKind(form.kind.data),
                on_behalf_of=form.on_behalf_of.data or "",
                consented=form.consent.data,
                quote=form.quote.data or "",
                organisation=db.session.get(Organisation, int(chosen)) if chosen else None,
                visibility=Visibility(form.visibility.data),
                language=form.language.data,
                token=form.token.data,
            )
            found = workshops.spot(section, form.quote.data or "").found
            number = f"{section.code}/{thread.number}"
    if form.errors:
        return _render(page, form)
    session["recording"] = {"contract": contract.id} | {
        name: form[name].data for name in REMEMBERED
    }
    flash(_("Comment %(number)s is written down.", number=number), "good")
    if form.on_behalf_of.data and not form.consent.data:
        flash(_("The name is left out: the person has not agreed to be named."), "warn")
    if found not in (Found.NOT_QUOTED, Found.PASSAGE):
        flash(sheet_words.found_words(found), "warn")
    return redirect(url_for(".record", slug=slug, _anchor="record-text"), 303)


@blueprint.post("/<int:thread_id>/undo")
@login_required
def undo(slug: str, thread_id: int):
    """Withdraw what was just entered; the page of entry stays open."""
    contract = contract_to_record_for(slug)
    thread = thread_or_404(thread_id)
    if thread.section.contract_id != contract.id or thread.source is None:
        abort(404)
    with transaction():
        threads.withdraw(thread, by=signed_in())
    flash(_("Taken back. Its number stays."), "done")
    return redirect(url_for(".record", slug=slug), 303)


@blueprint.get("/sheets")
@login_required
def sheets_index(slug: str):
    contract = contract_to_record_for(slug)
    form = SheetForm(formdata=None, language=contract.language)
    return _render_sheets(contract, form)


def _render_sheets(contract: Contract, form: SheetForm):
    page = {
        "contract": contract_ref(contract, signed_in().language),
        "waiting": brought.waiting(contract, signed_in(), SheetKind.REMARKS),
    }
    return render_template("workshops/sheets.html", page=page, form=form), form.status


@blueprint.post("/sheets")
@login_required
def bring(slug: str):
    """Read a sheet and show what would become of it; nothing is recorded yet."""
    contract = contract_to_record_for(slug)
    form = SheetForm()
    if form.validate():
        with form.refusals(), transaction():
            sheet = sheets.bring(
                contract,
                by=signed_in(),
                **bringing.file(form.file.data),
                defaults={
                    Column.SOURCE: form.source.data or "",
                    Column.CHANNEL: form.channel.data,
                    Column.VISIBILITY: form.visibility.data,
                    Column.LANGUAGE: form.language.data,
                },
            )
            sheet_id = sheet.id
    if form.errors:
        return _render_sheets(contract, form)
    return redirect(url_for(".sheet", slug=slug, sheet_id=sheet_id), 303)


def _recorded(number: int) -> str:
    return ngettext("%(num)s comment is recorded.", "%(num)s comments are recorded.", number)


bringing.serve(
    blueprint,
    Bringing(
        kind=SheetKind.REMARKS,
        contract=contract_to_record_for,
        page=pages.sheet,
        confirm=sheets.confirm,
        discard=sheets.discard,
        said=_recorded,
        guide=sheet_words.guide,
        title=lambda: _("Comments"),
        name="comments",
        begun="sheets_index",
    ),
)
