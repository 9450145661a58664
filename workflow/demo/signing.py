"""The demo's signatories: every organisation of the file with its one commitment, each as far as the file says."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..db import db
from ..models import Commitment, Person, Signatory, SignatoryEntry
from ..rules.vocabulary import EventKind, SignatoryStatus
from .calendar import APPROVED, ASSIGNED, REVISED, Calendar
from .history import History
from .mapping import SIGNATORY, tier
from .population import Population

DAYS_TO_SIGN = 60


class Signing:
    """Puts the organisations on the list of signatories and takes each as far as it is."""

    def __init__(self, population: Population, calendar: Calendar, history: History):
        self._population = population
        self._calendar = calendar
        self._history = history

    def make(self, number: int, listed: Mapping) -> Signatory:
        """The signatory with what it promises, and the steps that led to where it stands."""
        organisation = self._population.organisations[listed["id"]]
        delegate = self._population.by_name[listed["contact"]]
        promise = listed["commitment"]
        signatory = Signatory(
            contract_id=organisation.contract_id,
            organisation=organisation,
            status=SignatoryStatus.INVITED,
            representative=listed["contact"] if SIGNATORY[promise["status"]] else "",
            due_on=self._calendar.day(APPROVED) + timedelta(days=DAYS_TO_SIGN),
            created_at=self._calendar.moment(ASSIGNED, "10:00"),
        )
        db.session.add(signatory)
        db.session.add(
            Commitment(
                signatory=signatory,
                text=promise["title"],
                tier=tier(promise),
                tonnes_per_year=promise["tonnes_per_year"],
                investment_eur=promise["investment_eur"],
                by_year=promise["by"],
                sector_id=organisation.sectors[0].id,
                may_publish=True,
            )
        )
        wait = timedelta(minutes=number)
        invited = self._calendar.moment(ASSIGNED, "10:00") + wait
        self._step(signatory, SignatoryStatus.INVITED, self._population.coordinator, invited)
        for day, target in zip((REVISED, APPROVED), SIGNATORY[promise["status"]], strict=False):
            self._step(signatory, target, delegate, self._calendar.moment(day, "14:00") + wait)
        return signatory

    def _step(self, signatory: Signatory, to: SignatoryStatus, by: Person, at: datetime) -> None:
        first = to is SignatoryStatus.INVITED
        entry = SignatoryEntry(
            signatory=signatory,
            from_status=None if first else signatory.status,
            to_status=to,
            by=by,
            at=at,
        )
        db.session.add(entry)
        signatory.status = to
        db.session.flush()
        self._history.add(
            at,
            EventKind.SIGNATORY_INVITED if first else EventKind.SIGNATORY_MOVED,
            by,
            organisation_id=signatory.organisation_id,
            signatory=signatory,
            signatory_entry=entry,
        )
