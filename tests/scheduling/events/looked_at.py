"""Notifications that are queued and tried, and how health says they stand."""

from datetime import datetime, timedelta

from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Done, Outcome
from scheduling.events.health import DeliveryHealth, delivery_health
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from tests.arguments import free_starts
from tests.given import ANA, NOW, SALES, given_calendar, given_link, when_booked

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
SENT = Done(SALES, "1.1")
DIRECT = Done("D0ANA", "1.1")


async def booked(database: Database, number: int = 1, *, at: datetime = NOW) -> list[str]:
    """Book links that Ana issued for Sam's calendar; return their public ids."""
    await given_calendar(database)
    links = []
    for start in free_starts(number):
        link = await given_link(database, issued_by=ANA, now=NOW - DAY)
        await when_booked(database, link, start=start, now=at, everybody=False)
        links.append(link.details.public_id)
    return links


async def tried(database: Database, *outcomes: Outcome, at: datetime = NOW) -> list[Delivery]:
    """Claim what is due, one after the other, and record these outcomes."""
    deliveries = []
    for outcome in outcomes:
        (one,) = await database.write(claim, a_worker_s(at), now=at, lease=2 * MINUTE)
        await database.write(
            settle, one, outcome, began_at=at, ended_at=at, now=at, quarantine=MINUTE
        )
        deliveries.append(one)
    return deliveries


def a_worker_s(at: datetime) -> Terms:
    return Terms({"slack": at}, busy_lanes=(), held=(), limit=1)


async def health(database: Database, *, at: datetime = NOW, limit: int = 5) -> DeliveryHealth:
    return await database.read(delivery_health, workspace_id=1, now=at, limit=limit)


async def next_at(database: Database) -> datetime | None:
    return max((one.next_at for one in (await health(database)).waiting), default=None)
