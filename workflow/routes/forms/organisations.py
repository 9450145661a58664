"""The forms of an organisation: its position, who speaks for it, of which kind it is."""

from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ...labels import label
from ...models import Person
from ...queries.organisations import PositionPage
from ...rules.vocabulary import Mandate, OrganisationKind, RemarkKind
from ...services.organisations import SAID_ALOUD
from .fields import Form, Line, RowId, Token, without_nul
from .threads import HOW_TO_NAME


def _choices(vocabulary) -> list[tuple[str, str]]:
    return [(word.value, label(word)) for word in vocabulary]


class PositionForm(Form):
    ALIASES = {"start": "passage"}

    remarks = SelectMultipleField(
        _l("What members said goes into it"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
        coerce=int,
    )
    text = TextAreaField(
        _l("The position of your organisation"),
        description=HOW_TO_NAME,
        validators=[InputRequired(_l("Please write what you want to say.")), Length(max=10_000)],
        filters=[without_nul],
    )
    kind = RadioField(
        _l("Kind"), choices=lambda: _choices(RemarkKind), default=RemarkKind.SUGGESTION.value
    )
    passage = SelectField(_l("About which passage"), validators=[Optional()])
    visibility = RadioField(
        _l("Who may read it"),
        choices=lambda: _choices(SAID_ALOUD),
        default=SAID_ALOUD[-1].value,
    )
    language = SelectField(
        _l("Language of your comment"),
        choices=[SelectChoice("en", "English"), SelectChoice("sl", "Slovenščina")],
    )
    amends = RowId()
    token = Token(default=lambda: uuid4().hex)

    @classmethod
    def offering(cls, page: PositionPage, person: Person, **values) -> "PositionForm":
        """The form with what members said, the passages, and the words of the position that stands."""
        standing = page.standing
        if standing and "formdata" in values:
            values = {"text": standing.text, "kind": standing.kind.value} | values
            values["amends"] = standing.thread_id
        form = cls(language=person.language, **values)
        form.remarks.choices = [(one.thread_id, f"{one.number}") for one in page.among]
        form.passage.choices = page.passages
        return form


class MandateForm(Form):
    mandate = SelectField(_l("Mandate"), choices=lambda: _choices(Mandate))


class DescribeForm(Form):
    kind = SelectField(
        _l("What kind of organisation it is"), choices=lambda: _choices(OrganisationKind)
    )
    detail = Line(_l("In its own words"), validators=[Length(max=300)])
