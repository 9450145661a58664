"""Reminding an organisation that was asked and has not been heard, once a day at most."""

from .. import clock
from ..db import db
from ..models import Contract, Event, Organisation, Person
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
    ends = asking.silent_until(organisation)
    if ends is None or ends <= clock.now():
        raise Invalid("organisation", "This organisation is silent on nothing that is open now.")
    contract = db.session.get_one(Contract, organisation.contract_id)
    last = clock.day_of(ends, contract.time_zone)
    owed = reminders.Owed(contract.id, organisation.id, last, {"organisation": organisation})
    event = reminders.by_hand(ReminderKind.VOICE_AWAITED, owed, by=by)
    if event is None:
        raise Invalid("organisation", "This organisation was reminded today already.")
    return event
