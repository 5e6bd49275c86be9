"""One meeting is at one instant, whoever reads of it, and wherever."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from random import Random
from typing import Final
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import vobject
from freezegun import freeze_time
from pytest_aiohttp.plugin import AiohttpClient

from booking_web.app import create_site
from booking_web.mail.mailbox import Mailbox
from booking_web.mail.messages import compose
from booking_web.mail.readers import Reader
from bot.messages.booked_for_you import booked_for_you
from bot.messages.link_used import link_used
from bot.messages.message import Message
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.calendars.change import load_calendars
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker
from scheduling.database import Database
from scheduling.errors import StartTaken
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Purpose
from scheduling.times.words import Clock
from tests.booking_web.reading import links, words_of
from tests.booking_web.site import Site
from tests.given import EVERY_DAY, KEYRING, NOW, SAM, given_link, given_workspace, when_booked
from tests.time_reading import slack_times_in, times_in

ZONES: Final = (
    "Europe/Berlin",
    "Europe/Dublin",  # summer is its standard time
    "America/New_York",
    "America/Havana",  # its clocks turn at midnight
    "Africa/Cairo",
    "Australia/Lord_Howe",  # by half an hour
    "Antarctica/Troll",  # by two hours
    "Africa/Casablanca",  # in Ramadan
    "Asia/Gaza",
    "Asia/Kathmandu",  # 5:45
    "Pacific/Chatham",  # 12:45 and 13:45
    "Pacific/Apia",  # beside the date line
    "Pacific/Kiritimati",  # 14:00
    "America/Asuncion",
    "Asia/Tehran",  # 3:30
    "UTC",
)
CITIES: Final = {name.rpartition("/")[2].replace("_", " "): name for name in ZONES}
CLOCKS: Final = (
    ("en-GB", Clock()),
    ("en-US", Clock(twelve_hours=True, month_first=True)),
    ("en-AU", Clock(twelve_hours=True)),
)
MEETINGS: Final = 13  # of each zone: 208
QUARTER: Final = timedelta(minutes=15)
YEAR: Final = timedelta(days=365)
SENDER: Final = Mailbox("Acme", "meet@acme.com")


@pytest.fixture
async def site(aiohttp_client: AiohttpClient, sqlite_database: Database) -> Site:
    urls = PublicUrls("https://book.example.com")
    return await aiohttp_client(create_site(database=sqlite_database, keyring=KEYRING, urls=urls))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    # freezegun's datetimes lose their fold: nothing that reads times may be given them.
    with freeze_time(NOW, real_asyncio=True, ignore=["_pytest", "tests.time_reading"]):
        yield


@pytest.mark.parametrize("zone", ZONES)
async def test_page_mails_files_message_and_card_say_the_same_instant(
    site: Site, sqlite_database: Database, zone: str
) -> None:
    random = Random(zone)  # noqa: S311  # the same meetings each time
    for number in range(MEETINGS):
        booking = await some_meeting(sqlite_database, zone, number, random)
        language = booking.booker.language
        secret = KEYRING.token(Purpose.BOOKING, booking.secret)

        page = await site.get(f"/booking/{secret}", headers={"Accept-Language": language})
        file = await site.get(f"/booking/{secret}/invitation.ics")

        expect_page(await page.text(), booking)
        expect_file(await file.read(), booking)
        for reader in (Reader.contact(booking), Reader.host(booking, booking.hosts[0])):
            expect_mail(mail_of(booking, reader), booking, reader)
        expect_message(link_used(booking, now=NOW), booking)
        expect_message(booked_for_you(booking, now=NOW, reader=SAM), booking)


async def some_meeting(
    database: Database, zone: str, number: int, random: Random
) -> BookingDetails:
    """Book a meeting of a calendar of its own at some time of the next year."""
    host_zone = random.choice(ZONES)
    workspace = await given_workspace(database)
    slug = f"meeting-{number}"
    calendar = CalendarSettings(
        slug=slug,
        name="Onboarding Call",
        type=CalendarType.EVENT,
        duration=random.choice([15, 30, 45, 90, 180]) * timedelta(minutes=1),
        step=QUARTER,
        window=YEAR,
        zone=random.choice(ZONES),
        hosts=(SAM,),
        owner=SAM,
        weekly=dict.fromkeys(EVERY_DAY, ("00:00-24:00",)),
    )
    sam = Person(SAM, "Sam Rivera", "sam@example.com", host_zone)
    await database.write(
        load_calendars, workspace_id=workspace.id, calendars=[calendar], people={SAM: sam}, now=NOW
    )
    link = await given_link(database, calendar=slug)
    language, clock = CLOCKS[number % len(CLOCKS)]
    booker = Booker("Jane Doe", "jane@example.com", "A note", zone, language=language, clock=clock)
    while True:
        edges = turning_points(random.choice([zone, host_zone]))
        near = random.choice(edges) if edges and number % 2 else NOW + random.random() * YEAR
        start = quarter_hour(near) + random.randrange(-16, 16) * QUARTER
        try:
            booked = await when_booked(database, link, start=start, booker=booker)
        except StartTaken:
            continue
        return await database.read(booking_by_id, booking_id=booked.booking_id)


def turning_points(zone: str) -> list[datetime]:
    """Return when the clocks of a zone turn in the next year, to the hour."""
    info, hour = ZoneInfo(zone), timedelta(hours=1)
    hours = [NOW + number * hour for number in range(24, 365 * 24)]
    return [
        one
        for one in hours
        if one.astimezone(info).utcoffset() != (one + hour).astimezone(info).utcoffset()
    ]


def quarter_hour(instant: datetime) -> datetime:
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)


def mail_of(booking: BookingDetails, reader: Reader) -> EmailMessage:
    return compose(
        booking,
        reader,
        sender=SENDER,
        urls=PublicUrls("https://book.example.com"),
        keyring=KEYRING,
        notification_id="d5c7a0c5-9d0b-5d8e-8f0c-0a3b1d2c4e5f",
        now=NOW,
    )


def expect_told(text: str, booking: BookingDetails, zones: set[str]) -> None:
    """Expect that a text tells the meeting's time in these zones, and no other time.

    Zones whose clocks agree are named once.
    """
    told = times_in(text, CITIES, now=NOW)
    assert told, text
    for one in told:
        assert (one.starts_at, one.ends_at) == (booking.starts_at, booking.ends_at), text
    clocks = {offsets(booking, one) for one in zones}
    assert {offsets(booking, one.zone) for one in told} == clocks, text


def offsets(booking: BookingDetails, zone: str) -> tuple[timedelta | None, ...]:
    info = ZoneInfo(zone)
    return tuple(one.astimezone(info).utcoffset() for one in (booking.starts_at, booking.ends_at))


def expect_page(page: str, booking: BookingDetails) -> None:
    host_zone = booking.hosts[0].zone
    assert host_zone
    expect_told(words_of(page), booking, {booking.booker.zone, host_zone})
    ways = links(page)
    (dates,) = parse_qs(urlsplit(ways["Google Calendar"]).query)["dates"]
    times = [
        datetime.strptime(one, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for one in dates.split("/")
    ]
    assert times == [booking.starts_at, booking.ends_at]
    for name in ("Outlook.com", "Microsoft 365"):
        query = parse_qs(urlsplit(ways[name]).query)
        start, end = (datetime.fromisoformat(query[key][0]) for key in ("startdt", "enddt"))
        assert (start, end) == (booking.starts_at, booking.ends_at)


def expect_file(file: bytes, booking: BookingDetails) -> None:
    event = vobject.readOne(file.decode()).vevent
    assert event.dtstart.value == booking.starts_at
    assert event.dtend.value == booking.ends_at


def expect_mail(mail: EmailMessage, booking: BookingDetails, reader: Reader) -> None:
    plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert plain
    assert html
    host_zone = booking.hosts[0].zone
    assert host_zone
    both = {booking.booker.zone, host_zone}
    expect_told(plain.get_content(), booking, both)
    expect_told(words_of(html.get_content()), booking, both)
    expect_told(mail["Subject"], booking, {reader.zone})
    for part in mail.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            expect_file(content, booking)


def expect_message(message: Message, booking: BookingDetails) -> None:
    blocks = json.dumps(message.block_json(), ensure_ascii=False)
    for text in (message.text, blocks):
        shown = slack_times_in(text)
        assert [instant for instant, _ in shown] == [booking.starts_at, booking.ends_at]
        assert [words for _, words in shown] == [booking.starts_at, booking.ends_at]
        assert not re.search(r"\d:\d\d", re.sub(r"<!date[^>]*>", "", text))
