"""Reads the times that people are told, without a line of the code that writes them.

A wall time is looked for among all instants: those at which the clocks of the zone, as tzdata has
them, show it. Where there is more than one, an offset must stand in the text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
QUARTER: Final = timedelta(minutes=15)  # every offset of today is a multiple of it

_DAY: Final = (
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? "
    r"(?:(\d{1,2}) ([A-Z][a-z]{2})|([A-Z][a-z]{2}) (\d{1,2}))(?:,? (\d{4}))?"
)
_TIME: Final = r"(\d{1,2}):(\d\d)(?: (AM|PM))?(?: \((GMT[^)]*)\))?"
_SPAN: Final = re.compile(
    rf"{_DAY}, {_TIME} ?\u2013 ?(?:{_DAY}, )?{_TIME} \(([^(),]+)(?:, (GMT[^)]*))?\)"
)
_SLACK: Final = re.compile(r"<!date\^(-?\d+)\^[^|<>]*\|([^<>]*)>")
_FALLBACK: Final = re.compile(rf"{_DAY}, {_TIME} UTC")
_OFFSET: Final = re.compile(r"GMT(?:([+-])(\d{1,2})(?::(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Told:
    """A time as it was told: from when to when, and in which zone."""

    starts_at: datetime
    ends_at: datetime
    zone: str


def times_in(text: str, zones: Mapping[str, str], *, now: datetime) -> list[Told]:
    """Return every time of a meeting in a text, in its order.

    Args:
        zones: IANA names by the city that stands in brackets.
        now: when it is read; a day without a year is one of this year.
    """
    return [_told(found[0], zones, now) for found in _SPAN.finditer(text)]


def slack_times_in(text: str) -> list[tuple[datetime, datetime]]:
    """Return every time in a text of Slack's: what its readers see, and what it says without."""
    return [
        (datetime.fromtimestamp(int(seconds), UTC), _fallback(unescape(words)))
        for seconds, words in _SLACK.findall(text)
    ]


def _told(words: str, zones: Mapping[str, str], now: datetime) -> Told:
    found = _SPAN.fullmatch(words)
    assert found
    parts = found.groups()
    (first_day, first), (last_day, last) = (parts[:6], parts[6:10]), (parts[10:16], parts[16:20])
    city, common = parts[20:]
    zone = ZoneInfo(zones[city])
    year = now.astimezone(zone).year
    start = _wall(first_day, (*first[:2], first[2] or last[2]), year)
    end = _wall(last_day if last_day[0] else first_day, last[:3], year)
    (starts_at,) = _instants(start, zone, first[3] or common)
    after = [one for one in _instants(end, zone, last[3] or common) if one > starts_at]
    if not after and not (last_day[0] or end.hour or end.minute):
        # The midnight that ends the day, not the one that begins it.
        after = _instants(end + timedelta(days=1), zone, last[3] or common)
    (ends_at,) = after
    return Told(starts_at, ends_at, zone.key)


def _wall(day: tuple[str, ...], time: tuple[str, ...], year: int) -> datetime:
    """Return what a clock shows, as if it were one of UTC."""
    weekday, number, month, other_month, other_number, named_year = day
    hour, minute, half = time
    hours = int(hour) if half is None else int(hour) % 12 + (12 if half == "PM" else 0)
    wall = datetime(
        int(named_year or year),
        MONTHS.index(month or other_month) + 1,
        int(number or other_number),
        hours,
        int(minute),
        tzinfo=UTC,
    )
    assert WEEKDAYS[wall.weekday()] == weekday
    return wall


def _instants(wall: datetime, zone: ZoneInfo, offset: str | None) -> list[datetime]:
    """Return when the clocks of a zone show this, with this offset from UTC if one is named."""
    instants = (wall - step * QUARTER for step in range(-12 * 4, 14 * 4 + 1))
    shown = [one for one in instants if one.astimezone(zone).replace(tzinfo=UTC) == wall]
    if offset is None:
        return shown
    return [one for one in shown if one.astimezone(zone).utcoffset() == _offset(offset)]


def _offset(words: str) -> timedelta:
    found = _OFFSET.fullmatch(words)
    assert found
    sign, hours, minutes = found.groups()
    size = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return -size if sign == "-" else size


def _fallback(words: str) -> datetime:
    found = _FALLBACK.fullmatch(words)
    assert found, words
    parts = found.groups()
    return _wall(parts[:6], parts[6:9], 0)
