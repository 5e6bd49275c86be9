"""Stands between the program and PostgreSQL and cuts the connection at a COMMIT."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

CHUNK: Final = 65_536
COMMIT: Final = b"COMMIT;"  # as asyncpg sends it


class Cut(StrEnum):
    """When the connection breaks; the program cannot tell one from the other."""

    BEFORE = "before the server has it"
    AT_ONCE = "as soon as the server has it"
    AFTER = "when the server has answered"


class CuttingProxy:
    """Follows its orders, one a COMMIT; without orders it lets everything through."""

    def __init__(self, server: Path) -> None:
        self.orders: deque[Cut] = deque()
        self.cuts = 0
        self._server = server
        self._connections: set[asyncio.Task[None]] = set()

    def accept(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """Take a connection."""
        task = asyncio.create_task(self._pass_on(client, to_client))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def hang_up(self) -> None:
        """End all connections."""
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _pass_on(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_unix_connection(str(self._server))
        answers = asyncio.create_task(_copy(server, to_client))
        try:
            while chunk := await client.read(CHUNK):
                if COMMIT in chunk and self.orders:
                    self.cuts += 1
                    await self._cut(self.orders.popleft(), chunk, server, to_server, answers)
                    return
                to_server.write(chunk)
                await to_server.drain()
        except OSError:
            return
        finally:
            answers.cancel()
            to_client.transport.abort()
            to_server.close()

    async def _cut(
        self,
        cut: Cut,
        commit: bytes,
        server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
        answers: asyncio.Task[None],
    ) -> None:
        answers.cancel()
        with suppress(asyncio.CancelledError):
            await answers
        if cut is Cut.BEFORE:
            return
        to_server.write(commit)
        await to_server.drain()
        if cut is Cut.AFTER:
            await server.read(CHUNK)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        return
    finally:
        writer.close()


@asynccontextmanager
async def cutting_proxy(server: Path) -> AsyncIterator[tuple[CuttingProxy, int]]:
    """Run one before the server's socket and yield it and its port."""
    proxy = CuttingProxy(server)
    listening = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    try:
        yield proxy, listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await proxy.hang_up()
