"""The forms of inviting signatories: those that are known, and those that are pasted or brought."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from ...queries.inviting import InvitePage
from .fields import Form, without_nul


class ChooseForm(Form):
    chosen = SelectMultipleField(
        _l("Organisations that are not asked yet"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        coerce=int,
    )
    due_on = DateField(_l("Signature expected by"), validators=[Optional()], id="choose-due")

    @classmethod
    def offering(cls, page: InvitePage, **values) -> "ChooseForm":
        form = cls(**values)
        form.chosen.choices = [(key, name) for key, name, _kind in page.offered]
        return form


class BringForm(Form):
    pasted = TextAreaField(
        _l("Paste organisations"),
        description=_l(
            "One a line: its name, then perhaps a contact and an e-mail address, with tabs or semicolons between. "
            "Cells copied out of a spreadsheet may have their headings with them."
        ),
        validators=[Length(max=200_000)],
        filters=[without_nul],
    )
    file = FileField(
        _l("Or bring a spreadsheet"),
        description=_l("XLSX or CSV, at most 2 MB and 2,000 rows."),
        render_kw={"accept": ".xlsx,.csv"},
    )
    due_on = DateField(_l("Signature expected by"), validators=[Optional()], id="bring-due")

    def validate_pasted(self, field: TextAreaField) -> None:
        if not (field.data or "").strip() and not self.file.data:
            raise ValidationError(_l("Please paste organisations, or choose a file."))
