"""The page of a section for its reader: drawn once for all who would see the same, until anything is written.

The database is asked each time what state it is in (`pulse`), who the reader is there, and whether he may read; only
then is a page taken that was drawn before.
"""

from flask import g, render_template, request
from flask_babel import get_locale
from markupsafe import Markup

from .. import clock, fragments, freshness
from ..db import transaction
from ..models import Person, Section
from ..queries import bystanders, pulse
from ..queries import sections as section_pages
from ..queries.bystanders import Visitor
from ..rules import policy
from ..rules.vocabulary import Act
from ..services import visits
from . import composing
from .forms.threads import HOW_TO_NAME, RemarkForm
from .loading import signed_in

SHOWN = ("all", "open", "answered", "mine")


def render_section(
    section: Section, visitor: Visitor, form: RemarkForm | None = None, status: int = 200
):
    """The section with its margin; `form` is a remark that could not be taken."""
    person = signed_in()
    compose = None
    if policy.may(person, Act.COMMENT, section.place):
        late = section_pages.is_late(visitor.last_end, section)
        compose = composing.compose(section, person, form, late=late)
    shown = render_template(
        "sections/show.html",
        title=section.title(person.language),
        content=_content(section, visitor),
        compose=compose,
        how_to_name=HOW_TO_NAME,
    )
    if section.current_id and visitor.read_last != section.current_id:
        _remember(section, person)
    return shown, status


def _content(section: Section, visitor: Visitor) -> Markup:
    """All of the page but its frame and the form of a remark; made anew where the route does not say what state the
    database is in, as after a form that could not be taken."""
    person = signed_in()
    asked = _one_of(request.args.get("show"), SHOWN), max(1, request.args.get("page", 1, int))
    macros = fragments.macros_of("sections/_content.html")

    def drawn() -> str:
        freshness.holds_until(clock.midnight(person.time_zone).timestamp())
        shown, number = asked
        page = section_pages.show(section, person, visitor.own, filter_by=shown, page=number)
        return macros.content(page, str(get_locale()))

    if "seen" not in g:
        return Markup(drawn())
    state, likeness = pulse.shared(g.seen), bystanders.likeness(section, person, visitor)
    key = macros, state, likeness, asked, bool(request.args.get("hear"))
    return fragments.Hand.of_reader(shelf="pages").kept(key, drawn)


def _remember(section: Section, person: Person) -> None:
    """Note which revision this person has read, so that the next visit can begin with what is new."""
    read = person.id, section.id, section.current_id
    with transaction():
        visits.record(*read)


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]
