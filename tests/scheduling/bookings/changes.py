"""What tests of moved and cancelled meetings share."""

from datetime import datetime
from secrets import token_bytes

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked
from scheduling.bookings.cancel import cancel_own_booking
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.bookings.move import move_own_booking
from scheduling.database import Database
from tests.given import NOW


async def details(database: Database, booked: Booked) -> BookingDetails:
    """Return the booking as it is now."""
    return await database.read(booking_by_id, booking_id=booked.booking_id)


async def when_cancelled(
    database: Database, seen: BookingDetails, *, reason: str = "", now: datetime = NOW
) -> None:
    """Cancel as the contact whose page shows this."""
    await database.write(
        cancel_own_booking,
        lookups=(seen.secret.lookup,),
        sequence=seen.sequence,
        reason=reason,
        now=now,
    )


async def when_moved(
    database: Database, seen: BookingDetails, *, to: datetime, reason: str = "", now: datetime = NOW
) -> None:
    """Move as the contact whose page shows this."""
    await database.write(
        move_own_booking,
        lookups=(seen.secret.lookup,),
        sequence=seen.sequence,
        start=to,
        reason=reason,
        nonce=token_bytes(16),
        now=now,
    )


def taken(session: Session) -> list[tuple[str, int]]:
    """Return whose time is taken, and how many spans of it."""
    found = session.execute(
        text(
            "SELECT resource.slack_user_id, count(*) FROM occupation"
            " JOIN resource ON resource.id = occupation.resource_id"
            " WHERE released_at IS NULL GROUP BY resource.slack_user_id ORDER BY 1"
        )
    )
    return [(user, number) for user, number in found]
