"""Which starts of a calendar a contact may book. Pure: no clock, no database, no network.

The one function that lists the open times is the one that decides whether a posted start is open.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from typing import NamedTuple

from scheduling.calendars.types import CalendarType
from scheduling.times.intervals import Interval

_ONE_SEAT = (1,)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a calendar allows.

    Attributes:
        duration: of one meeting.
        step: distance between two starts; the grid begins at each opening, not at the full hour.
        buffer_before: time that the host keeps free before a meeting, like buffer_after.
        minimum_notice: a start is open only from so long after now.
        window: and only until so long after now, that instant left out.
        seats: how many contacts one start takes; 1 but for classes.

    Raises:
        ValueError: duration, step or seats is not positive, or another length is negative.
    """

    type: CalendarType
    duration: timedelta
    step: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    minimum_notice: timedelta
    window: timedelta
    seats: int

    def __post_init__(self) -> None:
        nothing = timedelta(0)
        if min(self.duration, self.step) <= nothing:
            raise ValueError("duration and step must be positive")
        if min(self.buffer_before, self.buffer_after, self.minimum_notice, self.window) < nothing:
            raise ValueError("buffers, minimum notice and window must not be negative")
        if self.seats < 1:
            raise ValueError("there must be at least one seat")


@dataclass(frozen=True, slots=True)
class RunningClass:
    """A class that has a contact already. Its length is its own, whatever the calendar says now.

    Attributes:
        id: of its appointment.
        taken_seats: by those who did not cancel.
    """

    id: int
    end: datetime
    taken_seats: frozenset[int]


class OpenTime(NamedTuple):
    """A start that is open; a tuple, because a page makes thousands of them.

    Attributes:
        free_hosts: ids of the hosts who can take it; () for a class that runs already.
        free_seats: ascending; (1,) but for classes.
        joins: the class that runs already, or None.
    """

    start: datetime
    end: datetime
    free_hosts: tuple[int, ...]
    free_seats: tuple[int, ...]
    joins: RunningClass | None = None


def open_times(
    rules: Rules,
    openings: Iterable[Interval],
    busy: Mapping[int, Sequence[Interval]],
    classes: Mapping[datetime, RunningClass],
    *,
    hosts: tuple[int, ...],
    within: Interval,
    now: datetime,
) -> list[OpenTime]:
    """List the starts that a contact may book now.

    Args:
        openings: when the calendar takes bookings; a meeting must lie wholly inside one of them.
            They must not have been cut to `within`, because the grid begins where they begin.
        busy: occupations of each host, their own buffers included, in any order.
            The candidate must fit with its buffers too, so those of two meetings add up.
        classes: what runs already by its start; {} for other types. A start off the present grid
            takes no further contact.
        hosts: ids of the calendar's hosts, in the order in which free_hosts shall have them.
        within: where the starts must lie; meetings may end later.
        now: aware, in UTC.

    Returns:
        Open times, ascending, each start once. They overlap where step is shorter than duration.
    """
    starts = _grid(rules, openings, within=within, now=now)
    begins = [start - rules.buffer_before for start in starts]
    ends = [start + rules.duration + rules.buffer_after for start in starts]
    free = [_free(begins, ends, busy.get(host, ())) for host in hosts]
    free_hosts = _free_hosts(rules, starts, hosts, free)
    duration = rules.duration
    if rules.type is not CalendarType.CLASS:
        return [
            OpenTime(start, start + duration, free_now, _ONE_SEAT)
            for start, free_now in zip(starts, free_hosts, strict=True)
            if free_now
        ]
    all_seats = range(1, rules.seats + 1)
    found = []
    for start, free_now in zip(starts, free_hosts, strict=True):
        running = classes.get(start)
        if running is not None:
            seats = tuple(seat for seat in all_seats if seat not in running.taken_seats)
            if seats:
                found.append(OpenTime(start, running.end, (), seats, running))
        elif free_now:
            found.append(OpenTime(start, start + duration, free_now, tuple(all_seats)))
    return found


def _grid(
    rules: Rules, openings: Iterable[Interval], *, within: Interval, now: datetime
) -> list[datetime]:
    """Return the candidates' starts, ascending, each once."""
    step, duration = rules.step, rules.duration
    earliest = max(within.start, now + rules.minimum_notice)
    latest = min(within.end, now + rules.window)  # itself left out
    starts: set[datetime] = set()
    for opening in openings:
        start = opening.start
        if start < earliest:
            start += -((start - earliest) // step) * step  # the first of its grid from earliest on
        last = opening.end - duration
        while start <= last and start < latest:
            starts.add(start)
            start += step
    return sorted(starts)


def _free(
    begins: Sequence[datetime], ends: Sequence[datetime], busy: Iterable[Interval]
) -> bytearray:
    """Mark with 1 each candidate at which one host is free, with 0 the others.

    Args:
        begins: of the candidates, buffers included, ascending; like ends.
    """
    free = bytearray(b"\1") * len(begins)
    for occupation in busy:
        first = bisect_right(ends, occupation.start)
        behind = bisect_left(begins, occupation.end, first)
        if first < behind:
            free[first:behind] = bytes(behind - first)
    return free


def _free_hosts(
    rules: Rules,
    starts: Sequence[datetime],
    hosts: tuple[int, ...],
    free: Sequence[bytearray],
) -> list[tuple[int, ...]]:
    """Return for each start who can take it; () where nobody can, or not all of a collective."""
    if not hosts:
        return [()] * len(starts)
    if rules.type is CalendarType.COLLECTIVE:
        return [hosts if all(column) else () for column in zip(*free, strict=True)]
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    found = []
    for column in zip(*free, strict=True):
        able = known.get(column)
        if able is None:
            able = known[column] = tuple(compress(hosts, column))
        found.append(able)
    return found
