"""Delivers what events must tell: woken by commits, polling as a net."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from otl.turns import Turns
from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.events import queue
from scheduling.events.deliveries import (
    Deliverer,
    Delivery,
    DestinationRefused,
    NotSent,
    Outcome,
    Refused,
    StillUnsure,
    Unsure,
)
from scheduling.events.queue import Terms
from scheduling.events.refusing import clear_refusal, refusing
from scheduling.events.settling import settle
from scheduling.failpoints import failpoint

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient the worker is.

    Attributes:
        quarantine: how long what is unsure waits before it is looked up.
        request: how long one delivery may take, look-up and request together.
        poll: the longest sleep; a wake-up that got lost costs so much.
        recheck: how often a destination that refuses us is asked whether it takes us again.
        between: how far apart messages to one Slack conversation are at least.
        at_once: deliveries in flight at the most.
    """

    quarantine: timedelta = timedelta(seconds=60)
    request: timedelta = timedelta(seconds=30)
    poll: timedelta = timedelta(seconds=5)
    recheck: timedelta = timedelta(seconds=30)
    between: timedelta = timedelta(seconds=1)
    at_once: int = 16

    @property
    def lease(self) -> timedelta:
        """Longer than a request and the quarantine: what it leaves can be looked up at once."""
        return self.request + self.quarantine


class Worker:
    """Hands what is due to the deliverer of its destination.

    Args:
        deliverers: one for each destination that this process delivers to.
    """

    def __init__(
        self,
        database: Database,
        deliverers: Mapping[str, Deliverer],
        *,
        workspace_id: int,
        timing: Timing,
    ) -> None:
        self._database = database
        self._deliverers = deliverers
        self._workspace_id = workspace_id
        self._timing = timing
        self._turns = {name: Turns(one.seconds_between) for name, one in deliverers.items()}
        self._ask_again_at: dict[str, float] = {}
        # What is unsure waits by this process's own clock too: the wall clock may jump meanwhile.
        self._held: dict[int, float] = {}
        self._in_flight: dict[asyncio.Task[None], Delivery] = {}
        self._woken = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Deliver until `stop`; then finish what is in flight."""
        take_back = self._database.on_commit(self._woken.set)
        try:
            while not self._stopping:
                self._woken.clear()
                pause = await self._try_a_round()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), pause)
            if self._in_flight:
                await asyncio.wait(self._in_flight)
        finally:
            take_back()

    def stop(self) -> None:
        """Take nothing new; `run` returns when what is in flight has ended."""
        self._stopping = True
        self._woken.set()

    async def _try_a_round(self) -> float:
        try:
            return await self._round()
        except DatabaseUnavailable:
            pass
        except Exception:  # the loop is the top: it logs and goes on
            log.exception("a round of deliveries failed")
        return self._timing.poll.total_seconds()

    async def _round(self) -> float:
        """Begin what is due and return the seconds until more may be."""
        poll = self._timing.poll.total_seconds()
        accepting = await self._accepting()
        terms = self._terms(accepting)
        if terms.limit <= 0 or not terms.destinations:
            return min(poll, self._next_turn())  # a delivery that ends wakes the loop
        clock = await self._database.clock()
        give_up_at = _now() + self._timing.request.total_seconds()
        due = await self._database.read(queue.next_due, terms)
        if due is None or due > clock:
            sleep = poll if due is None else min((due - clock).total_seconds(), poll)
            return min(sleep, self._next_turn())
        claimed = await self._database.write(
            queue.claim, terms, now=clock, lease=self._timing.lease
        )
        if claimed:
            failpoint("claimed")
        for delivery in claimed:
            self._begin(delivery, give_up_at)
        return 0.0 if claimed else min(poll, self._next_turn())

    def _begin(self, delivery: Delivery, give_up_at: float) -> None:
        self._turns[delivery.destination].take(delivery.goes_to, _now())
        task = asyncio.create_task(self._deliver(delivery, give_up_at))
        self._in_flight[task] = delivery
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._in_flight[task]
        self._woken.set()

    def _terms(self, accepting: Mapping[str, Deliverer]) -> Terms:
        now = _now()
        self._held = {id_: until for id_, until in self._held.items() if until > now}
        speaking = {
            name: one for name, one in accepting.items() if self._turns[name].silent_until <= now
        }
        in_flight = self._in_flight.values()
        return Terms(
            destinations={name: one.clock()[0] for name, one in speaking.items()},
            busy_lanes={lane for name in speaking for lane in self._turns[name].busy(now)}
            | {one.goes_to for one in in_flight if one.goes_to},
            held={*self._held, *(one.id for one in in_flight)},
            limit=self._timing.at_once - len(in_flight),
        )

    def _next_turn(self) -> float:
        """Return the seconds until a lane, a silence or a held delivery ends."""
        now = _now()
        ends = [at for turns in self._turns.values() for at in turns.busy(now).values()]
        ends += [turns.silent_until for turns in self._turns.values()]
        ends += [*self._held.values(), *self._ask_again_at.values()]
        return min((at - now for at in ends if at > now), default=float("inf"))

    async def _deliver(self, delivery: Delivery, give_up_at: float) -> None:
        deliverer = self._deliverers[delivery.destination]
        began_at = deliverer.clock()[0]
        outcome = await self._try(deliverer, delivery, give_up_at)
        failpoint("before_record")
        self._heed(delivery, outcome)
        try:
            await self._database.write(
                settle,
                delivery,
                outcome,
                began_at=began_at,
                ended_at=deliverer.clock()[1],
                now=await self._database.clock(),
                quarantine=self._timing.quarantine,
            )
        except DatabaseUnavailable:  # its lease runs out, and it is looked up
            log.warning("the outcome of delivery %s was not stored", delivery.id)
        except Exception:  # likewise
            log.exception("the outcome of delivery %s was not stored", delivery.id)

    async def _try(self, deliverer: Deliverer, delivery: Delivery, give_up_at: float) -> Outcome:
        """Deliver until the time is over that the lease leaves, however long it took to get it.

        When the lease has run out, another process looks it up and sends it.
        """
        if _now() >= give_up_at:
            return NotSent("claimed too late")
        try:
            async with asyncio.timeout_at(give_up_at):
                return await deliverer.deliver(delivery)
        except TimeoutError:
            return Unsure("took too long")
        except Exception:  # whatever it was, what there is to tell is not lost
            log.exception("delivery %s to %s failed", delivery.id, delivery.destination)
            return Unsure("internal error")

    def _heed(self, delivery: Delivery, outcome: Outcome) -> None:
        """Wait by this process's own clock as well."""
        now = _now()
        if isinstance(outcome, Unsure):
            self._held[delivery.id] = now + self._timing.quarantine.total_seconds()
        if isinstance(outcome, NotSent | StillUnsure) and outcome.retry_after is not None:
            seconds = outcome.retry_after.total_seconds()
            self._turns[delivery.destination].keep_silent(seconds, now)
        if isinstance(outcome, Refused):
            words = "delivery %s to %s is refused for good: %s"
            log.warning(words, delivery.id, delivery.destination, outcome.reason)
        if isinstance(outcome, DestinationRefused):
            self._ask_again_at.setdefault(delivery.destination, now + self._recheck)
            log.error("%s refuses everything: %s", delivery.destination, outcome.reason)

    @property
    def _recheck(self) -> float:
        return self._timing.recheck.total_seconds()

    async def _accepting(self) -> Mapping[str, Deliverer]:
        """Return the destinations that take something from us, those that refused asked anew."""
        refused = await self._database.read(refusing)
        return {
            name: deliverer
            for name, deliverer in self._deliverers.items()
            if name not in refused or await self._accepts_again(name, deliverer)
        }

    async def _accepts_again(self, name: str, deliverer: Deliverer) -> bool:
        now = _now()
        if self._ask_again_at.setdefault(name, now) > now:
            return False
        self._ask_again_at[name] = now + self._recheck
        if not await deliverer.accepts():
            return False
        await self._database.write(clear_refusal, workspace_id=self._workspace_id, destination=name)
        del self._ask_again_at[name]
        log.info("%s takes what we send again", name)
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()
