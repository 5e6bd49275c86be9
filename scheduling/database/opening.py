"""From OTL_DATABASE_URL to a database."""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from scheduling.database.ports import Database
from scheduling.database.postgresql import PostgresqlDatabase
from scheduling.database.sqlite import SqliteDatabase

# What asyncpg understands; any other parameter it hands to the server, which refuses the session.
DSN_PARAMETERS: Final = frozenset(
    {
        "application_name",
        "dbname",
        "host",
        "options",
        "passfile",
        "password",
        "port",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslpassword",
        "sslrootcert",
        "target_session_attrs",
        "user",
    }
)

NO_ADDRESS: Final = (
    "OTL_DATABASE_URL has no address that can be read: postgresql://USER:PASSWORD@HOST:PORT/NAME, "
    "and in a password @ is written %40, / is %2F and # is %23"
)
HOST_AND_PORT: Final = re.compile(
    r"(\[[0-9A-Fa-f:.%\w]+\]|[^\[\]:]*)"
    r"(:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])?)?",
    re.ASCII,
)


def open_database(url: str) -> Database:
    """Open for reading and writing.

    Raises:
        ValueError: neither sqlite:///PATH nor postgresql://…; says so without the URL, which may
            hold a password.
    """
    if is_sqlite(url):
        return SqliteDatabase(sqlite_path(url))
    return PostgresqlDatabase(postgresql_dsn(url))


def open_for_reading(url: str) -> Database:
    """Open beside a server that may be running; writes are refused on SQLite."""
    if is_sqlite(url):
        return SqliteDatabase(sqlite_path(url), read_only=True)
    return PostgresqlDatabase(postgresql_dsn(url), pool=1)


def is_sqlite(url: str) -> bool:
    """Tell SQLite from PostgreSQL."""
    scheme = url.partition("://")[0].partition("+")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("OTL_DATABASE_URL must begin with sqlite:/// or postgresql://")
    return scheme == "sqlite"


def sqlite_path(url: str) -> Path:
    """Return the real file of sqlite:///relative/path or sqlite:////absolute/path.

    Symbolic links are followed, as SQLite does: lock, key and WAL lie beside what they lead to.
    """
    path = unquote(url.partition("://")[2].partition("?")[0])
    if not path.startswith("/") or path in {"/", "/:memory:"}:
        raise ValueError("OTL_DATABASE_URL needs a file: sqlite:///var/otl.sqlite3")
    return Path(os.path.realpath(path[1:]))  # unlike resolve(), it lets a loop of links be


def postgresql_dsn(url: str) -> str:
    """Translate a URL as PostgreSQL and its hosts print it (sslmode, host=/socket) for asyncpg.

    Raises:
        ValueError: it has no address that can be read; says so without the URL.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(NO_ADDRESS) from None
    hosts = parts.netloc.rpartition("@")[2].split(",")
    if not all(HOST_AND_PORT.fullmatch(host) for host in hosts):
        raise ValueError(NO_ADDRESS)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name in DSN_PARAMETERS]
    query = f"?{urlencode(kept)}" if kept else ""
    return f"postgresql://{parts.netloc}{parts.path}{query}"
