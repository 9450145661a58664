"""What can be said to a remark: nothing while it is not shown; among members of an organisation, nothing by others."""

from ..models import Person, Thread
from ..rules import policy
from ..rules.refusals import Denied, Invalid
from ..rules.vocabulary import Act


def require(thread: Thread, *, field: str = "text") -> None:
    """Raise `Invalid` beside the form's `field` when the remark waits for its author or a moderator, or is hidden."""
    if not thread.shown:
        raise Invalid(
            field, "This comment is not shown at the moment, so nothing can be added to it."
        )


def require_addressed(thread: Thread, *, field: str) -> None:
    """Raise `Invalid` also when the remark was not said to the city, but among the members of an organisation."""
    require(thread, field=field)
    if not thread.addressed:
        raise Invalid(
            field, "This was said among the members of an organisation; the city does not answer."
        )


def require_reader(by: Person, thread: Thread) -> None:
    """Raise `Denied` when members of an organisation said it among themselves, and the person is not one of them."""
    if thread.shown and not thread.addressed and not _may_read(by, thread):
        raise Denied(Act.READ, policy.GRANTS[Act.READ])


def _may_read(by: Person, thread: Thread) -> bool:
    return policy.may_read(
        by,
        thread.section.place,
        author_id=thread.author_id,
        visibility=thread.visibility,
        organisation_id=thread.organisation_id,
    )
