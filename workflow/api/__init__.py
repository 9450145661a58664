"""Floor 4, the JSON edge: the same verbs as the pages, described by OpenAPI."""

from flask import Flask


def register(app: Flask) -> None:
    pass
