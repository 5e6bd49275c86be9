"""Which zone and which days a contact asked to see: the page's query → a value. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from scheduling.bookings.link_page import LinkPage
from scheduling.times.intervals import Interval
from scheduling.times.time_zones import is_zone

DAYS_SHOWN: Final = 14
FARTHEST: Final = timedelta(days=731)
"""No calendar is asked for later days than these; it keeps sums of dates inside the calendar."""

# Clocks on earth read from 12 hours behind UTC to 14 hours ahead of it.
_WEST: Final = timedelta(hours=12)
_EAST: Final = timedelta(hours=14)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)
_DATE_SHAPE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageQuery:
    """What was asked for.

    Attributes:
        zone: IANA name; None: nothing was asked, or no zone.
        first_day: None: nothing was asked, or no date.
        bad_zone: something was asked that is no zone; the page says so. Likewise bad_day.
    """

    zone: str | None = None
    first_day: date | None = None
    bad_zone: bool = False
    bad_day: bool = False


def read_query(query: Mapping[str, str]) -> PageQuery:
    """Read `?zone=Europe/Berlin&from=2026-12-07`; what cannot be read is noted, never refused."""
    zone, day = query.get("zone", ""), query.get("from", "")
    known_zone = zone if is_zone(zone) else None
    known_day = _read_date(day)
    return PageQuery(
        zone=known_zone,
        first_day=known_day,
        bad_zone=bool(zone) and known_zone is None,
        bad_day=bool(day) and known_day is None,
    )


def _read_date(text: str) -> date | None:
    if not _DATE_SHAPE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def address_of(*, zone: str | None, first_day: date | None) -> str:
    """Write the query that `read_query` reads, to stand behind the page's own address."""
    query = {"zone": zone, "from": first_day.isoformat() if first_day else None}
    return "?" + urlencode({name: value for name, value in query.items() if value}, safe="/")


def first_day_shown(query: PageQuery, page: LinkPage, zone: ZoneInfo) -> date:
    """Return the day that was asked for, drawn in between the first and the last bookable days."""
    first = page.earliest.astimezone(zone).date()
    last = (page.latest - timedelta(microseconds=1)).astimezone(zone).date()
    wanted = query.first_day or first
    if wanted > last:
        wanted = last - (DAYS_SHOWN - 1) * _DAY
    return max(wanted, first)


def span_to_read(query: PageQuery, now: datetime) -> Interval:
    """Return what the page must know of: the shown days and all weeks of their month.

    The zone may only be known once the calendar is read, so there is a day to spare at both ends.
    """
    west, east = (now - _WEST).date(), (now + _EAST).date()
    latest = east + FARTHEST
    first = min(max(query.first_day or west, west), latest)
    last = min(max(query.first_day or east, east), latest)
    end = max(last + DAYS_SHOWN * _DAY, next_month(last) + _WEEK)
    start = max(first.replace(day=1) - _WEEK, west)
    return Interval(_midnight_utc(start - _DAY), _midnight_utc(end + _DAY))


def next_month(day: date) -> date:
    """Return the first day of the month after this day's."""
    return (day.replace(day=28) + 4 * _DAY).replace(day=1)


def _midnight_utc(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
