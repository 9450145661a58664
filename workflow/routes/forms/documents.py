"""The form that asks for a document."""

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField

from ...labels import label
from ...queries.documents import Index
from ...rules.editions import Edition
from ...rules.vocabulary import AnnexKind, Audience, EditionKind, FileFormat, Scope
from .fields import Form


def _number(value) -> int | None:
    return int(value) if str(value).isdecimal() else None


class BuildForm(Form):
    formats, kinds = FileFormat, EditionKind

    part = SelectField(_l("How much of the contract?"))
    format = RadioField(_l("As what?"))
    kind = RadioField(_l("What for?"))
    since = SelectField(_l("Changed since which frozen text?"), coerce=_number, default="")
    audience = RadioField(_l("Who will read it?"))
    language = SelectField(_l("Language of headings, labels and dates"))
    annexes = SelectMultipleField(_l("What follows the texts?"))

    @classmethod
    def of(cls, page: Index, *, part: str = Scope.WHOLE) -> "BuildForm":
        """The choices of this person: no audience that reads more than he does."""
        usual = Audience.PARTICIPANTS if Audience.PARTICIPANTS in page.audiences else None
        form = cls(
            part=part,
            format=FileFormat.PDF,
            kind=EditionKind.READING,
            since=next(iter(page.manifests), None),
            audience=usual or next(iter(page.audiences), None),
            language=page.contract.language,
            annexes=[AnnexKind.COMMENTS],
        )
        form.part.choices = {
            label(Scope.WHOLE): [(Scope.WHOLE.value, label(Scope.WHOLE))],
            **page.parts,
        }
        form.format.choices = [(one.value, label(one)) for one in FileFormat]
        kinds = set(EditionKind) if page.manifests else set(EditionKind) - {EditionKind.CHANGES}
        form.kind.choices = [(one.value, label(one)) for one in EditionKind if one in kinds]
        form.since.choices = [
            (number, _("Manifest %(number)s", number=number)) for number in page.manifests
        ]
        if not page.manifests:
            del form.since
        form.audience.choices = [(one.value, label(one)) for one in page.audiences]
        form.language.choices = list(current_app.config["LANGUAGES"].items())
        form.annexes.choices = [(one.value, label(one)) for one in AnnexKind]
        return form

    @property
    def edition(self) -> Edition:
        scope, _colon, place = self.part.data.partition(":")
        return Edition(
            audience=Audience(self.audience.data),
            language=self.language.data,
            format=FileFormat(self.format.data),
            kind=EditionKind(self.kind.data),
            scope=Scope(scope),
            place=int(place) if place else None,
            since=self.since.data if "since" in self else None,
            annexes=frozenset(map(AnnexKind, self.annexes.data)),
        )
