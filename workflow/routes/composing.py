"""The form of a remark beside the text: a blank one is drawn once for all who would be given the same."""

from dataclasses import dataclass
from uuid import uuid4

from markupsafe import Markup

from .. import fragments
from ..models import Person, Section
from .forms.threads import RemarkForm, spoken_for


@dataclass(frozen=True, slots=True)
class About:
    """All that a blank form is drawn from, and so the key under which it is kept. Only who speaks for nobody else is
    told under which `name` he comments."""

    slug: str
    section_id: int
    revision_id: int | None
    language: str
    late: bool
    organisations: tuple[tuple[int, str], ...]
    name: str | None

    @classmethod
    def of(cls, section: Section, person: Person, *, late: bool) -> "About":
        organisations = spoken_for(person)
        return cls(
            section.contract.slug,
            section.id,
            section.current_id,
            person.language,
            late,
            tuple(organisations.items()),
            None if organisations else person.name,
        )


def compose(
    section: Section, person: Person, form: RemarkForm | None = None, *, late: bool
) -> Markup:
    """The form as it was sent, or a blank one with a token of its own."""
    about = About.of(section, person, late=late)
    macros = fragments.macros_of("sections/_compose.html")
    if form:
        return macros.compose(about, form)
    token = uuid4().hex

    def blank() -> Markup:
        return macros.compose(about, RemarkForm.blank(section, person, token=token))

    return fragments.Hand.of_reader(token).kept((macros, about), blank)
