"""Bring a database to the newest schema; one process does it, the others wait."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from scheduling.database.opening import is_sqlite, postgresql_dsn, sqlite_path
from scheduling.database.postgresql import Unreachable, connect_with, is_gone
from scheduling.database.sqlite import is_out_of_order
from scheduling.errors import DatabaseUnavailable

MIGRATIONS: Final = Path(__file__).parent / "migrations"
LOCK: Final = 7_305_118_201_966  # an advisory lock of ours on PostgreSQL
LOCK_SECONDS: Final = 60


async def migrate(url: str, *, revision: str = "head") -> None:
    """Bring the schema to `revision`, all steps in one transaction or none.

    Raises:
        ForeignKeysBroken: a step would have left rows that point nowhere; nothing was changed.
        DatabaseUnavailable: PostgreSQL cannot be reached, or SQLite's file cannot be used.
    """
    if is_sqlite(url):
        await asyncio.to_thread(_migrate_sqlite, sqlite_path(url), revision)
    else:
        await _migrate_postgresql(postgresql_dsn(url), revision)


class ForeignKeysBroken(Exception):
    """A migration on SQLite left rows that point nowhere; it was rolled back."""


def newest_revision() -> str:
    """Return the schema that this program wants."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def known_revisions() -> tuple[str, ...]:
    """Return every schema that there was, oldest first."""
    script = ScriptDirectory(str(MIGRATIONS))
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))


def present_revision(connection: Connection) -> str | None:
    """Return the schema that the database has; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def _migrate_sqlite(path: Path, revision: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)  # SQLite would let everybody read it
    # Foreign keys stay off: a batch rebuild drops a table and would take its children along.
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None),
        poolclass=NullPool,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            _run(connection, revision)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise ForeignKeysBroken
    except DBAPIError as error:
        if not is_out_of_order(error):
            raise
        raise DatabaseUnavailable from error
    finally:
        engine.dispose()


async def _migrate_postgresql(dsn: str, revision: str) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect_with(dsn),
        poolclass=NullPool,
        hide_parameters=True,
    )
    try:
        async with engine.begin() as connection:
            await _wait_and_run(connection, revision)
    except (DBAPIError, OSError, Unreachable) as error:
        if isinstance(error, DBAPIError) and not is_gone(error):
            raise
        raise DatabaseUnavailable from error
    finally:
        await engine.dispose()


async def _wait_and_run(connection: AsyncConnection, revision: str) -> None:
    await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    await connection.run_sync(_run, revision)


def _run(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    present = present_revision(connection)
    if revision == present or (revision == "head" and present == newest_revision()):
        return
    step = command.downgrade if revision == "base" else command.upgrade
    step(config, revision)
