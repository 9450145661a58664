"""The forms on the pages of a section."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from ...rules.lifecycle import MOVES
from .fields import Form, Line, RowId, without_nul


class EditForm(Form):
    markdown = TextAreaField(_l("Text"), filters=[without_nul])
    summary = Line(_l("What changed, and why"), validators=[Length(max=300)])
    base = RowId()
    picture = FileField(
        _l("Picture"),
        description=_l("PNG, JPEG or WebP, at most 10 MB."),
        render_kw={"accept": ".png,.jpg,.jpeg,.webp"},
    )
    alt = Line(
        _l("What it shows"), description=_l("Read aloud to whoever does not see the picture.")
    )
    caption = Line(_l("Caption"))
    source = Line(_l("Source"))
    line = RowId()


class DraftForm(Form):
    markdown = TextAreaField(filters=[without_nul])
    base = RowId()
    left = BooleanField()


class MergeForm(Form):
    base = RowId()
    theirs = RowId()
    mine = HiddenField(filters=[without_nul])
    summary = Line(_l("What changed, and why"), validators=[Length(max=300)])


class MoveForm(Form):
    act = SelectField(
        choices=[SelectChoice(act.value) for act in MOVES], validators=[InputRequired()]
    )
    seen = RowId()
    reason = TextAreaField(_l("Reason"), validators=[Length(max=4000)], filters=[without_nul])
    closes_at = DateField(_l("Open until the end of"), validators=[Optional()])
    announcement = TextAreaField(
        _l("Announcement"), validators=[Length(max=4000)], filters=[without_nul]
    )


class AssignForm(Form):
    owner = RowId(_l("Who carries this section"))
    due = DateField(_l("Due on"), validators=[Optional()])


class ElementForm(Form):
    reason = Line(_l("Not applicable, because"), validators=[Length(max=2000)])
