"""The one wording of times, for page, mail, .ics and Slack: the same instant reads the same. Pure.

Words are English; whether 10:00 or 10:00 AM, 3 December or December 3, is the reader's language's.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from gettext import NullTranslations
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton

_ = NullTranslations().gettext  # there is no catalogue yet
ENGLISH = "en-GB"
"""Where nothing else is known: days before months, 24 hours."""
LANGUAGE_LENGTH = 35  # of a tag, RFC 5646 §4.4.1

_ENGLISH = Locale("en")
_WIDTHS: dict[str, Literal["wide", "abbreviated"]] = {"long": "wide", "short": "abbreviated"}
_UNTIL = "\u2013"  # en dash
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MOST_LANGUAGES = 10
_LONGEST_HEADER = 500
_UTC_NAMES = frozenset(
    {"UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu"}
)
_QUOTED = re.compile("'[^']*'")  # letters that stand for themselves in a pattern of CLDR
_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)
_PLAIN_OFFSET = re.compile("GMT[+-][0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Clock:
    """How a reader writes times.

    Attributes:
        twelve_hours: 2:30 PM, otherwise 14:30.
        month_first: December 3, otherwise 3 December.
    """

    twelve_hours: bool = False
    month_first: bool = False

    @classmethod
    def for_languages(cls, accept_language: str) -> "Clock":
        """Choose by a browser's Accept-Language header (RFC 9110 §12.5.4); CLOCK_24 if in doubt."""
        return _clock_for(accept_language[:_LONGEST_HEADER])

    @classmethod
    def stored(cls, language: str, *, twelve_hours: bool) -> "Clock":
        """Return the clock of which a tag and the hours were kept."""
        return cls(twelve_hours, month_first=_clock_for(language).month_first)


CLOCK_24 = Clock()


def language_for(accept_language: str) -> str:
    """Return the best language of an Accept-Language header that we know, "de-CH"; else English."""
    return _locale_for(accept_language[:_LONGEST_HEADER])[0]


def time_of_day(instant: datetime, zone: ZoneInfo, clock: Clock = CLOCK_24) -> str:
    """Return "10:00" or "10:00 AM"; "02:30 (GMT+2)" where the clocks show this time twice."""
    return _time_of_day(instant, zone, clock)


def day(
    on: date,
    clock: Clock = CLOCK_24,
    *,
    weekday: Literal["long", "short"] = "long",
    today: date | None = None,
) -> str:
    """Return "Thursday 3 December" or "Thu 3 Dec"; where the month is first "Thu, Dec 3".

    Args:
        on: a date, or a datetime that is in the reader's zone already.
        today: in the reader's zone; a day of another year gets its year. None leaves years out.
    """
    year = on.year if today is not None and today.year != on.year else None
    return _day(date(on.year, on.month, on.day), clock, weekday, year)


def free_day(on: date, clock: Clock = CLOCK_24) -> str:
    """Return "Thursday 3 December, free times"."""
    return _("%(day)s, free times") % {"day": day(on, clock)}


def month(on: date) -> str:
    """Return "December 2026"."""
    return format_skeleton("yMMMM", on, locale=_ENGLISH)


@cache
def weekdays() -> tuple[tuple[str, str], ...]:
    """Return the heads of a month's columns, from Monday: "Mo" and "Monday"."""
    short, wide = _ENGLISH.days["stand-alone"]["short"], _ENGLISH.days["stand-alone"]["wide"]
    return tuple((short[number], wide[number]) for number in range(7))


def span(
    start: datetime, end: datetime, zone: ZoneInfo, clock: Clock = CLOCK_24, *, now: datetime
) -> str:
    """Return the day, both times with an en dash between them, and the city: Thu 3 Dec … (Berlin).

    A meeting past midnight names both days. Where the clocks show a time twice, the offset stands
    in the brackets, or at each time if they differ.
    """
    local_start, local_end = start.astimezone(zone), end.astimezone(zone)
    today = now.astimezone(zone).date()
    place = zone_city(zone)
    if (_is_repeated(local_start) or _is_repeated(local_end)) and (
        local_start.utcoffset() == local_end.utcoffset()
    ):
        place = f"{place}, {_offset_words(local_start)}"
        first, last = _clock_words(local_start, clock), _clock_words(local_end, clock)
    else:
        first, last = time_of_day(start, zone, clock), time_of_day(end, zone, clock)
    day_of_start = day(local_start, clock, weekday="short", today=today)
    last_day = (local_end.replace(tzinfo=None) - timedelta(microseconds=1)).date()
    if last_day > local_start.date():
        day_of_end = day(local_end, clock, weekday="short", today=today)
        return f"{day_of_start}, {first} {_UNTIL} {day_of_end}, {last} ({place})"
    if first[-3:] == last[-3:] and first.endswith((" AM", " PM")):
        first = first[:-3]
    return f"{day_of_start}, {first}{_UNTIL}{last} ({place})"


def zone_label(zone: ZoneInfo, at: datetime, until: datetime | None = None) -> str:
    """Return "Berlin (GMT+1)", as it holds at an instant.

    Args:
        until: another instant; if the offset differs then: "Berlin (GMT+2, later GMT+1)".
    """
    city = zone_city(zone)
    offset = _offset_words(at.astimezone(zone))
    if city in ("UTC", offset):
        return city
    later = offset if until is None else _offset_words(until.astimezone(zone))
    if later != offset:
        offset = _("%(offset)s, later %(later)s") % {"offset": offset, "later": later}
    return f"{city} ({offset})"


def zone_city(zone: ZoneInfo) -> str:
    """Return "Berlin", "Buenos Aires", or "UTC"; an offset zone such as Etc/GMT+5 is "GMT-5"."""
    return _city(zone.key)


def utc_fallback(start: datetime) -> str:
    """Return "Thu 3 Dec 2026, 09:00 UTC", where the reader's zone is not known."""
    instant = start.astimezone(UTC)
    on = _day(instant.date(), CLOCK_24, "short", instant.year)
    return f"{on}, {_clock_words(instant, CLOCK_24)} UTC"


def duration_words(duration: timedelta) -> str:
    """Return "30 min", "1 h" or "1 h 30 min"; seconds are left out."""
    hours, minutes = divmod(duration // _MINUTE, 60)
    of_minutes = _("%(minutes)d min") % {"minutes": minutes}
    if not hours:
        return of_minutes
    of_hours = _("%(hours)d h") % {"hours": hours}
    return f"{of_hours} {of_minutes}" if minutes else of_hours


def ago(then: datetime, now: datetime, zone: tzinfo = UTC) -> str:
    """Return "today", "yesterday" or "2 days ago", by the calendar of the zone."""
    days = (now.astimezone(zone).date() - then.astimezone(zone).date()).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


@lru_cache(maxsize=16384)
def _time_of_day(instant: datetime, zone: ZoneInfo, clock: Clock) -> str:
    local = instant.astimezone(zone)
    words = _clock_words(local, clock)
    return f"{words} ({_offset_words(local)})" if _is_repeated(local) else words


@lru_cache(maxsize=4096)
def _day(on: date, clock: Clock, weekday: Literal["long", "short"], year: int | None) -> str:
    width = _WIDTHS[weekday]
    name = _ENGLISH.days["format"][width][on.weekday()]
    month = _ENGLISH.months["format"][width][on.month]
    if clock.month_first:
        return f"{name}, {month} {on.day}" + (f", {year}" if year is not None else "")
    return f"{name} {on.day} {month}" + (f" {year}" if year is not None else "")


def _clock_words(local: datetime, clock: Clock) -> str:
    if clock.twelve_hours:
        half = "AM" if local.hour < 12 else "PM"
        return f"{(local.hour - 1) % 12 + 1}:{local.minute:02} {half}"
    return f"{local.hour:02}:{local.minute:02}"


def _is_repeated(local: datetime) -> bool:
    """Tell whether the zone's clocks show this wall time twice; it must be one that they show."""
    return local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()


def _offset_words(local: datetime) -> str:
    """Return "GMT+1", "GMT-3:30" or "GMT"."""
    offset = local.utcoffset()
    assert offset is not None
    hours, minutes = divmod(abs(offset) // _MINUTE, 60)
    if not hours and not minutes:
        return "GMT"
    sign = "-" if offset < timedelta(0) else "+"
    return f"GMT{sign}{hours}:{minutes:02}" if minutes else f"GMT{sign}{hours}"


@lru_cache(maxsize=1024)
def _city(name: str) -> str:
    last = name.rpartition("/")[2]
    if last in _UTC_NAMES:
        return "UTC"
    if _PLAIN_OFFSET.fullmatch(last):  # POSIX counts these the other way round: GMT+5 is west
        return last.translate(str.maketrans("+-", "-+"))
    return last.replace("_", " ")


@lru_cache(maxsize=1024)
def _clock_for(accept_language: str) -> Clock:
    locale = _locale_for(accept_language)[1]
    if locale is None:
        return CLOCK_24
    hours = _QUOTED.sub("", locale.time_formats["short"].pattern)
    letters = _QUOTED.sub("", locale.datetime_skeletons["MMMd"].pattern)
    return Clock(
        twelve_hours="h" in hours or "K" in hours,
        month_first=letters.lstrip()[0] in "ML",
    )


@lru_cache(maxsize=1024)
def _locale_for(accept_language: str) -> tuple[str, Locale | None]:
    """Return the tag of the best language that is known, and the locale; ENGLISH, None: none is."""
    for language in _languages(accept_language):
        try:
            locale = Locale.parse(language, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        return str(locale).replace("_", "-")[:LANGUAGE_LENGTH], locale
    return ENGLISH, None


def _languages(accept_language: str) -> list[str]:
    """Return the languages of the header, the best first; those of weight 0 are left out."""
    weighted = []
    for part in accept_language.split(",")[:_MOST_LANGUAGES]:
        language, _, parameter = part.partition(";")
        weight = _WEIGHT.fullmatch(parameter.strip()) if parameter else None
        if parameter and weight is None:
            continue
        weighted.append((float(weight[1]) if weight else 1.0, language.strip()))
    best_first = sorted(weighted, key=lambda item: -item[0])
    return [language for weight, language in best_first if weight > 0]
