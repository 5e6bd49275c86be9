"""What `write` and `read` promise on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.bookings.details import booking_by_id
from scheduling.database import Database, open_database, open_for_reading
from scheduling.database.models import OneTimeLink, Workspace
from scheduling.errors import DatabaseUnavailable, StartTaken
from scheduling.workspaces import find_workspace
from tests.arguments import booking, free_starts
from tests.given import NOW, given_calendar, given_link, given_workspace, when_booked
from tests.rendezvous import STUCK_SECONDS, Rendezvous, all_of, pausing_before
from tests.stored import count, half_done


@pytest.mark.parametrize("error", [StopIteration, GeneratorExit, KeyboardInterrupt, SystemExit])
async def test_what_would_end_a_thread_or_a_loop_arrives_as_a_runtime_error(
    database: Database, error: type[BaseException]
) -> None:
    def stop(session: Session) -> NoReturn:
        store_a_workspace(session)
        raise error

    def stop_reading(session: Session) -> NoReturn:
        raise error

    with pytest.raises(RuntimeError, match=error.__name__):
        await database.write(stop)
    with pytest.raises(RuntimeError, match=error.__name__):
        await database.read(stop_reading)

    assert await database.read(count, "workspace") == 0
    await given_workspace(database)


async def test_a_use_case_that_refuses_leaves_nothing_behind(database: Database) -> None:
    def refuse(session: Session) -> NoReturn:
        store_a_workspace(session)
        raise StartTaken(NOW)

    with pytest.raises(StartTaken):
        await database.write(refuse)

    assert await database.read(find_workspace) is None


async def test_a_write_that_asks_nothing_of_the_database_answers(database: Database) -> None:
    def nothing(session: Session) -> str:
        return "nothing to do"

    assert await database.write(nothing) == "nothing to do"


async def test_rows_that_were_only_added_are_stored(database: Database) -> None:
    def add(session: Session) -> None:
        session.add(Workspace(id=1, team_id="T0", name="Practice", created_at=NOW))

    await database.write(add)

    assert await database.read(count, "workspace") == 1


async def test_a_use_case_that_rolled_back_by_itself_is_not_told_ok(database: Database) -> None:
    def roll_back(session: Session) -> str:
        store_a_workspace(session)
        session.rollback()
        return "ok"

    with pytest.raises(DatabaseUnavailable):
        await database.write(roll_back)

    assert await database.read(count, "workspace") == 0


async def test_a_read_session_cannot_write(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)

    with pytest.raises((DatabaseUnavailable, DBAPIError)):
        await database.read(book, **booking(link))
    with pytest.raises((DatabaseUnavailable, DBAPIError)):
        await database.read(mark_all_links_used)

    assert await database.read(count, "one_time_link", "used_at IS NOT NULL") == 0
    assert await database.read(count, "booking") == 0


async def test_a_reader_sees_what_the_writer_has_committed_and_nothing_else(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    rendezvous = Rendezvous()

    def book_and_wait(session: Session) -> Booked:
        booked = book(session, **booking(link))
        rendezvous.wait(session)
        return booked

    writing = asyncio.create_task(database.write(book_and_wait))
    await rendezvous.arrived()
    during = await database.read(count, "booking")
    rendezvous.go_on()
    booked = await writing

    assert during == 0
    details = await database.read(booking_by_id, booking_id=booked.booking_id)
    assert details.link_public_id == link.details.public_id


async def test_readers_and_writers_at_once_are_never_told_that_it_is_locked(
    database: Database,
) -> None:
    await given_calendar(database)
    links = [await given_link(database) for _ in range(40)]

    answers = await all_of(
        [
            *(
                when_booked(database, link, start=start)
                for link, start in zip(links, free_starts(40), strict=True)
            ),
            *(database.read(half_done) for _ in range(120)),
        ]
    )

    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    assert all(answer == {} for answer in answers[40:])


async def test_closing_finishes_the_writes_that_wait_and_refuses_new_ones(
    database: Database, database_url: str
) -> None:
    await given_calendar(database)
    links = [await given_link(database) for _ in range(20)]
    writes = [
        asyncio.create_task(when_booked(database, link, start=start))
        for link, start in zip(links, free_starts(20), strict=True)
    ]
    await asyncio.sleep(0)  # they begin, and wait

    async with asyncio.timeout(STUCK_SECONDS):
        await database.close()

    booked = await asyncio.gather(*writes)
    assert len({one.booking_id for one in booked}) == 20
    with pytest.raises(DatabaseUnavailable):
        await given_workspace(database)
    with pytest.raises(DatabaseUnavailable):
        await database.read(count, "booking")
    again = open_for_reading(database_url)
    assert await again.read(count, "booking") == 20
    await again.close()


async def test_closing_waits_for_a_write_whose_caller_is_gone(
    database: Database, database_url: str
) -> None:
    rendezvous = Rendezvous()
    caller = asyncio.create_task(
        database.write(pausing_before, rendezvous=rendezvous, work=store_a_workspace)
    )
    await rendezvous.arrived()
    caller.cancel()

    closing = asyncio.create_task(database.close())
    closed_early, _ = await asyncio.wait([closing], timeout=0.1)
    rendezvous.go_on()
    await closing

    again = open_database(database_url)
    stored = await again.read(count, "workspace")
    await again.close()
    assert closed_early == set()
    assert stored == 1


async def test_whoever_asked_is_woken_after_every_commit_until_they_take_it_back(
    database: Database,
) -> None:
    await given_calendar(database)
    first, second = asyncio.Event(), asyncio.Event()
    take_back = database.on_commit(first.set)
    database.on_commit(second.set)

    async with asyncio.timeout(STUCK_SECONDS):
        await asyncio.gather(first.wait(), second.wait(), given_link(database))
        await asyncio.sleep(0.2)  # PostgreSQL's own message of it, which comes second
        first.clear()
        second.clear()
        take_back()
        take_back()  # a second time changes nothing
        await given_link(database)  # it queues nothing, and is a commit all the same
        await second.wait()

    assert not first.is_set()


async def test_a_write_that_fails_wakes_nobody(database: Database) -> None:
    woken = asyncio.Event()
    database.on_commit(woken.set)
    async with asyncio.timeout(STUCK_SECONDS):
        await asyncio.gather(woken.wait(), database.write(store_a_workspace))
    await asyncio.sleep(0.2)  # PostgreSQL's own message of it, which comes second
    woken.clear()

    with pytest.raises(IntegrityError):
        await database.write(store_a_workspace)  # the second of one id

    await asyncio.sleep(0.2)
    assert not woken.is_set()


async def test_the_clock_is_the_one_of_the_database(database: Database) -> None:
    here = datetime.now(UTC)

    there = await database.clock()

    assert abs(there - here) < timedelta(minutes=1)
    assert there.utcoffset() == timedelta(0)


async def test_the_version_moves_with_whatever_is_committed(database: Database) -> None:
    before = await database.version()

    await database.write(store_a_workspace)

    assert await database.version() != before


def store_a_workspace(session: Session) -> None:
    session.execute(insert(Workspace).values(id=1, team_id="T0", name="Practice", created_at=NOW))


def mark_all_links_used(session: Session) -> None:
    session.execute(update(OneTimeLink).values(used_at=NOW))
    session.commit()
