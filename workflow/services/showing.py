"""What can be said to a remark that is not shown: nothing, until a moderator releases it."""

from ..models import Thread
from ..rules.refusals import Invalid


def require(thread: Thread, *, field: str = "text") -> None:
    """Raise `Invalid` beside the form's `field` when the remark waits for its author or a moderator, or is hidden."""
    if not thread.shown:
        raise Invalid(
            field, "This comment is not shown at the moment, so nothing can be added to it."
        )
