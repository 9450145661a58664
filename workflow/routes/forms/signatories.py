"""The forms of signatories: what is promised, who signs, the letter, a step, a day, and the signature itself."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ...labels import label
from ...models import Commitment
from ...queries.signatory import SignatoryPage
from ...rules.vocabulary import SignatoryStatus, Tier
from .fields import Form, Line, Number, RowId, without_nul


class PromiseForm(Form):
    text = TextAreaField(
        _l("The commitment"),
        description=_l("One measure in a sentence or two; others follow one by one."),
        validators=[
            InputRequired(_l("Please say in a sentence what the organisation commits to.")),
            Length(max=2_000),
        ],
        filters=[without_nul],
    )
    tier = RadioField(
        _l("How far it goes"),
        choices=lambda: [(one.value, label(one)) for one in Tier],
        default=Tier.FRAMEWORK.value,
    )
    tonnes_per_year = Number(
        _l("Tonnes of CO₂e saved a year"), render_kw={"inputmode": "decimal", "autocomplete": "off"}
    )
    investment_eur = Number(
        _l("Cost in euros"), render_kw={"inputmode": "decimal", "autocomplete": "off"}
    )
    by_year = IntegerField(
        _l("By which year"),
        validators=[
            Optional(),
            NumberRange(2000, 2100, message=_l("Please give a year such as 2030.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    sector = SelectField(_l("Sector"), validators=[Optional()])
    may_publish = BooleanField(_l("This commitment may be published"))
    seen = RowId()

    @classmethod
    def offering(
        cls, sectors: list[tuple[str, str]], commitment: Commitment | None = None, **values
    ) -> "PromiseForm":
        """The form with the sectors of the contract, and with the commitment that is there already."""
        form = cls(obj=commitment, **(_kept(commitment) if commitment else {}) | values)
        form.sector.choices = [("", _l("None, or several")), *sectors]
        return form


def _kept(commitment: Commitment) -> dict:
    return {
        "tier": commitment.tier.value,
        "sector": str(commitment.sector_id or ""),
        "seen": commitment.lock,
    }


class WhoForm(Form):
    representative = Line(
        _l("Name of the person who signs"),
        validators=[InputRequired(_l("Please say who signs.")), Length(max=200)],
        render_kw={"autocomplete": "name"},
    )
    office = Line(
        _l("Position"),
        validators=[Length(max=200)],
        render_kw={"autocomplete": "organization-title"},
    )
    may_publish = BooleanField(_l("The name, the position and the letter may be published"))
    seen = RowId()

    @classmethod
    def about(cls, page: SignatoryPage, **values) -> "WhoForm":
        known = {
            "representative": page.representative,
            "office": page.office,
            "may_publish": page.may_publish,
            "seen": page.lock,
        }
        return cls(**known | values)


class LetterForm(Form):
    letter = FileField(
        _l("The signed letter"),
        description=_l("PDF, Word (.docx), PNG or JPEG, at most 10 MB."),
        validators=[FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".pdf,.docx,.png,.jpg,.jpeg"},
    )
    seen = RowId()


class SignForm(Form):
    ALIASES = {"representative": "agreed", "commitments": "agreed", "letter": "agreed"}

    on = DateField(_l("Day of the signature"), validators=[Optional()])
    agreed = BooleanField(_l("I sign in the name of my organisation."))
    sha256 = HiddenField()
    seen = RowId()

    @classmethod
    def about(cls, page: SignatoryPage, **values) -> "SignForm":
        """The form; whoever renews a signature has seen what changed and is not asked again."""
        shown = page.in_force.sha256 if page.in_force else ""
        form = cls(**{"sha256": shown, "seen": page.seen} | values)
        if page.speaks and page.hold is None:
            form.agreed.validators = [
                InputRequired(_l("Please tick that you sign in the name of your organisation."))
            ]
        return form


class StepForm(Form):
    ALIASES = {"status": "to"}

    to = SelectField(choices=[SelectChoice(one.value) for one in SignatoryStatus])
    reason = TextAreaField(_l("Reason"), validators=[Length(max=4_000)], filters=[without_nul])
    seen = RowId()


class DueForm(Form):
    due_on = DateField(_l("Signature expected by"), validators=[Optional()])
