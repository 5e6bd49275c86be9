"""What a SQLite file holds, and what a command left beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def problems(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found: list[tuple[str]] = connection.execute("PRAGMA integrity_check").fetchall()
    return found


def bookings_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        number: int = connection.execute("SELECT count(*) FROM booking").fetchone()[0]
    return number


def leftovers(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.name.endswith(".part")]
