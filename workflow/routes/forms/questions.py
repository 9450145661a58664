"""The forms of reviewers' questions: one that is entered, a sheet of them, a colleague, the answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ...labels import label
from ...queries.board import Known
from ...rules.question_sheet import LAST_ITEM, LONGEST_QUOTE, LONGEST_REFERENCE, LONGEST_TEXT
from ...rules.vocabulary import ReviewBody
from .fields import Form, Line, without_nul


class Reviewers(Form):
    """Who asks, when, and until when the answer is awaited."""

    body = SelectField(_l("Asked by"), default=ReviewBody.COMMISSION.value)
    asked_on = DateField(
        _l("Asked on"), validators=[InputRequired(_l("Please say when it was asked."))]
    )
    due_on = DateField(_l("Answer due"), validators=[Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.body.choices = [(word.value, label(word)) for word in ReviewBody]


class QuestionForm(Reviewers):
    reference = Line(
        _l("Reference"),
        description=_l("The number that the reviewers gave it."),
        validators=[Length(max=LONGEST_REFERENCE)],
    )
    text = TextAreaField(
        _l("Question"),
        validators=[
            InputRequired(_l("Please write what is asked.")),
            Length(max=LONGEST_TEXT),
        ],
        filters=[without_nul],
        id="question-text",
    )
    section = SelectField(_l("Section"), validators=[Optional()])
    quote = TextAreaField(
        _l("Passage"),
        description=_l("The words of the text that it is about, exactly as they stand there."),
        validators=[Length(max=LONGEST_QUOTE)],
        filters=[without_nul],
    )
    checklist = IntegerField(
        _l("Checklist item"), validators=[Optional(), NumberRange(1, LAST_ITEM)]
    )

    @classmethod
    def offering(cls, places: Known, **values) -> "QuestionForm":
        """The form with the sections that there are."""
        form = cls(**values)
        form.section.choices = [("", _l("The contract as a whole")), *places]
        return form


class QuestionSheetForm(Reviewers):
    file = FileField(
        _l("Spreadsheet"),
        description=_l("XLSX or CSV, at most 2 MB and 2,000 rows."),
        validators=[FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".xlsx,.csv"},
    )


class AnswerReviewersForm(Form):
    answer = TextAreaField(
        _l("What the city answers"), validators=[Length(max=LONGEST_TEXT)], filters=[without_nul]
    )
    revision_number = IntegerField(
        _l("Carried out in revision"), validators=[Optional(), NumberRange(1, 1_000_000)]
    )
    seen = HiddenField(filters=[without_nul])


class LetterForm(Form):
    note = TextAreaField(
        _l("How the letter begins"),
        validators=[
            InputRequired(_l("Please write a few words to open the letter.")),
            Length(max=4_000),
        ],
        filters=[without_nul],
    )
    seen = HiddenField(filters=[without_nul])
