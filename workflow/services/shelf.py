"""What many letters share, read together: the rows that events do not name themselves, and what waits for the readers.

The number of queries does not depend on how many letters there are, nor on how much they tell. Who holds the same roles
in the same places reads the same of what does not bear his own name; that is worded once.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field

from ..models import Person, Section
from ..rules import cadence
from ..rules.gate import Facts
from ..rules.reminding import ABOUT_A_TEXT
from ..rules.vocabulary import EventKind, Rhythm
from . import changes_told, gatekeeping, newest, seats
from .memory import Memory
from .owed_told import Owing
from .recipients import Recipient, group_of
from .tidings import Tiding

Told = tuple[Person | Recipient, list[Tiding], Rhythm]
"""A letter to be: whom it is for, what it may tell, the newest first, and at which rhythm."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """`texts` are those that changes lead from and to, `gates` what the approval of those looks at that reminders are
    about; the `memory` may be older than this batch of letters."""

    texts: changes_told.Texts
    gates: Mapping[int, Facts]
    owing: Owing
    memory: Memory
    _alike: dict[Hashable, int] = field(default_factory=dict)

    def alike(self, person: Person | Recipient) -> int:
        """One and the same for all to whom that reads the same which does not bear their names.

        What a guest reads holds links of his own, which are made anew for each letter.
        """
        key = person.id if person.guest else (person.language, person.time_zone, group_of(person))
        if key not in self._alike:
            what = person.language, person.time_zone, seats.without_name(person)
            number = self.memory.number() if person.guest else self.memory.alike(what)
            self._alike[key] = number
        return self._alike[key]


def fill(letters: Collection[Told], memory: Memory | None = None) -> Shelf:
    """All that these letters need: the changed texts, and what waits for those who get a letter for a day or a week."""
    spans = [
        span
        for _, told, _ in letters
        if any(one.kind in changes_told.CHANGE_A_TEXT for one in told)
        for span in changes_told.spans(*newest.events(told)).values()
    ]
    return Shelf(
        texts=changes_told.texts(spans),
        gates=gatekeeping.facts_of(_reminded_of(letters)),
        owing=Owing([person for person, _, rhythm in letters if rhythm in cadence.WINDOWS]),
        memory=memory or Memory(),
    )


def _reminded_of(letters: Collection[Told]) -> list[Section]:
    """The sections that reminders in these letters are about, if it is their text that is waited for."""
    found = {
        one.section_id: one.event.section
        for _, told, _ in letters
        for one in told
        if one.kind is EventKind.REMINDER_DUE and one.event.reminder.kind in ABOUT_A_TEXT
    }
    return list(found.values())
