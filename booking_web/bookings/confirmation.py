"""GET /booking/{secret}: what was booked, and its calendar file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from aiohttp import hdrs, web

from booking_web.bookings.times import two_sides, zone_of_hosts
from booking_web.errors import BOOKING_CANCELLED, answer
from booking_web.keys import DATABASE, KEYRING, PAGES, URLS
from booking_web.link_page.show import clock_of
from booking_web.mail.invitations import published
from booking_web.mail.readers import Reader
from booking_web.mail.words import News, words_for
from scheduling.bookings.details import BookingDetails, booking_by_secret
from scheduling.errors import UnknownBooking
from scheduling.places import PlaceKind, for_contact
from scheduling.secrets.keyring import Purpose
from scheduling.times.words import Clock, duration_words

GOOGLE: Final = "https://calendar.google.com/calendar/render"
OUTLOOK: Final = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the template shows.

    Attributes:
        when_there: the host's side where its clocks differ, else "".
        where: the place in words; "": nobody says.
        url: where it is on the web, http or https, else "".
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
    google: str
    outlook: str


async def show_booking(request: web.Request) -> web.Response:
    """Answer with the confirmation."""
    booking = await _find(request)
    shown = confirmation(booking, clock=clock_of(request), now=datetime.now(UTC))
    return request.app[PAGES].answer(
        "booked.html", booking=shown, invitation=invitation_of(request)
    )


def invitation_of(request: web.Request) -> str:
    """Return the address of the calendar file of the booking that is shown."""
    return f"{request.rel_url.path}/invitation.ics"


async def send_invitation(request: web.Request) -> web.Response:
    """Answer with the iCalendar file."""
    booking = await _find(request)
    if booking.cancelled_at is not None:
        return answer(request, BOOKING_CANCELLED)
    words = words_for(
        booking,
        Reader.contact(booking),
        news=News.BOOKED,
        is_answered=False,
        page=request.app[URLS].booking(request.match_info["secret"]),
        now=datetime.now(UTC),
    )
    return web.Response(
        body=published(booking, words),
        content_type="text/calendar",
        charset="utf-8",
        headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{booking.calendar.slug}.ics"'},
    )


def confirmation(booking: BookingDetails, *, clock: Clock, now: datetime) -> Confirmation:
    """Lay out a booking, in the zone that it was booked in."""
    when, when_there = two_sides(
        booking,
        zone=booking.booker.zone,
        other_zone=zone_of_hosts(booking),
        clock=clock,
        now=now,
    )
    return Confirmation(
        is_cancelled=booking.cancelled_at is not None,
        when=when,
        when_there=when_there,
        calendar=booking.calendar.name,
        duration=duration_words(booking.ends_at - booking.starts_at),
        hosts=_hosts(booking),
        where=_where(booking),
        url=_url(booking),
        name=booking.booker.name,
        google=_google(booking),
        outlook=_outlook(booking),
    )


def _hosts(booking: BookingDetails) -> tuple[str, ...]:
    return tuple(host.name for host in booking.hosts)


async def _find(request: web.Request) -> BookingDetails:
    lookups = request.app[KEYRING].lookups(Purpose.BOOKING, request.match_info["secret"])
    if not lookups:
        raise UnknownBooking
    return await request.app[DATABASE].read(booking_by_secret, lookups=lookups)


def _where(booking: BookingDetails) -> str:
    return for_contact(booking.place, hosts=_hosts(booking), phone=booking.booker.phone)


def _url(booking: BookingDetails) -> str:
    return booking.place.url if booking.place else ""


def _location(booking: BookingDetails) -> dict[str, str]:
    """Return the place for other calendars; never a number, which is the contact's own."""
    if booking.place is None or booking.place.kind is PlaceKind.PHONE:
        return {}
    return {"location": _url(booking) or _where(booking)}


# Title, time and place only: neither learns the booking's address or who booked.


def _google(booking: BookingDetails) -> str:
    dates = f"{booking.starts_at:%Y%m%dT%H%M%SZ}/{booking.ends_at:%Y%m%dT%H%M%SZ}"
    query = {"action": "TEMPLATE", "text": booking.calendar.name, "dates": dates}
    return f"{GOOGLE}?{urlencode(query | _location(booking))}"


def _outlook(booking: BookingDetails) -> str:
    query = {
        "subject": booking.calendar.name,
        "startdt": f"{booking.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{booking.ends_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return f"{OUTLOOK}?{urlencode(query | _location(booking))}"
