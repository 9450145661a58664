"""The demo contract in a database of its own, for the scripts that print it: nothing else is touched."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from tests import builders  # noqa: E402
from workflow import clock, create_app, storage  # noqa: E402
from workflow.db import db, transaction  # noqa: E402
from workflow.demo.load import load  # noqa: E402
from workflow.models import Contract, Section  # noqa: E402
from workflow.queries.compilation import compilation  # noqa: E402
from workflow.rules.editions import Edition  # noqa: E402
from workflow.services import printing  # noqa: E402
from workflow.services.manifests import digest  # noqa: E402
from workflow.typesetting import Pdf, pictures, typeset  # noqa: E402

CHANGED = 5


@contextmanager
def contract(*, changed: bool = False) -> Iterator[Contract]:
    """The demo contract; with `changed` a few of its texts are other ones than manifest 1 lists."""
    with tempfile.TemporaryDirectory(prefix="concord-demo-") as folder:
        app = create_app(
            {"DATA_DIR": Path(folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/demo.sqlite"}
        )
        with app.app_context():
            upgrade()
            with transaction():
                made = load(clock.now())
                if changed:
                    _change(made)
            yield made


def printed(contract: Contract, edition: Edition) -> Pdf:
    """The document as the job builds it."""
    given = compilation(contract, edition)
    document = printing.write(given, digest(printing.manifest(given)))
    files = {sha256: storage.find(sha256) for sha256, _name in pictures.files(document)}
    return typeset(document, files=files, template=printing.template(given), memory_mb=4096)


def _change(contract: Contract) -> None:
    builders.manifest(contract, number=1, frozen=False)
    sections = db.session.scalars(
        select(Section)
        .where(Section.contract_id == contract.id, Section.current_id.is_not(None))
        .order_by(Section.id)
    )
    for section in list(sections)[:CHANGED]:
        text = section.current.markdown.replace(" the ", " this ", 2).replace(" | 1", " | 2", 1)
        builders.revision(section, f"{text}\nA paragraph that was added.\n")
