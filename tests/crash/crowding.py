"""Connections that say nothing, or half of it, take more places than there are; others book."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

from otl.practice import running_practice
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import History
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import EVENT, Starts
from tests.otl.crowds import SAID, crowd, room_for_both_ends

FILES: Final = 1024


@dataclass(frozen=True, slots=True)
class Crowding:
    """What came of it.

    Attributes:
        slowest_seconds: until a contact saw their confirmation.
        logged: characters that the program wrote to its log.
    """

    verdict: Verdict
    slowest_seconds: float
    logged: int


async def crowd_out(
    starter: Starter, url: str, folder: Path, *, connections: int, bookings: int
) -> Crowding:
    """Have contacts book one after the other at a program whose places are all taken.

    Args:
        connections: idle, slow, half-sent and kept ones; the program may open `FILES` files.
    """
    links = (await world.prepare(url, bookings, calendars=[EVENT]))[EVENT]
    starts, history, slack = Starts(), History(), world.open_slack()
    waited = []
    log = folder / f"crowding-{token_hex(4)}.log"
    with room_for_both_ends(connections):
        async with running_practice(slack):
            program = Program(starter, url, slack.api_url, log, most_files=FILES)
            program.start()
            await program.listens()
            async with (
                asyncio.timeout(STUCK_SECONDS),
                crowd(program.base, connections, list(SAID.values())),
                Contacts(program.base, history) as contacts,
            ):
                for link in links:
                    began = time.monotonic()
                    await contacts.book(Wish(link, [starts.take()]))
                    waited.append(time.monotonic() - began)
                await world.everything_sent(url)
            await program.stop()
    verdict = judge(history.events, await world.facts(url, slack))
    return Crowding(verdict, max(waited), len(log.read_text()))
