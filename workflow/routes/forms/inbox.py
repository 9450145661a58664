"""The form of how, when and in which language a person wants to hear."""

from zoneinfo import available_timezones

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from ...labels import label
from ...models import Person
from ...rules.vocabulary import Rhythm
from .fields import Form
from .people import languages

LEGACY = ("Etc/", "SystemV/", "US/")


def rhythms() -> list[tuple[str, str]]:
    return [(rhythm.value, label(rhythm)) for rhythm in Rhythm]


def hours() -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(24)]


def weekdays() -> list[tuple[int, str]]:
    """Monday first, as numbers from 0."""
    return sorted(get_day_names("wide", context="stand-alone", locale=get_locale()).items())


def time_zones() -> list[tuple[str, str]]:
    """Places of the world, Europe first."""
    places = [zone for zone in available_timezones() if "/" in zone and not zone.startswith(LEGACY)]
    places.sort(key=lambda zone: (not zone.startswith("Europe/"), zone))
    return [(zone, zone.replace("_", " ")) for zone in [*places, "UTC"]]


class PreferencesForm(Form):
    ALIASES = {"time_zone": "timezone"}

    rhythm = RadioField(_l("How often do you want mail?"), choices=rhythms)
    hour = SelectField(_l("At what time"), choices=hours, coerce=int)
    weekday = SelectField(_l("On which day"), choices=weekdays, coerce=int)
    quiet_from = SelectField(_l("Quiet from"), choices=hours, coerce=int)
    quiet_until = SelectField(_l("Quiet until"), choices=hours, coerce=int)
    timezone = SelectField(_l("Your time zone"), choices=time_zones)
    language = RadioField(_l("Language"), choices=languages)

    @classmethod
    def of(cls, person: Person) -> "PreferencesForm":
        """The form as the person last left it."""
        return cls(
            rhythm=person.rhythm.value,
            hour=person.digest_hour,
            weekday=person.digest_weekday,
            quiet_from=person.quiet_from,
            quiet_until=person.quiet_until,
            timezone=person.time_zone,
            language=person.language,
        )
