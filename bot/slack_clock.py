"""How Slack's clock stands: told by the Date of each of its answers, whatever ours shows."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A Date has whole seconds, and the answer was on its way for a while.
PRECISION = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class _Reading:
    slack: datetime
    wall: datetime
    steady: float


class SlackClock:
    """Estimates Slack's clock twice since the last answer, by our wall clock and by a steady one.

    The wall clock may be set meanwhile, and the steady one stands still while a machine sleeps: the
    truth lies between the two. Before the first answer there is our own clock alone.

    Args:
        steady: seconds that only ever grow; None: the event loop's.
    """

    def __init__(self, steady: Callable[[], float] | None = None) -> None:
        self._steady = steady or (lambda: asyncio.get_running_loop().time())
        self._reading: _Reading | None = None

    def note(self, date: str | None) -> None:
        """Take the Date header of an answer that has just come (RFC 9110 §6.6.1)."""
        try:
            slack = parsedate_to_datetime(date or "")
            if slack.tzinfo is None:
                return
            slack = slack.astimezone(UTC)
        except (ValueError, OverflowError):
            return
        if slack.year < MAXYEAR:  # so that it can go on
            self._reading = _Reading(slack, datetime.now(UTC), self._steady())

    def now(self) -> tuple[datetime, datetime]:
        """Return the earliest and the latest instant that Slack's clock may show."""
        wall = datetime.now(UTC)
        reading = self._reading
        if reading is None:
            return wall, wall
        by_wall = reading.slack + (wall - reading.wall)
        by_steady = reading.slack + timedelta(seconds=self._steady() - reading.steady)
        return min(by_wall, by_steady) - PRECISION, max(by_wall, by_steady) + PRECISION
