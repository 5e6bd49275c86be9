"""What changes reaches the page over a WebSocket, which carries one person's changes only."""

import asyncio
from typing import Final

from aiohttp import WSCloseCode, web

from otl.practice.page.visible import everything_for, frame_for, is_somebody
from otl.practice.state import PracticeState
from otl.practice.wire import Json
from otl.practice.workspace import Change

HEARTBEAT_SECONDS: Final = 20.0


class LivePages:
    """The pages that are open now."""

    def __init__(self, slack: PracticeState) -> None:
        self._slack = slack
        self._open: set[web.WebSocketResponse] = set()
        slack.on_close.append(self.close)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Tell one page everything, then each change, until it closes."""
        user = request.query.get("as", "")
        if not is_somebody(self._slack, user):
            raise web.HTTPNotFound(text="Nobody here has this id.")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._tell(socket, user)
        finally:
            self._open.discard(socket)
        return socket

    async def _tell(self, socket: web.WebSocketResponse, user: str) -> None:
        frames: asyncio.Queue[Json] = asyncio.Queue()

        def hear(change: Change) -> None:
            frame = frame_for(self._slack, user, change)
            if frame is not None:
                frames.put_nowait(frame)

        frames.put_nowait({"kind": "everything", "data": everything_for(self._slack, user)})
        stop_listening = self._slack.workspace.listen(hear)
        sending = asyncio.create_task(_send_all(socket, frames))
        try:
            async for _ in socket:
                pass  # a page says nothing here; reading notices when it closes
        finally:
            stop_listening()
            sending.cancel()

    async def close(self) -> None:
        """Hang up, so that the pages know to come back."""
        for socket in tuple(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)


async def _send_all(socket: web.WebSocketResponse, frames: asyncio.Queue[Json]) -> None:
    while not socket.closed:
        await socket.send_json(await frames.get())
