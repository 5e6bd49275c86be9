"""Kills the program again and again while contacts book, and judges what became of everything."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from otl.practice import Fault, running_practice
from scheduling.failpoints import PLACES
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import History
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import CLASS, EVENT, LOOK_SECONDS, ROUND_ROBIN, Starts
from tests.fakes.mail_server import MailServer, serving
from tests.given import GivenLink

AT_RANDOM: Final = "at random"
STORED_UNHEARD: Final = "stored, not heard"
"""Slack has stored the message and keeps its answer back."""

TAKEN_UNHEARD: Final = "mail taken, not heard"
"""The mail server has taken the mail and keeps its answer back."""

MAIL_IS_CUT: Final = 0.3
"""Of the points at so many one mail's connection breaks: before the final dot, or after it."""

NOT_REACHED: Final = "not reached"
POINTS_A_RUN: Final = 100
"""A fresh database and a fresh channel history for so many."""

BUSY: Final = 2.5
"""Undisturbed, all that a point begins is told so many times as long as a start took.

Kills at random lie within it, so that they do not all come too early on a machine that is busy.
"""

WHILE_LISTENING: Final = 0.9
"""Of the random instants so many; the others lie in the start."""

A_ROUND: Final = (AT_RANDOM, AT_RANDOM, AT_RANDOM, STORED_UNHEARD, TAKEN_UNHEARD, *PLACES)
"""All places come once before one comes again, each round in an order of its own."""

LAST_PASSAGE: Final[Mapping[str, int]] = {"before_commit": 6, "committed": 6}
"""Of which passage of a place the program dies, at the latest; 2 for those that are not named."""

LINKS_A_POINT: Final = 3
MOST_WAITING: Final = 8
"""While so many forms are unanswered nobody else comes."""

DELAY_SECONDS: Final = 0.03
LONGEST_PATIENCE: Final = 0.05


@dataclass(slots=True)
class Report:
    """What came of many points.

    Attributes:
        kills: how often at which place.
        checked: how often SQLite's own checks ran over the dead program's file.
    """

    verdict: Verdict = field(default_factory=Verdict)
    kills: Counter[str] = field(default_factory=Counter)
    checked: int = 0


async def kill_points(
    starter: Starter,
    new_database: Callable[[], Awaitable[str]],
    points: int,
    folder: Path,
    *,
    seed: int,
) -> Report:
    """Go through so many kill points.

    Args:
        new_database: returns the URL of a migrated, empty one.
        folder: for logs, and for the history of a run that broke a promise.
    """
    chance = random.Random(seed)  # noqa: S311  # it only chooses where to kill
    report = Report()
    while (left := points - report.kills.total()) > 0:
        name = f"{seed}-{report.kills.total():05d}"
        run = Run(starter, await new_database(), chance, folder / f"{name}.log")
        verdict = await run.go(min(left, POINTS_A_RUN))
        if verdict.violations():
            run.history.write(folder / f"{name}.history.jsonl")
        report.verdict.add(verdict)
        report.kills += run.kills
        report.checked += run.checked
    return report


class Run:
    """Some points on one database and one workspace."""

    def __init__(
        self, starter: Starter, database_url: str, chance: random.Random, log: Path
    ) -> None:
        self.history = History()
        self.kills: Counter[str] = Counter()
        self.checked = 0
        self._starter = starter
        self._url = database_url
        self._chance = chance
        self._log = log
        self._broken: list[str] = []
        self._slack = world.open_slack()
        self._mail = MailServer()
        self._starts = Starts()
        self._places: list[str] = []
        self._links: dict[str, list[GivenLink]] = {}
        self._booking: list[asyncio.Task[bool]] = []
        self._start_seconds = 0.1
        self._visitors = (
            self._alone,
            self._rivals,
            self._same_time,
            self._pressed_twice,
            self._hangs_up,
            self._round,
            self._class,
        )

    async def go(self, points: int) -> Verdict:
        """Kill so often, let the last start finish everything, and judge."""
        self._links = await world.prepare(self._url, points * LINKS_A_POINT)
        async with running_practice(self._slack), serving(self._mail):
            program = Program(
                self._starter, self._url, self._slack.api_url, self._log, mail_url=self._mail.url
            )
            async with Contacts(program.base, self.history, up=program.up) as contacts:
                for _ in range(points):
                    await self._point(program, contacts)
                program.start()
                await program.listens()
                await self._settled()
                await program.stop()
            await self._look_at_file()
            facts = await world.facts(self._url, self._slack, broken=self._broken, mail=self._mail)
        return judge(self.history.events, facts)

    async def _point(self, program: Program, contacts: Contacts) -> None:
        self._places = self._places or self._chance.sample(A_ROUND, k=len(A_ROUND))
        place = self._places.pop()
        if place in {AT_RANDOM, STORED_UNHEARD, TAKEN_UNHEARD}:
            program.start()
        else:
            last = LAST_PASSAGE.get(place, 2)
            order = self._chance.choice(["kill", "linger"])
            program.start(f"{place}={order}@{self._chance.randint(1, last)}")
        self._somebody_is_slow(place)
        unanswered = sum(not booking.done() for booking in self._booking)
        for comes in self._chance.sample(self._visitors, k=2) if unanswered < MOST_WAITING else ():
            self._booking += [asyncio.create_task(contacts.book(wish)) for wish in comes()]
        reached = await self._until(place, program)
        await program.kill()
        self.kills[place if reached else NOT_REACHED] += 1
        await self._look_at_file()

    async def _until(self, place: str, program: Program) -> bool:
        """Wait for the instant of the kill; tell whether it is the one that was meant."""
        began = time.monotonic()
        if place == AT_RANDOM and self._chance.random() > WHILE_LISTENING:
            await asyncio.sleep(self._chance.uniform(0, self._start_seconds))
            return True
        await program.listens()
        self._start_seconds = time.monotonic() - began
        if place == AT_RANDOM:
            await asyncio.sleep(self._chance.uniform(0, BUSY * self._start_seconds))
            return True
        said, taken = self._said(), len(self._mail.taken)
        reached = {
            STORED_UNHEARD: lambda: self._said() > said,
            TAKEN_UNHEARD: lambda: len(self._mail.taken) > taken,
        }.get(place, program.is_dead)
        return await self._reached_before_all_is_done(reached)

    async def _reached_before_all_is_done(self, reached: Callable[[], bool]) -> bool:
        async with asyncio.timeout(STUCK_SECONDS):
            looked_at = time.monotonic()
            while not reached():
                await asyncio.sleep(0.001)
                if time.monotonic() - looked_at > LOOK_SECONDS:
                    if await self._nothing_left():
                        return reached()
                    looked_at = time.monotonic()
        return True

    async def _nothing_left(self) -> bool:
        answered = all(booking.done() for booking in self._booking)
        return answered and not await world.unsent(self._url)

    def _somebody_is_slow(self, place: str) -> None:
        """Let requests be under way when the program dies, and answers kept back."""
        self._slack.faults.clear()
        self._mail.faults.clear()
        if place == TAKEN_UNHEARD:
            self._mail.fault("DATA", takes=True, seconds=STUCK_SECONDS, times=None)
        elif self._chance.random() < MAIL_IS_CUT:
            self._mail.fault(self._chance.choice(["354", "DATA"]), takes=True)
        if place == STORED_UNHEARD:
            self._slack.fault("chat.postMessage", Fault.STORE_THEN_TIMEOUT, seconds=STUCK_SECONDS)
        elif self._chance.random() < 0.5:
            seconds = self._chance.uniform(0, DELAY_SECONDS)
            self._slack.fault("chat.postMessage", Fault.DELAY, times=2, seconds=seconds)

    async def _settled(self) -> None:
        """Wait until every form is answered and every notification is done."""
        self._slack.faults.clear()
        self._mail.faults.clear()
        async with asyncio.timeout(STUCK_SECONDS):
            await asyncio.gather(*self._booking)
            await world.everything_sent(self._url)

    async def _look_at_file(self) -> None:
        self._broken += await asyncio.to_thread(world.broken, self._url)
        self.checked += 1

    def _said(self) -> int:
        return len(self._slack.calls_to("chat.postMessage"))

    # Who comes to a point.

    def _alone(self) -> list[Wish]:
        return [Wish(self._link(EVENT), [self._starts.take()])]

    def _rivals(self) -> list[Wish]:
        """Two contacts with one link, each with a time of their own."""
        link = self._link(EVENT)
        return [Wish(link, [self._starts.take()]), Wish(link, [self._starts.take()])]

    def _same_time(self) -> list[Wish]:
        """Two links, one time; who comes second takes another one."""
        start = self._starts.take()
        return [Wish(self._link(EVENT), [start, self._starts.take()]) for _ in range(2)]

    def _pressed_twice(self) -> list[Wish]:
        wish = Wish(self._link(EVENT), [self._starts.take()])
        return [wish, wish]

    def _hangs_up(self) -> list[Wish]:
        seconds = self._chance.uniform(0.001, LONGEST_PATIENCE)
        return [Wish(self._link(EVENT), [self._starts.take()], hangs_up_after=seconds)]

    def _round(self) -> list[Wish]:
        """Three links for one time of two hosts; one contact must take another."""
        start = self._starts.take()
        return [Wish(self._link(ROUND_ROBIN), [start, self._starts.take()]) for _ in range(3)]

    def _class(self) -> list[Wish]:
        """Two seats of one class."""
        start = self._starts.take()
        return [Wish(self._link(CLASS), [start]) for _ in range(2)]

    def _link(self, calendar: str) -> GivenLink:
        return self._links[calendar].pop()
