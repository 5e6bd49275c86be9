"""Kills the whole PostgreSQL server while contacts book; the program goes on by itself."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from otl.practice import running_practice
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import History
from tests.crash.postgresql_server import PostgresqlServer
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import EVENT, Starts

CLIENTS: Final = 16


@dataclass(slots=True)
class ServerKills:
    """What came of it.

    Attributes:
        recovered: for each kill the seconds from the server's return to the next confirmation.
        seen_503: how often a contact was told that the records cannot be reached.
    """

    verdict: Verdict
    recovered: list[float] = field(default_factory=list)
    seen_503: int = 0


async def kill_server(
    starter: Starter, server: PostgresqlServer, folder: Path, *, bookings: int, kills: int
) -> ServerKills:
    """Have so many bookings made by 16 contacts at a time, and kill the server so often."""
    url = await server.new_database()
    slack = world.open_slack()
    links = (await world.prepare(url, bookings, calendars=[EVENT]))[EVENT]
    starts, history = Starts(), History()
    wishes = deque(Wish(link, [starts.take()]) for link in links)
    booked: list[float] = []
    recovered: list[float] = []
    async with running_practice(slack):
        program = Program(starter, url, slack.api_url, folder / "server-kills.log")
        program.start()
        await program.listens()
        async with (
            Contacts(program.base, history) as contacts,
            asyncio.timeout(STUCK_SECONDS),
            asyncio.TaskGroup() as group,
        ):

            async def client() -> None:
                while wishes:
                    await contacts.book(wishes.popleft())
                    booked.append(time.monotonic())

            for _ in range(CLIENTS):
                group.create_task(client())
            for number in range(kills):
                await _until(booked, bookings * (number + 1) // (kills + 1))
                server.kill()
                await server.start_again()
                back_at = time.monotonic()
                await _until(booked, len(booked) + 1)
                recovered.append(booked[-1] - back_at)
        assert not program.is_dead()
        async with asyncio.timeout(STUCK_SECONDS):
            await world.everything_sent(url)
        await program.stop()
    verdict = judge(history.events, await world.facts(url, slack))
    return ServerKills(verdict, recovered, contacts.seen_503)


async def _until(booked: list[float], number: int) -> None:
    while len(booked) < number:  # noqa: ASYNC110
        await asyncio.sleep(0.005)  # whoever books does not know who waits
