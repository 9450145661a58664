"""Which signatories a list is asked for: by status, tier, kind, sector and words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from ..db import db
from ..labels import label
from ..models import Commitment, Contract, Organisation, Person, Sector, Signatory
from ..models.person import organisation_sector
from ..rules.vocabulary import OrganisationKind, SignatoryStatus, Tier
from ..services.freezing import IN_FORCE
from .outline import titled
from .signatory_sight import promising

MOST_WORDS = 8
LONGEST = 100
ESCAPE = "\\"
EARLIER = "earlier"
"""A value of the filter by status: signed, but not what is in force."""

Known = list[tuple[str, str]]
"""The values that a filter may take, each with its label."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and the conditions that come of it; `status` has its own, so that all can be counted."""

    known: dict[str, Known]
    chosen: dict[str, str]
    words: str
    conditions: list[ColumnElement[bool]]
    standing: list[ColumnElement[bool]]

    @property
    def status(self) -> str | None:
        return self.chosen.get("status")

    @property
    def args(self) -> dict[str, str]:
        """The same question as an address puts it."""
        return self.chosen | ({"q": self.words} if self.words else {})


def asked(contract: Contract, person: Person, wanted: Mapping[str, str]) -> Asked:
    """The question as it is understood; values that are not known are passed over."""
    known = _known(contract, person)
    chosen = {
        name: wanted[name] for name, values in known.items() if wanted.get(name) in dict(values)
    }
    words = " ".join(wanted.get("q", "").split())[:LONGEST]
    conditions = [FITS[name](chosen[name], contract, person) for name in FITS if name in chosen]
    if words:
        conditions.append(_with_words(words, contract, person))
    return Asked(known, chosen, words, conditions, _standing(chosen.get("status"), contract))


def earlier(contract: Contract) -> ColumnElement[bool]:
    """The condition on `Signatory` that it signed, but not what is in force."""
    in_force = select(IN_FORCE).where(Contract.id == contract.id).scalar_subquery()
    return and_(Signatory.status == SignatoryStatus.SIGNED, Signatory.manifest_id != in_force)


def _known(contract: Contract, person: Person) -> dict[str, Known]:
    sectors = db.session.execute(
        select(Sector.id, Sector.titles)
        .where(Sector.contract_id == contract.id)
        .order_by(Sector.position)
    )
    statuses = [(one.value, label(one)) for one in SignatoryStatus]
    return {
        "status": [*statuses, (EARLIER, _("Signed an earlier state"))],
        "tier": [(one.value, label(one)) for one in Tier],
        "kind": [(one.value, label(one)) for one in OrganisationKind],
        "sector": [(str(key), titled(titles, person.language)) for key, titles in sectors],
    }


def _standing(status: str | None, contract: Contract) -> list[ColumnElement[bool]]:
    if status is None:
        return []
    if status == EARLIER:
        return [earlier(contract)]
    return [Signatory.status == SignatoryStatus(status)]


def _with_tier(value: str, contract: Contract, person: Person) -> ColumnElement[bool]:
    return Signatory.id.in_(promising(person, contract.id, Commitment.tier == Tier(value)))


def _of_kind(value: str, contract: Contract, person: Person) -> ColumnElement[bool]:
    return Organisation.kind == OrganisationKind(value)


def _in_sector(value: str, contract: Contract, person: Person) -> ColumnElement[bool]:
    """The organisation works in it, or promises something for it."""
    working = select(organisation_sector.c.organisation_id).where(
        organisation_sector.c.sector_id == int(value)
    )
    for_it = promising(person, contract.id, Commitment.sector_id == int(value))
    return or_(Organisation.id.in_(working), Signatory.id.in_(for_it))


FITS = {"tier": _with_tier, "kind": _of_kind, "sector": _in_sector}


def _with_words(words: str, contract: Contract, person: Person) -> ColumnElement[bool]:
    """All of the words in the name of the organisation, or in something that it promises."""
    patterns = [f"%{_literally(word)}%" for word in words.split()[:MOST_WORDS]]
    text = [Commitment.text.ilike(pattern, escape=ESCAPE) for pattern in patterns]
    name = [Organisation.name.ilike(pattern, escape=ESCAPE) for pattern in patterns]
    return or_(and_(*name), Signatory.id.in_(promising(person, contract.id, *text)))


def _literally(word: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        word = word.replace(sign, ESCAPE + sign)
    return word
