"""The only place where a refused value of a verb becomes a message beside the field that it was typed into."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm

from ...rules.refusals import Invalid
from .sayings import Sayings


class Form(FlaskForm):
    """A form whose verb may refuse what the form itself found well."""

    ALIASES: dict[str, str] = {}
    """Names that verbs use, and the fields that they are called here."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form, formdata):
            """What a browser's form sent, and nothing else: a JSON body belongs to the API."""
            return request.form if request.is_json else super().wrap_formdata(form, formdata)

        def get_translations(self, form: "Form") -> Sayings:
            return Sayings()

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows the form: 422 when something in it cannot be taken."""
        return 422 if self.errors else 200

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """`with form.refusals(), transaction():` – what the verb finds invalid becomes a message of the form."""
        try:
            yield
        except Invalid as refusal:
            tell(self, refusal)


def tell(form: FlaskForm, refusal: Invalid) -> None:
    """Put the sentence of the refusal beside its field; one without a field stands above the form."""
    message = gettext(refusal.message)
    name = getattr(form, "ALIASES", {}).get(refusal.name, refusal.name)
    if name in form:
        form[name].errors = [*form[name].errors, message]
    else:
        form.form_errors.append(message)
