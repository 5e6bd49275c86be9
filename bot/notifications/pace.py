"""About one message a second and channel, as Slack allows; silence while it asks for that."""

import asyncio
from typing import Final

INTERVAL_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 2.0
"""For longer than this nobody waits here: the row goes back, and another channel's turn comes."""


class Pace:
    """Turns to post, first come first served; channels do not wait for each other."""

    def __init__(self, interval: float = INTERVAL_SECONDS) -> None:
        self._interval = interval
        self._next_turn: dict[str, float] = {}
        self._silent_until = 0.0

    async def take_turn(self, channel_id: str) -> float:
        """Wait for a turn and return 0, or return after how many seconds to ask again."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next_turn.get(channel_id, now), self._silent_until)
        wait = turn - now
        if wait > LONGEST_WAIT_SECONDS:
            return wait
        self._next_turn = {one: at for one, at in self._next_turn.items() if at > now}
        self._next_turn[channel_id] = turn + self._interval
        await asyncio.sleep(wait)
        return 0.0

    def keep_silent(self, seconds: float) -> None:
        """Post nowhere for so long: Slack counts the whole workspace, not only a channel."""
        now = asyncio.get_running_loop().time()
        self._silent_until = max(self._silent_until, now + seconds)
