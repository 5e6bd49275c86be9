"""The schema that the migrations make is the one that the models say, guards and all."""

import ast
import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from scheduling.database import open_database
from scheduling.database.migrating import MIGRATIONS, ForeignKeysBroken, migrate, newest_revision
from tests.bad_rows import GUARDS, Guard, drop
from tests.given import given_calendar, given_link, when_booked
from tests.schema import create_all, execute, schema_of
from tests.stored import rows


async def test_the_migrations_make_what_the_models_say(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    migrated = await schema_of(empty_database_url)
    await migrate(empty_database_url, revision="base")

    await create_all(empty_database_url)

    assert await schema_of(empty_database_url) == migrated


@pytest.mark.parametrize(
    "step", [pytest.param(step, id=step.stem) for step in (MIGRATIONS / "versions").glob("*.py")]
)
def test_a_step_imports_nothing_of_ours(step: Path) -> None:
    """What it does must not change when today's code does."""
    ours = {"scheduling", "bot", "booking_web", "otl", "tests"}

    assert not {module.partition(".")[0] for module in imported(step)} & ours


@pytest.mark.parametrize(
    "guard", [pytest.param(guard, id=guard.trigger or guard.name) for guard in GUARDS]
)
async def test_the_comparison_sees_that_a_guard_is_gone(database_url: str, guard: Guard) -> None:
    whole = await schema_of(database_url)

    await drop(database_url, guard)

    assert await schema_of(database_url) != whole


async def test_an_empty_database_gets_the_newest_schema(empty_database_url: str) -> None:
    await migrate(empty_database_url)

    assert await revisions(empty_database_url) == [(newest_revision(),)]
    assert await schema_of(empty_database_url) != {}


async def test_migrating_again_changes_nothing(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await given_a_booking(empty_database_url)
    once = await schema_of(empty_database_url)

    await migrate(empty_database_url)

    assert await schema_of(empty_database_url) == once
    assert await bookings(empty_database_url) == 1


async def test_of_four_migrations_at_once_one_does_it_and_the_others_find_it_done(
    empty_database_url: str,
) -> None:
    await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))

    assert await revisions(empty_database_url) == [(newest_revision(),)]
    await given_a_booking(empty_database_url)


async def test_going_back_to_the_base_leaves_nothing(empty_database_url: str) -> None:
    await migrate(empty_database_url)

    await migrate(empty_database_url, revision="base")

    assert await schema_of(empty_database_url) == {}
    assert await revisions(empty_database_url) == []


async def test_a_step_that_fails_half_way_leaves_nothing(empty_database_url: str) -> None:
    await execute(empty_database_url, "CREATE TABLE delivery (id INTEGER)")  # in the step's way
    before = await schema_of(empty_database_url)

    with pytest.raises(DBAPIError):
        await migrate(empty_database_url)

    assert await schema_of(empty_database_url) == before
    await execute(empty_database_url, "DROP TABLE delivery")
    await migrate(empty_database_url)
    await given_a_booking(empty_database_url)


async def test_a_migration_that_would_leave_rows_pointing_nowhere_is_rolled_back(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'otl.sqlite3'}"  # PostgreSQL checks them itself, always
    points_to_a_link = "link_id INTEGER REFERENCES one_time_link (id)"
    await execute(url, f"CREATE TABLE note (id INTEGER PRIMARY KEY, {points_to_a_link})")
    await execute(url, "INSERT INTO note VALUES (1, 404)")
    before = await schema_of(url)

    with pytest.raises(ForeignKeysBroken):
        await migrate(url)

    assert await schema_of(url) == before


def imported(file: Path) -> set[str]:
    """Return the modules that a file imports, wherever in it; what is relative is ours."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add("scheduling" if node.level else node.module or "")
    return found


async def given_a_booking(url: str) -> None:
    database = open_database(url)
    await given_calendar(database)
    await when_booked(database, await given_link(database))
    await database.close()


async def bookings(url: str) -> int:
    database = open_database(url)
    [(number,)] = await database.read(rows, "SELECT count(*) FROM booking")
    await database.close()
    found: int = number
    return found


async def revisions(url: str) -> object:
    database = open_database(url)
    found = await database.read(rows, "SELECT version_num FROM alembic_version")
    await database.close()
    return found
