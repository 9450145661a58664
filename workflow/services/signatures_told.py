"""What a letter about a signatory says beyond its sentence: what is asked, by when, who signed what, and why not."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from .. import dates
from ..db import db
from ..models import Event, Organisation, Person, Signatory
from ..rules import policy
from ..rules.signing import UNSIGNED
from ..rules.vocabulary import SignatoryStatus
from . import freezing, listeners


def asked_of(organisation_ids: Collection[int | None]) -> list[str]:
    """The names of those of these organisations that are asked to sign and have not signed yet."""
    ids = [one for one in organisation_ids if one is not None]
    names = (
        select(Organisation.name)
        .join(Signatory, Signatory.organisation_id == Organisation.id)
        .where(Organisation.id.in_(ids), Signatory.status.in_(UNSIGNED))
        .order_by(Organisation.name)
    )
    return list(db.session.scalars(names)) if ids else []


def asked(event: Event, locale) -> list[str]:
    """What an organisation that is invited is asked to do."""
    signatory = event.signatory
    due = signatory.due_on
    return [
        _("The signature is expected by %(day)s.", day=dates.day(due, locale)) if due else "",
        _(
            "Say what your organisation commits to, who signs, and lay the signed letter beside if there is one. "
            "A delegate or substitute then signs on the page; it can be done on a phone."
        ),
        *waiting(signatory),
    ]


def waiting(signatory: Signatory) -> list[str]:
    """A word for those who cannot sign yet."""
    if freezing.in_force(signatory.contract) is None:
        return [_("It can be prepared now and is signed when the contract is frozen.")]
    return []


def to_sign(event: Event, person: Person) -> Signatory | None:
    """The first signatory that the person speaks for and that has not signed the manifest of the event yet."""
    if event.kind not in listeners.CAN_BE_SIGNED:
        return None
    if freezing.in_force(event.contract) is not event.manifest:
        return None
    spoken_for = {m.organisation_id for m in person.memberships if m.mandate in policy.SPEAKERS}
    return db.session.scalar(
        select(Signatory)
        .where(
            Signatory.contract_id == event.contract_id,
            Signatory.organisation_id.in_(spoken_for - {None}),
            Signatory.status != SignatoryStatus.WITHDRAWN,
            Signatory.manifest_id.is_distinct_from(event.manifest_id),
        )
        .order_by(Signatory.id)
        .limit(1)
    )


def moved(event: Event) -> list[str]:
    """Who signed for the organisation, on which day, and exactly what."""
    entry = event.signatory_entry
    if entry is None or entry.to_status is not SignatoryStatus.SIGNED or not entry.content:
        return []
    signed = entry.content
    who = ", ".join(filter(None, (signed["representative"], signed["office"])))
    return [
        _("Signed by %(who)s.", who=who),
        _(
            "Signed is manifest %(number)s, hash %(hash)s.",
            number=entry.manifest.number,
            hash=entry.sha256[:12],
        ),
        _("Recorded by the city from a letter.") if _by_the_city(event) else "",
    ]


def _by_the_city(event: Event) -> bool:
    """Whether somebody signed who does not belong to the organisation."""
    organisation_id = event.signatory.organisation_id
    return all(one.organisation_id != organisation_id for one in event.actor.memberships)


def reason(event: Event) -> str:
    return event.signatory_entry.reason if event.signatory_entry else ""
