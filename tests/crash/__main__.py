"""`make crash`: kills everything many times over, prints the counts, fails if a promise broke.

python -m tests.crash --points 1000
"""

import asyncio
import logging
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import click

from scheduling.database.migrating import migrate
from tests.crash.checker import Verdict
from tests.crash.clocks import WrongClocks, clock_ahead, clock_jumps, clocks_apart
from tests.crash.crowding import FILES, crowd_out
from tests.crash.kill_points import Report, kill_points
from tests.crash.postgresql_server import PostgresqlServer, running_postgresql
from tests.crash.rush import rush
from tests.crash.second_names import come_by_a_link
from tests.crash.server_kills import kill_server
from tests.crash.sqlite_files import SqliteFiles
from tests.crash.starter import Starter
from tests.crash.storage_faults import Cause, fail_storage, full_disk, io_error, small_disk
from tests.crash.unsure_commits import cut_commits

SERVER_KILLS: Final = 5
SERVER_BOOKINGS: Final = 2_000
CUT_BOOKINGS: Final = 200
STORAGE_BOOKINGS: Final = 300
CROWD: Final = 1_000
CLOCK_BOOKINGS: Final = 10
AHEAD_SECONDS: Final = (90.0, 3600.0)
APART_SECONDS: Final = 120.0
JUMP_SECONDS: Final = 3600.0
CONNECTIONS: Final = 1_100
CROWDED_BOOKINGS: Final = 40
LINKED_BOOKINGS: Final = 20


@click.command()
@click.option("--points", default=1_000, show_default=True, help="Kill points on each database.")
@click.option("--seed", default=1, show_default=True, help="Another one kills at other instants.")
@click.option("--only-points", is_flag=True, help="Leave out all but the kill points.")
def main(points: int, seed: int, only_points: bool) -> None:  # noqa: FBT001  # click's way
    """Kill the program, its database server and its disk, and judge what became of everything."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that all that runs is ended
    folder = Path(tempfile.mkdtemp(prefix="otl-crash-"))
    logging.basicConfig(filename=folder / "harness.log")
    with ExitStack() as stack:
        starter = stack.enter_context(Starter())
        server = stack.enter_context(running_postgresql())
        harness = Harness(starter, server, folder, seed)
        asyncio.run(harness.points(points))
        if not only_points:
            asyncio.run(harness.everything_else())
    if harness.total.violations():
        for promise, lines in harness.total.violations().items():
            click.echo(f"BROKEN {promise}: {len(lines)}, such as {lines[0]}")
        click.echo(f"Histories and logs are in {folder}")
        sys.exit(1)
    click.echo("Every promise was kept.")


class Harness:
    """Runs one part after the other and prints its line."""

    def __init__(self, starter: Starter, server: PostgresqlServer, folder: Path, seed: int) -> None:
        self.total = Verdict()
        self._starter = starter
        self._server = server
        self._folder = folder
        self._seed = seed

    async def points(self, number: int) -> None:
        """Go through the kill points of both databases, side by side."""
        files = await self._files()
        began = time.monotonic()
        sqlite, postgresql = await asyncio.gather(
            kill_points(self._starter, files.new_database, number, self._folder, seed=self._seed),
            kill_points(
                self._starter,
                self._server.new_database,
                number,
                self._folder,
                seed=self._seed + 1_000_000,
            ),
        )
        for name, report in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
            self._tell(f"{name}: {number} kill points", report.verdict)
            click.echo(f"  killed {_places(report)}")
            if name == "SQLite":
                click.echo(f"  integrity_check and foreign_key_check: {report.checked} times")
        click.echo(f"  {time.monotonic() - began:.0f} s, seed {self._seed}")

    async def everything_else(self) -> None:
        """Kill the server, cut commits, fail the disk, let crowds in, set clocks wrong."""
        killed = await kill_server(
            self._starter,
            self._server,
            self._folder,
            bookings=SERVER_BOOKINGS,
            kills=SERVER_KILLS,
        )
        self._tell(f"PostgreSQL killed {SERVER_KILLS} times under 16 contacts", killed.verdict)
        slowest = max(killed.recovered)
        click.echo(
            f"  served again {slowest:.2f} s after the server's return at the latest; "
            f"{killed.seen_503} answers were 503, each with the form kept"
        )
        cut = await cut_commits(
            await self._server.new_database(),
            self._server.socket,
            bookings=CUT_BOOKINGS,
            seed=self._seed,
        )
        self._tell(f"{cut.cuts} connections cut at COMMIT", cut.verdict)
        click.echo(
            f"  {cut.confirmed} of {cut.bookings} saw their confirmation, "
            f"{cut.resubmitted} of them when they sent the form again"
        )
        await self._storage("writes fail in the middle of commits", io_error, "io")
        with _disk(self._folder) as found:
            if found:
                await self._storage("the disk is full at times", full_disk, "disk")
        await self._crowds()
        await self._clocks()
        await self._crowded_out()
        await self._second_names()

    async def _storage(self, what: str, cause: Cause, name: str) -> None:
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        done = await fail_storage(
            self._starter, folder, cause, bookings=STORAGE_BOOKINGS, seed=self._seed
        )
        self._tell(f"SQLite, {what}", done.verdict)
        click.echo(f"  {done.seen_503} answers were 503, restarts: {done.restarts}")

    async def _crowds(self) -> None:
        for name, url in await self._both():
            done = await rush(self._starter, url, self._folder, contacts=CROWD)
            self._tell(f"{name}: {CROWD} contacts at once on one link", done.verdict)
            statuses = ", ".join(f"{times} x {status}" for status, times in done.statuses.items())
            click.echo(f"  {statuses}; p50 {done.p50_seconds:.2f} s, p99 {done.p99_seconds:.2f} s")

    async def _clocks(self) -> None:
        """Each case on both databases, but for two processes: SQLite belongs to one."""
        for number in AHEAD_SECONDS:
            what = f"our clock {number:.0f} s ahead of Slack's"
            for name, url in await self._both():
                done = await clock_ahead(
                    self._starter, url, self._folder, bookings=CLOCK_BOOKINGS, seconds=number
                )
                self._tell_clocks(f"{name}, {what}", done)
        for name, url in await self._both():
            done = await clock_jumps(
                self._starter, url, self._folder, bookings=CLOCK_BOOKINGS, seconds=JUMP_SECONDS
            )
            self._tell_clocks(f"{name}, a clock that jumps {JUMP_SECONDS:.0f} s", done)
        url = await self._server.new_database()
        done = await clocks_apart(
            self._starter, url, self._folder, bookings=CLOCK_BOOKINGS, seconds=APART_SECONDS
        )
        self._tell_clocks(f"PostgreSQL, two processes {APART_SECONDS:.0f} s apart", done)

    def _tell_clocks(self, what: str, done: WrongClocks) -> None:
        self._tell(what, done.verdict)
        click.echo(f"  Slack's history was asked {done.looked_up} times")

    async def _crowded_out(self) -> None:
        for name, url in await self._both():
            done = await crowd_out(
                self._starter,
                url,
                self._folder,
                connections=CONNECTIONS,
                bookings=CROWDED_BOOKINGS,
            )
            what = f"{CONNECTIONS} silent connections at {FILES} open files"
            self._tell(f"{name}, {what}", done.verdict)
            click.echo(
                f"  the slowest booking took {done.slowest_seconds:.2f} s, "
                f"the log grew by {done.logged / 1000:.0f} kB"
            )

    async def _second_names(self) -> None:
        folder = self._folder / "names"
        folder.mkdir()
        done = await come_by_a_link(self._starter, folder, bookings=LINKED_BOOKINGS)
        self._tell("SQLite, a second program and a restore by a symlink", done.verdict)
        click.echo(f"  {done.refused} of 2 were refused")

    async def _both(self) -> list[tuple[str, str]]:
        files = await self._files()
        return [
            ("SQLite", await files.new_database()),
            ("PostgreSQL", await self._server.new_database()),
        ]

    async def _files(self) -> SqliteFiles:
        template = self._folder / "template.sqlite3"
        await migrate(f"sqlite:///{template}")
        return SqliteFiles(self._folder, template)

    def _tell(self, what: str, verdict: Verdict) -> None:
        self.total.add(verdict)
        click.echo(
            f"{what}: {verdict.acknowledged} bookings acknowledged, "
            f"{len(verdict.lost_bookings)} lost, {len(verdict.doubled_bookings)} doubled, "
            f"{len(verdict.overlaps)} overlaps, {len(verdict.half_done)} half done; "
            f"{verdict.notifications} notifications and "
            f"{verdict.private_messages} private messages, "
            f"{len(verdict.lost_notifications)} lost, "
            f"{len(verdict.doubled_notifications)} doubled; "
            f"{_mails(verdict)}"
            f"{verdict.unknown} attempts without a certain answer"
        )


def _mails(verdict: Verdict) -> str:
    """Return the counts of mails; "" where there was no mail."""
    if not verdict.mails and not verdict.lost_mails:
        return ""
    return (
        f"{verdict.mails} mails, {len(verdict.lost_mails)} lost, "
        f"{len(verdict.doubled_mails)} doubled, {verdict.folded_mails} came again and fold; "
    )


def _places(report: Report) -> str:
    kills: Counter[str] = report.kills
    return ", ".join(f"{place} {times}" for place, times in kills.most_common())


@contextmanager
def _disk(folder: Path) -> Iterator[bool]:
    """Mount a small file system at folder/disk; False where that is not permitted."""
    (folder / "disk").mkdir()
    with ExitStack() as stack:
        try:
            stack.enter_context(small_disk(folder / "disk"))
        except PermissionError:
            click.echo("SQLite on a full disk: left out, only root may mount one")
            yield False
        else:
            yield True


if __name__ == "__main__":
    main()
