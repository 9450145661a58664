"""What tests of pages' contents share: a request being answered, since sentences and addresses need one."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def asked(app: Flask) -> Iterator[Flask]:
    """Inside a request to the application; its rows are real."""
    with app.test_request_context():
        yield app
