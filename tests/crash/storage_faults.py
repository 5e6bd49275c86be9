"""A disk that fails under the running program and recovers, on and on while contacts book."""

import asyncio
import errno
import os
import random
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otl.practice import running_practice
from scheduling.database.migrating import migrate
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish
from tests.crash.history import History
from tests.crash.program import STUCK_SECONDS, Program
from tests.crash.starter import Starter
from tests.crash.world import EVENT, Starts

AT_ONCE: Final = 8
FAULT_SECONDS: Final = 0.1
DISK_BYTES: Final = 8 * 1024 * 1024

Cure = Callable[[], None]
Cause = Callable[[Program, Path], Cure]


@dataclass(frozen=True, slots=True)
class StorageFaults:
    """What came of it; `seen_503`: how often a contact was told that nothing is stored."""

    verdict: Verdict
    seen_503: int
    restarts: int


async def fail_storage(
    starter: Starter, folder: Path, cause: Cause, *, bookings: int, seed: int
) -> StorageFaults:
    """Have the disk fail for moments on end until so many bookings are made."""
    chance = random.Random(seed)  # noqa: S311  # it only chooses when
    path = folder / "otl.sqlite3"
    url = f"sqlite:///{path}"
    await migrate(url)
    links = (await world.prepare(url, bookings, calendars=[EVENT]))[EVENT]
    starts, history, slack = Starts(), History(), world.open_slack()
    async with running_practice(slack):
        program = Program(starter, url, slack.api_url, folder / "storage.log")
        program.start()
        await program.listens()
        first = program.pid
        async with Contacts(program.base, history) as contacts, asyncio.timeout(STUCK_SECONDS):
            turns = asyncio.Semaphore(AT_ONCE)

            async def client(wish: Wish) -> None:
                async with turns:
                    await contacts.book(wish)

            clients = asyncio.gather(*(client(Wish(link, [starts.take()])) for link in links))
            while not clients.done():
                cure = cause(program, path)
                await asyncio.sleep(chance.uniform(0, FAULT_SECONDS))
                cure()
                await asyncio.sleep(chance.uniform(0, FAULT_SECONDS))
            await clients
            await world.everything_sent(url)
        survived = not program.is_dead() and program.pid == first
        await program.stop()
    facts = await world.facts(url, slack, broken=world.broken(url))
    return StorageFaults(judge(history.events, facts), contacts.seen_503, 0 if survived else 1)


def io_error(program: Program, path: Path) -> Cure:
    """Let no file grow beyond where the WAL ends now: the next commit's write fails (EFBIG)."""
    wal = path.with_name(f"{path.name}-wal")
    _, hard = resource.prlimit(program.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, hard))
    return lambda: _unlimited(program.pid)


def _unlimited(pid: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


def full_disk(_program: Program | None, path: Path) -> Cure:
    """Fill the file system that the database lies on (ENOSPC)."""
    ballast = path.with_name("ballast")
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65_536))
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"0")
    return ballast.unlink


@contextmanager
def small_disk(mount_point: Path) -> Iterator[Path]:
    """Mount a file system of 8 MiB.

    Raises:
        PermissionError: only root may.
    """
    if os.geteuid() != 0:
        raise PermissionError(
            errno.EPERM, "only root may mount a small disk to fill: run this as root"
        )
    options = f"size={DISK_BYTES}"
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(mount_point)],
            check=True,
            capture_output=True,
        )
    except subprocess.CalledProcessError as error:
        raise PermissionError(
            errno.EPERM, "a small disk to fill cannot be mounted: allow it here"
        ) from error
    try:
        yield mount_point
    finally:
        # Lazily: where a test fails, something may still be open on it.
        subprocess.run(["umount", "--lazy", str(mount_point)], check=True)
