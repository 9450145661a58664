"""The form of a web hook: where it leads, what it tells, and whether it does."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from ...labels import label
from ...rules.hooks import OFFERED
from ...rules.vocabulary import EventKind
from .fields import Form, Line


class HookForm(Form):
    address = Line(
        _l("Address"),
        description=_l("Where the other system takes messages. It begins with https://."),
        validators=[InputRequired(_l("Please give an address."))],
    )
    kinds = SelectMultipleField(
        _l("Tell it when"),
        choices=lambda: [(kind.value, label(kind)) for kind in OFFERED],
        coerce=EventKind,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    active = BooleanField(_l("Switched on"), default=True)
