"""What the site says when something is refused or goes wrong: refusal → words and status."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from booking_web.access_log import route_of
from booking_web.keys import PAGES
from scheduling import errors

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Letter:
    """A page that says one thing, and what to do next."""

    status: HTTPStatus
    heading: str
    sentences: tuple[str, ...]
    retry_after_seconds: int | None = None


DEAD: Final = Letter(
    HTTPStatus.GONE,
    "Uh-oh! The link is no longer active.",
    ("Please reach out to the event owner for a new link.",),
)
UNKNOWN: Final = Letter(HTTPStatus.NOT_FOUND, DEAD.heading, DEAD.sentences)
UNKNOWN_BOOKING: Final = Letter(
    HTTPStatus.NOT_FOUND,
    "There is no booking here.",
    (
        "Check that you have the whole address of your confirmation page.",
        "If it still does not open, reach out to whoever sent you the link.",
    ),
)
INACTIVE: Final = Letter(
    HTTPStatus.CONFLICT,
    "This calendar takes no bookings at the moment.",
    (
        "Your link is not used up: it stays good for one booking.",
        "Try again later, or reach out to whoever sent you the link.",
    ),
)
CANCELLED: Final = Letter(
    HTTPStatus.GONE,
    "This booking was cancelled.",
    ("To meet all the same, reach out to whoever sent you the link.",),
)
TAKEN: Final = Letter(
    HTTPStatus.CONFLICT,
    "That time was just taken.",
    ("Your link still works. Go back and choose another time.",),
)
DATABASE_DOWN: Final = Letter(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "We will be right back.",
    (
        "Our records cannot be reached at the moment.",
        "Wait a few seconds, then load this page again.",
    ),
    RETRY_AFTER_SECONDS,
)
TOO_MANY: Final = Letter(
    HTTPStatus.TOO_MANY_REQUESTS,
    "One moment, please.",
    (
        "A great many requests came from your network in a short time.",
        "Wait a minute, then load this page again. A link that works stays good.",
    ),
)
NO_PAGE: Final = Letter(
    HTTPStatus.NOT_FOUND,
    "There is no page here.",
    ("Check that you have the whole address. It may have been cut off on the way.",),
)
NO_METHOD: Final = Letter(
    HTTPStatus.METHOD_NOT_ALLOWED,
    "This page cannot do that.",
    ("Open its address in a browser to see what it can do.",),
)
TOO_LARGE: Final = Letter(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "That was too much text.",
    ("Nothing was booked, and your link stays good. Go back, shorten your note and book again.",),
)
NOT_UNDERSTOOD: Final = Letter(
    HTTPStatus.BAD_REQUEST,
    "We could not read that.",
    ("Open the link once more and try again.",),
)
NOT_FOR_THE_SITE: Final = Letter(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong on our side.",
    ("Try again in a minute. If it stays like this, reach out to whoever sent you the link.",),
)

# Where no page of the site can meet a refusal, it is answered like any other fault of ours.
REFUSALS: Final[Mapping[type[errors.SchedulingError], Letter]] = {
    errors.UnknownLink: UNKNOWN,
    errors.LinkNotActive: DEAD,
    errors.CalendarInactive: INACTIVE,
    errors.SlotTaken: TAKEN,
    errors.UnknownBooking: UNKNOWN_BOOKING,
    errors.DatabaseUnavailable: DATABASE_DOWN,
    errors.UnknownCalendar: NOT_FOR_THE_SITE,
    errors.AmbiguousCalendar: NOT_FOR_THE_SITE,
    errors.CalendarGroupNamed: NOT_FOR_THE_SITE,
    errors.InvalidCalendar: NOT_FOR_THE_SITE,
    errors.NotAllowed: NOT_FOR_THE_SITE,
    errors.SecondWorkspace: NOT_FOR_THE_SITE,
}
STATUSES: Final[Mapping[int, Letter]] = {
    HTTPStatus.NOT_FOUND: NO_PAGE,
    HTTPStatus.METHOD_NOT_ALLOWED: NO_METHOD,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into a page."""
    try:
        return await handler(request)
    except errors.SchedulingError as refusal:
        letter = REFUSALS.get(type(refusal), NOT_FOR_THE_SITE)
        if letter is NOT_FOR_THE_SITE:
            return _fault(request, refusal)
        return answer(request, letter)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        page = answer(request, STATUSES.get(error.status, NOT_UNDERSTOOD))
        page.set_status(error.status)
        if error.status == HTTPStatus.BAD_REQUEST:
            page.force_close()  # where this body ends and the next request begins, nobody knows
        if isinstance(error, web.HTTPMethodNotAllowed):
            page.headers["Allow"] = error.headers["Allow"]
        return page
    except Exception as error:  # noqa: BLE001  # the top of a request: logged, and a page
        return _fault(request, error)


def answer(request: web.Request, letter: Letter, *, reference: str | None = None) -> web.Response:
    """Render a letter."""
    page = request.app[PAGES].answer(
        "letter.html",
        status=letter.status,
        heading=letter.heading,
        sentences=letter.sentences,
        reference=reference,
        is_dead=letter is DEAD,
    )
    if letter.retry_after_seconds is not None:
        page.headers["Retry-After"] = str(letter.retry_after_seconds)
    return page


def _fault(request: web.Request, error: Exception) -> web.Response:
    reference = token_hex(4)
    route = route_of(request)
    log.error("%s %s failed, reference %s", request.method, route, reference, exc_info=error)
    return answer(request, NOT_FOR_THE_SITE, reference=reference)
