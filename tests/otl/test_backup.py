"""A backup of a SQLite database in use: whole, private, one file."""

import asyncio
import stat
from datetime import datetime
from pathlib import Path

from otl.backup import back_up, restore
from otl.process_lock import process_lock
from scheduling.database import open_database
from scheduling.database.opening import sqlite_path
from tests.arguments import free_starts
from tests.given import GivenLink, given_calendar, given_link, when_booked
from tests.otl.backups import leftovers, problems
from tests.otl.commands import Run
from tests.stored import count, half_done, overlaps, rows

LOAD = 200
BACKUPS = 4


async def test_a_backup_under_load_is_whole_and_holds_all_that_was_booked_before_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = open_database(sqlite_url)
    await given_calendar(database)
    links = [await given_link(database) for _ in range(LOAD)]
    booked: set[int] = set()
    booked_before: dict[Path, set[int]] = {}

    async def contact(link: GivenLink, start: datetime) -> None:
        booked.add((await when_booked(database, link, start=start)).booking_id)

    async def operator() -> None:
        for number in range(BACKUPS):
            while len(booked) < number * LOAD // BACKUPS:  # noqa: ASYNC110  # contacts fill it
                await asyncio.sleep(0.001)
            file = tmp_path / f"backup-{number}"
            booked_before[file] = set(booked)
            await back_up(sqlite_url, file)

    contacts = (contact(*one) for one in zip(links, free_starts(LOAD), strict=True))
    await asyncio.gather(operator(), *contacts)

    await database.close()
    numbers = []
    for file, known in booked_before.items():
        restored_url = f"sqlite:///{tmp_path / 'restored' / file.name}"
        restored = await restore(restored_url, file, keep_active_links=False)
        assert restored.kept_aside is None
        back = open_database(restored_url)
        found = {id_ for (id_,) in await back.read(rows, "SELECT id FROM booking")}
        assert known <= found <= booked
        assert await back.read(half_done) == {}
        assert await back.read(overlaps) == []
        assert (
            await back.read(count, "one_time_link", "used_at IS NULL AND deleted_at IS NULL") == 0
        )
        assert restored.settled.deleted == LOAD - len(found)
        numbers.append(len(found))
        await back.close()
        assert problems(sqlite_path(restored_url)) == [("ok",)]
    assert numbers == sorted(numbers)
    assert numbers[-1] > numbers[0]


async def test_a_backup_is_for_its_owners_eyes_and_one_file(
    otl: Run, sqlite_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    made = await otl("backup", "backups/today", OTL_DATABASE_URL=sqlite_url)

    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("The database as it is now is in backups/today.\n")
    assert [file.name for file in folder.iterdir()] == ["today"]
    assert stat.S_IMODE((folder / "today").stat().st_mode) == 0o600
    assert problems(folder / "today") == [("ok",)]


async def test_both_commands_say_that_the_key_is_elsewhere(
    otl: Run, sqlite_url: str, tmp_path: Path
) -> None:
    named = {"OTL_DATABASE_URL": sqlite_url}

    without = await otl("backup", "one", **named)
    sqlite_path(sqlite_url).with_suffix(".key").write_text("x" * 32)
    with_file = await otl("restore", "one", **named)
    by_setting = await otl("backup", "two", **named, OTL_SECRET_KEY="x" * 32)

    assert "There is no key file" in without.stdout
    assert "otl.key is not in the backup: keep a copy of it, elsewhere." in with_file.stdout
    assert "OTL_SECRET_KEY is not in the backup" in by_setting.stdout
    for told in (without, with_file, by_setting):
        assert "Without the key that made them every link and booking is closed." in told.stdout


async def test_a_backup_overwrites_nothing(otl: Run, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("something of value")

    refused = await otl("backup", "taken", OTL_DATABASE_URL=sqlite_url)

    assert refused.exit_code == 1
    assert refused.stderr == "Error: taken exists already. Name a file that does not.\n"
    assert (tmp_path / "taken").read_text() == "something of value"
    assert leftovers(tmp_path) == []


async def test_a_backup_is_made_while_otl_runs_and_a_restore_is_refused(
    otl: Run, sqlite_url: str
) -> None:
    with process_lock(sqlite_url):
        made = await otl("backup", "copy", OTL_DATABASE_URL=sqlite_url)
        refused = await otl("restore", "copy", OTL_DATABASE_URL=sqlite_url)
    allowed = await otl("restore", "copy", OTL_DATABASE_URL=sqlite_url)

    assert made.exit_code == 0, made.output
    assert refused.exit_code == 1
    assert refused.stderr == "Error: OTL is running on this database: stop it first.\n"
    assert allowed.exit_code == 0, allowed.output
    assert "What was there before is kept in" in allowed.stdout


async def test_a_backup_under_a_second_name_which_misses_the_wal_is_refused(
    otl: Run, sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "other.sqlite3").hardlink_to(sqlite_path(sqlite_url))

    refused = await otl("backup", "copy", OTL_DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")

    assert refused.exit_code == 1
    assert "has a second name" in refused.stderr
    assert not (tmp_path / "copy").exists()


async def test_a_backup_of_no_database_makes_none(otl: Run, tmp_path: Path) -> None:
    refused = await otl("backup", "copy")

    assert refused.exit_code == 1
    assert refused.stderr == "Error: There is no database yet. `otl serve` makes it.\n"
    assert list(tmp_path.iterdir()) == []
