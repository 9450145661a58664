"""How requests are checked against their shapes, and the description that is made of these shapes."""

from collections.abc import Iterator

from flask import abort, current_app, jsonify, make_response, request
from flask_babel import gettext as _
from spectree import SpecTree
from spectree.plugins.flask_plugin import FlaskPlugin
from werkzeug.routing import Rule


def _complain(_request, _response, error, _instance, _adapter) -> None:
    """Tell what is wrong with a body or a query, value by value; nothing of it was carried out."""
    if request.method == "POST" and request.mimetype != "application/json":
        abort(415, description=_("Please send the body as application/json."))
    if request.method == "POST" and request.get_json(silent=True) is None:
        abort(400, description=_("The body is not valid JSON."))
    if error is None:
        return
    problem = {
        "type": "about:blank",
        "title": _("Some values cannot be taken."),
        "status": 422,
        "errors": [
            {"name": ".".join(map(str, fault["loc"])), "message": fault["msg"]}
            for fault in error.errors()
        ],
    }
    response = make_response(jsonify(problem), 422)
    response.mimetype = "application/problem+json"
    abort(response)


class _Described(FlaskPlugin):
    """SpecTree describes nothing below its own address, `/api/`; here everything stands there."""

    def find_routes(self) -> Iterator[Rule]:
        for rule in current_app.url_map.iter_rules():
            if rule.endpoint.startswith("api_"):
                yield rule


spec = SpecTree(
    "flask",
    backend=_Described,
    title="Concord",
    version="1",
    path="api",
    page_templates={},
    before=_complain,
    annotations=True,
    mode="strict",
)
