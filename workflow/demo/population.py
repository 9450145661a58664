"""The demo's people and organisations: all invented, all with one password that anybody may know."""

import re
import unicodedata
from collections.abc import Mapping

from pwdlib import PasswordHash

from ..models import Contract, Membership, Organisation, Person, Section, Sector
from ..rules import policy
from ..rules.vocabulary import Act, Mandate, Role
from .calendar import APPROVED, ASSIGNED, Calendar
from .mapping import CHANNELS, ROLES, STAKEHOLDERS

DEMO_PASSWORD = "podnebje-2030"

EXTRAS = (
    ("Ajda Petek", "ajda.petek@example.org", "Keeper of the workspace", "sl", Role.ADMIN),
    ("Lars Nyberg", "lars.nyberg@example.net", "Guest from a partner city", "en", Role.OBSERVER),
)
"""Two roles that the file leaves empty."""


class Population:
    """Everybody in the demo, found by user id (`U-01`), organisation id (`O-01`) or name."""

    def __init__(self, source: Mapping, contract: Contract, calendar: Calendar):
        self._contract = contract
        self._since = calendar.moment(ASSIGNED, "08:00")
        self._hash = PasswordHash.recommended().hash(DEMO_PASSWORD)
        self._sectors: dict[str, Sector] = {sector.key: sector for sector in contract.sectors}
        self.users: dict[str, Person] = {}
        self.organisations: dict[str, Organisation] = {}
        self.by_name: dict[str, Person] = {}
        self._city(source, calendar)
        self._partners(source)
        self._citizens(source, calendar)
        for name, email, title, language, role in EXTRAS:
            self._member(self._person(name, email, language, title), role)

    @property
    def people(self) -> list[Person]:
        return list(self.by_name.values())

    @property
    def coordinator(self) -> Person:
        return self._first(Role.COORDINATOR)

    @property
    def approver(self) -> Person:
        return self._first(Role.APPROVER)

    def allow_to_answer(self, person: Person, section: Section) -> None:
        """Whoever answered in the file may answer here: a section of its own where the sector does not reach."""
        if not policy.grants(person, Act.ANSWER, section.place):
            self._member(person, Role.EDITOR, section_id=section.id)

    def _city(self, source: Mapping, calendar: Calendar) -> None:
        for user in source["users"]:
            person = self._person(user["name"], user["email"], user["lang"], user["title"])
            person.signed_in_at = calendar.moment(APPROVED, "08:00")
            sector = self._sectors[user["sector"]].id if "sector" in user else None
            self._member(person, ROLES[user["role"]], sector_id=sector)
            self.users[user["id"]] = person

    def _partners(self, source: Mapping) -> None:
        for listed in source["stakeholders"]:
            organisation = self._organisation(listed)
            self.organisations[listed["id"]] = organisation
            person = self._person(listed["contact"], _address(listed["contact"]), "sl", None)
            self._member(
                person, Role.STAKEHOLDER, organisation=organisation, mandate=Mandate.DELEGATE
            )

    def _citizens(self, source: Mapping, calendar: Calendar) -> None:
        for remark in source["comments"]:
            name = remark["author"]
            if name not in self.by_name:
                person = self._person(name, _address(name), remark["lang"], None)
                self._member(person, Role.STAKEHOLDER)
            if CHANNELS[remark["channel"]] == "web":
                self.by_name[name].signed_in_at = calendar.moment(remark["created"], "08:00")

    def _organisation(self, listed: Mapping) -> Organisation:
        return Organisation(
            contract_id=self._contract.id,
            name=listed["name"],
            kind=STAKEHOLDERS[listed["kind"]],
            detail=listed["kind_detail"],
            level=listed["level"],
            legal_form=listed["legal_form"],
            size=listed["size"],
            influence=listed["influence"],
            interest=listed["interest"],
            email=listed["email"],
            contact=listed["contact"],
            invented=listed["invented"],
            sectors=[self._sectors[key] for key in listed["sector"]],
        )

    def _person(self, name: str, email: str, language: str, title: str | None) -> Person:
        self.by_name[name] = person = Person(
            name=name,
            email=email,
            title=title,
            language=language,
            password_hash=self._hash,
            invented=True,
            created_at=self._since,
        )
        return person

    def _member(self, person: Person, role: Role, **scope) -> None:
        person.memberships.append(
            Membership(contract_id=self._contract.id, role=role, created_at=self._since, **scope)
        )

    def _first(self, role: Role) -> Person:
        return next(
            person
            for person in self.users.values()
            if any(membership.role is role for membership in person.memberships)
        )


def _address(name: str) -> str:
    """`dr. Irena Močnik` → `irena.mocnik@example.org`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z]+", plain.removeprefix("dr. "))
    return f"{'.'.join(words)}@example.org"
