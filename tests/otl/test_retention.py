"""The loop that deletes what is old, beside everything else."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from otl.retention import Pace, Retention
from scheduling.database import Database
from tests.given import given_calendar, given_link
from tests.stored import count

QUICK = Pace(
    first=timedelta(0),
    between_rounds=timedelta(seconds=0.02),
    between_steps=timedelta(0),
    step=2,
)
YEARS = timedelta(days=2000)


async def test_it_deletes_what_is_old_round_by_round(database: Database) -> None:
    await given_calendar(database)
    now = datetime.now(UTC)
    for _ in range(5):
        await given_link(database, now=now - YEARS)
    await given_link(database, now=now)
    running = asyncio.create_task(Retention(database, timedelta(days=400), QUICK).run())

    await until_there_are(database, events=1, requests=1)
    await given_link(database, now=now - YEARS)
    await until_there_are(database, events=1, requests=1)

    running.cancel()


async def test_a_fault_does_not_end_it(sqlite_database: Database) -> None:
    await given_calendar(sqlite_database)
    await given_link(sqlite_database, now=datetime.now(UTC) - YEARS)
    await sqlite_database.write(execute, "ALTER TABLE event RENAME TO elsewhere")
    running = asyncio.create_task(Retention(sqlite_database, timedelta(days=400), QUICK).run())

    await asyncio.sleep(0.1)
    await sqlite_database.write(execute, "ALTER TABLE elsewhere RENAME TO event")
    await until_there_are(sqlite_database, events=0, requests=0)

    running.cancel()


def execute(session: Session, statement: str) -> None:
    session.execute(text(statement))


async def until_there_are(database: Database, *, events: int, requests: int) -> None:
    async with asyncio.timeout(30):
        while (  # noqa: ASYNC110  # another loop writes
            await database.read(count, "event"),
            await database.read(count, "request"),
        ) != (events, requests):
            await asyncio.sleep(0.01)
