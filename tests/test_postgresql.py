"""What one test leaves in its PostgreSQL database never reaches the next."""

import asyncio

import asyncpg
import pytest

from scheduling.database import open_database
from tests.given import given_calendar, given_link, when_booked
from tests.postgresql import Databases, execute

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = "SELECT seqrelid, pg_sequence_last_value(seqrelid) FROM pg_sequence ORDER BY 1"
A_WORKSPACE = "INSERT INTO workspace VALUES (1, 'T0TEST', 'Test', now())"
WHICH = "SELECT oid FROM pg_database WHERE datname = current_database()"


@pytest.fixture(scope="module")
def databases(postgresql_server: str) -> Databases:
    """Databases that only these tests borrow."""
    return Databases(postgresql_server)


async def test_a_database_that_is_lent_again_holds_what_a_new_one_holds(
    databases: Databases,
) -> None:
    first = await databases.lend()
    new, it = await contents(first), await asked(first, WHICH)
    database = open_database(first)
    await given_calendar(database)
    await when_booked(database, await given_link(database))
    await database.close()
    filled = await contents(first)
    await databases.take_back(first)

    again = await databases.lend()

    assert filled != new
    assert await asked(again, WHICH) == it
    assert await contents(again) == new


async def test_two_are_lent_at_once_as_two(databases: Databases) -> None:
    one, other = await databases.lend(), await databases.lend()

    assert await asked(one, WHICH) != await asked(other, WHICH)


async def test_a_connection_that_was_left_open_is_ended_and_finds_no_way_back(
    databases: Databases,
) -> None:
    url = await databases.lend()
    left = await asyncpg.connect(url)
    await left.execute("BEGIN")
    await left.execute(A_WORKSPACE)
    await databases.take_back(url)
    again = await databases.lend()

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await left.execute("COMMIT")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)
    assert await asked(again, "TABLE workspace") == []


async def test_who_listens_on_is_not_told_what_the_next_test_does(databases: Databases) -> None:
    heard: list[object] = []
    url = await databases.lend()
    left = await asyncpg.connect(url)
    await left.add_listener("otl", lambda *call: heard.append(call))
    await databases.take_back(url)

    await execute(await databases.lend(), "NOTIFY otl")
    await asyncio.sleep(0.05)

    assert left.is_closed()
    assert heard == []


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE one_time_link DROP CONSTRAINT uq_one_time_link_workspace_id_public_id",
        "ALTER TABLE booking ADD COLUMN more text",
        "ALTER TABLE booking DISABLE TRIGGER ALL",
        "CREATE TABLE more (id integer)",
        "CREATE OR REPLACE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = on', current_database()); END $$",
        "ANALYZE workspace",
    ],
)
async def test_a_database_with_another_schema_is_not_lent_again(
    databases: Databases, change: str
) -> None:
    url = await databases.lend()
    it = await asked(url, WHICH)
    await execute(url, A_WORKSPACE)
    await execute(url, change)
    await databases.take_back(url)

    assert await asked(await databases.lend(), WHICH) != it


async def test_a_database_with_many_rows_dead_or_alive_is_not_lent_again(
    postgresql_server: str,
) -> None:
    databases = Databases(postgresql_server, large_bytes=1_000_000)
    url = await databases.lend()
    it = await asked(url, WHICH)
    await execute(url, A_WORKSPACE)
    again_and_again = "UPDATE workspace SET name = repeat('x', 150)"
    await execute(url, f"DO $$ BEGIN FOR n IN 1..8000 LOOP {again_and_again}; END LOOP; END $$")
    await databases.take_back(url)

    assert await asked(await databases.lend(), WHICH) != it


async def contents(url: str) -> list[list[asyncpg.Record]]:
    names = [name for (name,) in await asked(url, f"{TABLES} ORDER BY 1")]
    return [await asked(url, f"TABLE {name}") for name in names] + [await asked(url, SEQUENCES)]


async def asked(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()
