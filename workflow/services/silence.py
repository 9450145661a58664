"""Reminding an organisation that was asked and has not been heard, once a day at most."""

from .. import clock
from ..models import Event, Organisation, Person
from ..queries import asking
from ..rules import policy
from ..rules.policy import Place
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, ReminderKind
from . import reminders


def remind(organisation: Organisation, *, by: Person) -> Event:
    """Remind whoever speaks for the organisation, else its members, that it is asked and silent.

    Raises `Invalid` when it is silent on nothing that is open, when it was reminded today, or nobody can be reached.
    """
    policy.require(by, Act.CONSULT, Place(organisation.contract_id))
    now = clock.now()
    ends = asking.silent_until(organisation)
    if ends is None or ends <= now:
        raise Invalid("organisation", "This organisation is silent on nothing that is open now.")
    today = now.date()
    owed = reminders.Owed(
        organisation.contract_id, organisation.id, ends.date(), {"organisation": organisation}
    )
    event = reminders.by_hand(
        ReminderKind.VOICE_AWAITED, owed, mark=(ends.date() - today).days, by=by
    )
    if event is None:
        raise Invalid("organisation", "This organisation was reminded today already.")
    return event
