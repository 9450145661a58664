"""The form by which a link for somebody without an account is made."""

from datetime import timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Length

from ... import clock
from ...labels import label
from ...models import Contract
from ...queries.people import InviteOptions
from ...rules.vocabulary import Role
from ...services.guest_links import ROLES
from .fields import Form, Line
from .people import Address

DAYS = 30


class LinkForm(Form):
    ALIASES = {"section": "scope", "sector": "scope"}

    name = Line(_l("Name"), validators=[InputRequired(_l("Please give a name.")), Length(max=200)])
    email = Address(_l("E-mail address"))
    organisation = SelectField(
        _l("Speaks for"), validators=[InputRequired(_l("Please choose an organisation."))]
    )
    role = SelectField(_l("Role"))
    scope = SelectField(_l("Takes part in"))
    expires_on = DateField(
        _l("Works until the end of"),
        description=_l("At most 90 days from today."),
        validators=[InputRequired(_l("Please choose a day within the next 90 days."))],
    )
    purpose = Line(_l("What for"), validators=[Length(max=300)])
    language = SelectField(
        _l("Language of the invitation"),
        choices=lambda: list(current_app.config["LANGUAGES"].items()),
    )

    @classmethod
    def offering(cls, options: InviteOptions, contract: Contract, **values) -> "LinkForm":
        """The form with the organisations and places that may be chosen, open for a month."""
        form = cls(
            role=Role.REVIEWER.value,
            expires_on=clock.today(contract.time_zone) + timedelta(days=DAYS),
            language=contract.language,
            **values,
        )
        form.organisation.choices = [("", _l("Please choose")), *options.organisations]
        form.role.choices = [(role.value, label(role)) for role in ROLES]
        form.scope.choices = options.scopes
        return form

    @property
    def place(self) -> tuple[str, int | None]:
        """What kind of place was chosen (contract, sector, section) and the id of its row."""
        kind, _colon, key = self.scope.data.partition(":")
        return kind, int(key) if key else None
