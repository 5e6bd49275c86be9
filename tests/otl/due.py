"""Bookings whose notifications are due now, by the real clock, and what became of them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from otl.practice import PracticeSlack
from scheduling.database import Database
from scheduling.database.models import DeliveryRow
from scheduling.events.deliveries import State
from scheduling.events.destinations import CHANNEL
from tests.given import SALES, GivenLink, a_booker, given_calendar, given_link, when_booked
from tests.stored import count

STARTS_A_DAY = 16
STUCK_SECONDS = 30.0
SIDE_CHANNELS = tuple(f"C0SIDE{number:02}" for number in range(16))
"""Slack takes a message a second and channel: where many come at once, each has its own."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a notification stands."""

    state: State
    place: int
    plain: bool
    claims: int
    reason: str | None
    not_before: datetime
    sent_to: str | None


def start(number: int) -> datetime:
    """Return a start of the default calendar, next week by the real clock; each number its own."""
    day, place = divmod(number, STARTS_A_DAY)
    first = datetime.combine(datetime.now(UTC).date() + timedelta(days=7), time(9), UTC)
    return first + timedelta(days=day, minutes=30 * place)


async def given_due_link(
    database: Database, *, channel_id: str = SALES, **settings: Any
) -> GivenLink:
    """Issue a link of Sam's; the settings are the calendar's."""
    now = datetime.now(UTC)
    await given_calendar(database, now=now, **settings)
    return await given_link(database, channel_id=channel_id, now=now)


async def given_due(
    database: Database,
    number: int = 0,
    *,
    channel_id: str = SALES,
    everybody: bool = False,
    **settings: Any,
) -> str:
    """Issue a link and book it; return the contact's name, which the notification tells.

    Args:
        everybody: the host is told too, not only the channel.
    """
    link = await given_due_link(database, channel_id=channel_id, **settings)
    name = f"Contact {number:02}"
    now = datetime.now(UTC)
    await when_booked(
        database,
        link,
        start=start(number),
        booker=a_booker(name),
        now=now,
        everybody=everybody,
    )
    return name


async def told(database: Database) -> list[Told]:
    """Return how the channels' notifications stand, oldest first."""
    return await database.read(_told)


async def until_told(database: Database, number: int = 1) -> list[Told]:
    """Wait until so many of the channels' notifications are done and none waits, nobody's."""

    def is_so(rows: list[Told]) -> bool:
        return len(rows) == number and all(row.state is State.DONE for row in rows)

    async with asyncio.timeout(STUCK_SECONDS):
        while await database.read(count, "delivery", "closed_at IS NULL"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return await until(database, is_so)


async def until(database: Database, is_so: Callable[[list[Told]], bool]) -> list[Told]:
    """Wait until the notifications stand so."""
    rows: list[Told] = []
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            while not is_so(rows := await told(database)):  # noqa: ASYNC110  # other loops write
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"it did not come to that: {rows}") from None
    return rows


def names_told(slack: PracticeSlack, names: Sequence[str], *channels: str) -> Counter[str]:
    """Count how often each contact's booking was told, in these channels."""
    texts = [message.text for channel in channels for message in slack.messages(channel)]
    return Counter({name: sum(f"{name} booked" in text for text in texts) for name in names})


def blocks_in(fields: Any) -> bool:
    """Tell whether a call posts blocks."""
    return bool(fields.get("blocks"))


def _told(session: Session) -> list[Told]:
    return [
        Told(
            row.state,
            row.place,
            row.plain,
            row.claims,
            row.reason,
            row.not_before,
            row.receipt_place,
        )
        for row in session.scalars(
            select(DeliveryRow).where(DeliveryRow.recipient == CHANNEL).order_by(DeliveryRow.id)
        )
    ]
