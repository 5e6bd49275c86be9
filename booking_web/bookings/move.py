"""GET and POST /booking/{secret}/move: whoever booked takes another time."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_bytes

from aiohttp import web

from booking_web.bookings.changing import (
    REFUSALS,
    ChangeForm,
    cannot_change,
    read_change,
    to_booking,
)
from booking_web.bookings.confirmation import booking_lookups, confirmation
from booking_web.keys import DATABASE, PAGES
from booking_web.link_page.form import read_start
from booking_web.link_page.query import PageQuery, first_day_shown, read_query, span_to_read
from booking_web.link_page.show import clock_of, turn
from booking_web.link_page.view import link_view
from scheduling.bookings.move import move_own_booking
from scheduling.bookings.move_page import MovePage, move_page
from scheduling.errors import BookingChanged, StartTaken
from scheduling.secrets.keyring import NONCE_BYTES
from scheduling.times.time_zones import zone as zone_named


async def choose_another_time(request: web.Request) -> web.Response:
    """Answer with the free times."""
    now = datetime.now(UTC)
    try:
        return await _page(request, read_query(request.query), ChangeForm(), now=now)
    except REFUSALS as refusal:
        return await cannot_change(request, refusal, now=now, is_move=True)


async def move_booking(request: web.Request) -> web.Response:
    """Move, and lead to the booking's page; or the free times again with the reason in the form."""
    form = await read_change(request)
    now = datetime.now(UTC)
    start = read_start(form.start)
    query = read_query({"zone": form.zone, "from": form.first_day})
    try:
        if start is None:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return await _page(request, query, form, now=now, trouble="missing", status=status)
        await request.app[DATABASE].write(
            move_own_booking,
            lookups=booking_lookups(request),
            sequence=form.sequence,
            start=start,
            reason=form.reason,
            nonce=token_bytes(NONCE_BYTES),
            now=now,
        )
    except BookingChanged:
        status = HTTPStatus.CONFLICT
        return await _page(request, query, form, now=now, trouble="changed", status=status)
    except StartTaken as refusal:
        status = HTTPStatus.CONFLICT
        return await _page(
            request, query, form, now=now, trouble="taken", taken=refusal.start, status=status
        )
    except REFUSALS as refusal:
        return await cannot_change(request, refusal, now=now, is_move=True)
    return to_booking(request)


async def _read(request: web.Request, query: PageQuery, now: datetime) -> MovePage:
    database, lookups = request.app[DATABASE], booking_lookups(request)
    within = span_to_read(query, now)
    page = await database.read(move_page, lookups=lookups, within=within, now=now)
    zone = zone_named(query.zone or page.booking.booker.zone)
    first = first_day_shown(query, page.times, zone)
    drawn_in = span_to_read(replace(query, first_day=first), now)
    if within.start <= drawn_in.start and drawn_in.end <= within.end:
        return page
    return await database.read(move_page, lookups=lookups, within=drawn_in, now=now)


async def _page(
    request: web.Request,
    query: PageQuery,
    form: ChangeForm,
    *,
    now: datetime,
    trouble: str = "",
    taken: datetime | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    clock = clock_of(request)
    async with turn(request.app):
        page = await _read(request, query, now)
    booking = page.booking
    own_zone = replace(query, zone=query.zone or booking.booker.zone)
    chosen = read_start(form.start)
    return request.app[PAGES].answer(
        "move.html",
        status=status,
        page=link_view(page.times, own_zone, clock=clock, now=now, chosen=chosen, taken=taken),
        booking=confirmation(booking, clock=clock, now=now),
        hints=query,
        from_named=query.first_day is not None,
        sequence=booking.sequence,
        reason=form.reason,
        trouble=trouble,
        address=f"/booking/{request.match_info['secret']}",
    )
