"""A booking is told once, however the clocks of Slack, machine and process differ."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.database import Database, open_database
from scheduling.events.deliveries import State
from tests.given import SALES
from tests.otl.due import (
    given_due,
    names_told,
    until,
    until_told,
)
from tests.otl.working import (
    HISTORY,
    POST,
    TIMING,
    delivering,
)


@pytest.mark.parametrize("seconds", [90.0, -90.0, 3600.0, -3600.0])
async def test_however_slacks_clock_differs_from_ours_it_comes_once(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient, seconds: float
) -> None:
    slack.workspace.ahead_seconds = seconds
    await client.auth_test()  # as at every start: its Date tells how Slack's clock stands
    name = await given_due(sqlite_database)
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(sqlite_database, client):
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}


@pytest.mark.parametrize("hours", [1, -1])
async def test_where_our_clock_jumps_while_it_is_unsure_it_comes_once(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient, hours: int
) -> None:
    await client.auth_test()
    name = await given_due(sqlite_database)
    slack.history_lag = 0.25
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(sqlite_database, client):
        await until(sqlite_database, lambda rows: rows[0].state is State.UNSURE)
        jump = timedelta(hours=hours)
        with freeze_time(datetime.now(UTC) + jump, tick=True, real_asyncio=True):
            slack.workspace.ahead_seconds = -jump.total_seconds()  # Slack's did not
            if hours > 0:
                await until_told(sqlite_database)
            else:
                await asyncio.sleep(0.5)  # by our clock its time has not come
        slack.workspace.ahead_seconds = 0.0
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert len(slack.calls_to(HISTORY)) == 1


async def test_of_two_machines_whose_clocks_differ_none_takes_what_the_other_has(
    postgresql_url: str, slack: PracticeSlack, client: SlackClient
) -> None:
    one, other = open_database(postgresql_url), open_database(postgresql_url)
    name = await given_due(one)
    timing = replace(TIMING, request=timedelta(seconds=60))
    slack.fault(POST, Fault.DELAY, seconds=0.5)

    async with delivering(one, client, timing=timing):
        await until(one, lambda rows: rows[0].state is State.SENDING)
        ahead = datetime.now(UTC) + timedelta(seconds=120)
        with freeze_time(ahead, tick=True, real_asyncio=True):
            async with delivering(other, client, timing=timing):
                await asyncio.sleep(0.3)
        rows = await until_told(one)
    await one.close()
    await other.close()

    assert names_told(slack, [name], SALES) == {name: 1}
    assert [row.claims for row in rows] == [1]
