"""The month beside the list of times: which days have free ones, and the way to them. Pure."""

from calendar import Calendar as MonthCalendar
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from booking_web.link_page.query import next_month
from scheduling.times import words


class Cell(NamedTuple):
    """A day of the month's table.

    Attributes:
        address: where its times are, on this page or another; None: none of it is free.
        words: as a screen reader says a day that has free times.
    """

    number: int
    address: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month; before and after are addresses of its neighbours, None where nothing is open."""

    first: date
    weeks: Sequence[Sequence[Cell]]
    before: str | None = None
    after: str | None = None

    @property
    def title(self) -> str:
        """Return "December 2026"."""
        return words.month(self.first)

    def turning(
        self, address: Callable[[date], str], *, first_open: date, last_open: date
    ) -> "Month":
        """Add the ways to the neighbours, as far as the open days reach."""
        before = max((self.first - timedelta(days=1)).replace(day=1), first_open)
        after = next_month(self.first)
        return replace(
            self,
            before=address(before) if self.first > first_open else None,
            after=address(after) if after <= last_open else None,
        )


def weeks_of(first: date, *, since: date) -> Sequence[Sequence[date]]:
    """Return the weeks of the month that begins with this day, from Monday, but those gone by."""
    weeks = MonthCalendar().monthdatescalendar(first.year, first.month)
    return [week for week in weeks if week[-1] >= since]


def month_of(
    first: date,
    weeks: Iterable[Sequence[date]],
    free_days: AbstractSet[date],
    *,
    address: Callable[[date], str],
    say: Callable[[date], str],
) -> Month:
    """Lay out the weeks of the month that begins with this day.

    Args:
        address: where the times of a day are, on this page or another.
        say: a day with free times in words.
    """

    def cell(day: date) -> Cell:
        return Cell(day.day, address(day) if day in free_days else None, say(day))

    return Month(first, [[cell(day) for day in week] for week in weeks])
