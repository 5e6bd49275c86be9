"""A worker is woken, keeps its turns, is stopped, dies; and another goes on."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg

from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from otl.worker import Worker
from scheduling.database import Database, open_database
from scheduling.events.deliveries import Delivery, Done, Outcome, State
from scheduling.events.destinations import SLACK
from tests.given import SALES
from tests.otl.due import (
    SIDE_CHANNELS,
    STUCK_SECONDS,
    given_due,
    names_told,
    told,
    until_told,
)
from tests.otl.working import (
    FOR_EVER,
    POST,
    TIMING,
    delivering,
    new_worker,
    when_killed,
)


async def test_many_that_wait_for_one_channel_hold_no_other_up(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    """The busy channel takes a message a second; the others' news is there long before."""
    names = [await given_due(sqlite_database, number) for number in range(30)]
    worker = Worker(
        sqlite_database,
        {SLACK: Notifier(database=sqlite_database, client=client)},
        workspace_id=1,
        timing=TIMING,
    )

    running = asyncio.create_task(worker.run())
    await slack.until(lambda: slack.messages(SALES))
    side = [
        await given_due(sqlite_database, 30 + number, channel_id=channel)
        for number, channel in enumerate(SIDE_CHANNELS[:8])
    ]
    await slack.until(lambda: all(slack.messages(one) for one in SIDE_CHANNELS[:8]))
    in_sales = len(slack.messages(SALES))
    worker.stop()
    await running

    assert names_told(slack, side, *SIDE_CHANNELS) == dict.fromkeys(side, 1)
    assert in_sales < len(names) / 2
    rows = await told(sqlite_database)
    assert sum(row.claims for row in rows) == in_sales + len(side)  # nothing was taken in vain


async def test_a_worker_that_dies_between_slacks_storing_and_our_recording_tells_once_all_the_same(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    timing = replace(TIMING, request=timedelta(seconds=1))
    stored = asyncio.Event()

    async def deliver_and_hang(delivery: Delivery) -> Outcome:
        outcome = await Notifier(database=database, client=client).deliver(delivery)
        assert isinstance(outcome, Done)
        stored.set()
        await asyncio.sleep(FOR_EVER)
        return outcome

    await when_killed(new_worker(database, client, timing=timing, deliver=deliver_and_hang), stored)
    left = await told(database)
    async with delivering(database, client):
        rows = await until_told(database)

    assert left[0].state is State.SENDING
    assert names_told(slack, [name], SALES) == {name: 1}
    assert rows[0].claims == 2


async def test_a_worker_that_dies_before_slack_was_asked_tells_all_the_same(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    timing = replace(TIMING, request=timedelta(seconds=1))
    claimed = asyncio.Event()

    async def hang(_: Delivery) -> Outcome:
        claimed.set()
        await asyncio.sleep(FOR_EVER)
        raise AssertionError

    await when_killed(new_worker(database, client, timing=timing, deliver=hang), claimed)
    async with delivering(database, client):
        await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 1}


async def test_two_workers_over_one_postgresql_database_tell_each_booking_once(
    postgresql_url: str, slack: PracticeSlack, client: SlackClient
) -> None:
    one, other = open_database(postgresql_url), open_database(postgresql_url)
    slack.fault(POST, Fault.DELAY, times=None, seconds=0.05)

    async with delivering(one, client), delivering(other, client):
        names = [
            await given_due(one, number, channel_id=channel)
            for number, channel in enumerate(SIDE_CHANNELS)
        ]
        rows = await until_told(one, len(names))
    await one.close()
    await other.close()

    assert names_told(slack, names, *SIDE_CHANNELS) == dict.fromkeys(names, 1)
    assert [row.claims for row in rows] == [1] * len(names)


async def test_stopping_finishes_what_is_in_flight_and_takes_nothing_new(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    posting = asyncio.Event()

    def notice(_: Mapping[str, Any]) -> bool:
        posting.set()
        return True

    slack.fault(POST, Fault.DELAY, seconds=0.3, where=notice)

    async with delivering(database, client) as worker:
        await posting.wait()
        worker.stop()
        later = await given_due(database, 1)

    rows = await told(database)
    assert [row.state for row in rows] == [State.DONE, State.READY]
    assert names_told(slack, [name, later], SALES) == {name: 1, later: 0}


async def test_a_commit_wakes_the_worker_at_once(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    patient = replace(TIMING, poll=timedelta(minutes=10))
    first = await given_due(database)

    async with asyncio.timeout(STUCK_SECONDS), delivering(database, client, timing=patient):
        await until_told(database)
        second = await given_due(database, 1)
        await until_told(database, 2)

    assert names_told(slack, [first, second], SALES) == {first: 1, second: 1}


async def test_a_commit_of_another_process_wakes_the_worker_on_postgresql(
    postgresql_url: str, slack: PracticeSlack, client: SlackClient
) -> None:
    worker, site = open_database(postgresql_url), open_database(postgresql_url)
    patient = replace(TIMING, poll=timedelta(minutes=10))
    await given_due(site)

    async with asyncio.timeout(STUCK_SECONDS), delivering(worker, client, timing=patient):
        await until_told(worker)
        await given_due(site, 1)
        await until_told(worker, 2)
    await worker.close()
    await site.close()

    assert len(slack.messages(SALES)) == 2


async def test_a_database_that_hangs_up_stops_nothing_for_good(
    postgresql_url: str, slack: PracticeSlack, client: SlackClient
) -> None:
    database = open_database(postgresql_url)
    first = await given_due(database)

    async with delivering(database, client):
        await until_told(database)
        await hang_up_all(postgresql_url)
        second = await given_due(database, 1)
        await until_told(database, 2)
    await database.close()

    assert names_told(slack, [first, second], SALES) == {first: 1, second: 1}


async def hang_up_all(url: str) -> None:
    """Have PostgreSQL end every connection to this database but the one that asks."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
