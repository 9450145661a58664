"""The forms by which people remark, reply and answer."""

from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ...labels import label
from ...models import Person, Section
from ...rules.vocabulary import Disposition, RemarkKind, Visibility
from .fields import Form, RowId, Token, without_nul

MAX_TEXT = 10_000
ORGANISATION = Visibility.ORGANISATION


def _choices(vocabulary) -> list[tuple[str, str]]:
    return [(word.value, label(word)) for word in vocabulary]


def spoken_for(person: Person) -> dict[int, str]:
    """The names of the organisations that this person may speak for, by their ids."""
    return {m.organisation.id: m.organisation.name for m in person.memberships if m.organisation}


HOW_TO_NAME = _l("Write @ and somebody's full name to let them know, as in @Ana Novak.")


class RemarkForm(Form):
    text = TextAreaField(
        _l("Your comment"),
        validators=[InputRequired(_l("Please write what you want to say.")), Length(max=MAX_TEXT)],
        filters=[without_nul],
        description=HOW_TO_NAME,
        id="remark-text",
    )
    replacement = TextAreaField(
        _l("So it should read"),
        validators=[Length(max=MAX_TEXT)],
        filters=[without_nul],
        description=_l(
            "Empty it to suggest that the passage goes. Left as it is, it suggests no other words."
        ),
        id="remark-replacement",
    )
    kind = RadioField(
        _l("Kind"), choices=lambda: _choices(RemarkKind), default=RemarkKind.QUESTION.value
    )
    visibility = RadioField(
        _l("Who may read it"),
        choices=lambda: _choices(Visibility),
        default=Visibility.PARTICIPANTS.value,
    )
    organisation = SelectField(_l("You speak for"), validators=[Optional()])
    language = SelectField(
        _l("Language of your comment"),
        choices=[SelectChoice("en", "English"), SelectChoice("sl", "Slovenščina")],
    )
    revision = RowId()
    block = IntegerField(validators=[Optional(), NumberRange(0, 100_000)])
    start = IntegerField(validators=[Optional(), NumberRange(0, 10_000_000)])
    end = IntegerField(validators=[Optional(), NumberRange(0, 10_000_000)])
    token = Token(default=lambda: uuid4().hex)

    @classmethod
    def for_person(cls, person: Person, **values) -> "RemarkForm":
        """The form with the organisations that this person may speak for."""
        form = cls(**values)
        organisations = spoken_for(person)
        form.organisation.choices = [("", _l("Myself"))] + [
            (str(key), name) for key, name in organisations.items()
        ]
        seen_by = [word for word in Visibility if organisations or word is not ORGANISATION]
        form.visibility.choices = _choices(seen_by)
        return form

    @classmethod
    def blank(cls, section: Section, person: Person, **values) -> "RemarkForm":
        """An empty form about the section's current revision."""
        form = cls.for_person(
            person,
            formdata=None,
            revision=section.current_id,
            language=person.language,
            **values,
        )
        if len(form.organisation.choices) > 1:
            form.organisation.data = form.organisation.choices[1][0]
        return form


class ReplyForm(Form):
    text = TextAreaField(
        _l("Your reply"),
        validators=[InputRequired(_l("Please write what you want to say.")), Length(max=MAX_TEXT)],
        filters=[without_nul],
        description=HOW_TO_NAME,
        id="reply-text",
    )
    token = Token(default=lambda: uuid4().hex)


class AnswerForm(Form):
    disposition = RadioField(
        _l("The city's position"),
        choices=lambda: _choices(Disposition),
        validators=[InputRequired(_l("Please choose a position."))],
    )
    answer = TextAreaField(
        _l("Reason, as the author will read it"),
        validators=[Length(max=MAX_TEXT)],
        filters=[without_nul],
    )
    revision_number = IntegerField(
        _l("Carried out in revision"), validators=[Optional(), NumberRange(1, 1_000_000)]
    )
    duplicate_of = IntegerField(
        _l("Repeats remark number"), validators=[Optional(), NumberRange(1, 1_000_000)]
    )
    seen = HiddenField(filters=[without_nul])
