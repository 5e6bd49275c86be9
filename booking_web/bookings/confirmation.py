"""GET /booking/{secret}: what was booked, and its calendar file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from aiohttp import hdrs, web
from yarl import URL

from booking_web.errors import BOOKING_CANCELLED, answer
from booking_web.keys import DATABASE, KEYRING, PAGES, URLS
from booking_web.link_page.show import clock_of
from scheduling.bookings.details import BookingDetails, booking_by_secret
from scheduling.bookings.invitation import invitation
from scheduling.errors import UnknownBooking
from scheduling.secrets.keyring import Purpose
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import Clock, duration_words, span

GOOGLE: Final = "https://calendar.google.com/calendar/render"
OUTLOOK: Final = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the template shows; `when_there` is the host's side where its clocks differ, else ""."""

    is_cancelled: bool
    when: str
    when_there: str
    calendar: str
    duration: str
    hosts: tuple[str, ...]
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
    page = URL(request.app[URLS].booking(request.match_info["secret"]))
    content = invitation(
        uid=f"{booking.uid}@{page.host}",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        stamped_at=booking.booked_at,
        summary=request.app[PAGES].text(
            "invitation_summary.txt", calendar=booking.calendar.name, hosts=_hosts(booking)
        ),
        description=booking.booker.notes,
        page=str(page),
    )
    return web.Response(
        body=content,
        content_type="text/calendar",
        charset="utf-8",
        headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{booking.calendar.slug}.ics"'},
    )


def confirmation(booking: BookingDetails, *, clock: Clock, now: datetime) -> Confirmation:
    """Lay out a booking, in the zone that it was booked in."""
    starts_at, ends_at = booking.starts_at, booking.ends_at
    own, there = zone_named(booking.booker.zone), zone_named(booking.calendar.zone)
    same_clocks = starts_at.astimezone(own).utcoffset() == starts_at.astimezone(there).utcoffset()
    return Confirmation(
        is_cancelled=booking.cancelled_at is not None,
        when=span(starts_at, ends_at, own, clock, now=now),
        when_there="" if same_clocks else span(starts_at, ends_at, there, clock, now=now),
        calendar=booking.calendar.name,
        duration=duration_words(ends_at - starts_at),
        hosts=_hosts(booking),
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


# Title and time only: neither learns the booking's address or who booked.


def _google(booking: BookingDetails) -> str:
    dates = f"{booking.starts_at:%Y%m%dT%H%M%SZ}/{booking.ends_at:%Y%m%dT%H%M%SZ}"
    query = {"action": "TEMPLATE", "text": booking.calendar.name, "dates": dates}
    return f"{GOOGLE}?{urlencode(query)}"


def _outlook(booking: BookingDetails) -> str:
    query = {
        "subject": booking.calendar.name,
        "startdt": f"{booking.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{booking.ends_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return f"{OUTLOOK}?{urlencode(query)}"
