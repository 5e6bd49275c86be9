"""Connections: how long each may keep its place, and who goes when places run short.

aiohttp alone lets a half-sent request stay for an hour, and asyncio, when no file is left for
another connection, takes none at all: a thousand that say nothing would close the site.
"""

import asyncio
import resource
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import StreamReader, web

from booking_web.security import HEADERS

AT_ONCE: Final = 16
"""So many connections asyncio takes in before it lets us count them."""

OTHER_FILES: Final = 256
"""Left for the database, Slack, whatever else is opened, and what is taken in and not counted."""

MOST: Final = 10_000
SWEEP_SECONDS: Final = 1.0
FRESH_SECONDS: Final = 1.0
"""Who has just come, or has just been answered, may speak before others who keep us waiting."""


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds a connection keeps its place.

    Attributes:
        head: from the first byte of a request to the end of its head.
        body: from there to the end of its body.
        unread: while it reads nothing of an answer that is ready.
        keep_alive: with nothing said, at its beginning and between two requests.
    """

    head: float = 15.0
    body: float = 30.0
    unread: float = 60.0
    keep_alive: float = 75.0


def raise_limit_of_files() -> None:
    """Let this process open as many files, connections too, as it is allowed to."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS names a hard limit that it then refuses
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def places() -> int:
    """Return how many connections there is room for."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST
    return min(MOST, max(soft - OTHER_FILES, soft // 2))


class Connections:
    """Makes the connections of a server, and ends those that take too long.

    Args:
        most: so many keep their places at a time; with one more, whoever has said nothing for the
            longest time loses its own, or whoever sends or reads too slowly.
    """

    def __init__(self, server: web.Server, patience: Patience, *, most: int) -> None:
        self.server = server
        self.patience = patience
        self._most = most
        self._waiting: dict[Connection, float] = {}  # since when; the longest comes first
        self._answering: dict[Connection, None] = {}
        self._make_request = server.request_factory
        server.request_factory = self._begin_request
        self._loop = asyncio.get_running_loop()
        self._sweeping = self._loop.call_later(SWEEP_SECONDS, self._sweep)

    def __call__(self) -> "Connection":
        """Return the protocol of a new connection, as asyncio asks for it."""
        return Connection(self)

    def close(self) -> None:
        """Stop looking at the clock."""
        self._sweeping.cancel()

    def waits(self, connection: "Connection") -> None:
        """Take note that it has no request under way."""
        self._answering.pop(connection, None)
        self._waiting.pop(connection, None)
        self._waiting[connection] = self._loop.time()
        if len(self._waiting) + len(self._answering) > self._most:
            self._one_that_goes().end()

    def answers(self, connection: "Connection") -> None:
        """Take note that a request of it is being answered."""
        self._waiting.pop(connection, None)
        self._answering[connection] = None

    def is_gone(self, connection: "Connection") -> None:
        """Forget it."""
        self._waiting.pop(connection, None)
        self._answering.pop(connection, None)

    def _begin_request(
        self, message: Any, payload: StreamReader, protocol: Any, writer: Any, task: Any
    ) -> web.BaseRequest:
        protocol.begins(payload)
        return self._make_request(message, payload, protocol, writer, task)

    def _one_that_goes(self) -> "Connection":
        longest, since = next(iter(self._waiting.items()))
        if self._loop.time() - since > FRESH_SECONDS:
            return longest
        lagging = (connection for connection in self._answering if connection.lags)
        return next(lagging, longest)

    def _sweep(self) -> None:
        now = self._loop.time()
        for connection in (*self._waiting, *self._answering):
            if connection.is_overdue(now):
                connection.end()
        self._sweeping = self._loop.call_later(SWEEP_SECONDS, self._sweep)


class Connection(web.RequestHandler):
    """aiohttp's connection, which knows since when it keeps us waiting and for what."""

    __slots__ = ("_all", "_body", "_since", "_unread")

    def __init__(self, all_: Connections) -> None:
        self._all = all_
        self._body: StreamReader | None = None
        self._since: float | None = None
        self._unread: tuple[int, float] | None = None
        options: dict[str, Any] = {"access_log": None}  # it prints paths, and these are secrets
        super().__init__(
            all_.server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=all_.patience.keep_alive,
            **options,
        )

    @property
    def lags(self) -> bool:
        """Tell whether it sends or reads slower than we do."""
        return self._is_sending or self._bytes_to_read > 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._all.waits(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._all.is_gone(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._since is None:
            self._since = self._loop.time()
        super().data_received(data)

    def begins(self, body: StreamReader) -> None:
        """Take note of a request whose head is here."""
        self._body, self._since, self._unread = body, self._loop.time(), None
        self._all.answers(self)

    async def finish_response(self, request: web.BaseRequest, resp: Any, start_time: Any) -> Any:
        finished = await super().finish_response(request, resp, start_time)
        if self.transport is not None:
            self._body = self._since = None
            self._all.waits(self)
        return finished

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what no application could, because it is no HTTP or nobody caught an error."""
        super().handle_error(request, status, exc, message)  # it logs, and names itself
        answer = _Nameless(
            status=status, text=f"{status}: {HTTPStatus(status).phrase}", headers=HEADERS
        )
        answer.force_close()
        return answer

    def is_overdue(self, now: float) -> bool:
        """Tell whether it has kept us waiting for too long."""
        patience = self._all.patience
        if self._body is None:
            return self._since is not None and now - self._since > patience.head
        if self._is_sending:
            return self._since is not None and now - self._since > patience.body
        left = self._bytes_to_read
        if not left or self._unread is None or left < self._unread[0]:
            self._unread = (left, now) if left else None
            return False
        return now - self._unread[1] > patience.unread

    def end(self) -> None:
        """End it at once, whatever was still to be sent."""
        self._all.is_gone(self)
        if self.transport is not None:
            self.transport.abort()

    @property
    def _is_sending(self) -> bool:
        return self._body is not None and not self._body.is_eof()

    @property
    def _bytes_to_read(self) -> int:
        return 0 if self.transport is None else self.transport.get_write_buffer_size()


class _Nameless(web.Response):
    """aiohttp names itself, Python and both versions; where no application answers, here."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.popall("Server", None)
