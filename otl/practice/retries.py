"""Events are sent again when the app does not take them: at once, after a minute, after five."""

import asyncio
import contextlib
from typing import Final

from otl.practice.delivery import Courier, Delivery, Kind
from otl.practice.wire import Json

RETRY_SECONDS: Final = (0.0, 60.0, 300.0)


class Retries:
    """The further tries of one event."""

    def __init__(self, courier: Courier, payload: Json) -> None:
        self._courier = courier
        self._payload = payload
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Try again in the background until it is taken or three tries are over."""
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        for number, seconds in enumerate(RETRY_SECONDS, start=1):
            await asyncio.sleep(seconds)
            answer = await self._courier.send(Delivery(Kind.EVENT, self._payload, retry=number))
            if answer.ok:
                return

    async def close(self) -> None:
        """Give up."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
