"""A mail that is refused for good: an event, so that those whom it concerns are told once."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import Booking, DeliveryRow
from scheduling.events.deliveries import State
from scheduling.events.destinations import CONTACT, FORMER, GUEST
from scheduling.events.journal import Event, record_again
from scheduling.events.kinds import EventKind

NOBODY: Final = "nobody to write to"
"""A reason of our own: the contact was erased, or the host's address is gone."""

TOO_LATE: Final = "the meeting is over"
"""Another: it waited until nobody needs it any more."""

TOLD_AGAIN_AFTER: Final = timedelta(days=7)
"""A host whose address refuses every invitation is not told so of each."""


def record_refusal(session: Session, row: DeliveryRow, *, reason: str, now: datetime) -> None:
    """Write down that a mail about a booking is refused for good, in the transaction of `settle`.

    Args:
        row: its delivery, locked.
    """
    booking_id = int(row.topic.partition(":")[2])
    booking = session.execute(
        select(Booking).where(Booking.id == booking_id).with_for_update()
    ).scalar_one()
    details = {"recipient": row.recipient, "reason": reason}
    if (
        row.recipient.startswith((FORMER, GUEST))  # nobody of ours waits for them
        or reason in {NOBODY, TOO_LATE}
        or _was_told_lately(session, row, now)
    ):
        details["quiet"] = "yes"
    record_again(
        session,
        Event(
            booking.workspace_id,
            EventKind.BOOKING_MAIL_REFUSED,
            booking_id,
            at=now,
            nonce=booking.nonce,
            details=details,
        ),
    )


def _was_told_lately(session: Session, row: DeliveryRow, now: datetime) -> bool:
    if row.recipient == CONTACT:
        return False
    before = session.scalar(
        select(DeliveryRow.id)
        .where(
            DeliveryRow.closed_at > now - TOLD_AGAIN_AFTER,
            DeliveryRow.state == State.REFUSED,
            DeliveryRow.destination == row.destination,
            DeliveryRow.recipient == row.recipient,
            DeliveryRow.id != row.id,
        )
        .limit(1)
    )
    return before is not None
