"""A calendar with links, on a SQLite file of its own, for the measures that need a database."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes, token_hex

from scheduling.bookings.book import Booked, book
from scheduling.calendars.change import load_calendars
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker
from scheduling.database import Database, open_database
from scheduling.database.migrating import migrate
from scheduling.links.issue import issue_link
from scheduling.secrets.keyring import Keyring, Purpose
from scheduling.workspaces import ensure_workspace

KEYRING = Keyring.parse("a key of the benchmarks that opens nothing")
HOST = "U0BENCH"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A database with one calendar: half-hours, day and night, for a year."""

    database: Database
    path: Path
    opens_at: datetime

    async def link(self) -> str:
        """Issue a link and return its token."""
        secret = KEYRING.new_secret(Purpose.LINK, token_bytes(16))
        await self.database.write(
            issue_link,
            workspace_id=1,
            calendar="bench",
            contact=None,
            issued_by=HOST,
            channel_id="C0BENCH",
            deadline=None,
            request_key=token_hex(8),
            secret=secret,
            now=datetime.now(UTC),
        )
        return KEYRING.token(Purpose.LINK, secret)

    async def book(self, token: str, number: int) -> Booked:
        """Book the n-th half-hour with a link."""
        return await self.database.write(
            book,
            lookups=KEYRING.lookups(Purpose.LINK, token),
            submission_id=token_hex(16),
            start=self.opens_at + timedelta(minutes=30 * number),
            booker=Booker("Jane Doe", "jane@example.com", "", "UTC"),
            secret=KEYRING.new_secret(Purpose.BOOKING, token_bytes(16)),
            now=datetime.now(UTC),
        )


@asynccontextmanager
async def open_calendar() -> AsyncIterator[Calendar]:
    """Yield a calendar on a fresh file."""
    with tempfile.TemporaryDirectory(prefix="otl-bench-") as folder:
        path = Path(folder) / "bench.sqlite3"
        await migrate(f"sqlite:///{path}")
        database = open_database(f"sqlite:///{path}")
        try:
            now = datetime.now(UTC)
            await database.write(ensure_workspace, team_id="T0BENCH", name="Bench", now=now)
            await database.write(
                load_calendars,
                workspace_id=1,
                calendars=[_calendar()],
                people={HOST: Person(HOST, "Sam Rivera")},
                now=now,
            )
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            yield Calendar(database, path, midnight + timedelta(days=1))
        finally:
            await database.close()


def _calendar() -> CalendarSettings:
    return CalendarSettings(
        slug="bench",
        name="Bench",
        type=CalendarType.EVENT,
        duration=timedelta(minutes=30),
        window=timedelta(days=366),
        zone="UTC",
        hosts=(HOST,),
        owner=HOST,
        weekly=dict.fromkeys(DAYS, ("00:00-24:00",)),
    )
