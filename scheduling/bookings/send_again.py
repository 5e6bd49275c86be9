"""The contact's confirmation, sent again because somebody of the team asks for it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import BookingDetails, booking_of_link
from scheduling.database.models import Booking, EventRow, OneTimeLink
from scheduling.events.destinations import IN_MAIL
from scheduling.events.journal import Event, record_again
from scheduling.events.kinds import EventKind
from scheduling.links.permissions import Actor
from scheduling.workspaces import mail_sender

ONE_PRESS: Final = timedelta(minutes=1)
"""Whoever presses twice within it means one mail."""

LATELY: Final = timedelta(days=1)
MOST_LATELY: Final = 5
"""Nobody's mailbox is filled from here."""


class SentAgain(StrEnum):
    """What came of it."""

    QUEUED = "queued"
    ON_ITS_WAY = "on its way"  # one is waiting, or has just left
    TOO_OFTEN = "too often"
    OVER = "over"  # the meeting, or it is cancelled
    NO_MAIL = "no mail"


def send_again(
    session: Session, *, workspace_id: int, public_id: str, actor: Actor, now: datetime
) -> tuple[SentAgain, BookingDetails]:
    """Write to the contact once more, at the address that the booking has now.

    Raises:
        UnknownLink, UnknownBooking, BookingIsPrivate: see `booking_of_link`.
    """
    booking = session.scalar(
        select(Booking)
        .join(OneTimeLink, OneTimeLink.id == Booking.link_id)
        .where(OneTimeLink.workspace_id == workspace_id, OneTimeLink.public_id == public_id)
        .with_for_update(of=Booking)
    )
    details = booking_of_link(session, workspace_id=workspace_id, public_id=public_id, actor=actor)
    assert booking is not None
    answer = _may_be_sent(session, booking.id, details, now)
    if answer is SentAgain.QUEUED:
        record_again(
            session,
            Event(
                workspace_id,
                EventKind.BOOKING_MAIL_ASKED,
                booking.id,
                at=now,
                nonce=booking.nonce,
                actor=actor.user_id,
            ),
        )
    return answer, details


def _may_be_sent(
    session: Session, booking_id: int, details: BookingDetails, now: datetime
) -> SentAgain:
    if mail_sender(session) is None:
        return SentAgain.NO_MAIL
    if details.cancelled_at is not None or details.ends_at <= now:
        return SentAgain.OVER
    told = [EventRow.subject_id == booking_id, EventRow.kind.in_(IN_MAIL)]
    latest = session.scalar(select(func.max(EventRow.at)).where(*told))
    has_just_left = details.mail is ConfirmationMail.SENT and latest and now - latest < ONE_PRESS
    if details.mail is ConfirmationMail.ON_ITS_WAY or has_just_left:
        return SentAgain.ON_ITS_WAY
    asked = session.scalar(
        select(func.count()).where(
            EventRow.subject_id == booking_id,
            EventRow.kind == EventKind.BOOKING_MAIL_ASKED,
            EventRow.at > now - LATELY,
        )
    )
    return SentAgain.QUEUED if (asked or 0) < MOST_LATELY else SentAgain.TOO_OFTEN
