"""Which page answers when something is refused or goes wrong, and with which status."""

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
class ErrorPage:
    """What is answered; the words are those of the template `errors/<name>.html`."""

    name: str
    status: HTTPStatus
    retry_after_seconds: int | None = None


CALENDAR_INACTIVE: Final = ErrorPage("calendar_inactive", HTTPStatus.CONFLICT)
BOOKING_CANCELLED: Final = ErrorPage("booking_cancelled", HTTPStatus.GONE)
TOO_MANY_REQUESTS: Final = ErrorPage("too_many_requests", HTTPStatus.TOO_MANY_REQUESTS)
UNREADABLE: Final = ErrorPage("unreadable", HTTPStatus.BAD_REQUEST)
FAULT: Final = ErrorPage("fault", HTTPStatus.INTERNAL_SERVER_ERROR)

# Where no page of the site can meet a refusal, it is answered like any other fault of ours.
REFUSALS: Final[Mapping[type[errors.SchedulingError], ErrorPage]] = {
    errors.UnknownLink: ErrorPage("unknown_link", HTTPStatus.NOT_FOUND),
    errors.LinkNotActive: ErrorPage("link_not_active", HTTPStatus.GONE),
    errors.CalendarInactive: CALENDAR_INACTIVE,
    errors.StartTaken: ErrorPage("start_taken", HTTPStatus.CONFLICT),
    errors.UnknownBooking: ErrorPage("unknown_booking", HTTPStatus.NOT_FOUND),
    errors.DatabaseUnavailable: ErrorPage(
        "database_unavailable", HTTPStatus.SERVICE_UNAVAILABLE, RETRY_AFTER_SECONDS
    ),
    errors.UnknownCalendar: FAULT,
    errors.AmbiguousCalendar: FAULT,
    errors.CalendarGroupNamed: FAULT,
    errors.InvalidCalendar: FAULT,
    errors.NotAllowed: FAULT,
    errors.BookingIsPrivate: FAULT,
    errors.PhoneMissing: FAULT,
    errors.BookingCancelled: FAULT,
    errors.BookingChanged: FAULT,
    errors.TooLateToChange: FAULT,
    errors.NoMovesLeft: FAULT,
    errors.NotYourMeeting: FAULT,
    errors.MeetingOver: ErrorPage("meeting_over", HTTPStatus.CONFLICT),
    errors.AddressCorrected: ErrorPage("address_corrected", HTTPStatus.CONFLICT),
    errors.SecondWorkspace: FAULT,
}
STATUSES: Final[Mapping[int, ErrorPage]] = {
    HTTPStatus.NOT_FOUND: ErrorPage("no_page", HTTPStatus.NOT_FOUND),
    HTTPStatus.METHOD_NOT_ALLOWED: ErrorPage("no_method", HTTPStatus.METHOD_NOT_ALLOWED),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorPage(
        "too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    ),
}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into a page."""
    try:
        return await handler(request)
    except errors.SchedulingError as refusal:
        page = REFUSALS.get(type(refusal), FAULT)
        return _fault(request, refusal) if page is FAULT else answer(request, page)
    except (web.RequestPayloadError, ConnectionError):
        response = answer(request, UNREADABLE)  # not encoded as it says, or nobody is there
        response.force_close()
        return response
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        response = answer(request, STATUSES.get(error.status, UNREADABLE))
        response.set_status(error.status)
        if error.status == HTTPStatus.BAD_REQUEST:
            response.force_close()  # where this body ends and the next request begins, nobody knows
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except Exception as error:  # noqa: BLE001  # the top of a request: logged, and a page
        return _fault(request, error)


def answer(request: web.Request, page: ErrorPage, *, reference: str = "") -> web.Response:
    """Render an error page; reference: under what the log has the trace of a fault."""
    response = request.app[PAGES].answer(
        f"errors/{page.name}.html", status=page.status, reference=reference
    )
    if page.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(page.retry_after_seconds)
    return response


def _fault(request: web.Request, error: Exception) -> web.Response:
    reference = token_hex(4)
    route = route_of(request)
    log.error("%s %s failed, reference %s", request.method, route, reference, exc_info=error)
    return answer(request, FAULT, reference=reference)
