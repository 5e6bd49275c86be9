"""What whoever booked sees before they move their booking; it changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.bookings.details import BookingDetails, booking_by_secret
from scheduling.bookings.link_page import LinkPage
from scheduling.bookings.move import movable, require_movable
from scheduling.bookings.own import OwnBooking
from scheduling.database.models import Appointment, Booking, Calendar
from scheduling.times.intervals import Interval
from scheduling.times.open_times import list_open_times, next_open_time


@dataclass(frozen=True, slots=True)
class MovePage:
    """The booking as it is, and the times that it can be moved to."""

    booking: BookingDetails
    times: LinkPage


def move_page(
    session: Session, *, lookups: tuple[bytes, ...], within: Interval, now: datetime
) -> MovePage:
    """Return what the page shows.

    Args:
        lookups: of the booking's own secret.
        within: the starts that are wanted.

    Raises:
        UnknownBooking: no booking has this secret.
        BookingCancelled, CalendarInactive, TooLateToChange, NoMovesLeft: it cannot be moved.
    """
    booking = booking_by_secret(session, lookups=lookups)
    row = session.scalars(select(Booking).where(Booking.lookup.in_(lookups))).one()
    appointment = session.get_one(Appointment, row.appointment_id)
    calendar = session.get_one(Calendar, appointment.calendar_id)
    require_movable(OwnBooking(row, appointment, calendar, booking.calendar.able_hosts), now=now)
    where = movable(session, calendar, appointment, booking.calendar.able_hosts)
    found = list_open_times(session, where.times, within=within, now=now, without=where.without)
    starts = tuple(time.start for time in found if time.start != appointment.starts_at)
    next_start = None
    if not starts:
        next_start = next_open_time(
            session, where.times, after=within.end, now=now, without=where.without
        )
    earliest, latest = where.times.limits(now)
    length = appointment.ends_at - appointment.starts_at
    times = LinkPage(
        public_id=booking.link_public_id,
        contact=None,
        calendar=replace(booking.calendar, duration=length, hosts=booking.hosts),
        lookup=b"",
        starts=starts,
        other_lengths={
            time.start: time.end - time.start
            for time in found
            if time.joins is not None and time.end - time.start != length
        },
        next_start=next_start,
        earliest=earliest,
        latest=latest,
        takes_guests=False,
    )
    return MovePage(booking, times)
