"""The figures of a contract as JSON: the same tables, with the same columns, as on its page of data."""

from flask import Blueprint, abort
from flask_login import current_user, login_required
from spectree import Response

from ..queries import open_data
from ..rules.open_data import Table, objects
from . import shapes
from .loading import contract_or_404
from .spec import spec

blueprint = Blueprint("api_figures", __name__, url_prefix="/api/contracts/<slug>/data")


@blueprint.get("")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.AllFigures), tags=["figures"])
def listing(slug: str):
    """All tables that have any rows: baseline, gap, indicators, actions, commitments."""
    return shapes.AllFigures(tables=[_told(one) for one in _tables(slug)])


@blueprint.get("/<name>")
@login_required
@spec.validate(resp=Response(HTTP_200=shapes.Figures), tags=["figures"])
def show(slug: str, name: str):
    """One table by its name."""
    found = next((one for one in _tables(slug) if one.name == name), None) or abort(404)
    return _told(found)


def _tables(slug: str) -> list[Table]:
    return open_data.tables(contract_or_404(slug), current_user._get_current_object())


def _told(table: Table) -> shapes.Figures:
    return shapes.Figures(
        name=table.name,
        unit=table.unit,
        source=table.source,
        columns=[
            shapes.Column(name=one.name, type=one.kind.value, description=one.about)
            for one in table.columns
        ],
        rows=objects(table),
    )
