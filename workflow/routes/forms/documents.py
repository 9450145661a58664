"""The form that asks for a document."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from ...labels import label
from ...models import Contract
from ...rules.vocabulary import Audience
from .fields import Form


class BuildForm(Form):
    audience = RadioField(_l("Who will read it?"))
    language = SelectField(_l("Language of headings, labels and dates"))

    @classmethod
    def of(cls, contract: Contract, audiences: list[Audience]) -> "BuildForm":
        """The choices of this person: no audience that reads more than he does."""
        form = cls(
            audience=(Audience.PARTICIPANTS if Audience.PARTICIPANTS in audiences else audiences[0])
            if audiences
            else None,
            language=contract.language,
        )
        form.audience.choices = [(one.value, label(one)) for one in audiences]
        form.language.choices = list(current_app.config["LANGUAGES"].items())
        return form
