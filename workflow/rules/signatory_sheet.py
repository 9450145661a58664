"""The only place that knows how a spreadsheet of signatories may be written: its columns, and the words in its cells.

A row is an organisation that is asked to sign, with one of its commitments if it has any; several rows of the same
organisation are several commitments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from . import numbers
from .sheet_layout import Fault, Layout, Why
from .vocabulary import OrganisationKind, Tier

LONGEST_NAME = 200
LONGEST_ADDRESS = 254
LONGEST_TEXT = 2_000
YEARS = range(2000, 2101)
DECIMAL = "decimal"
"""A default that is no column: the sign that whoever brought the sheet puts before decimals."""


class Column(StrEnum):
    ORGANISATION = "organisation"
    KIND = "kind"
    PERSON = "person"
    EMAIL = "email"
    COMMITMENT = "commitment"
    TIER = "tier"
    TONNES = "tonnes"
    EUROS = "euros"
    YEAR = "year"
    SECTOR = "sector"


HEADINGS: dict[Column, dict[str, str]] = {
    Column.ORGANISATION: {"en": "Organisation", "sl": "Organizacija"},
    Column.KIND: {"en": "Kind of organisation", "sl": "Vrsta organizacije"},
    Column.PERSON: {"en": "Contact", "sl": "Kontaktna oseba"},
    Column.EMAIL: {"en": "E-mail address", "sl": "E-naslov"},
    Column.COMMITMENT: {"en": "Commitment", "sl": "Zaveza"},
    Column.TIER: {"en": "Tier", "sl": "Stopnja"},
    Column.TONNES: {"en": "Tonnes a year", "sl": "Ton na leto"},
    Column.EUROS: {"en": "Euros", "sl": "Evrov"},
    Column.YEAR: {"en": "By the year", "sl": "Do leta"},
    Column.SECTOR: {"en": "Sector", "sl": "Sektor"},
}
"""What the columns are called in the sheet that we offer."""

OTHER_HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.ORGANISATION: (
        *("organization", "name", "signatory", "name of the signatory", "company", "stakeholder"),
        *("podpisnik", "ime podpisnika", "naziv", "ustanova", "podjetje", "ime organizacije"),
    ),
    Column.KIND: ("kind", "type", "type of organisation", "vrsta", "tip"),
    Column.PERSON: (
        *("person", "contact person", "delegate", "responsible person", "ime in priimek"),
        *("name of the responsible person", "kontakt", "odgovorna oseba", "zastopnik"),
    ),
    Column.EMAIL: (
        "email",
        "e-mail",
        "mail",
        "address",
        "e-pošta",
        "elektronski naslov",
        "e-mail naslov",
    ),
    Column.COMMITMENT: (
        *("commitment text", "individual commitment", "pledge", "measure", "action"),
        *("obljuba", "ukrep", "zaveze"),
    ),
    Column.TIER: ("level of commitment", "category", "raven zaveze", "kategorija"),
    Column.TONNES: (
        *("tonnes", "t", "t co2e", "t co2", "t co₂e", "tonnes co2e a year", "t co2e/year"),
        *(
            "tonnes of co₂e saved a year",
            "co2",
            "tone",
            "t co2e/leto",
            "prihranjene tone co₂e na leto",
        ),
    ),
    Column.EUROS: ("eur", "€", "cost", "investment", "cost in euros", "naložba", "strošek v evrih"),
    Column.YEAR: ("year", "by", "by which year", "leto", "do katerega leta", "rok"),
    Column.SECTOR: ("field of action", "domain", "področje", "področje ukrepanja"),
}
NEEDED = (Column.ORGANISATION,)

WORDS: dict[Column, dict[str, tuple[str, ...]]] = {
    Column.KIND: {
        OrganisationKind.CITIZENS: ("citizens", "prebivalci", "občani"),
        OrganisationKind.NGO: (
            *("ngo", "ngo or social enterprise", "social enterprise", "non-profit"),
            *("nvo", "nevladna organizacija", "nvo ali socialno podjetje", "socialno podjetje"),
        ),
        OrganisationKind.SCIENCE_EDUCATION: (
            *("science and education", "university", "research", "academia", "school"),
            *("znanost in izobraževanje", "univerza", "raziskave", "šola"),
        ),
        OrganisationKind.GOVERNMENT: (
            "government body",
            "government",
            "ministry",
            "državni organ",
            "ministrstvo",
        ),
        OrganisationKind.CITY_ADMINISTRATION: ("city administration", "mestna uprava"),
        OrganisationKind.CITY_COUNCIL: ("city council", "mestni svet"),
        OrganisationKind.CITY_COMPANY: (
            *("city company", "municipal company", "municipal utility", "utility"),
            *("mestno podjetje", "javno podjetje", "komunalno podjetje"),
        ),
        OrganisationKind.STATE_ENTERPRISE: ("state-owned enterprise", "državno podjetje"),
        OrganisationKind.BUSINESS: (
            *("business", "company", "industry", "business association", "private"),
            *("gospodarstvo", "podjetje", "industrija", "zbornica"),
        ),
        OrganisationKind.CIVIL_SOCIETY: (
            "civil society",
            "association",
            "civilna družba",
            "društvo",
        ),
        OrganisationKind.VULNERABLE_GROUP: ("vulnerable group", "ranljiva skupina"),
        OrganisationKind.MUNICIPALITY: (
            "neighbouring municipality",
            "municipality",
            "sosednja občina",
            "občina",
        ),
        OrganisationKind.FINANCE: (
            "finance",
            "bank",
            "insurance",
            "finance in bančništvo",
            "banka",
        ),
        OrganisationKind.MEDIA: ("media", "mediji"),
        OrganisationKind.EU_BODY: ("eu body", "eu", "organ eu"),
        OrganisationKind.OTHER: ("other", "drugo"),
    },
    Column.TIER: {
        Tier.PREMIUM: ("premium", "climate-neutral by a set year", "net zero", "najvišja"),
        Tier.FRAMEWORK: ("framework", "measurable actions", "single measures", "okvirna"),
        Tier.BASIS: ("basis", "support", "osnovna", "podpora"),
        Tier.LETTER_OF_INTENT: ("letter of intent", "loi", "intent", "pismo o nameri"),
    },
}
"""The words that a cell may hold, by what they mean."""

LONGEST = {
    Column.ORGANISATION: LONGEST_NAME,
    Column.PERSON: LONGEST_NAME,
    Column.EMAIL: LONGEST_ADDRESS,
    Column.COMMITMENT: LONGEST_TEXT,
}

LAYOUT = Layout(Column, HEADINGS, OTHER_HEADINGS, NEEDED, WORDS, LONGEST)
UNNAMED = (Column.ORGANISATION, Column.PERSON, Column.EMAIL)
"""What the cells of pasted lines are when no line names the columns."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was understood; `sector` is written as it was found."""

    organisation: str
    kind: OrganisationKind
    person: str
    email: str
    commitment: str
    tier: Tier
    tonnes: float | None
    euros: float | None
    year: int | None
    sector: str


Taken = TypeVar("Taken")
FIGURES = (Column.TIER, Column.TONNES, Column.EUROS, Column.YEAR)


def understood(cells: Mapping[str, str], defaults: Mapping[str, str]) -> tuple[Entry, list[Fault]]:
    """The row, and what is wrong with it. Whether there is such a sector is not known here."""
    said = LAYOUT.said(cells, {})
    faults = [Fault(column, Why.MISSING) for column in NEEDED if not said[column]]
    faults += LAYOUT.too_long(said)
    decimal = defaults.get(DECIMAL, ".")
    if not said[Column.COMMITMENT] and any(said[column] for column in FIGURES):
        faults.append(Fault(Column.COMMITMENT, Why.MISSING))

    def read(column: Column, reading: Callable[[str], Taken | None], *could: str) -> Taken | None:
        """What the cell says; what it says in vain is a fault."""
        value = reading(said[column]) if said[column] else None
        if said[column] and value is None:
            faults.append(Fault(column, Why.UNKNOWN, said[column], could))
        return value

    def number(column: Column) -> float | None:
        try:
            value = numbers.read(said[column], decimal=decimal) if said[column] else None
            if value is None or value < numbers.LARGEST:
                return value
            could = (_plainly(18_500_000, decimal),)
        except numbers.Ambiguous as fault:
            could = tuple(_plainly(reading, decimal) for reading in fault.readings)
        except numbers.Unreadable:
            could = (_plainly(18_500_000, decimal), _plainly(3.5, decimal))
        faults.append(Fault(column, Why.UNKNOWN, said[column], could))
        return None

    entry = Entry(
        organisation=" ".join(said[Column.ORGANISATION].split()),
        kind=read(Column.KIND, _kind, *WORDS[Column.KIND]) or OrganisationKind.OTHER,
        person=" ".join(said[Column.PERSON].split()),
        email=read(Column.EMAIL, _address, "ana@example.org") or "",
        commitment=said[Column.COMMITMENT],
        tier=read(Column.TIER, _tier, *WORDS[Column.TIER]) or Tier.BASIS,
        tonnes=number(Column.TONNES),
        euros=number(Column.EUROS),
        year=read(Column.YEAR, _year, "2030"),
        sector=said[Column.SECTOR],
    )
    return entry, faults


def _kind(said: str) -> OrganisationKind | None:
    meaning = LAYOUT.meaning(Column.KIND, said)
    return OrganisationKind(meaning) if meaning else None


def _tier(said: str) -> Tier | None:
    meaning = LAYOUT.meaning(Column.TIER, said)
    return Tier(meaning) if meaning else None


def _year(said: str) -> int | None:
    return int(said) if said.isdecimal() and said.isascii() and int(said) in YEARS else None


def _address(said: str) -> str | None:
    """Roughly an e-mail address; whether letters reach it, the invitation says."""
    name, at, host = said.strip().casefold().rpartition("@")
    words = f"{name}@{host}"
    fits = at and name and "." in host and not any(sign.isspace() for sign in words)
    return words if fits and "," not in words and ";" not in words else None


def _plainly(value: float, decimal: str) -> str:
    """The number without separators of thousands."""
    return f"{value:.10g}".replace(".", decimal)
