"""One process at a time on an embedded database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from scheduling.database.opening import is_sqlite, sqlite_path


class AlreadyRunning(Exception):
    """Another OTL has this database open."""


@contextmanager
def process_lock(database_url: str) -> Iterator[None]:
    """Hold the lock file beside SQLite's file; PostgreSQL needs none.

    Raises:
        AlreadyRunning: another process holds it.
    """
    if not is_sqlite(database_url):
        yield
        return
    path = sqlite_path(database_url).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning from error
        yield
