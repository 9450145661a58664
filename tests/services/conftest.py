"""What tests of several services share."""

from collections.abc import Callable

import pytest

from workflow.services import letters


@pytest.fixture
def unwritable(monkeypatch) -> Callable[[int], None]:
    """Takes the id of a person whose letters cannot be written from then on."""
    write = letters.write

    def let(person_id: int) -> None:
        def stumble(digest, told, shelf):
            if digest.person_id == person_id:
                raise RuntimeError("no ink")
            return write(digest, told, shelf)

        monkeypatch.setattr(letters, "write", stumble)

    return let
