"""What the pages that move and cancel a booking share: their form, and why it cannot be."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from aiohttp import hdrs, web

from booking_web.bookings.confirmation import confirmation, find_booking
from booking_web.keys import PAGES
from booking_web.limits.rate_limits import require_room
from booking_web.link_page.form import MOST_BYTES, read_posted
from booking_web.link_page.show import clock_of
from scheduling.contacts import NOTES_LENGTH
from scheduling.errors import (
    BookingCancelled,
    CalendarInactive,
    NoMovesLeft,
    SchedulingError,
    TooLateToChange,
)
from scheduling.times.words import duration_words

REFUSALS = (BookingCancelled, CalendarInactive, NoMovesLeft, TooLateToChange)


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What was posted; sequence is -1 where it cannot be read, which no booking has."""

    sequence: int = -1
    start: str = ""
    reason: str = field(default="", repr=False)
    zone: str = ""
    first_day: str = ""


async def read_change(request: web.Request) -> ChangeForm:
    """Read a form of these pages; a reason that is too long is cut, it is not worth a refusal.

    Raises:
        TooMany: this client has to wait.
    """
    require_room(request)
    read = read_posted(await request.clone(client_max_size=MOST_BYTES).read())
    sequence = read("sequence")
    return ChangeForm(
        sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 10 else -1,
        start=read("start"),
        reason=read("reason", lines=True)[:NOTES_LENGTH],
        zone=read("zone"),
        first_day=read("from"),
    )


def to_booking(request: web.Request) -> web.Response:
    """Lead on to the booking's own page."""
    address = f"/booking/{request.match_info['secret']}"
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})


async def cannot_change(
    request: web.Request, refusal: SchedulingError, *, now: datetime, is_move: bool
) -> web.Response:
    """Say why it stays as it is, and whom to ask; of a cancelled one that it is."""
    if isinstance(refusal, BookingCancelled):
        return to_booking(request)
    booking = await find_booking(request)
    return request.app[PAGES].answer(
        "cannot_change.html",
        status=HTTPStatus.CONFLICT,
        booking=confirmation(booking, clock=clock_of(request), now=now),
        why=type(refusal).__name__,
        is_move=is_move,
        is_over=booking.starts_at <= now,
        cutoff=duration_words(refusal.cutoff) if isinstance(refusal, TooLateToChange) else "",
        address=f"/booking/{request.match_info['secret']}",
    )
