"""A meeting that is moved: the same booking at another time, with its length, buffers and place."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from scheduling.bookings.book import meetings_around, take
from scheduling.bookings.cancel import end_if_empty
from scheduling.bookings.own import OwnBooking, lock_own_booking, require_in_time
from scheduling.bookings.rooms import place_of_meeting
from scheduling.calendars.types import CalendarType
from scheduling.database.models import Appointment, Booking, Calendar, Occupation, Resource
from scheduling.errors import (
    BookingCancelled,
    BookingChanged,
    CalendarInactive,
    NoMovesLeft,
    StartTaken,
)
from scheduling.events.editing import show_present_state
from scheduling.events.journal import Event, record_again
from scheduling.events.kinds import EventKind
from scheduling.times.assignment import assign_hosts, assign_seat
from scheduling.times.availability import OpenTime
from scheduling.times.open_times import Bookable, bookable, find_open_time


@dataclass(frozen=True, slots=True)
class Movable:
    """Where a meeting can be moved.

    Attributes:
        times: the calendar's present hours, for a meeting as long as this one with its own buffers.
        hosts: ids of the hosts that the meeting has.
        without: id of the appointment whose own time counts as free; None: others stay in it.
    """

    times: Bookable
    hosts: tuple[int, ...]
    without: int | None


def movable(
    session: Session, calendar: Calendar, appointment: Appointment, hosts: tuple[int, ...]
) -> Movable:
    """Return where a meeting can be moved.

    Args:
        hosts: ids of those whom the calendar can have now.
    """
    taken = session.scalars(
        select(Occupation)
        .where(Occupation.appointment_id == appointment.id, Occupation.released_at.is_(None))
        .order_by(Occupation.resource_id)
    ).all()
    own = tuple(occupation.resource_id for occupation in taken)
    left = set(
        session.scalars(
            select(Resource.id).where(Resource.id.in_(own), Resource.left_at.is_not(None))
        )
    )
    present = bookable(calendar, hosts)
    type_ = _type(calendar, appointment, own)
    may_host = () if left else own
    if type_ is CalendarType.CLASS:
        may_host = hosts
    if type_ is CalendarType.ROUND_ROBIN:
        may_host = tuple(sorted({*hosts, *own} - left))
    rules = replace(
        present.rules,
        type=type_,
        duration=appointment.ends_at - appointment.starts_at,
        buffer_before=appointment.starts_at - taken[0].starts_at,
        buffer_after=taken[0].ends_at - appointment.ends_at,
        seats=appointment.seats,
    )
    others = _has_others(session, appointment)
    return Movable(
        replace(present, rules=rules, hosts=may_host), own, None if others else appointment.id
    )


def move_own_booking(
    session: Session,
    *,
    lookups: tuple[bytes, ...],
    sequence: int,
    start: datetime,
    reason: str,
    nonce: bytes,
    now: datetime,
) -> None:
    """Have whoever booked take another time; pressed twice, it is one move.

    Args:
        lookups: of the booking's own secret.
        sequence: of the booking as its page showed it.
        reason: what they typed; "" is nothing.
        nonce: a meeting of its own gets its UID from it, where others stay in the old one.

    Raises:
        UnknownBooking: no booking has this secret.
        BookingCancelled, BookingChanged, TooLateToChange, NoMovesLeft, CalendarInactive,
        StartTaken: nothing is changed.
    """
    own = lock_own_booking(session, lookups=lookups)
    if own.booking.cancelled_at is not None:
        raise BookingCancelled
    if own.sequence != sequence:
        if own.appointment.starts_at == start:
            return
        raise BookingChanged
    require_movable(own, now=now)
    move(session, own, start=start, actor=None, reason=reason, nonce=nonce, now=now)


def require_movable(own: OwnBooking, *, now: datetime) -> None:
    """Refuse whoever booked where they may not move it.

    Raises:
        BookingCancelled, CalendarInactive, TooLateToChange, NoMovesLeft: so it is.
    """
    booking, calendar = own.booking, own.calendar
    if booking.cancelled_at is not None:
        raise BookingCancelled
    if calendar.deactivated_at is not None:
        raise CalendarInactive(calendar.slug, calendar.name)
    require_in_time(own, now=now)
    if booking.moves >= calendar.most_moves:
        raise NoMovesLeft(calendar.most_moves)


def move(
    session: Session,
    own: OwnBooking,
    *,
    start: datetime,
    actor: str | None,
    reason: str,
    nonce: bytes,
    now: datetime,
) -> None:
    """Move a booking that stands and is locked.

    Args:
        actor: Slack user id; None: whoever booked.
        nonce: see `move_own_booking`.

    Raises:
        StartTaken: the start is not open, or it is there already.
    """
    booking, appointment = own.booking, own.appointment
    where = movable(session, own.calendar, appointment, own.calendar_hosts)
    time = find_open_time(session, where.times, start=start, now=now, without=where.without)
    if time is None or start == appointment.starts_at:
        raise StartTaken(start)
    # Deliveries are locked before bookings, as elsewhere.
    show_present_state(session, booking_id=booking.id, appointment_id=appointment.id)
    details: dict[str, object] = {"from": appointment.starts_at.isoformat()}
    booking.reason = reason or None
    booking.moves += actor is None
    if where.without is not None and time.joins is None:
        details |= _shift(session, appointment, where, time, now=now)
    else:
        details |= _change_seats(session, own, where, time, nonce=nonce, now=now)
    session.flush()
    record_again(
        session,
        Event(
            booking.workspace_id,
            EventKind.BOOKING_MOVED,
            booking.id,
            at=now,
            nonce=booking.nonce,
            actor=actor,
            details=details,
        ),
    )


def _shift(
    session: Session, appointment: Appointment, where: Movable, time: OpenTime, *, now: datetime
) -> dict[str, object]:
    """Take the whole meeting along; return who hosts it no more, and who does instead."""
    hosts = where.hosts
    if not set(hosts) <= set(time.free_hosts):
        around = meetings_around(session, time)
        hosts = assign_hosts(where.times.rules.type, time.free_hosts, around)
    appointment.starts_at, appointment.ends_at = time.start, time.end
    appointment.sequence += 1
    rules = where.times.rules
    span = {
        "starts_at": time.start - rules.buffer_before,
        "ends_at": time.end + rules.buffer_after,
    }
    left = [host for host in where.hosts if host not in hosts]
    joined = [host for host in hosts if host not in where.hosts]
    held = update(Occupation).where(
        Occupation.appointment_id == appointment.id, Occupation.released_at.is_(None)
    )
    session.flush()
    session.execute(held.where(Occupation.resource_id.in_(left)).values(released_at=now))
    session.execute(held.values(**span))
    for host in joined:
        session.execute(
            insert(Occupation).values(
                workspace_id=appointment.workspace_id,
                resource_id=host,
                appointment_id=appointment.id,
                **span,
            )
        )
    if not joined:
        return {}
    place = place_of_meeting(session, calendar_id=appointment.calendar_id, hosts=hosts)
    if place is not None and place.kind is appointment.place_kind:
        appointment.place_text = place.text or None
    return {"left": left, "joined": joined}


def _change_seats(
    session: Session,
    own: OwnBooking,
    where: Movable,
    time: OpenTime,
    *,
    nonce: bytes,
    now: datetime,
) -> dict[str, object]:
    """Leave a class for another occurrence of it; return which appointment was left."""
    booking, appointment = own.booking, own.appointment
    sequence = own.sequence
    taken = take(session, booking.workspace_id, where.times, time, nonce=nonce)
    booking.appointment_id, booking.seat = taken, assign_seat(time.free_seats)
    session.flush()
    end_if_empty(session, appointment, now=now)
    to = session.get_one(Appointment, taken)
    booking.sequence = max(0, sequence + 1 - to.sequence)
    return {"appointment": appointment.id}


def _type(calendar: Calendar, appointment: Appointment, hosts: tuple[int, ...]) -> CalendarType:
    """Return how hosts and seats of this meeting are found, whatever its calendar has become."""
    if appointment.seats > 1:
        return CalendarType.CLASS
    if len(hosts) > 1:
        return CalendarType.COLLECTIVE
    is_round_robin = calendar.type is CalendarType.ROUND_ROBIN
    return CalendarType.ROUND_ROBIN if is_round_robin else CalendarType.EVENT


def _has_others(session: Session, appointment: Appointment) -> bool:
    seats = select(Booking.id).where(
        Booking.appointment_id == appointment.id, Booking.cancelled_at.is_(None)
    )
    return len(session.scalars(seats.limit(2)).all()) > 1
