"""All ways in which several processes can take turns, each stopped inside its transaction."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final, Self

import asyncpg

from scheduling.database.opening import postgresql_dsn

ROOT: Final = Path(__file__).parent.parent.parent
STUCK_SECONDS: Final = 60.0
GLANCE_SECONDS: Final = 0.0003
ASK_AFTER_GLANCES: Final = 6
WAITING: Final = (
    "SELECT pid FROM unnest($1::int[]) pid WHERE cardinality(pg_blocking_pids(pid)) > 0"
)


class Actors:
    """Processes that are stopped, waiting for a lock, idle, or on their way to one of these.

    Args:
        everywhere: they stop before each COMMIT, too.
    """

    def __init__(self, url: str, number: int, *, everywhere: bool = False) -> None:
        self._url = url
        words = [url, "everywhere"] if everywhere else [url]
        self._actors = [_Actor(words) for _ in range(number)]

    async def __aenter__(self) -> Self:
        self._watcher = await asyncpg.connect(postgresql_dsn(self._url))
        for actor in self._actors:
            actor.backend = int(await actor.says())
        return self

    async def __aexit__(self, *_: object) -> None:
        for actor in self._actors:
            actor.end()
        await self._watcher.close()

    async def run(self, orders: list[dict[str, str]], turns: "Turns") -> list[str]:
        """Give each actor its order; at every turn let one go on to its next place.

        The first two must have the same kind of order: the first of them begins first, because the
        other way round would be the same once more.

        Raises:
            AssertionError: all of them wait for each other.
        """
        for actor in self._actors:
            actor.answer = None
            actor.state = "idle"
        while True:
            able = [n for n, actor in enumerate(self._actors) if actor.is_able()]
            if not able:
                break
            if 1 in able and self._actors[0].is_fresh():
                able.remove(1)
            chosen = turns.choose(able)
            self._actors[chosen].go_on(orders[chosen])
            await self._until_all_stand_still()
        answers = [actor.answer for actor in self._actors]
        assert None not in answers, f"they wait for each other after turns {turns.taken}"
        return [str(answer) for answer in answers]

    async def _until_all_stand_still(self) -> None:
        """Wait until nobody runs: each is stopped, idle, or waits for one who is."""
        async with asyncio.timeout(STUCK_SECONDS):
            for glance in count(1):
                for actor in self._actors:
                    actor.look()
                moving = [one for one in self._actors if one.state in {"running", "waiting"}]
                if not moving:
                    return
                if glance % ASK_AFTER_GLANCES == 0:
                    waiting = await self._waiting([one.backend for one in moving])
                    for actor in moving:
                        actor.state = "waiting" if actor.backend in waiting else "running"
                    if all(actor.state == "waiting" for actor in moving):
                        return
                await asyncio.sleep(GLANCE_SECONDS)

    async def _waiting(self, backends: list[int]) -> set[int]:
        rows = await self._watcher.fetch(WAITING, backends)
        return {row["pid"] for row in rows}


@dataclass(slots=True)
class Turns:
    """One path through the tree of all turns.

    Attributes:
        wanted: which of those who are able shall go first, second ...; then always the first.
        taken: the actor of each turn.
    """

    wanted: Sequence[int] = ()
    taken: list[int] = field(default_factory=list)
    _branches: list[tuple[int, int]] = field(default_factory=list)

    def choose(self, able: list[int]) -> int:
        turn = len(self.taken)
        place = self.wanted[turn] if turn < len(self.wanted) else 0
        self._branches.append((place, len(able)))
        self.taken.append(able[place])
        return able[place]

    def next(self) -> Self | None:
        """Return the next path after this one was walked; None: it was the last."""
        for turn in reversed(range(len(self._branches))):
            place, number = self._branches[turn]
            if place + 1 < number:
                return type(self)([*(place for place, _ in self._branches[:turn]), place + 1])
        return None


class RandomTurns(Turns):
    """A path drawn by lot; there is always another one."""

    def choose(self, able: list[int]) -> int:
        self.taken.append(random.choice(able))  # noqa: S311  # pytest-randomly seeds it
        return self.taken[-1]

    def next(self) -> Self | None:
        return type(self)()


class _Actor:
    def __init__(self, words: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.model.actor", *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout.fileno()
        os.set_blocking(self._out, False)
        self.backend = 0
        self.state = "idle"
        self.answer: str | None = None

    def is_able(self) -> bool:
        """Tell whether it has something to do and does not wait for a lock."""
        return self.answer is None and self.state in {"idle", "stopped"}

    def is_fresh(self) -> bool:
        """Tell whether it has not begun."""
        return self.answer is None and self.state == "idle"

    def go_on(self, order: dict[str, str]) -> None:
        if self.state == "stopped":
            os.kill(self._process.pid, signal.SIGCONT)
        else:
            self._in.write(json.dumps(order).encode() + b"\n")
            self._in.flush()
        self.state = "running"

    def look(self) -> None:
        """Notice that it has stopped or answered."""
        if self.state not in {"running", "waiting"}:
            return
        pid, status = os.waitpid(self._process.pid, os.WNOHANG | os.WUNTRACED)
        if pid:
            assert os.WIFSTOPPED(status), "an actor has ended"
            self.state = "stopped"
            return
        line = self._read()
        if line:
            self.answer, self.state = line, "idle"

    async def says(self) -> str:
        async with asyncio.timeout(STUCK_SECONDS):
            while not (line := self._read()):  # noqa: ASYNC110  # a pipe, looked at
                await asyncio.sleep(0.01)
        return line

    def end(self) -> None:
        self._process.kill()
        self._process.wait(STUCK_SECONDS)
        self._in.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> str:
        try:
            line = os.read(self._out, 4096).decode()
        except BlockingIOError:
            return ""
        assert line, "an actor has ended"
        return line.strip()


def shown(orders: list[dict[str, str]], turns: Turns) -> list[str]:
    """Say who took which turn."""
    return [orders[actor]["verb"] for actor in turns.taken]
