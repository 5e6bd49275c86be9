"""A booking whose delivery is claimed."""

from datetime import timedelta

from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.events import queue
from scheduling.events.deliveries import Delivery
from scheduling.events.destinations import SLACK
from scheduling.events.queue import Terms
from tests.given import (
    ANA,
    NOW,
    SALES,
    a_booker,
    given_calendar,
    given_link,
    when_booked,
)


async def a_delivery(
    database: Database,
    *,
    channel_id: str = SALES,
    contact: Contact | None = None,
    notification_channel: str | None = None,
    name: str = "Jane Doe",
) -> Delivery:
    """Book a link that Ana issued two days ago for Sam's calendar, and claim what is to be told."""
    await given_calendar(database, notification_channel=notification_channel)
    link = await given_link(
        database,
        contact=contact,
        issued_by=ANA,
        channel_id=channel_id,
        now=NOW - timedelta(days=2),
    )
    await when_booked(database, link, booker=a_booker(name=name))
    return await claim(database)


async def claim(database: Database) -> Delivery:
    (delivery,) = await claim_due(database, limit=1)
    return delivery


async def claim_due(database: Database, *, limit: int = 10) -> tuple[Delivery, ...]:
    """Claim what is due; of each channel the oldest alone, as long as its lease runs."""
    terms = Terms({SLACK: NOW}, busy_lanes=(), held=(), limit=limit)
    return await database.write(queue.claim, terms, now=NOW, lease=timedelta(minutes=1))
