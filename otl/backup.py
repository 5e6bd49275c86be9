"""`otl backup` and `otl restore`: an embedded database copied whole, and brought back carefully."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from otl.database_file import check_file, make_folder
from otl.existing_database import NoDatabaseYet
from otl.process_lock import process_lock
from scheduling.database import open_database
from scheduling.database.migrating import known_revisions, migrate
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.restoring import Settled, settle_restored

BUSY_SECONDS: Final = 30.0
WAL_FILES: Final = ("-wal", "-shm")

NO_BACKUP_OF_POSTGRESQL: Final = """\
OTL copies SQLite only. PostgreSQL has its own tool, which may run while OTL does:

    pg_dump --format=custom --file=FILE "$OTL_DATABASE_URL"

OTL_SECRET_KEY is not in it: keep it too, elsewhere. Without it every link and booking is closed."""
NO_RESTORE_OF_POSTGRESQL: Final = """\
OTL brings SQLite back only. With PostgreSQL stop OTL everywhere, then:

    pg_restore --clean --if-exists --no-owner --single-transaction --dbname="$OTL_DATABASE_URL" FILE
    otl restore --after-pg-restore

The second command deletes the links that were active in the backup: they may be used since."""


class NotDone(Exception):
    """Nothing was changed; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it.

    Attributes:
        kept_aside: the database that was there before; None if there was none.
    """

    settled: Settled
    kept_aside: Path | None


async def back_up(database_url: str, file: Path) -> None:
    """Copy the database as it is at one instant; the server may be running and writing.

    Raises:
        NotDone: the file exists already, or the copy is not whole.
        NoDatabaseYet: there is nothing to copy.
        UnusableFile: what is there is no file, or has a second name.
    """
    if not is_sqlite(database_url):
        raise NotDone(NO_BACKUP_OF_POSTGRESQL)
    await asyncio.to_thread(_back_up, sqlite_path(database_url), file)


async def restore(database_url: str, file: Path, *, keep_active_links: bool) -> Restored:
    """Put a backup in the database's place. Links that were active in it are deleted.

    Raises:
        AlreadyRunning: OTL is running.
        NotDone: the file is no backup that can be used.
    """
    if not is_sqlite(database_url):
        raise NotDone(NO_RESTORE_OF_POSTGRESQL)
    path = sqlite_path(database_url)
    now = datetime.now(UTC)
    with process_lock(database_url), _unfinished(path) as copy:
        await asyncio.to_thread(_copy_backup, file, copy)
        copy_url = f"sqlite:///{quote(str(copy.resolve()))}"
        await migrate(copy_url)
        settled = await settle(copy_url, keep_active_links=keep_active_links, now=now)
        kept_aside = await asyncio.to_thread(_put_in_place, copy, path, now)
    return Restored(settled, kept_aside)


async def settle_after_pg_restore(database_url: str, *, keep_active_links: bool) -> Settled:
    """Do for a database that pg_restore brought back what `restore` does by itself.

    Raises:
        NotDone: it is an SQLite database.
    """
    if is_sqlite(database_url):
        raise NotDone("--after-pg-restore is for PostgreSQL. Name the FILE of the backup.")
    await migrate(database_url)
    return await settle(database_url, keep_active_links=keep_active_links, now=datetime.now(UTC))


async def settle(database_url: str, *, keep_active_links: bool, now: datetime) -> Settled:
    """Delete the links of a restored database and doubt its notifications."""
    database = open_database(database_url)
    try:
        return await database.write(settle_restored, keep_active_links=keep_active_links, now=now)
    finally:
        await database.close()


def _back_up(path: Path, file: Path) -> None:
    if not path.exists():
        raise NoDatabaseYet
    check_file(path)
    if file.exists():
        raise NotDone(f"{file} exists already. Name a file that does not.")
    with _unfinished(file) as copy:
        try:
            _copy(path, copy)
        except sqlite3.Error as error:
            raise NotDone(f"The database could not be copied: {error}.") from error
        if problem := _problem_of(copy):
            raise NotDone(f"The database is damaged: {problem}. There is no backup.")
        _sync(copy)
        if file.exists():
            raise NotDone(f"{file} exists already. Name a file that does not.")
        copy.rename(file)
        _sync(file.parent)


def _copy_backup(file: Path, copy: Path) -> None:
    if not file.is_file():
        raise NotDone(f"There is no file {file}.")
    try:
        _copy(file, copy)
        problem = _problem_of(copy)
        revision = _revision_of(copy)
    except sqlite3.Error as error:
        raise NotDone(f"{file} is no backup that can be read: {error}.") from error
    if problem:
        raise NotDone(f"{file} is damaged: {problem}.")
    if revision is None:
        raise NotDone(f"{file} is no backup of OTL.")
    if revision not in known_revisions():
        raise NotDone(f"{file} is of a newer OTL. Install that one first.")


def _copy(source: Path, target: Path) -> None:
    """Copy a database into an empty file, all in one read transaction, so as of one instant."""
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        reading.backup(writing, pages=-1)
        # One file, without a WAL beside it.
        writing.execute("PRAGMA journal_mode=DELETE")


def _problem_of(path: Path) -> str | None:
    """Return the first thing that SQLite's own checks complain about."""
    with closing(sqlite3.connect(path)) as connection:
        [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            return str(found).replace("\n", ", ")
        astray = connection.execute("PRAGMA foreign_key_check").fetchone()
    return None if astray is None else f"a row of {astray[0]} points nowhere"


def _revision_of(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.OperationalError):
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if row is None else str(row[0])
    return None


def _put_in_place(copy: Path, path: Path, now: datetime) -> Path | None:
    """Put the copy where the database is, and that aside under a name of its own."""
    aside = None
    if path.exists():
        aside = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
        if aside.exists():
            raise NotDone(f"{aside} exists already. Try again in a second.")
        with suppress(sqlite3.Error):  # it may be past opening
            _take_wal_in(path)
        # Its WAL goes first: beside another database it would be played into that.
        for suffix in WAL_FILES:
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
        # At no instant is there no database: an OTL that starts then would make an empty one.
        try:
            os.link(path, aside)
        except OSError:
            shutil.copy2(path, aside)
    _take_wal_in(copy)
    _sync(copy)
    copy.replace(path)
    _sync(path.parent)
    return aside


def _take_wal_in(path: Path) -> None:
    """Have all of a database in its one file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """Yield an empty file beside this one, for its owner's eyes only; it does not outlive us."""
    make_folder(file)
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for suffix in ("", *WAL_FILES, "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
