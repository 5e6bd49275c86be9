"""The month beside the list of times: which days have free ones, and the way to them. Pure."""

from calendar import Calendar as MonthCalendar
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup, escape

from booking_web.link_page.query import next_month

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Month:
    """One month; before and after are addresses of its neighbours, None where nothing is open."""

    first: date
    rows: Markup
    before: str | None = None
    after: str | None = None

    @property
    def title(self) -> str:
        """Return "December 2026"."""
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"

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
    words: Callable[[date], str],
) -> Month:
    """Lay out the weeks of the month that begins with this day.

    Args:
        address: where the times of a day are, on this page or another.
        words: a day as a screen reader says it.
    """

    def cell(day: date) -> str:
        if day not in free_days:
            return f"<td>{day.day}</td>"
        href, label = escape(address(day)), escape(words(day))
        return f'<td><a href="{href}" aria-label="{label}, free times">{day.day}</a></td>'

    rows = ["<tr>" + "".join(map(cell, week)) + "</tr>" for week in weeks]
    return Month(first, Markup("".join(rows)))  # noqa: S704  # dates, and what was escaped above
