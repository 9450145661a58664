"""What tests of catalogues share: the words of all sources, gathered once."""

import pytest
from babel.messages import Catalog

from runner import messages


@pytest.fixture(scope="session")
def gathered() -> Catalog:
    return messages.gather()
