"""GET /otl/{token}: the contact sees the free times. It changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from booking_web.addresses import KNOWN_DOMAINS
from booking_web.errors import CALENDAR_INACTIVE, answer
from booking_web.keys import DATABASE, KEYRING, PAGES, TURNS
from booking_web.link_page.form import (
    Fields,
    Incomplete,
    Problem,
    filled_in,
    new_submission_id,
    read_start,
    with_phone,
)
from booking_web.link_page.query import PageQuery, first_day_shown, read_query, span_to_read
from booking_web.link_page.view import link_view
from scheduling.bookings.link_page import LinkPage, link_page
from scheduling.errors import DatabaseUnavailable, UnknownLink
from scheduling.places import PlaceKind
from scheduling.secrets.keyring import Keyring, Purpose
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import Clock, language_for

LONGEST_TURN_SECONDS: Final = 10.0
NOTHING_WRONG: Final = Incomplete({}, genuine=True)


@dataclass(frozen=True, slots=True)
class Form:
    """The form as a template fills it in; `is_new`: it was fetched, not sent back.

    Attributes:
        asks_phone: the host calls the contact.
        issued_for: the address that the link was issued for, or "".
    """

    submission_id: str
    ticket: str = field(repr=False)
    fields: Fields
    wrong: Incomplete
    is_new: bool
    asks_phone: bool = False
    takes_guests: bool = False
    issued_for: str = field(default="", repr=False)

    @property
    def known_domains(self) -> str:
        """Return what the script compares a typed address with."""
        return " ".join(KNOWN_DOMAINS)


async def show_link(request: web.Request) -> web.Response:
    """Answer a link that was opened."""
    query = read_query(request.query)
    return await link_page_answer(request, link_lookups(request), query, now=datetime.now(UTC))


def link_lookups(request: web.Request) -> tuple[bytes, ...]:
    """Return what the token is looked up by.

    Raises:
        UnknownLink: it has not the shape of a token.
    """
    lookups = request.app[KEYRING].lookups(Purpose.LINK, request.match_info["token"])
    if not lookups:
        raise UnknownLink
    return lookups


def clock_of(request: web.Request) -> Clock:
    """Return how the reader of the page writes times."""
    return Clock.for_languages(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


def language_of(request: web.Request) -> str:
    """Return the language that the reader of the page would like best."""
    return language_for(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


async def link_page_answer(
    request: web.Request,
    lookups: tuple[bytes, ...],
    query: PageQuery,
    *,
    now: datetime,
    fields: Fields | None = None,
    wrong: Incomplete = NOTHING_WRONG,
    taken: datetime | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> web.Response:
    """Render the page of a link.

    Args:
        fields: of a form that was sent back; None: a new one.
        wrong: with it.
        taken: the start that was wished and is not free.

    Raises:
        UnknownLink, LinkNotActive, DatabaseUnavailable: there is nothing to show.
    """
    async with turn(request.app):
        page = await _read(request, lookups, query, now)
    if not page.calendar.active:
        closed = answer(request, CALENDAR_INACTIVE)
        closed.set_status(HTTPStatus.OK if fields is None else HTTPStatus.CONFLICT)
        return closed
    chosen = read_start(fields.start) if fields else None
    if chosen and taken is None and chosen not in page.starts:
        wrong = replace(wrong, problems={"start": Problem.NOT_OPEN, **wrong.problems})
    if fields and taken is None and _asks_phone(page):
        wrong = with_phone(wrong, fields)
    return request.app[PAGES].answer(
        "link.html",
        status=status,
        page=link_view(page, query, clock=clock_of(request), now=now, chosen=chosen, taken=taken),
        hints=query,
        zone_named=query.zone is not None or query.bad_zone,
        from_named=query.first_day is not None,
        taken=taken is not None,
        form=_form(request.app[KEYRING], page, fields, wrong),
    )


@asynccontextmanager
async def turn(app: web.Application) -> AsyncIterator[None]:
    """Wait until the pages before this one are read; who waits too long is to come again.

    Raises:
        DatabaseUnavailable: it took too long.
    """
    try:
        async with asyncio.timeout(LONGEST_TURN_SECONDS):
            await app[TURNS].acquire()
    except TimeoutError:
        raise DatabaseUnavailable from None
    try:
        yield
    finally:
        app[TURNS].release()


async def _read(
    request: web.Request, lookups: tuple[bytes, ...], query: PageQuery, now: datetime
) -> LinkPage:
    database = request.app[DATABASE]
    within = span_to_read(query, now)
    page = await database.read(link_page, lookups=lookups, within=within, now=now)
    first = first_day_shown(query, page, zone_named(query.zone or page.calendar.zone))
    drawn_in = span_to_read(replace(query, first_day=first), now)
    if within.start <= drawn_in.start and drawn_in.end <= within.end:
        return page
    # Only known now: what was wished lies outside of what this calendar lets book.
    return await database.read(link_page, lookups=lookups, within=drawn_in, now=now)


def _form(keyring: Keyring, page: LinkPage, fields: Fields | None, wrong: Incomplete) -> Form:
    reused = fields is not None and wrong.genuine
    submission_id = fields.submission_id if fields and reused else new_submission_id()
    return Form(
        submission_id=submission_id,
        ticket=keyring.form_ticket(page.lookup, submission_id),
        fields=fields or filled_in(page.contact),
        wrong=wrong,
        is_new=fields is None,
        asks_phone=_asks_phone(page),
        takes_guests=page.takes_guests,
        issued_for=(page.contact and page.contact.email) or "",
    )


def _asks_phone(page: LinkPage) -> bool:
    place = page.calendar.place
    return place is not None and place.kind is PlaceKind.PHONE
