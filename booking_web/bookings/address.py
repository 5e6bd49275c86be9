"""POST /booking/{secret}/address: the contact corrects their address, and the page moves."""

from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_bytes
from typing import Final

from aiohttp import hdrs, web

from booking_web.bookings.confirmation import booking_lookups, confirmation_answer, find_booking
from booking_web.keys import DATABASE, KEYRING
from booking_web.limits.rate_limits import require_room
from booking_web.link_page.form import is_submission_id, new_submission_id, read_pairs
from scheduling.bookings.correct_address import correct_address
from scheduling.contacts import EMAIL_LENGTH, read_email
from scheduling.plain_text import clean
from scheduling.secrets.keyring import NONCE_BYTES, Purpose

MOST_BYTES: Final = 16 * 1024


async def change_address(request: web.Request) -> web.Response:
    """Lead this browser to where the booking is from now on; elsewhere it is not found any more."""
    require_room(request)
    lookups = booking_lookups(request)
    posted = read_pairs(await request.clone(client_max_size=MOST_BYTES).read())
    typed = clean(posted.get("email", ""), limit=2 * EMAIL_LENGTH)
    email = read_email(typed)
    if email is None or len(email) > EMAIL_LENGTH:
        return confirmation_answer(
            request,
            await find_booking(request),
            typed=typed,
            is_wrong=True,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    form_id = posted.get("correction_id", "")
    corrected = await request.app[DATABASE].write(
        correct_address,
        lookups=lookups,
        email=email,
        correction_id=form_id if is_submission_id(form_id) else new_submission_id(),
        secret=request.app[KEYRING].new_secret(Purpose.BOOKING, token_bytes(NONCE_BYTES)),
        now=datetime.now(UTC),
    )
    secret = request.app[KEYRING].token(Purpose.BOOKING, corrected.secret)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/booking/{secret}"})
