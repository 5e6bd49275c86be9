"""Socket Mode: WebSockets to the app, envelopes down, acknowledgements up."""

import asyncio
import secrets
import uuid
from typing import Any, Final

from aiohttp import WSMsgType, web

from otl.practice.wire import Json

MOST_CONNECTIONS: Final = 10


class Sockets:
    """The app's open connections and the envelopes that wait for their acknowledgement."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def issue_ticket(self) -> str:
        """Return the secret of an address that is good for one connection."""
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Keep one connection: say hello, then listen for acknowledgements until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or len(self._open) >= MOST_CONNECTIONS:
            raise web.HTTPForbidden(text="This address was used or never issued.")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        try:
            await socket.send_json(self._hello())
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._take_acknowledgement(frame.json())
        finally:
            self._open.remove(socket)
        return socket

    def _hello(self) -> Json:
        debug = {"host": "practice", "build_number": 1, "approximate_connection_time": 18060}
        hello: Json = {"type": "hello", "num_connections": len(self._open), "debug_info": debug}
        return hello | {"connection_info": {"app_id": self._app_id}}

    def _take_acknowledgement(self, acknowledgement: Json) -> None:
        waiting = self._waiting.get(str(acknowledgement.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(acknowledgement.get("payload"))

    async def deliver(self, kind: str, payload: Json, *, seconds: float, retry: int = 0) -> Any:
        """Send an envelope over one connection and return the payload of its acknowledgement.

        Raises:
            TimeoutError: nothing came back in time.
        """
        envelope_id = str(uuid.uuid4())
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await secrets.choice(self._open).send_json(envelope)
            return await asyncio.wait_for(self._waiting[envelope_id], seconds)
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app to connect anew and hang up, as Slack does every few hours."""
        for socket in tuple(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
