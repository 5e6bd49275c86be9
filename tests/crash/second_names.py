"""A second program and a restore come through a symbolic link while contacts book."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from otl.backup import back_up, restore
from otl.practice import running_practice
from otl.process_lock import AlreadyRunning
from scheduling.database.migrating import migrate
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import History
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import EVENT, Starts

Intruder = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class SecondNames:
    """What came of it; `refused`: how many of those that came by another name."""

    verdict: Verdict
    refused: int


async def come_by_a_link(starter: Starter, folder: Path, *, bookings: int) -> SecondNames:
    """Have as many bookings made before, between and after the intruders."""
    path, link = folder / "otl.sqlite3", folder / "linked.sqlite3"
    url, by_link = f"sqlite:///{path}", f"sqlite:///{link}"
    await migrate(url)
    links = (await world.prepare(url, 3 * bookings, calendars=[EVENT]))[EVENT]
    starts, history, slack = Starts(), History(), world.open_slack()
    async with running_practice(slack):
        first = Program(starter, url, slack.api_url, folder / "first.log")
        second = Program(starter, by_link, slack.api_url, folder / "second.log")
        first.start()
        await first.listens()
        link.symlink_to(path)
        await back_up(url, folder / "copy")
        intruders: Mapping[str, Intruder] = {
            "a second program": lambda: _serves(second),
            "a restore": lambda: _restores(by_link, folder / "copy"),
        }
        let_in = []
        async with Contacts(first.base, history) as contacts, asyncio.timeout(STUCK_SECONDS):

            async def book() -> None:
                for _ in range(bookings):
                    await contacts.book(Wish(links.pop(), [starts.take()]))

            await book()
            for name, intrudes in intruders.items():
                booking = asyncio.create_task(book())
                if await intrudes():
                    let_in.append(name)
                await booking
            await world.everything_sent(url)
        await first.stop()
    facts = await world.facts(url, slack, broken=world.broken(url))
    verdict = judge(history.events, facts)
    verdict.let_in += let_in
    return SecondNames(verdict, len(intruders) - len(let_in))


async def _serves(program: Program) -> bool:
    program.start()
    await program.listens()
    if program.is_dead():
        return False
    await program.stop()
    return True


async def _restores(url: str, backup: Path) -> bool:
    try:
        await restore(url, backup, keep_active_links=False)
    except AlreadyRunning:
        return False
    return True
