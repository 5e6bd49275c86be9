"""Health is of the process, readiness of the database; neither tells what is nobody's business."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_aiohttp.plugin import AiohttpClient
from sqlalchemy.orm import Session

from otl.health import PATHS, create_health
from scheduling.database import Database, open_database
from scheduling.database.opening import postgresql_dsn
from scheduling.database.postgresql import PostgresqlDatabase
from scheduling.events.refusing import note_refusal, refusing
from tests.booking_web.site import Site
from tests.crash.storage_faults import full_disk, small_disk
from tests.given import NOW, given_workspace
from tests.postgresql import execute

STUCK_SECONDS = 30.0


@pytest.fixture
async def watched(aiohttp_client: AiohttpClient, database: Database) -> Site:
    return await aiohttp_client(create_health(database))


async def test_where_all_is_well_both_say_so(watched: Site) -> None:
    health, ready = [await watched.get(path) for path in PATHS]

    assert (health.status, await health.text()) == (200, "ok")
    assert (ready.status, await ready.json()) == (
        200,
        {"ready": True, "slack": "ok", "mail": "off"},
    )


async def test_while_the_database_is_away_the_process_is_well_but_not_ready(
    aiohttp_client: AiohttpClient, sqlite_url: str
) -> None:
    database = open_database(sqlite_url)
    await database.close()
    away = await aiohttp_client(create_health(database))

    health, ready = [await away.get(path) for path in PATHS]

    assert (health.status, ready.status) == (200, 503)
    assert await ready.json() == {"ready": False, "database": "unavailable"}


async def test_that_slack_refuses_is_told_but_not_why(watched: Site, database: Database) -> None:
    workspace = await given_workspace(database)
    await database.write(
        note_refusal,
        workspace_id=workspace.id,
        destination="slack",
        reason="token_revoked",
        now=NOW,
    )

    ready = await watched.get("/readyz")

    assert (ready.status, await ready.json()) == (
        200,
        {"ready": True, "slack": "refused", "mail": "off"},
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of our own."""
    with small_disk(tmp_path) as disk:
        yield disk


async def until_ready(watched: Site) -> None:
    async with asyncio.timeout(STUCK_SECONDS):
        while (await watched.get("/readyz")).status != 200:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.1)


async def test_on_a_full_disk_it_is_not_ready_until_there_is_room_again(
    aiohttp_client: AiohttpClient, disk: Path, sqlite_template: Path
) -> None:
    path = disk / "otl.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    watched = await aiohttp_client(create_health(database))
    assert await database.read(refusing) == {}  # its companions are there
    empty_again = full_disk(None, path)

    full = await watched.get("/readyz")
    told = await full.json()
    empty_again()
    await until_ready(watched)

    await watched.close()
    await database.close()
    assert (full.status, told) == (503, {"ready": False, "database": "cannot be written"})


async def test_while_postgresql_may_only_be_read_it_is_not_ready(
    aiohttp_client: AiohttpClient, postgresql_url: str
) -> None:
    read_only = f"{postgresql_dsn(postgresql_url)}?default_transaction_read_only=on"
    database = PostgresqlDatabase(read_only)
    watched = await aiohttp_client(create_health(database))

    ready = await watched.get("/readyz")

    await watched.close()
    await database.close()
    assert ready.status == 503


async def test_whatever_else_keeps_it_from_writing_it_is_not_ready_and_the_log_says_what(
    aiohttp_client: AiohttpClient, postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await execute(postgresql_url, "ALTER TABLE workspace RENAME TO elsewhere")
    database = open_database(postgresql_url)
    watched = await aiohttp_client(create_health(database))

    ready = await watched.get("/readyz")

    await watched.close()
    await database.close()
    assert ready.status == 503
    assert "the database cannot be written: ProgrammingError" in caplog.messages


async def test_a_busy_writer_is_no_fault_and_keeps_nobody_waiting(
    aiohttp_client: AiohttpClient, sqlite_database: Database
) -> None:
    may_end = threading.Event()

    def take_long(_session: Session) -> None:
        assert may_end.wait(STUCK_SECONDS)

    watched = await aiohttp_client(create_health(sqlite_database))
    writing = asyncio.create_task(sqlite_database.write(take_long))
    await asyncio.sleep(0)
    ready = await asyncio.wait_for(watched.get("/readyz"), STUCK_SECONDS / 2)
    may_end.set()
    await writing

    assert ready.status == 200


async def test_asked_all_the_time_it_writes_now_and_then(
    aiohttp_client: AiohttpClient, sqlite_database: Database
) -> None:
    commits: list[None] = []
    sqlite_database.on_commit(lambda: commits.append(None))
    watched = await aiohttp_client(create_health(sqlite_database))

    for _ in range(50):
        assert (await watched.get("/readyz")).status == 200

    assert 1 <= len(commits) <= 3
