"""An outage of the database is told apart from faults of our own, and fills no log."""

import logging
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from scheduling.database import Database, open_database
from scheduling.database.outages import Outage
from scheduling.database.postgresql import PAUSE_SECONDS, TRIES
from scheduling.errors import DatabaseUnavailable
from tests.rendezvous import all_of
from tests.stored import count

NOWHERE = "postgresql://otl:hidden-word@127.0.0.1:1/otl"


@pytest.mark.parametrize("fault", [TimeoutError, ConnectionResetError, TypeError])
async def test_an_error_that_a_use_case_raises_arrives_as_it_is_and_at_once(
    database: Database, fault: type[Exception]
) -> None:
    tries = []

    def faulty(session: Session) -> None:
        session.execute(text("SELECT 1"))
        tries.append(fault)
        raise fault("of our own")

    for run in (database.write, database.read):
        with pytest.raises(fault, match="of our own"):
            await run(faulty)

    assert len(tries) == 2


async def test_a_statement_that_is_wrong_is_no_outage(database: Database) -> None:
    tries = []

    def wrong(session: Session) -> None:
        tries.append(session)
        session.execute(text("SELECT * FROM no_such_table"))

    for run in (database.write, database.read):
        with pytest.raises(DBAPIError):
            await run(wrong)

    assert len(tries) == 2


async def test_a_mistake_that_only_the_driver_sees_is_no_outage(postgresql_url: str) -> None:
    postgresql = open_database(postgresql_url)
    tries = []

    def one_parameter_short(session: Session) -> None:
        tries.append(session)
        session.connection().exec_driver_sql("SELECT $1::integer")

    for run in (postgresql.write, postgresql.read):
        with pytest.raises(DBAPIError, match="expects 1 argument"):
            await run(one_parameter_short)

    await postgresql.close()
    assert len(tries) == 2


async def test_tries_are_some_way_apart(postgresql_url: str) -> None:
    postgresql = open_database(postgresql_url)
    tries = []

    def collide(session: Session) -> None:
        tries.append(time.monotonic())
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(DatabaseUnavailable):
        await postgresql.write(collide)

    await postgresql.close()
    first, second, third = tries
    assert len(tries) == TRIES
    assert second - first >= PAUSE_SECONDS[0]
    assert third - second >= 2 * PAUSE_SECONDS[0]


async def test_a_crowd_that_meets_an_outage_leaves_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = open_database(NOWHERE)
    away.on_commit(lambda: None)

    refused = await all_of(away.read(count, "booking") for _ in range(40))
    refused += await all_of(away.write(count, "booking") for _ in range(40))

    await away.close()
    assert {type(error) for error in refused} == {DatabaseUnavailable}
    told = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert len(told) == 1
    assert told[0].getMessage() == (
        "PostgreSQL is unavailable: ConnectionRefusedError; failures: 1"
    )
    assert told[0].exc_info is None


def test_an_outage_is_told_once_a_minute_and_its_end_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = OperationalError("SELECT secret", {}, ConnectionRefusedError())
    patient, hasty = Outage("A"), Outage("B", quiet_seconds=0)

    for outage in (patient, hasty):
        outage.is_over()
        for _ in range(3):
            outage.met(error)
        for _ in range(2):
            outage.is_over()
        outage.met(error)
        outage.is_over()

    said = [record.getMessage() for record in caplog.records]
    assert [line for line in said if line.startswith("A")] == [
        "A is unavailable: ConnectionRefusedError; failures: 1",
        "A answers again; failures: 3",
    ]
    assert len([line for line in said if line.startswith("B is")]) == 4
    assert len([line for line in said if line.startswith("B answers")]) == 2
