"""A worker with the real notifier and the stand-in, running, stopped and killed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient
from otl.practice.faults import Where
from otl.worker import Timing, Worker
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Outcome
from scheduling.events.destinations import SLACK
from tests.otl.due import (
    STUCK_SECONDS,
)

POST: Final = "chat.postMessage"
HISTORY: Final = "conversations.history"
TIMING: Final = Timing(
    quarantine=timedelta(seconds=0.3),
    request=timedelta(hours=1),  # no lease runs out here, unless a test is about that
    poll=timedelta(seconds=0.1),
    recheck=timedelta(seconds=0.05),
)
FOR_EVER: Final = 3600.0


class Scripted(Notifier):
    """The real notifier behind a function of the test's."""

    script: Callable[[Delivery], Awaitable[Outcome]]

    async def deliver(self, delivery: Delivery) -> Outcome:
        return await self.script(delivery)


def new_worker(
    database: Database,
    client: SlackClient,
    *,
    timing: Timing = TIMING,
    deliver: Callable[[Delivery], Awaitable[Outcome]] | None = None,
) -> Worker:
    notifier = Scripted(database=database, client=client, seconds_between=0.01)
    notifier.script = deliver or super(Scripted, notifier).deliver
    return Worker(database, {SLACK: notifier}, workspace_id=1, timing=timing)


@asynccontextmanager
async def delivering(
    database: Database,
    client: SlackClient,
    *,
    timing: Timing = TIMING,
    deliver: Callable[[Delivery], Awaitable[Outcome]] | None = None,
) -> AsyncIterator[Worker]:
    """Run a worker; leaving stops it as SIGTERM does."""
    worker = new_worker(database, client, timing=timing, deliver=deliver)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running


async def when_killed(worker: Worker, reached: asyncio.Event) -> None:
    """Run a worker to this point, and end it with all that it has in flight, as SIGKILL would."""
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(STUCK_SECONDS):
        await reached.wait()
    dying = {running, *worker._in_flight}
    for task in dying:
        task.cancel()
    await asyncio.gather(*dying, return_exceptions=True)


def in_channel(channel_id: str) -> Where:
    return lambda fields: fields["channel"] == channel_id
