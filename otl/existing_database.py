"""A look at a database that exists already; the server may be running beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.orm import Session

from otl.database_file import check_file
from scheduling.database import Database, open_for_reading
from scheduling.database.migrating import newest_revision, present_revision
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.database.outages import reason
from scheduling.errors import DatabaseUnavailable


class NoDatabaseYet(Exception):
    """There is no file yet; `otl serve` makes it."""


class OldSchema(Exception):
    """The schema is not the newest."""


@asynccontextmanager
async def existing_database(url: str) -> AsyncIterator[Database]:
    """Open for reading only; nothing is made and nothing is changed.

    Raises:
        UnusableFile: what is there is no file, or has a second name.
        NoDatabaseYet: SQLite's file is missing.
        OldSchema: there are no tables yet, or older ones.
        DatabaseUnavailable: it cannot be read.
    """
    if is_sqlite(url):
        check_file(sqlite_path(url))
        if not sqlite_path(url).exists():
            raise NoDatabaseYet
    database = open_for_reading(url)
    try:
        if await database.read(_revision) != newest_revision():
            raise OldSchema
        yield database
    finally:
        await database.close()


def why_unavailable(error: DatabaseUnavailable) -> str:
    """Say in an operator's words why the database cannot be used, and what to do."""
    cause = error.__cause__
    match getattr(getattr(cause, "orig", None), "sqlite_errorname", "").split("_")[1:2]:
        case ["NOTADB" | "CORRUPT"]:
            return (
                "The file that OTL_DATABASE_URL names is damaged, or no database at all. Bring a "
                "backup back: otl restore FILE"
            )
        case ["FULL" | "IOERR"]:
            return "The database cannot be used: the disk is full, or fails."
        case ["CANTOPEN" | "READONLY" | "PERM"]:
            return (
                "The database cannot be opened. Check the path in OTL_DATABASE_URL, and that this "
                "user may read and write the file and its folder."
            )
        case ["BUSY" | "LOCKED"]:
            return "Another program holds the database. End it, and try again."
        case _:
            why = "" if cause is None else f" ({reason(cause)})"
            return (
                f"The database cannot be reached{why}. Check OTL_DATABASE_URL, and that it is "
                "running."
            )


def _revision(session: Session) -> str | None:
    return present_revision(session.connection())
