"""The forms of workshop capture: one remark of somebody in the room, or a sheet of them."""

from uuid import uuid4

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from ...labels import label
from ...queries.recording import RecordPage
from ...rules.vocabulary import Channel, RemarkKind, Visibility
from .fields import Form, Line, Token, without_nul


def _choices(vocabulary) -> list[tuple[str, str]]:
    return [(word.value, label(word)) for word in vocabulary]


def _languages() -> list[tuple[str, str]]:
    return list(current_app.config["LANGUAGES"].items())


SAID_TO_THE_CITY = [word for word in Visibility if word is not Visibility.ORGANISATION]


class Room(Form):
    """Where the words come from, and who may read them."""

    channel = SelectField(
        _l("How"), choices=lambda: _choices(Channel), default=Channel.WORKSHOP.value
    )
    visibility = RadioField(
        _l("Who may read it"),
        choices=lambda: _choices(SAID_TO_THE_CITY),
        default=Visibility.PARTICIPANTS.value,
    )
    language = SelectField(_l("Language of the comment"), choices=_languages)


class RecordForm(Room):
    section = SelectField(
        _l("Section"), validators=[InputRequired(_l("Please choose the section."))]
    )
    source = Line(
        _l("Where"),
        description=_l("For example: Workshop 3, table B."),
        validators=[
            InputRequired(_l("Please say where this was said or written.")),
            Length(max=200),
        ],
    )
    kind = RadioField(
        _l("Kind"), choices=lambda: _choices(RemarkKind), default=RemarkKind.SUGGESTION.value
    )
    on_behalf_of = Line(_l("Who said it"), validators=[Length(max=200)])
    consent = BooleanField(_l("The person agrees to be named with the comment"))
    organisation = SelectField(_l("Speaks for"), validators=[Optional()])
    quote = TextAreaField(
        _l("Passage"),
        description=_l("The words of the text that it is about, exactly as they stand there."),
        validators=[Length(max=5_000)],
        filters=[without_nul],
    )
    text = TextAreaField(
        _l("What was said"),
        validators=[InputRequired(_l("Please write what was said.")), Length(max=10_000)],
        filters=[without_nul],
        id="record-text",
    )
    token = Token(default=lambda: uuid4().hex)

    @classmethod
    def offering(cls, page: RecordPage, **values) -> "RecordForm":
        """The form with the sections and organisations that there are."""
        form = cls(**values)
        form.section.choices = [(str(key), name) for key, name in page.sections]
        form.organisation.choices = [
            ("", _l("Nobody in particular")),
            *((str(key), name) for key, name in page.organisations),
        ]
        return form


class SheetForm(Room):
    file = FileField(
        _l("Spreadsheet"),
        description=_l("XLSX or CSV, at most 2 MB and 2,000 rows."),
        validators=[FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".xlsx,.csv"},
    )
    source = Line(
        _l("Where"),
        description=_l("For rows that do not say it themselves; for example: Workshop 3."),
        validators=[Length(max=200)],
    )
