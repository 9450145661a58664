"""What the form library and the calendar say, in the reader's language."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import wtforms
from flask import Flask
from flask_babel import Babel, force_locale
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from runner import builds, messages
from workflow import dates
from workflow.routes.forms.refusals import Form


class Letter(Form):
    class Meta(Form.Meta):
        csrf = False

    subject = StringField(validators=[Length(max=5)])
    code = StringField(validators=[Length(min=3)])
    name = StringField(validators=[InputRequired()])
    size = IntegerField(validators=[NumberRange(1, 9)])
    number = IntegerField()
    colour = SelectField(choices=["red"])


TYPED = {"subject": "a long word", "code": "x", "size": "12", "number": "many", "colour": "blue"}
TOLD = {
    "en": [
        "Field cannot be longer than 5 characters.",
        "Field must be at least 3 characters long.",
        "This field is required.",
        "Number must be between 1 and 9.",
        "Not a valid integer value.",
        "Not a valid choice.",
    ],
    "sl": [
        "Največ 5 znakov.",
        "Vsaj 3 znaki.",
        "To polje je obvezno.",
        "Število mora biti med 1 in 9.",
        "Vrednost ni celo število.",
        "Te izbire ni na seznamu.",
    ],
}


@pytest.fixture(scope="module")
def plain_app():
    builds.compile_translations(lambda _said: None)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="for tests only", BABEL_TRANSLATION_DIRECTORIES=str(messages.TRANSLATIONS)
    )
    Babel(app)
    return app


@pytest.mark.parametrize("language", TOLD)
def test_the_form_library_speaks_the_readers_language(plain_app, language):
    with plain_app.test_request_context(), force_locale(language):
        form = Letter(MultiDict(TYPED))
        assert not form.validate()
        assert [errors[0] for errors in form.errors.values()] == TOLD[language]


def test_what_the_form_library_may_say_is_in_the_catalogue(gathered):
    """The validators and fields in use bring no sentence of their own that the catalogue lacks."""
    known = {
        message.id[0] if message.pluralizable else message.id for message in gathered if message.id
    }
    library = Path(wtforms.__file__).parent
    said = set()
    for name in ("validators.py", "fields/numeric.py", "fields/choices.py", "fields/datetime.py"):
        said |= set(re.findall(r'gettext\(\s*"([^"]+)"', (library / name).read_text()))
    unused = re.compile(
        r"choice\(s\)|for this field|email|IP address|URL|UUID|Mac|Invalid (value|input|field)|week|decimal|float|"
        r"datetime|time value|Date must|None|exactly|equal to|edited|disabled"
    )
    assert {one for one in said if not unused.search(one)} <= known


@pytest.mark.parametrize(
    ("language", "day", "short", "moment"),
    [
        ("en", "6 December 2026", "6 Dec", "6 Dec 2026, 14:05"),
        ("sl", "6. december 2026", "6. dec.", "6. dec. 2026, 14:05"),
    ],
)
def test_days_are_written_as_the_language_writes_them(language, day, short, moment):
    at = datetime(2026, 12, 6, 14, 5, tzinfo=UTC)
    assert dates.day(at, language) == day
    assert dates.short_day(at, language) == short
    assert dates.moment(at, language) == moment
