"""The menu of time zones: a city for each clock on earth, not all 400 names. Pure.

Whoever lives elsewhere finds a city with the same clock; the script adds the other names without a
byte over the wire.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

from scheduling.times.time_zones import zone
from scheduling.times.words import zone_label

REGIONS: Final = {
    "europe": """Europe/London Europe/Dublin Europe/Lisbon Europe/Amsterdam Europe/Berlin
        Europe/Brussels Europe/Madrid Europe/Paris Europe/Rome Europe/Stockholm Europe/Vienna
        Europe/Warsaw Europe/Zurich Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Kyiv
        Europe/Kaliningrad Europe/Istanbul Europe/Moscow Europe/Samara Atlantic/Azores""",
    "americas": """America/New_York America/Toronto America/Chicago America/Denver America/Phoenix
        America/Los_Angeles America/Vancouver America/Anchorage America/Adak Pacific/Honolulu
        America/Edmonton America/Winnipeg America/Halifax America/St_Johns America/Mexico_City
        America/Bogota America/Lima America/Havana America/Caracas America/Santiago
        America/Sao_Paulo America/Argentina/Buenos_Aires America/Noronha America/Miquelon
        America/Nuuk""",
    "africa": """Africa/Casablanca Africa/Accra Africa/Lagos Africa/Algiers Africa/Cairo
        Africa/Johannesburg Africa/Nairobi Atlantic/Cape_Verde""",
    "asia": """Asia/Jerusalem Asia/Gaza Asia/Beirut Asia/Riyadh Asia/Tehran Asia/Dubai Asia/Kabul
        Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta
        Asia/Hong_Kong Asia/Manila Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Seoul Asia/Tokyo
        Asia/Vladivostok Asia/Magadan Asia/Kamchatka""",
    "pacific": """Australia/Perth Australia/Eucla Australia/Darwin Australia/Adelaide
        Australia/Brisbane Australia/Sydney Australia/Lord_Howe Pacific/Noumea Pacific/Norfolk
        Pacific/Fiji Pacific/Auckland Pacific/Chatham Pacific/Tongatapu Pacific/Kiritimati
        Pacific/Pago_Pago Pacific/Marquesas Pacific/Gambier Pacific/Pitcairn Pacific/Easter""",
    "elsewhere": "UTC Antarctica/Troll",
}
ZONES: Final = frozenset(name for names in REGIONS.values() for name in names.split())


class ZoneOption(NamedTuple):
    """A zone by its IANA name, "Berlin (GMT+1)"."""

    name: str
    words: str


class Region(NamedTuple):
    """Zones that stand together; the words for the key are in the template, "" stands alone."""

    key: str
    options: tuple[ZoneOption, ...]


def zone_menu(chosen: str, on: date) -> tuple[Region, ...]:
    """Return the menu.

    Args:
        chosen: IANA name; it is put in front if it is none of the cities.
        on: the day whose offsets from UTC stand behind the cities.
    """
    if chosen in ZONES:
        return _regions(on)
    return Region("", (_option(chosen, on),)), *_regions(on)


@lru_cache(maxsize=128)
def _regions(on: date) -> tuple[Region, ...]:
    return tuple(
        Region(key, tuple(_option(name, on) for name in names.split()))
        for key, names in REGIONS.items()
    )


def _option(name: str, on: date) -> ZoneOption:
    noon = datetime.combine(on, time(12), tzinfo=UTC)
    return ZoneOption(name, zone_label(zone(name), noon))
