"""Deletes what is kept for a while only, in small steps that nobody feels."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.retention import forget_events, forget_request_keys, look_through_events

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How quietly it goes about it.

    Attributes:
        between_rounds: how long after one round the next begins; the first begins after `first`.
        between_steps: what comes in between belongs to everybody else.
        step: rows of one write at the most.
    """

    first: timedelta = timedelta(minutes=1)
    between_rounds: timedelta = timedelta(hours=1)
    between_steps: timedelta = timedelta(seconds=0.5)
    step: int = 300


class Retention:
    """Goes through what is old again and again. Two processes that do so do no harm.

    Args:
        kept: how long events and their deliveries are kept after the end of what they are about.
    """

    def __init__(self, database: Database, kept: timedelta, pace: Pace | None = None) -> None:
        self._database = database
        self._kept = kept
        self._pace = pace or Pace()

    async def run(self) -> None:
        """Go on until it is cancelled."""
        await asyncio.sleep(self._pace.first.total_seconds())
        while True:
            try:
                await self.one_round(datetime.now(UTC))
            except DatabaseUnavailable:
                pass  # the next round finds it all again
            except Exception:  # the loop is the top: it logs and goes on
                log.exception("what is old was not deleted")
            await asyncio.sleep(self._pace.between_rounds.total_seconds())

    async def one_round(self, now: datetime) -> None:
        """Delete all whose time is over now."""
        keys = await self._forget_request_keys(now)
        events = await self._forget_events(now - self._kept)
        if keys or events:
            log.info("deleted what is old: %d request keys, %d events", keys, events)

    async def _forget_request_keys(self, now: datetime) -> int:
        number, step = 0, self._pace.step
        while True:
            gone = await self._database.write(forget_request_keys, now=now, limit=step)
            number += gone
            if gone < step:
                return number
            await self._pause()

    async def _forget_events(self, before: datetime) -> int:
        number, after = 0, None
        while True:
            found = await self._database.read(
                look_through_events, before=before, after=after, limit=self._pace.step
            )
            if found.over:
                number += await self._database.write(forget_events, ids=found.over)
            if found.last is None:
                return number
            after = found.last
            await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self._pace.between_steps.total_seconds())
