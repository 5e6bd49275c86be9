"""One process at a time on an embedded database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from otl.database_file import check_file, keep_private, make_folder
from scheduling.database.opening import is_sqlite, sqlite_path


class AlreadyRunning(Exception):
    """Another OTL has this database open."""


@contextmanager
def process_lock(database_url: str) -> Iterator[None]:
    """Hold the lock file beside SQLite's real file, by whatever links it is named.

    PostgreSQL needs none. A lock on the database itself would need a descriptor of it: to close
    one, early or by a crash in between, drops the locks that SQLite has on the file.

    Raises:
        AlreadyRunning: another process holds it.
        UnusableFile: it is no file, or has a second name.
    """
    if not is_sqlite(database_url):
        yield
        return
    path = sqlite_path(database_url)
    check_file(path)
    make_folder(path)
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning from error
        keep_private(path)
        yield
    finally:
        os.close(descriptor)
