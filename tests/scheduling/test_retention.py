"""What is old is deleted, and nothing that somebody may still need."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.database.models import DeliveryRow, EventRow
from scheduling.events.deliveries import State
from scheduling.events.kinds import EventKind
from scheduling.retention import forget_events, forget_request_keys, look_through_events
from tests.given import MONDAY_NINE, NOW, given_calendar, given_link, when_booked
from tests.scheduling.events.test_plans import deliver_many
from tests.stored import count, rows

ENDED = MONDAY_NINE + timedelta(minutes=30)
BEFORE_ITS_END = ENDED
AFTER_ITS_END = ENDED + timedelta(microseconds=1)


async def a_booking_that_was_told(database: Database) -> None:
    await given_calendar(database)
    await when_booked(database, await given_link(database))
    await database.write(close_all)


def close_all(session: Session) -> None:
    session.execute(update(DeliveryRow).values(state=State.DONE, closed_at=NOW, shown=1))


async def forget(database: Database, before: datetime, *, limit: int = 100) -> int:
    """Do what a round does, and return how many events are gone."""
    number, after = 0, None
    while True:
        found = await database.read(look_through_events, before=before, after=after, limit=limit)
        number += await database.write(forget_events, ids=found.over)
        if found.last is None:
            return number
        after = found.last


async def kinds(database: Database) -> list[str]:
    return [kind for (kind,) in await database.read(rows, "SELECT kind FROM event ORDER BY id")]


async def test_what_happened_is_kept_until_so_long_after_the_meeting_s_end(
    database: Database,
) -> None:
    await a_booking_that_was_told(database)

    assert await forget(database, BEFORE_ITS_END) == 0
    assert await database.read(count, "delivery") == 2  # to the channel and the host
    assert await forget(database, AFTER_ITS_END) == 2  # issued and booked
    assert await database.read(count, "delivery") == 0
    assert await database.read(count, "event") == 0


async def test_links_and_bookings_stay(database: Database) -> None:
    await a_booking_that_was_told(database)

    await forget(database, AFTER_ITS_END)

    assert await database.read(count, "booking") == 1
    assert await database.read(count, "one_time_link") == 1


async def test_of_a_link_never_booked_they_go_after_its_end(database: Database) -> None:
    await given_calendar(database)
    await given_link(database)  # without a deadline: its issue counts
    await given_link(database, deadline=timedelta(days=7))

    assert await forget(database, NOW) == 0
    assert await forget(database, NOW + timedelta(seconds=1)) == 1
    assert await forget(database, NOW + timedelta(days=7)) == 0
    assert await forget(database, NOW + timedelta(days=7, seconds=1)) == 1


async def test_what_still_waits_to_be_told_is_kept(database: Database) -> None:
    await given_calendar(database)
    await when_booked(database, await given_link(database))

    assert await forget(database, AFTER_ITS_END) == 1  # issued

    assert await kinds(database) == [EventKind.BOOKING_MADE]
    assert await database.read(count, "delivery") == 2  # to the channel and the host


async def test_an_event_stays_while_a_delivery_says_that_it_was_overtaken_by_it(
    database: Database,
) -> None:
    await given_calendar(database)
    await when_booked(database, await given_link(database))

    def a_move_that_it_waits_with(session: Session) -> None:
        moved = EventRow(
            workspace_id=1, kind=EventKind.BOOKING_MOVED, subject_id=1, version=1, at=NOW
        )
        session.add(moved)
        session.flush()
        session.execute(update(DeliveryRow).values(overtaken_by=moved.id))

    await database.write(a_move_that_it_waits_with)

    assert await forget(database, AFTER_ITS_END) == 1
    assert await kinds(database) == [EventKind.BOOKING_MADE, EventKind.BOOKING_MOVED]
    await database.write(close_all)
    assert await forget(database, AFTER_ITS_END) == 2


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_small_steps_come_to_the_same(database: Database, limit: int) -> None:
    await given_calendar(database)
    for _ in range(5):
        await given_link(database)
        await given_link(database, deadline=timedelta(days=300))  # kept, in between

    assert await forget(database, NOW + timedelta(days=1), limit=limit) == 5
    assert await database.read(count, "event") == 5


async def test_request_keys_go_after_a_day(database: Database) -> None:
    await given_calendar(database)
    for hours in (0, 1, 2):
        await given_link(database, now=NOW + timedelta(hours=hours))
    now = NOW + timedelta(days=1, hours=1, seconds=1)

    gone = [await database.write(forget_request_keys, now=now, limit=1) for _ in range(3)]

    assert gone == [1, 1, 0]
    assert await database.read(count, "request") == 1


async def test_no_step_walks_a_whole_table(database: Database) -> None:
    await a_booking_that_was_told(database)
    await database.write(deliver_many)
    await database.write(lambda session: session.execute(text("ANALYZE")) and None)

    plans = await database.write(plans_of_a_step)

    assert len(plans) == 4
    for statement, plan in plans:
        assert "Seq Scan on delivery" not in plan, statement
        assert "Seq Scan on event" not in plan, statement
        assert "SCAN delivery" not in plan, statement
        assert "SCAN event" not in plan, statement


def plans_of_a_step(session: Session) -> list[tuple[str, str]]:
    """Return what one step asks for, and how the database finds it."""
    said: list[tuple[str, object]] = []
    connection = session.connection()

    def note(_1: object, _2: object, statement: str, parameters: object, *_: object) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    forget_request_keys(session, now=NOW, limit=2)
    day = timedelta(days=1)
    look_through_events(session, before=NOW - day, after=(NOW - 2 * day, 1), limit=2)
    forget_events(session, ids=[3, 4])
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return [
        (
            statement,
            "\n".join(
                str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)
            ),
        )
        for statement, parameters in said
    ]
