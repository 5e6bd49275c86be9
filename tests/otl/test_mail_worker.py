"""Mail all the way: queued, carried, repeated; what the server took unheard folds."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from scheduling.database import Database
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.given import (
    SALES,
    given_calendar,
)
from tests.otl.due import SIDE_CHANNELS
from tests.otl.mailing import (
    JANE,
    SAM_S,
    TO_BOTH,
    booked,
    deliveries,
    mailing,
    received,
    until,
    until_all,
)
from tests.otl.working import TIMING


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running_mail_server() as server:
        yield server


async def test_a_booking_s_mails_are_sent_once_and_both_roads_are_travelled(
    database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database)

    async with mailing(database, server.address, slack=client):
        await booked(database)
        await until_all(database)
        await slack.until(lambda: slack.messages(SALES))

    assert received(server) == TO_BOTH


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("RCPT", "450 4.2.0 greylisted", id="greylisted"),
        pytest.param("DATA", "451 4.3.0 later", id="not taken"),
        pytest.param("354", "", id="cut before the final dot"),
        pytest.param("MAIL", "", id="cut before anything"),
    ],
)
async def test_what_the_server_did_not_take_comes_once(
    database: Database, server: MailServer, command: str, answer: str
) -> None:
    await given_calendar(database)
    server.fault(command, answer)

    async with mailing(database, server.address):
        await booked(database)
        await until_all(database)

    assert received(server) == TO_BOTH


async def test_what_the_server_took_unheard_comes_again_as_the_same_mail(
    database: Database, server: MailServer
) -> None:
    await given_calendar(database)
    server.fault("DATA", takes=True, recipient=JANE)

    async with mailing(database, server.address):
        await booked(database)
        await until_all(database)

    assert received(server) == {JANE: 2, SAM_S: 1}
    assert len(set(server.ids_to(JANE))) == 1
    assert len(set(server.ids_to(SAM_S))) == 1


async def test_a_server_that_is_down_for_an_hour_loses_nothing_and_doubles_nothing(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    await server.stop()

    async with mailing(sqlite_database, server.address):
        for number in range(3):
            await booked(sqlite_database, number)
        await until(
            sqlite_database,
            lambda found: all(row[2] == "ConnectionRefusedError" for row in found) and bool(found),
        )
        await server.start()
        with freeze_time(datetime.now(UTC) + timedelta(hours=1), tick=True, real_asyncio=True):
            await until_all(sqlite_database, number=6)

    assert received(server) == {JANE: 3, SAM_S: 3}
    assert len({taken.id for taken in server.taken}) == 6


async def test_a_slow_mail_server_holds_up_nothing_that_goes_to_slack(
    sqlite_database: Database, server: MailServer, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(sqlite_database)
    channels, goes_on = SIDE_CHANNELS[:9], asyncio.Event()
    server.fault("DATA", "250 OK", takes=True, until=goes_on, times=None)

    async with mailing(sqlite_database, server.address, slack=client):
        for number, channel in enumerate(channels):
            await booked(sqlite_database, number, channel_id=channel)
        await slack.until(lambda: all(slack.messages(channel) for channel in channels))
        meanwhile = await deliveries(sqlite_database)
        goes_on.set()
        await until_all(sqlite_database, number=18)

    assert "done" not in {row[1] for row in meanwhile}
    assert received(server) == {JANE: 9, SAM_S: 9}


async def test_a_worker_that_dies_while_it_sends_has_the_same_mail_sent_again(
    sqlite_database: Database, server: MailServer
) -> None:
    await given_calendar(sqlite_database)
    server.fault("DATA", "250 OK", takes=True, seconds=30, times=None)
    hasty = replace(TIMING, request=timedelta(seconds=0.3))
    async with mailing(sqlite_database, server.address, timing=hasty):
        await booked(sqlite_database)
        await until(sqlite_database, lambda found: {row[1] for row in found} == {"unsure"})
    server.faults.clear()

    async with mailing(sqlite_database, server.address):
        await until_all(sqlite_database)

    assert len({taken.id for taken in server.taken}) == 2
