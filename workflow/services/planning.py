"""The row of a round: how long it has to last at least, its number, and who waits for whom where two write one."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import and_, func, select

from .. import clock
from ..db import db
from ..models import Contract, Person, Round, Section
from ..rules import policy
from ..rules.refusals import Invalid
from ..rules.vocabulary import Act, RoundAudience
from .locking import locked

MAX_TITLE = 200
MAX_ANNOUNCEMENT = 4_000
AT_ONCE = timedelta(hours=1)
"""What is this much late is in time: a form that was typed for a while, a clock that was stopped for a moment."""


def alone(contract_id: int) -> Contract:
    """Hold the contract, so that rounds get their numbers one after the other."""
    return locked(db.session.get(Contract, contract_id))


def written(
    contract: Contract,
    *,
    by: Person,
    sections: list[Section],
    opens_at: datetime,
    closes_at: datetime,
    audience: RoundAudience = RoundAudience.INVITED,
    title: str = "",
    announcement: str = "",
    opened_at: datetime | None = None,
) -> Round:
    """A new round with the next number, kept in mind by `alone`. Raises `Invalid` for times that cannot be."""
    number = select(func.coalesce(func.max(Round.number), 0) + 1).where(
        Round.contract_id == contract.id
    )
    made = Round(
        contract_id=contract.id,
        number=db.session.scalar(number),
        opened_by_id=by.id,
        opened_at=opened_at,
    )
    describe(
        made,
        contract,
        sections=sections,
        opens_at=opens_at,
        closes_at=closes_at,
        audience=audience,
        title=title,
        announcement=announcement,
    )
    db.session.add(made)
    db.session.flush()
    return made


def describe(
    made: Round,
    contract: Contract,
    *,
    sections: list[Section],
    opens_at: datetime,
    closes_at: datetime,
    audience: RoundAudience,
    title: str,
    announcement: str,
) -> None:
    """Write what can be planned, and planned anew, into the row."""
    check_length(contract, audience, opens_at, closes_at)
    title, announcement = " ".join(title.split()), announcement.strip()
    if len(title) > MAX_TITLE:
        raise Invalid("title", "This is too long. Please keep it under 200 characters.")
    if len(announcement) > MAX_ANNOUNCEMENT:
        raise Invalid("announcement", "This is too long. Please keep it under 4,000 characters.")
    made.sections = sections
    made.opens_at, made.closes_at = opens_at, closes_at
    made.audience, made.title, made.announcement = audience, title, announcement


def check_length(
    contract: Contract, audience: RoundAudience, opens_at: datetime, closes_at: datetime
) -> None:
    """Raise `Invalid` for a round that is over before people could read."""
    if closes_at <= opens_at:
        raise Invalid("closes_at", "The closing time has to lie in the future.")
    if long_enough(contract, audience, opens_at, closes_at):
        return
    if audience is RoundAudience.PUBLIC:
        raise Invalid(
            "closes_at",
            "This is too short for a public round; the least number of days stands above.",
        )
    raise Invalid("closes_at", "This is too short for a round.")


def long_enough(
    contract: Contract, audience: RoundAudience, opens_at: datetime, closes_at: datetime
) -> bool:
    """Whether a round that opens then is open for as long as its audience needs."""
    return closes_at >= later(opens_at, least_days(contract, audience), contract)


def too_late(round: Round, now: datetime) -> bool:
    """Whether a planned round has waited past its time for so long that what is left of it is too short."""
    opens_at = now - AT_ONCE
    if round.closes_at <= now or round.opens_at >= opens_at:
        return round.closes_at <= now
    return not long_enough(round.contract, round.audience, opens_at, round.closes_at)


def again(
    contract: Contract,
    *,
    by: Person,
    sections: Collection[Section],
    opens_at: datetime | None,
    closes_at: datetime,
    audience: RoundAudience,
    title: str,
    announcement: str,
) -> Round | None:
    """The round that this person has made of just this already: a second click makes no second one.

    Without `opens_at` it is one that was opened a moment ago. The contract is held, so no other click comes between.
    """
    if opens_at:
        then = and_(Round.opened_at.is_(None), Round.opens_at == opens_at)
    else:
        then = Round.opened_at >= clock.now() - AT_ONCE
    found = db.session.scalars(
        select(Round).where(
            Round.contract_id == contract.id,
            Round.opened_by_id == by.id,
            Round.closed_at.is_(None),
            Round.closes_at == closes_at,
            Round.audience == audience,
            Round.title == " ".join(title.split()),
            Round.announcement == announcement.strip(),
            then,
        )
    )
    ids = {section.id for section in sections}
    return next((one for one in found if {section.id for section in one.sections} == ids), None)


def least_days(contract: Contract, audience: RoundAudience) -> int:
    """For how many days a round is open at least."""
    if audience is RoundAudience.PUBLIC:
        return contract.public_days
    return current_app.config["ROUND_DAYS"]


def later(at: datetime, days: int, contract: Contract) -> datetime:
    """So many days later at the same hour of the city's wall clocks, in summer as in winter."""
    return (clock.local(at, contract.time_zone) + timedelta(days=days)).astimezone(at.tzinfo)


def set_public_days(contract: Contract, *, by: Person, days: int) -> None:
    """Say for how many days public rounds are open at least; what is planned stays as it is."""
    policy.require(by, Act.CONSULT, policy.Place(contract.id))
    if not 1 <= days <= 365:
        raise Invalid("days", "Please give a number of days between 1 and 365.")
    alone(contract.id).public_days = days
