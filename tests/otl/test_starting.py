"""How a program starts, and with what words it does not."""

import asyncio
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from otl.practice import PracticeSlack
from scheduling.database.migrating import LOCK
from scheduling.database.opening import sqlite_path
from tests.given import SAM
from tests.otl.due import (
    STUCK_SECONDS,
)
from tests.otl.processes import running, said_by
from tests.otl.serving import (
    fetched,
    mode,
    opened,
    settings_for,
)
from tests.stored import rows

WAITING: Final = (
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@pytest.mark.parametrize("command", ["serve", "demo"])
async def test_a_second_program_on_one_sqlite_file_is_refused_and_the_first_goes_on(
    slack: PracticeSlack, sqlite_url: str, command: str
) -> None:
    settings = settings_for(slack, sqlite_url)

    async with running("serve", **settings) as first:
        base = await first.serves()
        code, said = await said_by(command, **settings)
        health = await fetched(f"{base}/healthz")

    assert (code, said) == (1, "Error: OTL is running on this database: stop it first.")
    assert health == (200, "ok")


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
async def test_a_second_program_is_refused_through_a_link_to_the_database_too(
    slack: PracticeSlack, sqlite_url: str, tmp_path: Path, kind: str
) -> None:
    settings = settings_for(slack, sqlite_url)
    path, other = sqlite_path(sqlite_url), tmp_path / "other" / "name.sqlite3"
    other.parent.mkdir()

    async with running("serve", **settings) as first:
        base = await first.serves()
        if kind == "symbolic":
            other.symlink_to(path)
        else:
            other.hardlink_to(path)
        code, said = await said_by("serve", **settings | {"OTL_DATABASE_URL": f"sqlite:///{other}"})
        health = await fetched(f"{base}/healthz")

    assert code == 1
    assert ("OTL is running on this database" if kind == "symbolic" else "second name") in said
    assert health == (200, "ok")


async def test_the_database_and_all_beside_it_are_for_their_owners_eyes(
    slack: PracticeSlack, tmp_path: Path
) -> None:
    path = tmp_path / "var" / "otl.sqlite3"
    settings = settings_for(slack, f"sqlite:///{path}")
    del settings["OTL_SECRET_KEY"]

    async with running("serve", **settings) as program:
        await program.serves()
        made = {file.name: mode(file) for file in path.parent.iterdir()}
        folder = mode(path.parent)
        await program.kill()
    for file in path.parent.iterdir():
        file.chmod(0o644)
    async with running("serve", **settings) as program:
        await program.serves()
        tightened = {file.name: mode(file) for file in path.parent.iterdir()}

    assert set(made) == {
        "otl.key",
        "otl.lock",
        *(f"{path.name}{end}" for end in ("", "-wal", "-shm")),
    }
    assert set(made.values()) == {0o600}
    assert folder == 0o700
    assert tightened == made


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_is_refused_at_start(
    slack: PracticeSlack, sqlite_url: str, name: str
) -> None:
    settings = settings_for(slack, sqlite_url) | {name: f"x{name[6].lower()}-of-another-app"}

    code, said = await said_by("serve", **settings)

    assert code == 1
    assert said.startswith(f"Error: Slack did not take {name} (invalid_auth).")
    assert "of-another-app" not in said


async def test_a_database_server_that_is_down_is_told_in_words_at_start(
    slack: PracticeSlack,
) -> None:
    down = "postgresql://otl:hidden-word@127.0.0.1:1/otl"

    code, said = await said_by("serve", **settings_for(slack, down))

    assert code == 1
    assert "Error: The database cannot be reached (ConnectionRefusedError). Check" in said
    assert "hidden-word" not in said


async def test_a_port_that_is_taken_is_told_in_words(slack: PracticeSlack, sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = await said_by(
            "serve", **settings_for(slack, sqlite_url) | {"OTL_PORT": str(port)}
        )

    assert code == 1
    assert "set OTL_PORT to another port" in said.splitlines()[-1]
    assert "Traceback" not in said


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
async def test_two_that_start_at_once_on_an_empty_database_migrate_it_one_after_the_other(
    slack: PracticeSlack, empty_database_url: str
) -> None:
    settings = settings_for(slack, empty_database_url)

    async with AsyncExitStack() as stack:
        lock = await asyncpg.connect(empty_database_url)
        stack.push_async_callback(lock.close)
        await lock.execute(f"SELECT pg_advisory_lock({LOCK})")
        one, other = [
            await stack.enter_async_context(running("serve", "--only", "web", **settings))
            for _ in range(2)
        ]
        await until_two_wait(lock)
        await lock.close()
        bases = await asyncio.gather(one.serves(), other.serves())
        readies = [await fetched(f"{base}/readyz") for base in bases]
    async with opened(empty_database_url) as database:
        versions = await database.read(rows, "SELECT version_num FROM alembic_version")

    assert [status for status, _ in readies] == [200, 200]
    assert len(versions) == 1


async def until_two_wait(connection: Any) -> None:
    """Wait until two processes stand before the lock of migrations."""
    async with asyncio.timeout(STUCK_SECONDS):
        while await connection.fetchval(WAITING) < 2:  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(0.01)


async def test_calendars_are_loaded_at_start(
    slack: PracticeSlack, empty_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "calendars.toml"
    file.write_text(
        '[[calendar]]\nslug = "call"\nname = "Call"\ntype = "event"\nduration_minutes = 30\n'
        f'timezone = "UTC"\nhosts = ["{SAM}"]\nowner = "{SAM}"\nopening_hours = {{}}\n'
    )
    settings = settings_for(slack, empty_database_url)

    async with running("serve", "--calendars", str(file), **settings) as program:
        await program.serves()
        code, listed = await said_by("calendars", "list", **settings)

    assert code == 0
    assert listed.startswith("call ")
    assert listed.endswith("with Sam Rivera")
