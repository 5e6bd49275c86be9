"""A booking that whoever booked wants to change: found by its secret, and locked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.calendars.locks import lock_for_use, lock_hosts
from scheduling.database.models import Appointment, Booking, Calendar, OneTimeLink
from scheduling.errors import TooLateToChange, UnknownBooking
from scheduling.times.assignment import able_hosts


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """Its rows; nobody else changes the meeting until the end of the transaction.

    Attributes:
        calendar_hosts: ids of those whom the calendar can have now; the meeting may have others.
    """

    booking: Booking
    appointment: Appointment
    calendar: Calendar
    calendar_hosts: tuple[int, ...]

    @property
    def sequence(self) -> int:
        """How often it changed: what the page had hidden in its form is compared with it."""
        return self.appointment.sequence + self.booking.sequence


def lock_own_booking(session: Session, *, lookups: tuple[bytes, ...]) -> OwnBooking:
    """Return the booking whose secret this is.

    Raises:
        UnknownBooking: none has it.
    """
    booking = _find(session, lookups)
    calendar_id = session.execute(
        select(OneTimeLink.calendar_id).where(OneTimeLink.id == booking.link_id)
    ).scalar_one()
    calendar = lock_for_use(session, calendar_id)
    hosts = lock_hosts(session, calendar.id, and_of=booking.appointment_id)
    booking = _find(session, lookups)  # as it is, now that nobody else changes it
    appointment = session.get_one(Appointment, booking.appointment_id, populate_existing=True)
    return OwnBooking(booking, appointment, calendar, able_hosts(calendar.type, hosts))


def require_in_time(own: OwnBooking, *, now: datetime) -> None:
    """Refuse whoever booked where the meeting is too near.

    Raises:
        TooLateToChange: so it is.
    """
    starts_at, cutoff = own.appointment.starts_at, own.calendar.change_cutoff
    if now >= starts_at or starts_at - now < cutoff:
        raise TooLateToChange(starts_at, cutoff)


def _find(session: Session, lookups: tuple[bytes, ...]) -> Booking:
    booking = session.scalar(
        select(Booking).where(Booking.lookup.in_(lookups)).execution_options(populate_existing=True)
    )
    if booking is None:
        raise UnknownBooking
    return booking
