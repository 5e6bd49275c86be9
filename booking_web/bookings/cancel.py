"""GET and POST /booking/{secret}/cancel: whoever booked gives up their seat."""

from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from booking_web.bookings.changing import (
    REFUSALS,
    cannot_change,
    read_change,
    to_booking,
)
from booking_web.bookings.confirmation import booking_lookups, confirmation, find_booking
from booking_web.keys import DATABASE, PAGES
from booking_web.link_page.show import clock_of
from scheduling.bookings.cancel import cancel_own_booking
from scheduling.errors import BookingChanged


async def ask_to_cancel(request: web.Request) -> web.Response:
    """Answer with the page that asks."""
    return await _page(request)


async def cancel_booking(request: web.Request) -> web.Response:
    """Cancel, and lead to the booking's page, which says so."""
    form = await read_change(request)
    now = datetime.now(UTC)
    try:
        await request.app[DATABASE].write(
            cancel_own_booking,
            lookups=booking_lookups(request),
            sequence=form.sequence,
            reason=form.reason,
            now=now,
        )
    except BookingChanged:
        return await _page(request, reason=form.reason, changed=True)
    except REFUSALS as refusal:
        return await cannot_change(request, refusal, now=now, is_move=False)
    return to_booking(request)


async def _page(request: web.Request, *, reason: str = "", changed: bool = False) -> web.Response:
    booking = await find_booking(request)
    if booking.cancelled_at is not None:
        return to_booking(request)
    return request.app[PAGES].answer(
        "cancel.html",
        status=HTTPStatus.CONFLICT if changed else HTTPStatus.OK,
        booking=confirmation(booking, clock=clock_of(request), now=datetime.now(UTC)),
        sequence=booking.sequence,
        reason=reason,
        changed=changed,
        address=f"/booking/{request.match_info['secret']}",
    )
