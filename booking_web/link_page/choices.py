"""The starts to choose from, with their words. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking_web.link_page.form import write_start
from scheduling.times.words import Clock, day, time_of_day


class Choice(NamedTuple):
    """One radio button; a tuple, because a page has a thousand."""

    value: str
    words: str
    is_chosen: bool


def day_choices(
    starts: Iterable[datetime], zone: ZoneInfo, clock: Clock, *, chosen: datetime | None
) -> tuple[Choice, ...]:
    """Return a choice for each start of one day, in words the time alone."""
    return tuple(
        Choice(write_start(start), time_of_day(start, zone, clock), start == chosen)
        for start in starts
    )


def choices_with_day(
    starts: Iterable[datetime],
    zone: ZoneInfo,
    clock: Clock,
    *,
    now: datetime,
    chosen: datetime | None = None,
) -> tuple[Choice, ...]:
    """Return a choice for each start, in words day and time."""
    today = now.astimezone(zone).date()

    def words(start: datetime) -> str:
        on = day(start.astimezone(zone), clock, weekday="short", today=today)
        return f"{on}, {time_of_day(start, zone, clock)}"

    return tuple(Choice(write_start(start), words(start), start == chosen) for start in starts)
