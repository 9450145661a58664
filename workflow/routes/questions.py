"""The register of reviewers' questions in the browser: listed, entered, handed over, answered."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from .. import spreadsheets
from ..db import db, transaction
from ..models import Contract, Person, Question, Section
from ..queries import question as pages
from ..queries import question_file
from ..queries import questions as registers
from ..queries.navigation import contract_ref
from ..queries.outline import today_of
from ..rules import policy
from ..rules.vocabulary import Act, ReviewBody
from ..services import questions
from ..services.questions import Asked
from ..spreadsheets import MIME_TYPES, Table
from .forms.desk import HandForm
from .forms.questions import AnswerReviewersForm, QuestionForm
from .loading import contract_or_404, page_asked, signed_in
from .threads import revision_or_invalid

blueprint = Blueprint("questions", __name__, url_prefix="/c/<slug>/questions")


def contract_of_reviewers(slug: str) -> Contract:
    """The contract, for the city's own people."""
    contract = contract_or_404(slug)
    questions.require_reader(signed_in(), contract.id)
    return contract


def question_or_404(contract: Contract, number: int) -> Question:
    return pages.find(contract, signed_in(), number) or abort(404)


@blueprint.get("")
@login_required
def index(slug: str):
    page = registers.register(contract_of_reviewers(slug), signed_in(), request.args, page_asked())
    return render_template("questions/index.html", page=page)


@blueprint.get("/register.csv")
@login_required
def as_csv(slug: str) -> Response:
    return _file(slug, "csv")


@blueprint.get("/register.xlsx")
@login_required
def as_xlsx(slug: str) -> Response:
    return _file(slug, "xlsx")


def _file(slug: str, kind: str) -> Response:
    """The rows of the register as a response table, with the same filters."""
    lines = registers.lines(contract_of_reviewers(slug), signed_in(), request.args)
    table = Table(
        _("Response table"),
        question_file.headings(),
        (question_file.cells(line, slug) for line in lines),
    )
    file = spreadsheets.csv_file(table) if kind == "csv" else spreadsheets.xlsx_file(table)
    response = send_file(
        file,
        mimetype=MIME_TYPES[kind],
        as_attachment=True,
        download_name=f"questions-{slug}.{kind}",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/new")
@login_required
def create(slug: str):
    contract = contract_of_reviewers(slug)
    places = pages.places(contract, signed_in())
    form = QuestionForm.offering(places, formdata=None, asked_on=today_of(signed_in()))
    return _render_form(contract, form)


def _render_form(contract: Contract, form: QuestionForm, question: Question | None = None):
    page = {"contract": contract_ref(contract, signed_in().language)}
    page["number"] = question.number if question else None
    return render_template("questions/form.html", page=page, form=form), form.status


@blueprint.post("")
@login_required
def enter(slug: str):
    contract = contract_of_reviewers(slug)
    form = QuestionForm.offering(pages.places(contract, signed_in()))
    if form.validate():
        with form.refusals(), transaction():
            question = questions.receive(contract, _asked(form), by=signed_in())
            number, lost = question.number, _lost(question)
    if form.errors:
        return _render_form(contract, form)
    flash(_("This is question %(number)s of the register.", number=number), "good")
    if lost:
        flash(LOST, "warn")
    return redirect(url_for(".show", slug=slug, number=number), 303)


LOST = _l("The text does not have these words once; the question is about the section as a whole.")


def _lost(question: Question) -> bool:
    """Whether the quoted words have no place in the text."""
    return question.quote is not None and question.start is None


def _asked(form: QuestionForm) -> Asked:
    chosen = form.section.data
    return Asked(
        body=ReviewBody(form.body.data),
        text=form.text.data,
        asked_on=form.asked_on.data,
        reference=form.reference.data or "",
        section=db.session.get(Section, int(chosen)) if chosen else None,
        quote=form.quote.data or "",
        checklist=form.checklist.data,
        due_on=form.due_on.data,
    )


@blueprint.get("/<int:number>")
@login_required
def show(slug: str, number: int):
    question = question_or_404(contract_of_reviewers(slug), number)
    return _render(question, _answer_form(question))


def _answer_form(question: Question) -> AnswerReviewersForm:
    """The answer as it stands."""
    carrying = question.carried_out_by
    return AnswerReviewersForm(
        formdata=None,
        answer=question.answer,
        revision_number=carrying.number if carrying else None,
        seen=question.version,
    )


def _render(question: Question, form: AnswerReviewersForm, hand: HandForm | None = None):
    page = pages.show(question, signed_in())
    if form.seen.errors:
        form.seen.data = page.version
    status = max(form.status, hand.status if hand else 200)
    hand = hand or HandForm.offering(
        page.colleagues, formdata=None, assignee=str(page.assignee_id or "")
    )
    return render_template("questions/show.html", page=page, form=form, hand=hand), status


@blueprint.post("/<int:number>")
@login_required
def answer(slug: str, number: int):
    """Keep the answer: as a draft, or ready for the next letter."""
    question = question_or_404(contract_of_reviewers(slug), number)
    form = AnswerReviewersForm()
    ready = request.form.get("step") == "ready"
    if form.validate():
        with form.refusals(), transaction():
            questions.answer(
                question,
                by=signed_in(),
                text=form.answer.data or "",
                carried_out_by=revision_or_invalid(question, form.revision_number.data),
                ready=ready,
                seen=form.seen.data,
            )
    if form.errors:
        return _render(question, form)
    flash(
        _("The answer is ready for the letter.") if ready else _("The draft is saved."),
        "good",
    )
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.post("/<int:number>/colleague")
@login_required
def assign(slug: str, number: int):
    contract = contract_of_reviewers(slug)
    question = question_or_404(contract, number)
    hand = HandForm.offering(registers.colleagues(contract))
    if hand.validate():
        chosen = hand.assignee.data
        to = db.session.get(Person, int(chosen)) if chosen else None
        with hand.refusals(), transaction():
            questions.assign(question, by=signed_in(), to=to)
    if hand.errors:
        return _render(question, _answer_form(question), hand)
    said = _("It lies before %(name)s now.", name=to.name) if to else _("Nobody has it now.")
    flash(said, "good")
    return redirect(url_for(".show", slug=slug, number=number), 303)


@blueprint.get("/<int:number>/correct")
@login_required
def correct(slug: str, number: int):
    contract = contract_of_reviewers(slug)
    question = question_or_404(contract, number)
    policy.require(signed_in(), Act.ANSWER_REVIEWERS, questions.place(question))
    form = QuestionForm.offering(
        pages.places(contract, signed_in()),
        formdata=None,
        obj=question,
        section=str(question.section_id or ""),
        body=question.body.value,
    )
    return _render_form(contract, form, question)


@blueprint.post("/<int:number>/correct")
@login_required
def change(slug: str, number: int):
    """Enter the question anew where it was misread."""
    contract = contract_of_reviewers(slug)
    question = question_or_404(contract, number)
    form = QuestionForm.offering(pages.places(contract, signed_in()))
    if form.validate():
        with form.refusals(), transaction():
            lost = _lost(questions.correct(question, _asked(form), by=signed_in()))
    if form.errors:
        return _render_form(contract, form, question)
    flash(_("The question is corrected."), "good")
    if lost:
        flash(LOST, "warn")
    return redirect(url_for(".show", slug=slug, number=number), 303)
