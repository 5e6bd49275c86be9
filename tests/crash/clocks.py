"""Clocks that are wrong, differ and jump, while Slack stores messages and its answers get lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otl.practice import Fault, running_practice
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import History
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import EVENT, Starts

QUARANTINE_SECONDS: Final = 2.0
LAG_SECONDS: Final = 1.0
"""Slack's history shows a message so late: who asks before the quarantine has ended finds none."""

DELAY_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class WrongClocks:
    """What came of it; `looked_up`: how often Slack's history was asked."""

    verdict: Verdict
    looked_up: int


async def clock_ahead(
    starter: Starter, url: str, folder: Path, *, bookings: int, seconds: float
) -> WrongClocks:
    """Our clock is so far ahead of Slack's; each message is stored and its answer lost."""
    faults = {Fault.STORE_THEN_DROP: bookings}
    return await _book(starter, url, folder, bookings, faults, ahead=[seconds])


async def clocks_apart(
    starter: Starter, url: str, folder: Path, *, bookings: int, seconds: float
) -> WrongClocks:
    """Two processes deliver whose clocks differ by so much, which is longer than a lease.

    Of half the messages the answer is lost, the others are stored late.
    """
    faults = {Fault.STORE_THEN_DROP: bookings // 2, Fault.DELAY: bookings}
    return await _book(starter, url, folder, bookings, faults, ahead=[0.0, seconds])


async def clock_jumps(
    starter: Starter, url: str, folder: Path, *, bookings: int, seconds: float
) -> WrongClocks:
    """The clock of a process jumps by so much while notifications are unsure."""
    faults = {Fault.STORE_THEN_DROP: bookings}
    return await _book(starter, url, folder, bookings, faults, ahead=[0.0], jump=seconds)


async def _book(
    starter: Starter,
    url: str,
    folder: Path,
    bookings: int,
    faults: Mapping[Fault, int],
    *,
    ahead: Sequence[float],
    jump: float = 0.0,
) -> WrongClocks:
    """Have all booked at the first of some processes, and wait until all is told.

    Args:
        faults: what becomes of the first messages, with how many.
        ahead: how far each process's clock is ahead of Slack's, in seconds.
        jump: how far the clock of the first one jumps, in seconds.
    """
    links = (await world.prepare(url, bookings, calendars=[EVENT]))[EVENT]
    starts, history, slack = Starts(), History(), world.open_slack()
    slack.history_lag = LAG_SECONDS
    for fault, times in faults.items():
        slack.fault("chat.postMessage", fault, times=times, seconds=DELAY_SECONDS)
    async with running_practice(slack), AsyncExitStack() as stack:
        programs = [
            Program(
                starter,
                url,
                slack.api_url,
                folder / "clocks.log",
                ahead_seconds=seconds,
                jump_seconds=jump,
                quarantine_seconds=QUARANTINE_SECONDS,
            )
            for seconds in ahead
        ]
        for program in programs:
            await stack.enter_async_context(_running(program))
        contacts = await stack.enter_async_context(Contacts(programs[0].base, history))
        async with asyncio.timeout(STUCK_SECONDS):
            await asyncio.gather(*(contacts.book(Wish(link, [starts.take()])) for link in links))
            if jump:
                await world.something_unsure(url)
                programs[0].jump()
            await world.everything_sent(url)
    looked_up = len(slack.calls_to("conversations.history"))
    return WrongClocks(judge(history.events, await world.facts(url, slack)), looked_up)


@asynccontextmanager
async def _running(program: Program) -> AsyncIterator[None]:
    program.start()
    await program.listens()
    try:
        yield
    finally:
        await program.stop()
