"""What a digest says first: what waits for its reader, and until when."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from urllib.parse import urljoin

from flask import request, url_for
from flask_babel import gettext as _

from ..models import Person
from ..queries.tasks import Task
from ..queries.work import WorkPage
from ..queries.works import Works
from . import details

MOST = 6
"""What a letter names; of more it says that the page of one's work has them all."""

NOT_OWED = frozenset({"open"})
"""Tasks that one may do, but that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something to do; `when` says until when, empty where no day is set."""

    text: str
    when: str
    overdue: bool
    link: str


@dataclass(frozen=True, slots=True, eq=False)
class Owed:
    """Equal to itself only, as a topic is."""

    tasks: tuple[Waiting, ...]
    more: int
    link: str


class Owing:
    """What waits for each of these people, read together. Alike people are told the same, so it is said once."""

    def __init__(self, people: Collection[Person]):
        self._works = Works(people)
        self._said: dict[Hashable, Owed | None] = {}

    def of(self, person: Person) -> Owed | None:
        """What waits for the person in all contracts, the overdue first; None when nothing does, or for a guest."""
        if person.guest:
            return None
        key = self._works.alike(person)
        if key not in self._said:
            self._said[key] = _owed(self._works.of(person), person)
        return self._said[key]


def _owed(page: WorkPage, person: Person) -> Owed | None:
    piles = page.piles
    several = len(piles) > 1
    tasks = [
        (task, f"{pile.contract.city}: {task.text}" if several else task.text)
        for pile in piles
        for task in pile.tasks
        if task.kind not in NOT_OWED
    ]
    if not tasks:
        return None
    tasks.sort(key=lambda one: (not one[0].overdue, one[0].due is None))
    shown = tuple(_waiting(task, text, person) for task, text in tasks[:MOST])
    return Owed(shown, len(tasks) - len(shown), url_for("work.show", _external=True))


def _waiting(task: Task, text: str, person: Person) -> Waiting:
    when = ""
    if task.due:
        on = details.day(task.due, person)
        when = _("was due %(day)s", day=on) if task.overdue else _("until %(day)s", day=on)
    return Waiting(text, when, task.overdue, urljoin(request.url_root, task.url))
