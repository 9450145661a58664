"""The form that asks for a document."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import RadioField, SelectField, SelectMultipleField

from ...labels import label
from ...queries.documents import Index
from ...rules.editions import Edition
from ...rules.vocabulary import AnnexKind, Audience, EditionKind, FileFormat, Scope
from .fields import Form


def _number(value) -> int | None:
    return int(value) if str(value).isdecimal() else None


@dataclass(frozen=True, slots=True)
class Preset:
    """What somebody usually wants: the form filled in for it."""

    words: LazyString
    kind: EditionKind
    audience: Audience
    annexes: tuple[AnnexKind, ...]


PRESETS = {
    "draft": Preset(
        _l("Draft to read"), EditionKind.READING, Audience.PARTICIPANTS, (AnnexKind.COMMENTS,)
    ),
    "review": Preset(
        _l("Reviewer's copy"), EditionKind.REVIEW, Audience.PARTICIPANTS, (AnnexKind.COMMENTS,)
    ),
    "publication": Preset(
        _l("For publication"),
        EditionKind.READING,
        Audience.PUBLIC,
        (AnnexKind.MATRIX, AnnexKind.SIGNATORIES),
    ),
    "changes": Preset(_l("What changed"), EditionKind.CHANGES, Audience.PARTICIPANTS, ()),
}


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
    def of(cls, page: Index, *, part: str = Scope.WHOLE, preset: str = "") -> "BuildForm":
        """The choices of this person: no audience that reads more than he does; filled in as the preset says."""
        wanted = PRESETS.get(preset, PRESETS["draft"])
        usual = wanted.audience if wanted.audience in page.audiences else None
        form = cls(
            part=part,
            format=FileFormat.PDF,
            kind=wanted.kind,
            since=next(iter(page.manifests), None),
            audience=usual or next(iter(page.audiences), None),
            language=page.contract.language,
            annexes=list(wanted.annexes),
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
        form.language.choices = list(current_app.config["DOCUMENT_LANGUAGES"].items())
        form.annexes.choices = [(one.value, label(one)) for one in AnnexKind]
        form.presets = {name: str(one.words) for name, one in PRESETS.items() if one.kind in kinds}
        if page.manifests:
            form.presets["changes"] = _(
                "What changed since manifest %(number)s", number=page.manifests[0]
            )
        form.preset = preset if preset in form.presets else "draft"
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
