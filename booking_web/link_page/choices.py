"""The starts to choose from, with their words. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from booking_web.link_page.form import write_start
from scheduling.times.words import Clock, day, duration_words, time_of_day

NO_LENGTHS: Final[Mapping[datetime, timedelta]] = {}


class Choice(NamedTuple):
    """One radio button; a tuple, because a page has a thousand."""

    value: str
    words: str
    is_chosen: bool


def day_choices(
    starts: Iterable[datetime],
    zone: ZoneInfo,
    clock: Clock,
    *,
    chosen: datetime | None,
    lengths: Mapping[datetime, timedelta],
) -> tuple[Choice, ...]:
    """Return a choice for each start of one day, in words the time alone.

    Args:
        lengths: of the starts whose meeting is not as long as the page says, by start.
    """
    return tuple(
        Choice(write_start(start), _time(start, zone, clock, lengths), start == chosen)
        for start in starts
    )


def choices_with_day(
    starts: Iterable[datetime],
    zone: ZoneInfo,
    clock: Clock,
    *,
    now: datetime,
    lengths: Mapping[datetime, timedelta] = NO_LENGTHS,
    chosen: datetime | None = None,
) -> tuple[Choice, ...]:
    """Return a choice for each start, in words day and time."""
    today = now.astimezone(zone).date()

    def words(start: datetime) -> str:
        on = day(start.astimezone(zone), clock, weekday="short", today=today)
        return f"{on}, {_time(start, zone, clock, lengths)}"

    return tuple(Choice(write_start(start), words(start), start == chosen) for start in starts)


def _time(
    start: datetime, zone: ZoneInfo, clock: Clock, lengths: Mapping[datetime, timedelta]
) -> str:
    words = time_of_day(start, zone, clock)
    length = lengths.get(start)
    return words if length is None else f"{words} ({duration_words(length)})"
