"""The listening socket, and the signal to stop."""

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from aiohttp import web

from otl.connections import AT_ONCE, Connections, Patience, places

LONGEST_ANSWER_SECONDS: Final = 20.0
PATIENCE: Final = Patience()
HIGHEST_PORT: Final = 65535
QUEUE: Final = 1024
STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger(__name__)


class CannotListen(Exception):
    """The address is not ours to listen at; the words say which one, and what to do."""


@asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, *, patience: Patience = PATIENCE
) -> AsyncIterator[int]:
    """Serve an application and yield its port; leaving it finishes the requests that were begun.

    Raises:
        CannotListen: the address is taken, forbidden, or not of this machine.
    """
    runner = web.AppRunner(app, shutdown_timeout=LONGEST_ANSWER_SECONDS)
    await runner.setup()
    assert runner.server is not None
    connections = Connections(runner.server, patience, most=places())
    try:
        listener = await _listen(connections, host, port)
        try:
            yield int(listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
    finally:
        await runner.cleanup()
        connections.close()


async def _listen(connections: Connections, host: str, port: int) -> asyncio.Server:
    """Do what `web.TCPSite` does, but for who makes the connections."""
    loop = asyncio.get_running_loop()
    try:
        listener = await loop.create_server(connections, host, port, backlog=AT_ONCE)
    except OSError as error:
        raise CannotListen(_why_not(host, port, error)) from None
    for one in listener.sockets:
        # asyncio has one number for how many it takes in at a time and how many may queue for it.
        with socket.fromfd(one.fileno(), one.family, one.type) as same:
            same.listen(QUEUE)
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    address = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Another program listens at {address} already. Stop it, or set OTL_PORT to another "
            f"port, like OTL_PORT={another(port)}."
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen at {address}. Set OTL_PORT to one above 1023, like 8080."
    return f"OTL cannot listen at {address}: set OTL_HOST to an address of this machine."


def another(port: int) -> int:
    """Return a port to try in place of one that is taken."""
    return port + 1 if port < HIGHEST_PORT else port - 1


async def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGTERM or SIGINT cancels it, also while it starts; what it opened it closes.

    Further signals change nothing: what was begun is being finished.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stopped.set)
    running, stopping = asyncio.create_task(work), asyncio.create_task(stopped.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        log.info("stopping")
        running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    log.info("stopped")
