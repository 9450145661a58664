"""Which acts a page offers, and for those it does not, the sentence that says why and what would make them possible."""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from ..labels import label, quoted
from ..models import Person
from ..rules import policy
from ..rules.lifecycle import STOPPED, stages_for
from ..rules.policy import GRANTS, Place
from ..rules.vocabulary import Act


@dataclass(frozen=True, slots=True)
class Permit:
    """`who` is True when the person's roles never allow it; the button is hidden then, else shown with the reason."""

    act: Act
    allowed: bool
    reason: str | None = None
    who: bool = False


class Permits(dict[str, Permit]):
    """Permits by name, made once and never changed, so that a view with them can be a key."""

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))


def why_not(act: Act) -> str:
    """A sentence that names who may do it."""
    roles = ", ".join(str(label(role)) for role in sorted(GRANTS[act]))
    return _("Your role does not include this. It is for: %(roles)s.", roles=roles)


def when_possible(act: Act) -> str:
    """A sentence that names the stages in which it is possible."""
    stages = ", ".join(quoted(label(stage)) for stage in stages_for(act))
    return _("Not in this stage. It is possible in: %(stages)s.", stages=stages)


def when_thawed() -> str:
    """A sentence that says why nothing moves, and where to see what would make it move."""
    return _(
        "The contract is frozen as a whole, so nothing in it changes. The page “The contract as a whole” says how it "
        "moves on."
    )


def permit(person: Person, act: Act, place: Place) -> Permit:
    if not policy.grants(person, act, place):
        return _not_his(act, get_locale())
    if policy.possible(act, place):
        return Permit(act, True)
    if place.frozen and act in STOPPED:
        return Permit(act, False, when_thawed())
    return _not_now(act, get_locale())


@cache
def _not_his(act: Act, _language: Locale | None) -> Permit:
    """Made once for each language: a page has some twenty of them."""
    return Permit(act, False, why_not(act), who=True)


@cache
def _not_now(act: Act, _language: Locale | None) -> Permit:
    return Permit(act, False, when_possible(act))


def permits(person: Person, place: Place) -> dict[str, Permit]:
    """Every act at the place, by its value: `page.acts.edit.allowed`."""
    return {act.value: permit(person, act, place) for act in Act}
