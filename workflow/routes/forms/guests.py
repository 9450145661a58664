"""The form by which somebody without an account comments, and what keeps machines out of it without asking people."""

from datetime import timedelta
from uuid import uuid4

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from ...labels import label
from ...rules.vocabulary import RemarkKind
from .fields import Form, Line, RowId, Token, without_nul
from .people import Address
from .threads import MAX_TEXT

AT_LEAST = timedelta(seconds=3)
"""Nobody reads, writes and gives an address faster."""
AT_MOST = timedelta(days=7)


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="guest.form")


def _age(signed: str) -> float:
    signer = _signer()
    _word, given_out = signer.unsign(signed, return_timestamp=True)
    return signer.get_timestamp() - given_out.timestamp()


class GuestForm(Form):
    ALIASES = {"name": "full_name"}

    kind = RadioField(
        _l("Kind"),
        choices=lambda: [(word.value, label(word)) for word in RemarkKind],
        default=RemarkKind.QUESTION.value,
    )
    text = TextAreaField(
        _l("Your comment"),
        validators=[InputRequired(_l("Please write what you want to say.")), Length(max=MAX_TEXT)],
        filters=[without_nul],
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
    full_name = Line(
        _l("Your name"), validators=[Length(max=200)], render_kw={"autocomplete": "name"}
    )
    publish_name = BooleanField(_l("My name may be published with the comment"))
    email = Address(_l("E-mail address"), render_kw={"autocomplete": "email"})
    website = StringField(_l("Leave this field empty"), filters=[without_nul])
    made = HiddenField(filters=[without_nul])
    revision = RowId()
    block = IntegerField(validators=[Optional(), NumberRange(0, 100_000)])
    start = IntegerField(validators=[Optional(), NumberRange(0, 10_000_000)])
    end = IntegerField(validators=[Optional(), NumberRange(0, 10_000_000)])
    token = Token(default=lambda: uuid4().hex)

    @classmethod
    def blank(cls, revision_id: int, **values) -> "GuestForm":
        """An empty form that knows when it was given out."""
        made = _signer().sign(b"form").decode()
        return cls(formdata=None, revision=revision_id, made=made, **values)

    def validate_publish_name(self, field: BooleanField) -> None:
        if field.data and not (self.full_name.data or "").strip():
            raise ValidationError(_l("Please give the name that may be published."))

    def validate_website(self, field: StringField) -> None:
        """People neither see nor reach the field; machines fill it in."""
        if field.data:
            raise ValidationError(_l("Please leave the hidden field empty and send it again."))

    def validate_made(self, field: HiddenField) -> None:
        try:
            _signer().unsign(field.data or "", max_age=AT_MOST.total_seconds())
        except SignatureExpired:
            self._anew(_l("The page was open for very long. Please send it again."))
        except BadSignature:
            self._anew(_l("Please send it again."))
        else:
            if _age(field.data) < AT_LEAST.total_seconds():
                raise ValidationError(_l("That was very fast. Please send it again in a moment."))

    def _anew(self, message) -> None:
        self.made.data = _signer().sign(b"form").decode()
        raise ValidationError(message)


class WordsForm(Form):
    """A reason, and nothing else: a flag, an appeal."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[InputRequired(_l("Please give a reason.")), Length(max=1_000)],
        filters=[without_nul],
    )
