"""POST /otl/{token}: the contact books, and the link is used up."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_bytes

from aiohttp import hdrs, web

from booking_web.errors import RETRY_AFTER_SECONDS
from booking_web.keys import DATABASE, KEYRING, PAGES
from booking_web.limits.rate_limits import LIMITS
from booking_web.link_page.choices import choices_with_day
from booking_web.link_page.form import (
    MOST_BYTES,
    BookingForm,
    Fields,
    Incomplete,
    check,
    new_submission_id,
    read_fields,
    read_start,
)
from booking_web.link_page.show import (
    NOTHING_WRONG,
    Form,
    clock_of,
    language_of,
    link_lookups,
    link_page_answer,
)
from scheduling.bookings.book import Booked, book, own_booking
from scheduling.errors import DatabaseUnavailable, LinkNotActive, PhoneMissing, StartTaken
from scheduling.secrets.keyring import NONCE_BYTES, Purpose
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import zone_city


async def create_booking(request: web.Request) -> web.Response:
    """Answer a form: booked, or the form again with every answer in it."""
    now = datetime.now(UTC)
    lookups = link_lookups(request)
    fields = read_fields(await request.clone(client_max_size=MOST_BYTES).read())
    form = check(fields, keyring=request.app[KEYRING], lookups=lookups)
    wrong = form if isinstance(form, Incomplete) else NOTHING_WRONG
    seconds = request.app[LIMITS].of_posts(request)
    if seconds:
        return _try_again(request, lookups, fields, wrong, now=now, too_many=True, seconds=seconds)
    try:
        if isinstance(form, Incomplete):
            return await _incomplete(request, lookups, fields, form, now=now)
        return await _complete(request, lookups, fields, form, now=now)
    except DatabaseUnavailable:
        return _try_again(request, lookups, fields, wrong, now=now)


async def _complete(
    request: web.Request,
    lookups: tuple[bytes, ...],
    fields: Fields,
    form: BookingForm,
    *,
    now: datetime,
) -> web.Response:
    try:
        booked = await request.app[DATABASE].write(
            book,
            lookups=lookups,
            submission_id=form.submission_id,
            start=form.start,
            booker=replace(form.booker, language=language_of(request), clock=clock_of(request)),
            secret=request.app[KEYRING].new_secret(Purpose.BOOKING, token_bytes(NONCE_BYTES)),
            now=now,
        )
    except StartTaken as refusal:
        return await link_page_answer(
            request,
            lookups,
            fields.query,
            now=now,
            fields=fields,
            taken=refusal.start,
            status=HTTPStatus.CONFLICT,
        )
    except PhoneMissing:
        return await link_page_answer(
            request,
            lookups,
            fields.query,
            now=now,
            fields=fields,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return _confirmed(request, booked)


async def _incomplete(
    request: web.Request,
    lookups: tuple[bytes, ...],
    fields: Fields,
    wrong: Incomplete,
    *,
    now: datetime,
) -> web.Response:
    try:
        return await link_page_answer(
            request,
            lookups,
            fields.query,
            now=now,
            fields=fields,
            wrong=wrong,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    except LinkNotActive:
        # This very form may have used the link up, whole at that time.
        if not wrong.genuine:
            raise
        own = await request.app[DATABASE].read(
            own_booking, lookups=lookups, submission_id=fields.submission_id
        )
        if own is None:
            raise
        return _confirmed(request, own)


def _confirmed(request: web.Request, booked: Booked) -> web.Response:
    secret = request.app[KEYRING].token(Purpose.BOOKING, booked.secret)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/booking/{secret}"})


def _try_again(
    request: web.Request,
    lookups: tuple[bytes, ...],
    fields: Fields,
    wrong: Incomplete,
    *,
    now: datetime,
    too_many: bool = False,
    seconds: int = RETRY_AFTER_SECONDS,
) -> web.Response:
    """Give the form back, to be sent again a little later: the same submission, so one booking.

    Args:
        too_many: it was not even tried; else the database is away.
        seconds: how long to wait.
    """
    start = read_start(fields.start)
    query = fields.query
    zone = zone_named(query.zone or "UTC")
    clock = clock_of(request)
    starts = [start] if start else []
    submission_id = fields.submission_id if wrong.genuine else new_submission_id()
    form = Form(
        submission_id=submission_id,
        ticket=request.app[KEYRING].form_ticket(lookups[0], submission_id),
        fields=fields,
        wrong=wrong,
        is_new=False,
        asks_phone=bool(fields.phone),  # the calendar cannot be asked
        takes_guests=bool(fields.guests),
    )
    page = request.app[PAGES].answer(
        "try_again.html",
        status=HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.SERVICE_UNAVAILABLE,
        too_many=too_many,
        form=form,
        zone=zone.key,
        first_day=query.first_day.isoformat() if query.first_day else "",
        place=zone_city(zone),
        choice=choices_with_day(starts, zone, clock, now=now, chosen=start),
    )
    page.headers[hdrs.RETRY_AFTER] = str(seconds)
    return page
