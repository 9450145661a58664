"""What happened, and who hears of it."""

from collections.abc import Collection

from workflow import clock
from workflow.models import Contract, Delivery, Event, Hook, Notification, Person
from workflow.rules.vocabulary import EventKind, Reason, Role

from .cities import the_contract
from .people import someone
from .rows import builder, keep


@builder
def event(
    kind: EventKind, *, actor: Person | None = None, contract: Contract | None = None, **what
) -> Event:
    """An event that has been relayed already."""
    at = clock.now()
    contract = contract or the_contract()
    return keep(
        Event(kind=kind, actor=actor, contract_id=contract.id, at=at, relayed_at=at, **what)
    )


@builder
def notice(
    person: Person, event: Event, *, reason: Reason = Reason.FOLLOWER, read: bool = False
) -> Notification:
    """The person hears of the event, by the inbox only."""
    return keep(
        Notification(
            event_id=event.id,
            person_id=person.id,
            reason=reason,
            read_at=clock.now() if read else None,
        )
    )


@builder
def hook(
    address: str = "https://register.example.org/hooks",
    *,
    contract: Contract | None = None,
    kinds: Collection[EventKind] = (EventKind.SECTION_APPROVED,),
    told: Event | None = None,
    **what,
) -> tuple[Hook, Delivery | None]:
    """A web hook, and what became of the event that it was `told`; `what` is of the delivery."""
    contract = contract or the_contract()
    made = keep(
        Hook(
            contract_id=contract.id,
            address=address,
            kinds=[kind.value for kind in kinds],
            salt="salt",
            seen_id=told.id if told else 0,
            made_by=someone(Role.COORDINATOR, contract=contract),
        )
    )
    if told is None:
        return made, None
    return made, keep(Delivery(hook=made, event=told, next_try_at=clock.now(), **what))
