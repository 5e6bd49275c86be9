"""Which starts of a calendar are open now: the stored rules and occupations, put to `availability`.

The page lists by it and `book` decides by it, so that nothing is shown and then refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.calendars.types import CalendarType
from scheduling.database.models import Appointment, Booking, Calendar, Occupation
from scheduling.times.availability import OpenTime, Rules, RunningClass, open_times
from scheduling.times.intervals import Interval
from scheduling.times.opening_hours import OpeningHours, openings
from scheduling.times.time_zones import zone

STRIDE: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Bookable:
    """What the stored row of a calendar says of its times."""

    calendar_id: int
    rules: Rules
    hours: OpeningHours
    zone: str
    hosts: tuple[int, ...]

    def limits(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the first and the last instant between which a start may be open."""
        return now + self.rules.minimum_notice, now + self.rules.window


def bookable(row: Calendar, hosts: tuple[int, ...]) -> Bookable:
    """Read the rules of a calendar with these hosts."""
    rules = Rules(
        type=row.type,
        duration=row.duration,
        step=row.step or row.duration,
        buffer_before=row.buffer_before,
        buffer_after=row.buffer_after,
        minimum_notice=row.minimum_notice,
        window=row.booking_window,
        seats=row.seats,
    )
    return Bookable(row.id, rules, OpeningHours.from_json(row.opening_hours), row.zone, hosts)


def list_open_times(
    session: Session,
    calendar: Bookable,
    *,
    within: Interval,
    now: datetime,
    without: int | None = None,
) -> list[OpenTime]:
    """Return the open starts within a span, ascending.

    Args:
        without: id of an appointment that is to be moved: the time that it takes counts as free.
    """
    earliest, latest = calendar.limits(now)
    start, end = max(within.start, earliest), min(within.end, latest)
    if start >= end or not calendar.hosts:  # a class that runs needs its host too
        return []
    within = Interval(start, end)
    return open_times(
        calendar.rules,
        openings(calendar.hours, zone(calendar.zone), within),
        _busy(session, calendar, within, without),
        _classes(session, calendar, within),
        hosts=calendar.hosts,
        within=within,
        now=now,
    )


def find_open_time(
    session: Session,
    calendar: Bookable,
    *,
    start: datetime,
    now: datetime,
    without: int | None = None,
) -> OpenTime | None:
    """Return the open time that begins at this very instant, or None; see `list_open_times`."""
    instant = Interval(start, start + timedelta(microseconds=1))
    found = list_open_times(session, calendar, within=instant, now=now, without=without)
    return next(iter(found), None)


def next_open_time(
    session: Session,
    calendar: Bookable,
    *,
    after: datetime,
    now: datetime,
    without: int | None = None,
) -> datetime | None:
    """Return the first open start from an instant on; None if the booking window has none."""
    _, latest = calendar.limits(now)
    start = max(after, now)
    while start < latest:
        span = Interval(start, min(start + STRIDE, latest))
        found = list_open_times(session, calendar, within=span, now=now, without=without)
        if found:
            return found[0].start
        start = span.end
    return None


def _busy(
    session: Session, calendar: Bookable, within: Interval, without: int | None
) -> dict[int, list[Interval]]:
    rules = calendar.rules
    opens = within.start - rules.buffer_before
    closes = within.end + rules.duration + rules.buffer_after
    busy: dict[int, list[Interval]] = {}
    for resource_id, starts_at, ends_at in session.execute(
        select(Occupation.resource_id, Occupation.starts_at, Occupation.ends_at).where(
            Occupation.resource_id.in_(calendar.hosts),
            Occupation.released_at.is_(None),
            Occupation.appointment_id != (without or 0),
            Occupation.ends_at > opens,
            Occupation.starts_at < closes,
        )
    ):
        busy.setdefault(resource_id, []).append(Interval(starts_at, ends_at))
    return busy


def _classes(
    session: Session, calendar: Bookable, within: Interval
) -> dict[datetime, RunningClass]:
    if calendar.rules.type is not CalendarType.CLASS:
        return {}
    found: dict[datetime, tuple[int, datetime, set[int]]] = {}
    for id_, starts_at, ends_at, seat in session.execute(
        select(Appointment.id, Appointment.starts_at, Appointment.ends_at, Booking.seat)
        .join(Booking, Booking.appointment_id == Appointment.id)
        .where(
            Appointment.calendar_id == calendar.calendar_id,
            Appointment.starts_at >= within.start,
            Appointment.starts_at < within.end,
            Appointment.seats > 1,  # what was booked for one before it became a class stays so
            Appointment.cancelled_at.is_(None),
            Booking.cancelled_at.is_(None),
        )
    ):
        found.setdefault(starts_at, (id_, ends_at, set()))[2].add(seat)
    return {
        start: RunningClass(id_, end, frozenset(taken))
        for start, (id_, end, taken) in found.items()
    }
