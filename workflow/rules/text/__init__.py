"""The text core: Markdown to safe HTML and canonical plain text, anchors, differences, merges."""

from workflow.rules.text.dialect import canonical, fingerprint
from workflow.rules.text.document import Block, Kind, Rendered
from workflow.rules.text.mentions import Mention, may_name, mentions
from workflow.rules.text.remarks import remark_html
from workflow.rules.text.render import render

__all__ = [
    "Block",
    "Kind",
    "Mention",
    "Rendered",
    "canonical",
    "fingerprint",
    "may_name",
    "mentions",
    "remark_html",
    "render",
]
