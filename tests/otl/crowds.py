"""Connections that say nothing, or half of it, more than a process may have open; who waits."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from itertools import cycle, islice
from types import MappingProxyType
from typing import Final

import aiohttp

SAID: Final[Mapping[str, bytes]] = MappingProxyType(
    {
        "idle": b"",
        "half a head": b"GET /robots.txt HTTP/1.1\r\nHo",
        "half a form": (
            b"POST /otl/%b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname=Jane" % (b"a" * 32)
        ),
        "answered and kept": b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n",
    }
)
"""What those of a crowd have said."""


@contextmanager
def room_for_both_ends(number: int) -> Iterator[None]:
    """Let this process hold the other end of so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard > 2 * number, "too few files for this test"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * number), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def crowd(base: str, number: int, said: Sequence[bytes]) -> AsyncIterator[None]:
    """Hold so many connections that have said so much and no more, in turn.

    Some may have been closed meanwhile.
    """
    host, port = base.removeprefix("http://").split(":")
    async with AsyncExitStack() as stack:
        for words in islice(cycle(said), number):
            _, writer = await asyncio.open_connection(host, int(port))
            stack.callback(writer.close)
            with suppress(ConnectionError):
                writer.write(words)
                await writer.drain()
        yield


async def seconds_to_answer(base: str) -> float:
    """Fetch something as an honest client and return how long it took."""
    began = time.monotonic()
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
        session.get(f"{base}/robots.txt") as answer,
    ):
        assert answer.status == 200
        await answer.read()
    return time.monotonic() - began
