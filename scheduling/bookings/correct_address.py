"""A contact who mistyped their address corrects it, once: whoever has the wrong one loses all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.contacts import is_forwarded
from scheduling.database.models import Appointment, Booking, DeliveryRow
from scheduling.errors import AddressCorrected, MeetingOver, UnknownBooking
from scheduling.events.deliveries import State
from scheduling.events.destinations import CONTACT, MAIL
from scheduling.events.editing import edit_messages, edit_private_messages
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.secrets.keyring import SecretRecord


@dataclass(frozen=True, slots=True)
class Corrected:
    """The booking's secret, from which on; is_new: the old one opens nothing any more."""

    secret: SecretRecord
    is_new: bool


def correct_address(
    session: Session,
    *,
    lookups: tuple[bytes, ...],
    email: str,
    correction_id: str,
    secret: SecretRecord,
    now: datetime,
) -> Corrected:
    """Have the meeting held by another mailbox, under another secret.

    The invitation keeps its UID, with a higher SEQUENCE. The address that it has already changes
    nothing.

    Args:
        lookups: of the secret that the booking has until now.
        correction_id: of the form that was fetched; sent again, it answers with the new secret.
        secret: the one to be.

    Raises:
        UnknownBooking: no booking has this secret any more.
        AddressCorrected: it was corrected before.
        MeetingOver: it is over, or was cancelled.
    """
    booking = session.scalar(
        select(Booking).where(Booking.lookup.in_(lookups)).execution_options(populate_existing=True)
    )
    if booking is None:
        return _own(session, correction_id)
    before = booking_by_id(session, booking_id=booking.id)
    if before.cancelled_at is not None or before.ends_at <= now:
        raise MeetingOver
    if email.casefold() == before.booker.email.casefold():
        return Corrected(before.secret, is_new=False)
    if before.is_corrected:
        raise AddressCorrected
    # Deliveries are locked before bookings, as elsewhere.
    was_written_to = _lock_deliveries(session, booking.id)
    changed = session.scalar(
        update(Booking)
        .where(
            Booking.id == booking.id,
            Booking.lookup == before.secret.lookup,
            Booking.cancelled_at.is_(None),
        )
        .values(
            nonce=secret.nonce,
            key_id=secret.key_id,
            lookup=secret.lookup,
            uid=before.uid,  # of what followed from the old nonce
            sequence=Booking.sequence + 1,
            contact_email=email,
            former_email=before.booker.email if was_written_to else None,
            corrected_at=now,
            correction_id=correction_id,
        )
        .returning(Booking.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:  # somebody else came first: how it is now decides
        return correct_address(
            session,
            lookups=lookups,
            email=email,
            correction_id=correction_id,
            secret=secret,
            now=now,
        )
    _keep_uid_of_hosts(session, booking.appointment_id, before)
    _tell(session, booking, before, secret, now)
    return Corrected(secret, is_new=True)


def _own(session: Session, correction_id: str) -> Corrected:
    """Return what this form did already."""
    booking = session.scalar(
        select(Booking)
        .where(Booking.correction_id == correction_id)
        .execution_options(populate_existing=True)
    )
    if booking is None:
        raise UnknownBooking
    return Corrected(SecretRecord(booking.key_id, booking.nonce, booking.lookup), is_new=True)


def _lock_deliveries(session: Session, booking_id: int) -> bool:
    """Hold what is told of the booking; return whether its contact may have been written to."""
    rows = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.topic == f"booking:{booking_id}")
        .order_by(DeliveryRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return any(
        (row.destination, row.recipient) == (MAIL, CONTACT)
        and (row.shown > 0 or row.window_since is not None or row.state is State.SENDING)
        for row in rows
    )


def _keep_uid_of_hosts(session: Session, appointment_id: int, before: BookingDetails) -> None:
    session.execute(
        update(Appointment)
        .where(Appointment.id == appointment_id, Appointment.uid.is_(None))
        .values(uid=before.appointment_uid)
        .execution_options(synchronize_session=False)
    )


def _tell(
    session: Session, booking: Booking, before: BookingDetails, secret: SecretRecord, now: datetime
) -> None:
    record(
        session,
        Event(
            booking.workspace_id,
            EventKind.BOOKING_ADDRESS_CORRECTED,
            booking.id,
            at=now,
            nonce=secret.nonce,
        ),
    )
    session.expire(booking)
    after = booking_by_id(session, booking_id=booking.id)
    if is_forwarded(before.link_contact, before.booker) == is_forwarded(
        after.link_contact, after.booker
    ):
        edit_private_messages(session, booking_ids=[booking.id])
    else:  # the channel reads whose link it was
        edit_messages(session, link_ids=[], booking_ids=[booking.id])
