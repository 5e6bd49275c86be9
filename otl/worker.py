"""Delivers the outbox: woken by commits, polling as a net."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduling import workspaces
from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.events import queue as outbox
from scheduling.events.deliveries import Deliverer, Delivery, Kind, Outcome, Unsure
from scheduling.failpoints import failpoint

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient the loop is.

    Attributes:
        quarantine: how long an unsure notification waits before it is looked up.
        request: how long one delivery may take, look-up, turn and request together.
        poll: the longest sleep; a wake-up that got lost costs so much.
        recheck: how often Slack is asked whether it takes our token again.
        at_once: deliveries in flight at the most.
    """

    quarantine: timedelta = timedelta(seconds=60)
    request: timedelta = timedelta(seconds=30)
    poll: timedelta = timedelta(seconds=5)
    recheck: timedelta = timedelta(seconds=30)
    at_once: int = 16

    @property
    def lease(self) -> timedelta:
        """Longer than a request and the quarantine: what it leaves can be looked up at once."""
        return self.request + self.quarantine


class OutboxLoop:
    """Hands what is due to the deliverer of its kind.

    Args:
        deliverers: one for each kind that this process delivers.
        slack_answers: tells whether `auth.test` succeeds; asked while Slack refuses our token.
    """

    def __init__(
        self,
        database: Database,
        deliverers: Mapping[Kind, Deliverer],
        *,
        workspace_id: int,
        slack_answers: Callable[[], Awaitable[bool]],
        timing: Timing,
    ) -> None:
        self._database = database
        self._deliverers = deliverers
        self._workspace_id = workspace_id
        self._slack_answers = slack_answers
        self._timing = timing
        self._woken = asyncio.Event()
        self._stopping = False
        self._in_flight: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until `stop`; then finish what is in flight."""
        self._database.on_commit(self._woken.set)
        while not self._stopping:
            self._woken.clear()
            try:
                pause = await self._round()
            except DatabaseUnavailable:
                pause = self._timing.poll.total_seconds()
            except Exception:  # the loop is the top: it logs and goes on
                log.exception("a round of the outbox failed")
                pause = self._timing.poll.total_seconds()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    def stop(self) -> None:
        """Take nothing new; `run` returns when what is in flight has ended."""
        self._stopping = True
        self._woken.set()

    async def _round(self) -> float:
        """Begin what is due and return the seconds until more may be."""
        poll = self._timing.poll.total_seconds()
        refusal = await self._database.read(workspaces.slack_refusal)
        if refusal is not None and not await self._accepted_again():
            return self._timing.recheck.total_seconds()
        free = self._timing.at_once - len(self._in_flight)
        if free <= 0:
            return poll  # a delivery that ends wakes the loop
        began_at = datetime.now(UTC)
        give_up_at = asyncio.get_running_loop().time() + self._timing.request.total_seconds()
        due = await self._database.read(outbox.next_due, kinds=self._deliverers)
        if due is None or due > began_at:
            return poll if due is None else min((due - began_at).total_seconds(), poll)
        claimed = await self._database.write(
            outbox.claim,
            kinds=self._deliverers,
            now=began_at,
            lease=self._timing.lease,
            limit=free,
        )
        if claimed:
            failpoint("claimed")
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery, began_at, give_up_at))
            self._in_flight.add(task)
            task.add_done_callback(self._ended)
        return 0.0 if claimed else poll

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._woken.set()

    async def _deliver(self, delivery: Delivery, began_at: datetime, give_up_at: float) -> None:
        outcome: Outcome
        try:
            # Counted from the lease, however long it took to get it: when that has run out,
            # another process looks the notification up and sends it.
            async with asyncio.timeout_at(give_up_at):
                outcome = await self._deliverers[delivery.kind](delivery)
        except TimeoutError:
            outcome = Unsure("took too long")
        except Exception:  # whatever it was, the notification is not lost
            log.exception("delivery %s of kind %s failed", delivery.id, delivery.kind)
            outcome = Unsure("internal error")
        failpoint("before_record")
        try:
            await self._database.write(
                outbox.record,
                delivery=delivery,
                outcome=outcome,
                began_at=began_at,
                now=datetime.now(UTC),
                quarantine=self._timing.quarantine,
            )
        except Exception:  # its lease runs out, and it is looked up
            log.exception("the outcome of delivery %s was not recorded", delivery.id)

    async def _accepted_again(self) -> bool:
        if not await self._slack_answers():
            return False
        await self._database.write(workspaces.clear_slack_refusal, workspace_id=self._workspace_id)
        log.info("Slack takes our token again")
        return True
