"""What is SQLite's alone: the writer's thread, and a database that ends a transaction by itself."""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from scheduling.bookings.book import book
from scheduling.calendars.resources import ResourceType
from scheduling.database import open_for_reading
from scheduling.database.models import Resource
from scheduling.database.opening import sqlite_path
from scheduling.database.ports import TransactionLost
from scheduling.database.sqlite import SqliteDatabase
from scheduling.errors import DatabaseUnavailable
from scheduling.workspaces import ensure_workspace, find_workspace
from tests.arguments import booking, free_starts
from tests.given import NOW, TEAM, given_calendar, given_link, given_workspace, when_booked
from tests.rendezvous import STUCK_SECONDS, Rendezvous, pausing_after, pausing_before
from tests.stored import count, half_done

PRACTICE: dict[str, Any] = {"team_id": TEAM, "name": "Practice", "now": NOW}
Ending = Callable[[Session], None]


def by_a_trigger(session: Session) -> None:
    """SQLite rolls the whole transaction back, as it does when the disk is full."""
    try:
        store_a_person(session, "U0TRAP")
    except IntegrityError:
        session.expunge_all()  # swallowed: the use case goes on as if nothing were


def by_hand(session: Session) -> None:
    driver: Any = session.connection().connection.driver_connection
    driver.execute("ROLLBACK")


@pytest.mark.parametrize("end", [by_a_trigger, by_hand])
async def test_nobody_is_told_ok_when_sqlite_ended_the_transaction(
    sqlite_database: SqliteDatabase, end: Ending
) -> None:
    await given_workspace(sqlite_database)
    await sqlite_database.write(set_the_trap)

    def use_case(session: Session) -> str:
        store_a_person(session, "U0BEFORE")
        end(session)
        return "ok"

    with pytest.raises(DatabaseUnavailable):
        await sqlite_database.write(use_case)

    assert await sqlite_database.read(count, "resource") == 0
    await given_calendar(sqlite_database)


@pytest.mark.parametrize("end", [by_a_trigger, by_hand])
@pytest.mark.parametrize("swallow", [(), (TransactionLost, SQLAlchemyError)])
async def test_what_comes_after_sqlite_ended_the_transaction_is_not_stored_either(
    sqlite_database: SqliteDatabase, end: Ending, swallow: tuple[type[Exception], ...]
) -> None:
    await given_workspace(sqlite_database)
    await sqlite_database.write(set_the_trap)

    def use_case(session: Session) -> str:
        end(session)
        with suppress(*swallow):
            store_a_person(session, "U0AFTER")
        return "ok"

    with pytest.raises(DatabaseUnavailable):
        await sqlite_database.write(use_case)

    assert await sqlite_database.read(count, "resource") == 0
    await given_calendar(sqlite_database)


async def test_a_commit_that_fails_does_not_spoil_the_next_write(
    sqlite_database: SqliteDatabase,
) -> None:
    def break_a_foreign_key(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        store_a_person(session, "U0NOWHERE")  # of a workspace that there is not

    with pytest.raises(IntegrityError):
        await sqlite_database.write(break_a_foreign_key)

    assert await sqlite_database.read(count, "resource") == 0
    await given_calendar(sqlite_database)


async def test_a_full_disk_is_an_unavailable_database_until_there_is_room_again(
    sqlite_database: SqliteDatabase,
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    await sqlite_database.write(let_the_file_grow_no_more)

    def fill(session: Session) -> None:
        store_a_person(session, "U0BEFORE")
        session.execute(text("CREATE TABLE ballast AS SELECT zeroblob(100000) AS weight"))

    with pytest.raises(DatabaseUnavailable):
        await sqlite_database.write(fill)

    assert await sqlite_database.read(count, "resource", "slack_user_id <> 'U0SAM'") == 0
    await sqlite_database.write(let_the_file_grow)
    assert not (await when_booked(sqlite_database, link)).replay
    assert await sqlite_database.read(half_done) == {}


async def test_a_file_that_cannot_be_written_is_an_unavailable_database_until_it_can(
    sqlite_database: SqliteDatabase,
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    sqlite_database._driver.execute("PRAGMA query_only = ON")

    with pytest.raises(DatabaseUnavailable):
        await when_booked(sqlite_database, link)

    sqlite_database._driver.execute("PRAGMA query_only = OFF")
    assert not (await when_booked(sqlite_database, link)).replay


async def test_a_caller_who_leaves_before_their_turn_changes_nothing(
    sqlite_database: SqliteDatabase,
) -> None:
    await given_calendar(sqlite_database)
    first, second = await given_link(sqlite_database), await given_link(sqlite_database)
    rendezvous = Rendezvous()
    running = asyncio.create_task(
        sqlite_database.write(pausing_after, rendezvous=rendezvous, work=book, **booking(first))
    )
    await rendezvous.arrived()
    begun: list[str] = []

    def note_and_book(session: Session) -> None:
        begun.append("begun")
        book(session, **booking(second, start=free_starts(2)[1]))

    waiting = asyncio.create_task(sqlite_database.write(note_and_book))
    await asyncio.sleep(0)  # it queues
    waiting.cancel()
    await asyncio.wait([waiting])
    rendezvous.go_on()
    await running
    await given_workspace(sqlite_database)  # whatever was queued before has had its turn

    assert begun == []
    assert await sqlite_database.read(count, "booking") == 1


async def test_a_loop_that_closes_before_its_answer_does_not_stop_the_writer(
    sqlite_database: SqliteDatabase,
) -> None:
    async def ask_and_leave() -> Rendezvous:
        rendezvous = Rendezvous()
        writing = asyncio.create_task(
            sqlite_database.write(
                pausing_before, rendezvous=rendezvous, work=ensure_workspace, **PRACTICE
            )
        )
        await rendezvous.arrived()
        writing.cancel()
        await asyncio.wait([writing])
        return rendezvous

    rendezvous = await asyncio.to_thread(asyncio.run, ask_and_leave())  # and its loop closes
    rendezvous.release_thread()

    async with asyncio.timeout(STUCK_SECONDS):
        await given_calendar(sqlite_database)
    assert await sqlite_database.read(find_workspace) is not None


async def test_a_database_that_is_open_for_reading_refuses_every_write(
    sqlite_database: SqliteDatabase, sqlite_url: str
) -> None:
    await given_calendar(sqlite_database)
    looking = open_for_reading(sqlite_url)

    with pytest.raises(DatabaseUnavailable):
        await given_link(looking)

    assert await looking.read(count, "calendar") == 1
    await looking.close()


async def test_a_file_that_is_gone_cannot_be_read(sqlite_url: str, tmp_path: Path) -> None:
    looking = open_for_reading(f"sqlite:///{tmp_path / 'nowhere' / 'otl.sqlite3'}")

    with pytest.raises(DatabaseUnavailable):
        await looking.read(count, "calendar")

    await looking.close()


async def test_what_was_told_ok_is_in_a_copy_of_the_files_made_at_once(
    sqlite_database: SqliteDatabase, sqlite_url: str, tmp_path: Path
) -> None:
    await given_calendar(sqlite_database)
    await when_booked(sqlite_database, await given_link(sqlite_database))

    for suffix in ("", "-wal"):
        file = sqlite_path(sqlite_url)
        shutil.copyfile(f"{file}{suffix}", tmp_path / f"copy.sqlite3{suffix}")

    copied = SqliteDatabase(tmp_path / "copy.sqlite3")
    assert await copied.read(count, "booking") == 1
    await copied.close()


def set_the_trap(session: Session) -> None:
    session.execute(
        text(
            "CREATE TEMP TRIGGER trap BEFORE INSERT ON resource"
            " WHEN NEW.slack_user_id = 'U0TRAP'"
            " BEGIN SELECT RAISE(ROLLBACK, 'the disk is on fire'); END"
        )
    )


def store_a_person(session: Session, user_id: str) -> None:
    session.execute(
        insert(Resource).values(
            workspace_id=1, type=ResourceType.INDIVIDUAL, slack_user_id=user_id, name="Sam"
        )
    )


def let_the_file_grow_no_more(session: Session) -> None:
    pages = session.execute(text("PRAGMA page_count")).scalar_one()
    session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))


def let_the_file_grow(session: Session) -> None:
    session.execute(text("PRAGMA max_page_count = 1000000"))


async def test_the_version_stays_with_writes_that_change_nothing(
    sqlite_database: SqliteDatabase,
) -> None:
    before = await sqlite_database.version()

    await sqlite_database.read(count, "workspace")
    await sqlite_database.write(count, "workspace")

    assert await sqlite_database.version() == before
