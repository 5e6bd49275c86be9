"""Rules of each type, and open times written short."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduling.calendars.types import CalendarType
from scheduling.times.availability import OpenTime, Rules, RunningClass, open_times
from scheduling.times.intervals import Interval

MIDNIGHT = datetime(2026, 12, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NO_TIME = timedelta(0)
SAM, ANA, JOE = 1, 2, 3
ALL_DAY = Interval(MIDNIGHT, MIDNIGHT + DAY)
EVENT = Rules(
    type=CalendarType.EVENT,
    duration=30 * MINUTE,
    step=30 * MINUTE,
    buffer_before=NO_TIME,
    buffer_after=NO_TIME,
    minimum_notice=NO_TIME,
    window=60 * DAY,
    seats=1,
)
ROUND_ROBIN = replace(EVENT, type=CalendarType.ROUND_ROBIN)
COLLECTIVE = replace(EVENT, type=CalendarType.COLLECTIVE)
CLASS = replace(EVENT, type=CalendarType.CLASS, seats=3)


def at(clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return MIDNIGHT + (60 * hours + minutes) * MINUTE


def spans(*texts: str) -> list[Interval]:
    return [Interval(at(text[:5]), at(text[6:])) for text in texts]


def starts(found: Sequence[OpenTime]) -> list[str]:
    return [f"{one.start:%H:%M}" for one in found]


def listed(
    rules: Rules,
    *openings: str,
    busy: Mapping[int, Sequence[Interval]] | None = None,
    classes: Mapping[datetime, RunningClass] | None = None,
    hosts: tuple[int, ...] = (SAM,),
    within: Interval = ALL_DAY,
    now: datetime = MIDNIGHT,
) -> list[OpenTime]:
    return open_times(
        rules,
        spans(*openings),
        busy or {},
        classes or {},
        hosts=hosts,
        within=within,
        now=now,
    )


def running(*taken_seats: int) -> RunningClass:
    """Return a class that ends at half past nine."""
    return RunningClass(1, at("09:30"), frozenset(taken_seats))
