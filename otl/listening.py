"""The listening socket, and the signal to stop."""

import asyncio
import errno
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from aiohttp import web

LONGEST_ANSWER_SECONDS: Final = 20.0
HIGHEST_PORT: Final = 65535
STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger(__name__)


class CannotListen(Exception):
    """The address is not ours to listen at; the words say which one, and what to do."""


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve an application and yield its port; leaving it finishes the requests that were begun.

    Raises:
        CannotListen: the address is taken, forbidden, or not of this machine.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LONGEST_ANSWER_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise CannotListen(_why_not(host, port, error)) from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


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
