"""A booking as people see it, read from its facts."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from scheduling.bookings.confirmation_mail import ConfirmationMail, confirmation_mail
from scheduling.bookings.guests import GuestDetails, guests_of
from scheduling.bookings.permissions import readable_by
from scheduling.calendars.find import CalendarDetails, Host, calendars_by_id
from scheduling.contacts import Booker, Contact
from scheduling.database.models import Appointment, Booking, Calendar, OneTimeLink
from scheduling.errors import BookingIsPrivate, UnknownBooking
from scheduling.events.deliveries import Receipt
from scheduling.links.details import contact_of, find_link, hosts_of_appointments
from scheduling.links.permissions import Actor
from scheduling.places import Place, stored_place
from scheduling.secrets.keyring import SecretRecord
from scheduling.secrets.stable_ids import stable_id
from scheduling.times.words import Clock


@dataclass(frozen=True, slots=True)
class BookingDetails:
    """A booking, for its page, its invitation and its notifications.

    Attributes:
        hosts: who was assigned.
        link_contact: whom the link was issued for; the booker may be somebody else.
        link_issued_by, link_channel_id: Slack ids.
        place: where it is, as it was frozen when it was booked; None: nobody says.
        mail: what became of the mail to the contact.
        uid: iCalendar UID (RFC 5545 §3.8.4.7) in what the contact gets, without a host part.
        sequence: iCalendar SEQUENCE (§3.8.7.4) in what the contact gets.
        is_corrected: the contact has corrected their address.
        former_email: where what was sent is still to be withdrawn, or None.
        guests: whom the contact brings along.
        appointment_uid, appointment_sequence: the same in what hosts get.
        meeting_is_over: nobody is left in it, either.
        cancelled_by: Slack user id; None: whoever booked.
        reason: of the last change, as it was typed; "" where none was given.
        moves: how often whoever booked has moved it.
    """

    appointment_id: int
    calendar: CalendarDetails
    hosts: tuple[Host, ...]
    starts_at: datetime
    ends_at: datetime
    booker: Booker
    link_public_id: str
    link_issued_by: str
    link_issued_at: datetime
    link_contact: Contact | None
    link_channel_id: str
    place: Place | None
    uid: str
    sequence: int
    appointment_uid: str
    appointment_sequence: int
    booked_at: datetime
    cancelled_at: datetime | None
    secret: SecretRecord
    mail: ConfirmationMail = ConfirmationMail.NONE
    is_corrected: bool = False
    former_email: str | None = field(default=None, repr=False)
    guests: tuple[GuestDetails, ...] = ()
    cancelled_by: str | None = None
    meeting_is_over: bool = False
    reason: str = field(default="", repr=False)
    moves: int = 0


def booking_by_secret(session: Session, *, lookups: tuple[bytes, ...]) -> BookingDetails:
    """Return the booking whose own secret this is.

    Raises:
        UnknownBooking: none has it.
    """
    found = _find(session, Booking.lookup.in_(lookups))
    if found is None:
        raise UnknownBooking
    return found


def booking_by_id(session: Session, *, booking_id: int) -> BookingDetails:
    """Return a booking that exists."""
    found = _find(session, Booking.id == booking_id)
    assert found is not None
    return found


def booking_in_class_left(
    session: Session, *, booking_id: int, appointment_id: int
) -> BookingDetails:
    """Return a booking as it was in the class that it was moved out of, as that one is now."""
    old = session.get_one(Appointment, appointment_id)
    return replace(
        booking_by_id(session, booking_id=booking_id),
        hosts=hosts_of_appointments(session, [old.id]).get(old.id, ()),
        starts_at=old.starts_at,
        ends_at=old.ends_at,
        place=stored_place(old.place_kind, old.place_text),
        appointment_uid=old.uid or "",
        appointment_sequence=old.sequence,
        meeting_is_over=old.cancelled_at is not None,
    )


def card_of_booking(session: Session, *, booking_id: int) -> Receipt | None:
    """Return where the card of a booking stands in Slack; None: it was not posted."""
    row = session.get_one(Booking, booking_id)
    if row.card_channel is None or row.card_ts is None:
        return None
    return Receipt(row.card_channel, row.card_ts)


def booking_of_link(
    session: Session, *, workspace_id: int, public_id: str, actor: Actor
) -> BookingDetails:
    """Return what a link was used for, to whom it concerns.

    Raises:
        UnknownLink: no link has this public id.
        UnknownBooking: nobody has booked with it.
        BookingIsPrivate: they are neither host, issuer, the calendar's owner nor an admin.
    """
    link = find_link(session, workspace_id=workspace_id, public_id=public_id)
    if link.used_at is None:
        raise UnknownBooking
    found = _find(session, and_(OneTimeLink.id == link.id, readable_by(actor)))
    if found is None:
        owner = session.get_one(Calendar, link.calendar_id).owner
        raise BookingIsPrivate(public_id, link.issued_by, owner)
    return found


def _find(session: Session, condition: ColumnElement[bool]) -> BookingDetails | None:
    found = session.execute(
        select(Booking, OneTimeLink, Appointment)
        .join(OneTimeLink, OneTimeLink.id == Booking.link_id)
        .join(Appointment, Appointment.id == Booking.appointment_id)
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(condition)
    ).one_or_none()
    if found is None:
        return None
    row, link, appointment = found
    return BookingDetails(
        appointment_id=appointment.id,
        calendar=calendars_by_id(session, [link.calendar_id])[link.calendar_id],
        hosts=hosts_of_appointments(session, [appointment.id]).get(appointment.id, ()),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        booker=Booker(
            row.contact_name,
            row.contact_email,
            row.notes,
            row.zone,
            phone=row.phone or "",
            language=row.language,
            clock=Clock.stored(row.language, twelve_hours=row.twelve_hours),
        ),
        link_public_id=link.public_id,
        link_issued_by=link.issued_by,
        link_issued_at=link.issued_at,
        link_contact=contact_of(link),
        link_channel_id=link.channel_id,
        place=stored_place(appointment.place_kind, appointment.place_text),
        uid=row.uid or stable_id("uid", row.nonce),
        sequence=appointment.sequence + row.sequence,
        appointment_uid=appointment.uid or stable_id("appointment", row.nonce),
        appointment_sequence=appointment.sequence,
        booked_at=row.booked_at,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by,
        meeting_is_over=appointment.cancelled_at is not None,
        reason=row.reason or "",
        moves=row.moves,
        secret=SecretRecord(row.key_id, row.nonce, row.lookup),
        mail=confirmation_mail(session, booking_id=row.id),
        is_corrected=row.corrected_at is not None,
        former_email=row.former_email,
        guests=guests_of(session, booking_id=row.id),
    )
