"""What doctor says of the database: its files, schema, calendars and keys."""

from dataclasses import replace
from pathlib import Path

from otl.practice import PracticeSlack
from scheduling.database import Database
from scheduling.database.migrating import migrate
from scheduling.database.opening import sqlite_path
from tests.otl.examined import findings, settings_for, those_with


async def test_a_database_that_others_can_read_is_noted(
    slack: PracticeSlack, sqlite_url: str
) -> None:
    sqlite_path(sqlite_url).chmod(0o644)

    _, said = await findings(settings_for(slack, sqlite_url))

    assert those_with("Others can open", said) == [
        f"note  Others can open {sqlite_path(sqlite_url)}. `otl serve` hides it as it starts."
    ]


async def test_a_database_with_a_second_name_has_to_be_mended(
    slack: PracticeSlack, sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "other.sqlite3").hardlink_to(sqlite_path(sqlite_url))

    well, said = await findings(settings_for(slack, sqlite_url))

    assert not well
    assert those_with("has a second name", said)[0].startswith("MEND")


async def test_a_database_without_calendars(
    slack: PracticeSlack, database: Database, database_url: str
) -> None:
    well, said = await findings(settings_for(slack, database_url))

    assert not well
    assert those_with("MEND  There are no calendars.", said)


async def test_a_database_without_tables(slack: PracticeSlack, empty_database_url: str) -> None:
    if empty_database_url.startswith("sqlite"):
        Path(empty_database_url.removeprefix("sqlite:///")).touch()

    well, said = await findings(settings_for(slack, empty_database_url))

    assert not well
    assert those_with("MEND  The database's schema is not the newest. Run `otl migrate`", said)


async def test_a_schema_of_before_the_first_release(
    slack: PracticeSlack, empty_database_url: str
) -> None:
    await migrate(empty_database_url)
    await migrate(empty_database_url, revision="base")

    well, said = await findings(settings_for(slack, empty_database_url))

    assert not well
    assert those_with("MEND  The database's schema is not the newest.", said)


async def test_a_database_server_that_is_down(slack: PracticeSlack) -> None:
    down = "postgresql://otl:hidden-word@127.0.0.1:1/otl"

    well, said = await findings(settings_for(slack, down))

    assert not well
    assert those_with("MEND  The database cannot be reached", said)
    assert not those_with("hidden-word", said)


async def test_a_key_that_cannot_be_used(
    slack: PracticeSlack, sqlite_database: Database, sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "otl.key").write_text("half a key")
    settings = replace(settings_for(slack, sqlite_url), secret_key=None)

    well, said = await findings(settings)

    assert not well
    assert those_with(f"MEND  The key file {tmp_path}/otl.key cannot be used", said)
    assert not those_with("half a key", said)
