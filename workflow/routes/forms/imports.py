"""The forms of a contract that was written elsewhere: the file, where its pieces go, the confirmation."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from .fields import Form, without_nul


class ImportForm(Form):
    file = FileField(
        _l("The contract"),
        description=_l(
            "A Word file (.docx), Markdown (.md) or the Markdown files of a contract (.zip), at most 64 MB."
        ),
        validators=[FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".docx,.md,.txt,.zip"},
    )


class ConfirmImportForm(Form):
    seen = HiddenField(filters=[without_nul])
