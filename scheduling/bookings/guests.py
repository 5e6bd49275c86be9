"""Whom a contact brings along: each is written to, and nobody is flooded through us."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from scheduling.contacts import Booker
from scheduling.database.models import Booking, Guest
from scheduling.workspaces import mail_sender

MOST_LATELY: Final = 10
"""So many may bring one address along within LATELY; whoever is named more often gets no more."""

LATELY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GuestDetails:
    """A guest; is_invited: they are written to."""

    id: int
    email: str = field(repr=False)
    is_invited: bool


def add_guests(session: Session, *, booking_id: int, booker: Booker, now: datetime) -> None:
    """Store the guests of a booking that was just made."""
    if not booker.guests:
        return
    lately = select(Guest.email, func.count()).join(Booking, Booking.id == Guest.booking_id)
    invitations = session.execute(
        lately.where(
            Guest.email.in_(booker.guests), Guest.is_invited, Booking.booked_at > now - LATELY
        ).group_by(Guest.email)
    )
    known = {email: number for email, number in invitations}  # noqa: C416  # a Row is no tuple
    has_mail = mail_sender(session) is not None
    workspace_id = session.scalars(
        select(Booking.workspace_id).where(Booking.id == booking_id)
    ).one()
    session.execute(
        insert(Guest),
        [
            {
                "workspace_id": workspace_id,
                "booking_id": booking_id,
                "email": email,
                "is_invited": has_mail and known.get(email, 0) < MOST_LATELY,
            }
            for email in booker.guests
        ],
    )


def guests_of(session: Session, *, booking_id: int) -> tuple[GuestDetails, ...]:
    """Return the guests in the order in which they were named."""
    found = session.scalars(select(Guest).where(Guest.booking_id == booking_id).order_by(Guest.id))
    return tuple(GuestDetails(one.id, one.email, one.is_invited) for one in found)
