"""A meeting that does not take place: its hosts' time is free again, its link stays used up."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from scheduling.bookings.own import OwnBooking, lock_own_booking, require_in_time
from scheduling.database.models import Appointment, Booking, Occupation
from scheduling.errors import BookingChanged
from scheduling.events.editing import show_present_state
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind


def cancel_own_booking(
    session: Session, *, lookups: tuple[bytes, ...], sequence: int, reason: str, now: datetime
) -> None:
    """Have whoever booked give up their seat; pressed twice, it is one cancellation.

    Args:
        lookups: of the booking's own secret.
        sequence: of the booking as its page showed it.
        reason: what they typed; "" is nothing.

    Raises:
        UnknownBooking: no booking has this secret.
        BookingChanged: it was moved, or given another place, since the page was fetched.
        TooLateToChange: the calendar's cut-off is over; nothing is changed.
    """
    own = lock_own_booking(session, lookups=lookups)
    if own.booking.cancelled_at is not None:
        return
    if own.sequence != sequence:
        raise BookingChanged
    require_in_time(own, now=now)
    cancel(session, own, actor=None, reason=reason, now=now)


def cancel(
    session: Session, own: OwnBooking, *, actor: str | None, reason: str, now: datetime
) -> None:
    """Cancel a booking that stands and is locked; with its last seat the meeting ends.

    Args:
        actor: Slack user id; None: whoever booked.
    """
    booking, appointment = own.booking, own.appointment
    # Deliveries are locked before bookings, as elsewhere.
    show_present_state(session, booking_id=booking.id, appointment_id=appointment.id)
    booking.cancelled_at, booking.cancelled_by = now, actor
    booking.reason = reason or None
    booking.sequence += 1
    session.flush()
    end_if_empty(session, appointment, now=now)
    record(
        session,
        Event(
            booking.workspace_id,
            EventKind.BOOKING_CANCELLED,
            booking.id,
            at=now,
            nonce=booking.nonce,
            actor=actor,
        ),
    )


def end_if_empty(session: Session, appointment: Appointment, *, now: datetime) -> bool:
    """End a meeting that nobody has a seat in any more, and free its hosts; False: somebody has."""
    somebody = exists().where(
        Booking.appointment_id == appointment.id, Booking.cancelled_at.is_(None)
    )
    if session.scalar(select(somebody)):
        return False
    appointment.cancelled_at = now
    appointment.sequence += 1
    session.flush()
    session.execute(
        update(Occupation)
        .where(Occupation.appointment_id == appointment.id, Occupation.released_at.is_(None))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )
    return True
