"""A booking whose notification is claimed from the outbox."""

from datetime import timedelta

from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.events import queue as outbox
from scheduling.events.deliveries import (
    Delivery,
    Kind,
)
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
    (delivery,) = await database.write(
        outbox.claim, kinds=list(Kind), now=NOW, lease=timedelta(minutes=1), limit=1
    )
    return delivery
