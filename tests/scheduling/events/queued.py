"""What the tests of the queue claim, and what they say came of it."""

from datetime import datetime, timedelta

from scheduling.bookings.book import Booked
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Done, Outcome
from scheduling.events.queue import Terms, claim, next_due
from scheduling.events.settling import settle
from tests.arguments import free_starts
from tests.given import NOW, SALES, given_calendar, given_link, when_booked

SECOND = timedelta(seconds=1)
LEASE = timedelta(minutes=2)
QUARANTINE = timedelta(seconds=60)
SLACKS_NOW = NOW + timedelta(minutes=7)  # Slack's clock is another one
SENT = Done("C0SALES", "1733216400.000100")
TERMS = Terms({"slack": SLACKS_NOW}, busy_lanes=(), held=(), limit=10)


async def given_bookings(
    database: Database, number: int, *, own_channels: bool = False
) -> list[Booked]:
    await given_calendar(database)
    channels = [f"C0SIDE{one:02}" if own_channels else SALES for one in range(number)]
    links = [await given_link(database, channel_id=channel) for channel in channels]
    return [
        await when_booked(database, link, start=start, everybody=False)
        for link, start in zip(links, free_starts(number), strict=True)
    ]


async def claiming(
    database: Database, terms: Terms = TERMS, *, now: datetime = NOW
) -> tuple[Delivery, ...]:
    return await database.write(claim, terms, now=now, lease=LEASE)


async def recording(
    database: Database,
    delivery: Delivery,
    outcome: Outcome,
    *,
    now: datetime = NOW,
    ended_at: datetime = SLACKS_NOW,
) -> bool:
    return await database.write(
        settle,
        delivery,
        outcome,
        began_at=SLACKS_NOW,
        ended_at=ended_at,
        now=now,
        quarantine=QUARANTINE,
    )


async def due(database: Database, terms: Terms = TERMS) -> datetime | None:
    return await database.read(next_due, terms)
