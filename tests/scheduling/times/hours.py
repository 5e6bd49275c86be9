"""Opening hours and spans of days, written short."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from scheduling.times.intervals import Interval
from scheduling.times.opening_hours import OpeningHours, WallSpan
from scheduling.times.time_zones import zone

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
BERLIN = zone("Europe/Berlin")


def every_day(*spans: str) -> OpeningHours:
    return OpeningHours({day: tuple(map(WallSpan.parse, spans)) for day in range(7)})


def only_on(day: str, *spans: str) -> OpeningHours:
    return OpeningHours({}, {date.fromisoformat(day): tuple(map(WallSpan.parse, spans))})


def days(first: str, count: int = 1) -> Interval:
    start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    return Interval(start, start + count * DAY)


def utc(found: Iterable[Interval]) -> list[str]:
    return [f"{one.start:%d %H:%M} to {one.end:%d %H:%M}" for one in found]
