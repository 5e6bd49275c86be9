"""`otl …` as a process of its own, killed at the end; what it says is printed, so that a failure
shows it.
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

OTL: Final = str(Path(sys.executable).with_name("otl"))
STUCK_SECONDS: Final = 60.0
KEPT: Final = ("PATH", "HOME", "LANG", "PYTHONPATH")


@dataclass(slots=True)
class Program:
    """A process that runs or has run.

    Attributes:
        lines: what it said so far, both streams.
    """

    words: tuple[str, ...]
    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    _said: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: "asyncio.Task[None] | None" = None

    def listen(self) -> None:
        self._reading = asyncio.create_task(self._read())

    async def says(self, words: str) -> str:
        """Wait for a line that holds these words, and return it; fail if the process ends."""
        assert self._reading is not None
        async with asyncio.timeout(STUCK_SECONDS):
            while True:
                for line in self.lines:
                    if words in line:
                        return line
                assert not self._reading.done(), f"{self.words} ended and never said {words!r}"
                self._said.clear()
                await self._said.wait()

    async def serves(self) -> str:
        """Wait until it serves, and return its address."""
        entry = json.loads(await self.says('"serving '))
        found = re.search(r" at (127\.0\.0\.1:\d+)$", entry["message"])
        assert found is not None, entry
        return f"http://{found[1]}"

    def terminate(self) -> None:
        """SIGTERM: finish what was begun."""
        self.process.send_signal(signal.SIGTERM)

    async def kill(self) -> None:
        """SIGKILL, and wait until nothing is left of it."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.ends()

    async def ends(self) -> int:
        """Wait for its end and return its exit code."""
        assert self._reading is not None
        async with asyncio.timeout(STUCK_SECONDS):
            await self._reading
            return await self.process.wait()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip("\n"))
            print(f"[{' '.join(self.words)} {self.process.pid}] {self.lines[-1]}")  # noqa: T201
            self._said.set()
        self._said.set()


@asynccontextmanager
async def running(
    *words: str, folder: Path | None = None, most_files: int | None = None, **settings: str
) -> AsyncIterator[Program]:
    """Start `otl` with these words and these settings alone; leaving kills it if it still runs.

    Args:
        folder: where it is started; None: where the tests are.
        most_files: how many it may have open, connections too; None: as many as the tests.
    """
    command = (OTL, *words)
    if most_files is not None:
        command = ("sh", "-c", f'ulimit -n {most_files} && exec "$0" "$@"', *command)
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    program = Program(words, process)
    program.listen()
    try:
        yield program
    finally:
        await program.kill()


async def said_by(*words: str, folder: Path | None = None, **settings: str) -> tuple[int, str]:
    """Run `otl` to its end; return its exit code and what it said."""
    async with running(*words, folder=folder, **settings) as program:
        return await program.ends(), program.text


def entries(program: Program) -> list[dict[str, Any]]:
    """Return what a server logged; every line of it must be JSON."""
    return [json.loads(line) for line in program.lines]
