"""A meeting of a class, and everybody who booked a seat in it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from scheduling.bookings.permissions import readable_by
from scheduling.calendars.find import CalendarDetails, Host, calendars_by_id
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker, Contact
from scheduling.database.models import Appointment, Booking, Calendar, Guest, OneTimeLink
from scheduling.errors import UnknownBooking
from scheduling.links.details import contact_of, hosts_of_appointments
from scheduling.links.permissions import Actor
from scheduling.places import Place, stored_place


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who booked a seat.

    Attributes:
        booker: without address, number and note where the reader may not see them.
        is_hidden: they may not.
        link_contact: whom the link was issued for, likewise; the booker may be somebody else.
        link_issued_by: Slack user id.
        guests: how many they bring along, who take no seat; 0 for who may not see addresses.
    """

    booker: Booker
    is_hidden: bool
    link_public_id: str
    link_contact: Contact | None
    link_issued_by: str
    guests: int = 0


@dataclass(frozen=True, slots=True)
class ClassDetails:
    """A meeting of a class.

    Attributes:
        place: where it is; None: nobody says.
        people: who booked last comes first.
        seats_left: 0: it takes nobody else.
    """

    appointment_id: int
    calendar: CalendarDetails
    hosts: tuple[Host, ...]
    starts_at: datetime
    ends_at: datetime
    place: Place | None
    people: tuple[Attendee, ...]
    seats_left: int


def class_by_id(session: Session, *, appointment_id: int, actor: Actor | None) -> ClassDetails:
    """Return the meeting with all its people.

    Args:
        actor: who reads it, see `readable_by`; None: its host.

    Raises:
        UnknownBooking: there is no such meeting.
    """
    meeting = session.get(Appointment, appointment_id)
    if meeting is None:
        raise UnknownBooking
    readable: ColumnElement[bool] = true() if actor is None else readable_by(actor)
    rows = session.execute(
        select(Booking, OneTimeLink, readable)
        .join(OneTimeLink, OneTimeLink.id == Booking.link_id)
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(Booking.appointment_id == appointment_id, Booking.cancelled_at.is_(None))
        .order_by(Booking.id.desc())
    ).all()
    guests = _guests(session, appointment_id)
    return ClassDetails(
        appointment_id=appointment_id,
        calendar=calendars_by_id(session, [meeting.calendar_id])[meeting.calendar_id],
        hosts=hosts_of_appointments(session, [appointment_id]).get(appointment_id, ()),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=stored_place(meeting.place_kind, meeting.place_text),
        people=tuple(
            _attendee(row, link, is_hidden=not may, guests=guests.get(row.id, 0))
            for row, link, may in rows
        ),
        seats_left=_seats_left(session, meeting, {row.seat for row, _, _ in rows}),
    )


def _guests(session: Session, appointment_id: int) -> dict[int, int]:
    """Count whom each booking brings along."""
    found = session.execute(
        select(Guest.booking_id, func.count())
        .join(Booking, Booking.id == Guest.booking_id)
        .where(Booking.appointment_id == appointment_id)
        .group_by(Guest.booking_id)
    )
    return {booking_id: number for booking_id, number in found}  # noqa: C416  # a Row is no tuple to mypy


def _attendee(row: Booking, link: OneTimeLink, *, is_hidden: bool, guests: int) -> Attendee:
    booker = Booker(row.contact_name, row.contact_email, row.notes, row.zone, phone=row.phone or "")
    contact = contact_of(link)
    if is_hidden:
        booker = replace(booker, email="", notes="", phone="")
        contact = Contact(contact.name) if contact is not None else None
    return Attendee(
        booker,
        is_hidden,
        link.public_id,
        contact,
        link.issued_by,
        guests=0 if is_hidden else guests,
    )


def _seats_left(session: Session, meeting: Appointment, taken: set[int]) -> int:
    """Count as `availability` does: by the seats that the calendar has now."""
    calendar = session.get_one(Calendar, meeting.calendar_id)
    if calendar.type is not CalendarType.CLASS:
        return 0
    return len(set(range(1, calendar.seats + 1)) - taken)
