"""What a test starts from, made by the use cases themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_bytes, token_hex
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.calendars.change import load_calendars
from scheduling.calendars.find import CalendarDetails, find_calendar
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from scheduling.links.details import LinkDetails
from scheduling.links.issue import issue_link
from scheduling.secrets.keyring import Keyring, Purpose
from scheduling.workspaces import Workspace, ensure_workspace

SECRET_KEY = "1:the-secret-key-of-the-tests-is-long-enough"
KEYRING = Keyring.parse(SECRET_KEY)
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # a Tuesday
MONDAY_NINE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
TEAM = "T0PRACTICE"
SAM, ANA, KIM = "U0SAM", "U0ANA", "U0KIM"
SALES = "C0SALES"
EVERY_DAY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("09:00-17:00",))
PEOPLE: Mapping[str, Person] = {
    SAM: Person(SAM, "Sam Rivera", "sam@example.com", "Europe/Berlin"),
    ANA: Person(ANA, "Ana Lopes", "ana@example.com", "Europe/Lisbon"),
    KIM: Person(KIM, "Kim Park", "kim@example.com", "America/New_York"),
}


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link and what opens it."""

    details: LinkDetails
    token: str
    lookups: tuple[bytes, ...]


async def given_workspace(database: Database) -> Workspace:
    return await database.write(ensure_workspace, team_id=TEAM, name="Practice", now=NOW)


async def given_calendar(
    database: Database, *, slug: str = "onboarding-call", **settings: Any
) -> CalendarDetails:
    """Make a calendar: by default an Event of Sam's, 30 minutes, every day 09:00-17:00 UTC."""
    workspace = await given_workspace(database)
    named = {
        "name": slug.replace("-", " ").title(),
        "type": CalendarType.EVENT,
        "duration": timedelta(minutes=30),
        "zone": "UTC",
        "hosts": (SAM,),
        "owner": SAM,
        "weekly": EVERY_DAY,
    } | settings
    now = named.pop("now", NOW)
    await database.write(
        load_calendars,
        workspace_id=workspace.id,
        calendars=[CalendarSettings(slug=slug, **named)],
        people=PEOPLE,
        now=now,
    )
    return await database.read(find_calendar, workspace_id=workspace.id, words=slug)


async def given_link(
    database: Database,
    *,
    calendar: str = "onboarding-call",
    contact: Contact | None = None,
    issued_by: str = SAM,
    channel_id: str = SALES,
    deadline: timedelta | None = None,
    now: datetime = NOW,
) -> GivenLink:
    """Issue a link of a calendar that exists."""
    secret = KEYRING.new_secret(Purpose.LINK, token_bytes(16))
    details = await database.write(
        issue_link,
        workspace_id=1,
        calendar=calendar,
        contact=contact,
        issued_by=issued_by,
        channel_id=channel_id,
        deadline=deadline,
        request_key=token_hex(8),
        secret=secret,
        now=now,
    )
    token = KEYRING.token(Purpose.LINK, secret)
    return GivenLink(details, token, KEYRING.lookups(Purpose.LINK, token))


def a_booker(name: str = "Jane Doe", email: str = "jane@example.com") -> Booker:
    return Booker(name, email, "", "Europe/Berlin")


def book_for_the_channel(session: Session, **arguments: Any) -> Booked:
    """Book, and have nobody but the channel told: for tests of one message's way."""
    booked = book(session, **arguments)
    session.execute(
        text(
            "DELETE FROM delivery WHERE recipient <> 'channel' AND event_id IN"
            " (SELECT id FROM event WHERE kind = 'booking.made' AND subject_id = :booking)"
        ),
        {"booking": booked.booking_id},
    )
    return booked


async def when_booked(
    database: Database,
    link: GivenLink,
    *,
    start: datetime = MONDAY_NINE,
    booker: Booker | None = None,
    submission_id: str | None = None,
    now: datetime = NOW,
    everybody: bool = True,
) -> Booked:
    """Book with a form of its own, unless a submission is named; everybody or a channel is told."""
    return await database.write(
        book if everybody else book_for_the_channel,
        lookups=link.lookups,
        submission_id=submission_id or token_hex(16),
        start=start,
        booker=booker or a_booker(),
        secret=KEYRING.new_secret(Purpose.BOOKING, token_bytes(16)),
        now=now,
    )
