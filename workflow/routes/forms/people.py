"""The forms at the doors: signing in, accepting an invitation, asking for a new password, inviting."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, RadioField, SelectField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from ...labels import label
from ...models import Contract, Person
from ...queries.people import InviteOptions
from ...rules.vocabulary import OrganisationKind, Role
from .fields import Form, Line, stripped, without_nul

LONGEST_ADDRESS = 254
LONGEST_PASSWORD = 200


def languages() -> list[tuple[str, str]]:
    return list(current_app.config["LANGUAGES"].items())


class Address(EmailField):
    """An e-mail address; whether it is one, the verb says."""

    def __init__(self, label, **kwargs):
        given = [InputRequired(_l("Please give your e-mail address.")), Length(max=LONGEST_ADDRESS)]
        super().__init__(label, validators=given, filters=[stripped], **kwargs)


class SignInForm(Form):
    email = Address(_l("E-mail address"), render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"),
        validators=[
            InputRequired(_l("Please give your password.")),
            Length(max=LONGEST_PASSWORD),
        ],
        filters=[without_nul],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ForgottenForm(Form):
    email = Address(_l("E-mail address"), render_kw={"autocomplete": "username"})


class AcceptForm(Form):
    name = Line(
        _l("Your name"),
        validators=[InputRequired(_l("Please give your name.")), Length(max=200)],
        render_kw={"autocomplete": "name"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("At least 10 characters; three words are easy to keep."),
        validators=[
            InputRequired(_l("Please choose a password.")),
            Length(max=LONGEST_PASSWORD),
        ],
        filters=[without_nul],
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        _l("The same password again"),
        validators=[EqualTo("password", _l("The two passwords are not the same."))],
        filters=[without_nul],
        render_kw={"autocomplete": "new-password"},
    )
    language = RadioField(_l("Language"), choices=languages)

    @classmethod
    def for_person(cls, person: Person) -> "AcceptForm":
        """The form with what the invitation said of the person; a name that is only the address is left open."""
        name = "" if person.guest or person.name == person.email else person.name
        return cls(name=name, language=person.language)


class InviteForm(Form):
    ALIASES = {"section": "scope", "sector": "scope"}

    email = Address(_l("E-mail address"))
    name = Line(_l("Name"), validators=[InputRequired(_l("Please give a name.")), Length(max=200)])
    role = SelectField(_l("Role"))
    organisation = SelectField(_l("Speaks for"), validators=[Optional()])
    new_organisation = Line(
        _l("Or an organisation that is not listed yet"), validators=[Length(max=200)]
    )
    new_kind = SelectField(
        _l("What kind of organisation it is"),
        choices=lambda: [(kind.value, label(kind)) for kind in OrganisationKind],
        default=OrganisationKind.OTHER.value,
    )
    scope = SelectField(_l("Takes part in"))
    language = SelectField(_l("Language of the invitation"), choices=languages)

    @classmethod
    def offering(cls, options: InviteOptions, contract: Contract, **values) -> "InviteForm":
        """The form with the roles, organisations and places that may be chosen."""
        form = cls(role=Role.STAKEHOLDER.value, language=contract.language, **values)
        form.role.choices = [(role.value, label(role)) for role in options.roles]
        form.organisation.choices = [("", _l("Nobody, or the city")), *options.organisations]
        form.scope.choices = options.scopes
        return form

    @property
    def place(self) -> tuple[str, int | None]:
        """What kind of place was chosen (contract, sector, section) and the id of its row."""
        kind, _colon, key = self.scope.data.partition(":")
        return kind, int(key) if key else None
