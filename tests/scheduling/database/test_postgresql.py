"""What is PostgreSQL's alone: collisions, and programs side by side."""

import asyncio
import contextlib
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from scheduling.bookings.book import Booked, book
from scheduling.database import Database, open_database
from scheduling.database.postgresql import TRIES
from scheduling.errors import DatabaseUnavailable, LinkNotActive
from tests.arguments import booking, free_starts
from tests.bad_rows import HOUR, given_rows, occupy
from tests.given import MONDAY_NINE, NOW, SAM, given_calendar, given_link, when_booked
from tests.rendezvous import STUCK_SECONDS, all_of
from tests.scheduling.database.server import cut_everybody_else_off
from tests.stored import count, half_done, rows


async def test_200_bookings_from_two_programs_at_once_on_one_link_are_one(
    postgresql: Database, postgresql_url: str
) -> None:
    other = open_database(postgresql_url)
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    starts = free_starts(100)

    answers = await all_of(
        [
            *(when_booked(postgresql, link, start=start) for start in starts),
            *(when_booked(other, link, start=start) for start in starts),
        ]
    )

    await other.close()
    assert Counter(map(type, answers)) == {Booked: 1, LinkNotActive: 199}
    assert await postgresql.read(half_done) == {}


async def test_two_writes_that_deadlock_are_both_carried_out(postgresql: Database) -> None:
    await given_calendar(postgresql)
    await given_calendar(postgresql, slug="anas-own", hosts=("U0ANA",))
    both_hold_one = [asyncio.Event(), asyncio.Event()]

    def rename_both(session: Session, order: list[str], mine: int) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        for user_id in order:
            session.execute(
                text("UPDATE resource SET name = name || '!' WHERE slack_user_id = :id"),
                {"id": user_id},
            )
            both_hold_one[mine].set()
            await_only(both_hold_one[1 - mine].wait())

    await asyncio.gather(
        postgresql.write(rename_both, ["U0SAM", "U0ANA"], 0),
        postgresql.write(rename_both, ["U0ANA", "U0SAM"], 1),
    )

    names = await postgresql.read(rows, "SELECT name FROM resource ORDER BY name")
    assert names == [("Ana Lopes!!",), ("Sam Rivera!!",)]


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_write_that_collides_three_times_is_given_up(
    postgresql: Database, state: str
) -> None:
    tries = []

    def collide(session: Session) -> None:
        tries.append(state)
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))

    with pytest.raises(DatabaseUnavailable):
        await postgresql.write(collide)

    assert len(tries) == TRIES


async def test_a_use_case_that_swallows_a_failed_statement_is_not_told_ok(
    postgresql: Database,
) -> None:
    await given_rows(postgresql)

    def swallow(session: Session) -> str:
        session.execute(text("UPDATE resource SET name = 'Sam'"))
        with contextlib.suppress(IntegrityError):
            occupy(session, SAM, MONDAY_NINE, MONDAY_NINE + HOUR)
        return "ok"

    with pytest.raises(DBAPIError):
        await postgresql.write(swallow)

    assert await postgresql.read(count, "resource", "name = 'Sam'") == 0
    await when_booked(postgresql, await given_link(postgresql), start=free_starts(40)[-1])


async def test_a_statement_that_failed_within_a_savepoint_may_be_swallowed(
    postgresql: Database,
) -> None:
    await given_rows(postgresql)

    def swallow(session: Session) -> str:
        with contextlib.suppress(IntegrityError), session.begin_nested():
            occupy(session, SAM, MONDAY_NINE, MONDAY_NINE + HOUR)
        session.execute(text("UPDATE resource SET name = 'Sam'"))
        return "ok"

    assert await postgresql.write(swallow) == "ok"

    assert await postgresql.read(count, "resource", "name = 'Sam'") == 2


async def test_another_program_is_woken_once_by_each_commit(
    postgresql: Database, postgresql_url: str
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    worker = open_database(postgresql_url)
    calls: asyncio.Queue[None] = asyncio.Queue()
    worker.on_commit(lambda: calls.put_nowait(None))
    async with asyncio.timeout(STUCK_SECONDS):
        await calls.get()  # once when it begins to listen, for what was queued before

        await given_link(postgresql)
        await calls.get()
        await when_booked(postgresql, link)
        await calls.get()

    await worker.close()
    assert calls.empty()


async def test_the_version_moves_with_what_another_program_commits(
    postgresql: Database, postgresql_url: str
) -> None:
    other = open_database(postgresql_url)
    await given_calendar(postgresql)
    before = await other.version()

    await given_calendar(postgresql, name="First Steps", now=NOW + timedelta(minutes=1))

    assert await other.version() != before
    await other.close()


async def test_a_rolled_back_booking_wakes_nobody(
    postgresql: Database, postgresql_url: str
) -> None:
    await given_calendar(postgresql)
    link = await given_link(postgresql)
    worker = open_database(postgresql_url)
    calls: asyncio.Queue[int] = asyncio.Queue()
    await given_link(postgresql)
    worker.on_commit(lambda: calls.put_nowait(1))

    def book_and_fail(session: Session) -> None:
        book(session, **booking(link))
        raise RuntimeError("after the event was recorded")

    async with asyncio.timeout(STUCK_SECONDS):
        await calls.get()
        with pytest.raises(RuntimeError, match="after the event"):
            await postgresql.write(book_and_fail)
        await when_booked(postgresql, link)
        await calls.get()

    await worker.close()
    assert calls.empty()


async def test_a_program_that_was_cut_off_listens_again(
    postgresql: Database, postgresql_url: str
) -> None:
    worker = open_database(postgresql_url)
    calls: asyncio.Queue[int] = asyncio.Queue()
    worker.on_commit(lambda: calls.put_nowait(1))
    async with asyncio.timeout(STUCK_SECONDS):
        await calls.get()

        await postgresql.write(cut_everybody_else_off)

        await calls.get()  # it listens again, and looks after what it may have missed
    await worker.close()
