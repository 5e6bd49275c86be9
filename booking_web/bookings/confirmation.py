"""GET /booking/{secret}: what was booked, and its calendar file."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import hdrs, web

from booking_web.bookings.correction import correction_of
from booking_web.errors import BOOKING_CANCELLED, answer
from booking_web.keys import DATABASE, KEYRING, PAGES, URLS
from booking_web.link_page.form import new_submission_id
from booking_web.link_page.show import clock_of
from booking_web.mail.invitations import published
from booking_web.mail.readers import Reader
from booking_web.mail.words import MeetingWords, News, sentences, words_for
from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import BookingDetails, booking_by_secret
from scheduling.errors import UnknownBooking
from scheduling.places import PlaceKind
from scheduling.secrets.keyring import Purpose
from scheduling.times.words import CLOCK_24, Clock

GOOGLE: Final = "https://calendar.google.com/calendar/render"
OUTLOOK_COM: Final = "https://outlook.live.com/calendar/0/deeplink/compose"
MICROSOFT_365: Final = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the template shows.

    Attributes:
        when_there: the host's side where its clocks differ, else "".
        where: the place in words; "": nobody says.
        url: where it is on the web, http or https, else "".
        email: where the mail went; "" where none was sent, or its contact was erased.
        is_answered: an answer to that mail reaches a host.
        guests: who come along and were written to; left_out: who were not.
        calendars: ways to add it to a calendar on the web: a product's name and an address.
    """

    is_cancelled: bool
    when: str
    when_there: str
    calendar: str
    duration: str
    hosts: tuple[str, ...]
    where: str
    url: str
    name: str
    mail: ConfirmationMail
    email: str = field(repr=False)
    is_answered: bool
    guests: tuple[str, ...] = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    calendars: tuple[tuple[str, str], ...]


async def show_booking(request: web.Request) -> web.Response:
    """Answer with the confirmation."""
    return confirmation_answer(request, await find_booking(request))


def confirmation_answer(
    request: web.Request,
    booking: BookingDetails,
    *,
    typed: str = "",
    is_wrong: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """Render the confirmation.

    Args:
        typed: an address that was sent; is_wrong: it is none.
    """
    now = datetime.now(UTC)
    return request.app[PAGES].answer(
        "booked.html",
        status=status,
        booking=confirmation(booking, clock=clock_of(request), now=now),
        path=f"/booking/{request.match_info['secret']}",
        correction=correction_of(
            booking, id_=new_submission_id(), now=now, typed=typed, is_wrong=is_wrong
        ),
    )


async def send_invitation(request: web.Request) -> web.Response:
    """Answer with the iCalendar file."""
    booking = await find_booking(request)
    if booking.cancelled_at is not None:
        return answer(request, BOOKING_CANCELLED)
    page = request.app[URLS].booking(request.match_info["secret"])
    words = _words(booking, clock=CLOCK_24, now=datetime.now(UTC), page=page)
    words = replace(words, is_answered=False)  # it is no mail
    return web.Response(
        body=published(booking, words),
        content_type="text/calendar",
        charset="utf-8",
        headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{booking.calendar.slug}.ics"'},
    )


def confirmation(booking: BookingDetails, *, clock: Clock, now: datetime) -> Confirmation:
    """Lay out a booking, in the zone that it was booked in."""
    words = _words(booking, clock=clock, now=now)
    is_mailed = booking.mail is not ConfirmationMail.NONE and bool(booking.booker.email)
    return Confirmation(
        is_cancelled=booking.cancelled_at is not None,
        when=words.when,
        when_there=words.when_there,
        calendar=words.calendar,
        duration=words.duration,
        hosts=words.hosts,
        where=words.place,
        url=words.place_url,
        name=booking.booker.name,
        mail=booking.mail if is_mailed else ConfirmationMail.NONE,
        email=booking.booker.email if is_mailed else "",
        is_answered=words.is_answered,
        guests=tuple(guest.email for guest in booking.guests if guest.is_invited),
        left_out=tuple(guest.email for guest in booking.guests if not guest.is_invited),
        calendars=_calendars(booking, words),
    )


def _words(booking: BookingDetails, *, clock: Clock, now: datetime, page: str = "") -> MeetingWords:
    """Return what the mail to whoever booked says, so that page and calendar file say it too."""
    reader = replace(Reader.contact(booking), clock=clock)
    return words_for(booking, reader, news=News.BOOKED, page=page, now=now)


def booking_lookups(request: web.Request) -> tuple[bytes, ...]:
    """Return what the secret is looked up by.

    Raises:
        UnknownBooking: it has not the shape of one.
    """
    lookups = request.app[KEYRING].lookups(Purpose.BOOKING, request.match_info["secret"])
    if not lookups:
        raise UnknownBooking
    return lookups


async def find_booking(request: web.Request) -> BookingDetails:
    """Return the booking that the request is about.

    Raises:
        UnknownBooking: there is none.
    """
    lookups = booking_lookups(request)
    return await request.app[DATABASE].read(booking_by_secret, lookups=lookups)


# Title, time and place only: none learns the booking's address or who booked.


def _calendars(booking: BookingDetails, words: MeetingWords) -> tuple[tuple[str, str], ...]:
    title = sentences(words).title
    is_called = booking.place is not None and booking.place.kind is PlaceKind.PHONE
    place = "" if is_called else words.place_url or words.place
    location = {"location": place} if place else {}
    starts_at, ends_at = booking.starts_at, booking.ends_at
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{starts_at:%Y%m%dT%H%M%SZ}/{ends_at:%Y%m%dT%H%M%SZ}",
    }
    microsoft = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{ends_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return (
        ("Google Calendar", f"{GOOGLE}?{urlencode(google | location)}"),
        ("Outlook.com", f"{OUTLOOK_COM}?{urlencode(microsoft | location, quote_via=quote)}"),
        ("Microsoft 365", f"{MICROSOFT_365}?{urlencode(microsoft | location, quote_via=quote)}"),
    )
