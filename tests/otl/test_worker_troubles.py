"""A booking is told once, whatever becomes of a try and of the look-up after it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from time import sleep
from typing import Final

import pytest
from sqlalchemy.orm import Session

from bot.notifications.look_up import MOST_PAGES
from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient, open_slack_client
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Outcome, State
from tests.given import SALES, SAM
from tests.otl.due import (
    SIDE_CHANNELS,
    given_due,
    names_told,
    until,
    until_told,
)
from tests.otl.working import (
    FOR_EVER,
    HISTORY,
    POST,
    TIMING,
    delivering,
    in_channel,
)

TROUBLES: Final = (
    Fault.RATE_LIMITED,
    Fault.HTTP_500,
    Fault.HTTP_503,
    Fault.STORE_THEN_HTTP_500,
    Fault.INTERNAL_ERROR_AFTER_STORING,
    Fault.FATAL_ERROR_AFTER_STORING,
    Fault.TIMEOUT,
    Fault.STORE_THEN_TIMEOUT,
    Fault.DROP,
    Fault.STORE_THEN_DROP,
    Fault.NULL_ERROR_AFTER_STORING,
    Fault.OK_ALONE_AFTER_STORING,
    Fault.CUT_JSON,
    Fault.WRONG_CONTENT_TYPE,
    "internal_error",
    "service_unavailable",
)


async def test_a_booking_is_told_once_whatever_becomes_of_the_first_try(
    database: Database, slack: PracticeSlack, hasty_client: SlackClient
) -> None:
    channels = dict(zip(TROUBLES, SIDE_CHANNELS, strict=False))
    names = {}
    for number, (trouble, channel) in enumerate(channels.items()):
        slack.fault(POST, trouble, where=in_channel(channel))
        names[trouble] = await given_due(database, number, channel_id=channel)

    async with delivering(database, hasty_client):
        rows = await until_told(database, len(names))

    told_in = {trouble: names_told(slack, [names[trouble]], channels[trouble]) for trouble in names}
    assert told_in == {trouble: {name: 1} for trouble, name in names.items()}
    assert [row.sent_to for row in rows] == list(channels.values())
    assert min(row.claims for row in rows) == 2


async def test_a_booking_is_told_once_though_one_trouble_follows_the_other(
    database: Database, slack: PracticeSlack, hasty_client: SlackClient
) -> None:
    name = await given_due(database)
    for fault in (Fault.DROP, Fault.HTTP_503, "internal_error", Fault.STORE_THEN_TIMEOUT):
        slack.fault(POST, fault)

    async with delivering(database, hasty_client):
        rows = await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert rows[0].claims == 5


@pytest.mark.parametrize(
    "fault",
    [
        Fault.RATE_LIMITED,
        Fault.HTTP_500,
        Fault.DROP,
        "fatal_error",
        Fault.OK_ALONE_AFTER_STORING,
        Fault.NULL_ERROR_AFTER_STORING,
    ],
)
async def test_history_that_does_not_answer_is_asked_again_before_anything_is_sent(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient, fault: Fault | str
) -> None:
    name = await given_due(sqlite_database)
    slack.fault(POST, Fault.STORE_THEN_DROP)
    slack.fault(HISTORY, fault)

    async with delivering(sqlite_database, client):
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}


async def test_what_slack_asks_to_wait_is_waited(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_due(sqlite_database)
    slack.fault(POST, Fault.RATE_LIMITED, seconds=2)
    clock = asyncio.get_running_loop().time
    began = clock()

    async with delivering(sqlite_database, client):
        await until_told(sqlite_database)

    assert clock() - began >= 2
    assert slack.calls_to(HISTORY) == []  # it is certain that nothing arrived


async def test_history_is_asked_only_when_it_has_caught_up(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    slack.history_lag = 0.25
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(database, client):
        await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert len(slack.calls_to(HISTORY)) == 1


async def test_an_answer_that_got_lost_is_found_behind_many_other_messages(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(sqlite_database)
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(sqlite_database, client):
        await slack.until(lambda: slack.messages(SALES))
        for number in range(40):
            slack.say(SAM, SALES, f"chatter {number}")
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert len(slack.calls_to(HISTORY)) >= 3  # pages of fifteen, all of them read


async def test_an_answer_behind_more_than_one_look_up_reads_is_found_by_the_next(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(sqlite_database)
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(sqlite_database, client):
        await slack.until(lambda: slack.messages(SALES))
        for number in range(15 * MOST_PAGES + 30):
            slack.say(SAM, SALES, f"chatter {number}")
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}
    asked = [call.fields.get("latest") for call in slack.calls_to(HISTORY)]
    assert len(asked) > MOST_PAGES
    assert len(set(asked)) == len(asked)  # no page was read twice


async def test_without_the_history_scope_it_comes_twice_rather_than_never(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    slack.drop_scope("channels:history")
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(database, client):
        await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 2}


async def test_while_slack_cannot_be_reached_it_waits_and_nothing_needs_looking_up(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    nowhere = "http://127.0.0.1:1/api/"

    async with (
        open_slack_client("xoxb-practice", base_url=nowhere) as unreachable,
        delivering(database, unreachable),
    ):
        waiting = await until(database, lambda rows: rows[0].reason is not None)
    async with delivering(database, client):
        await until_told(database)

    assert (waiting[0].state, waiting[0].reason) == (State.READY, "ClientConnectorError")
    assert names_told(slack, [name], SALES) == {name: 1}
    assert slack.calls_to(HISTORY) == []


async def test_an_error_in_our_own_program_does_not_lose_the_notification(
    sqlite_database: Database,
    slack: PracticeSlack,
    client: SlackClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = await given_due(sqlite_database)
    notifier = Notifier(database=sqlite_database, client=client)
    tries: list[Delivery] = []

    async def stumble_once(delivery: Delivery) -> Outcome:
        tries.append(delivery)
        if len(tries) == 1:
            raise ZeroDivisionError
        return await notifier.deliver(delivery)

    async with delivering(sqlite_database, client, deliver=stumble_once):
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert "ZeroDivisionError" in caplog.text


async def test_a_delivery_ends_before_its_lease_does_so_that_nobody_sends_beside_it(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(sqlite_database)
    notifier = Notifier(database=sqlite_database, client=client)
    timing = replace(TIMING, request=timedelta(seconds=1))
    at_work: list[Delivery] = []
    most_at_once = 0

    async def too_slow_at_first(delivery: Delivery) -> Outcome:
        nonlocal most_at_once
        at_work.append(delivery)
        most_at_once = max(most_at_once, len(at_work))
        try:
            if delivery.claims == 1:
                await asyncio.sleep(FOR_EVER)
            return await notifier.deliver(delivery)
        finally:
            at_work.remove(delivery)

    async with delivering(sqlite_database, client, timing=timing, deliver=too_slow_at_first):
        await until_told(sqlite_database)

    assert most_at_once == 1
    assert names_told(slack, [name], SALES) == {name: 1}


async def test_what_was_claimed_too_late_to_be_sent_is_claimed_again_and_never_looked_up(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    """The claim waits for other writes longer than a whole delivery may take."""
    name = await given_due(sqlite_database)
    timing = replace(TIMING, request=timedelta(seconds=1), quarantine=timedelta(seconds=30))
    writes = asyncio.Event()

    def write_slowly(_: Session) -> None:
        loop.call_soon_threadsafe(writes.set)
        sleep(1.5)

    loop = asyncio.get_running_loop()
    writing = asyncio.create_task(sqlite_database.write(write_slowly))
    await writes.wait()
    async with delivering(sqlite_database, client, timing=timing):
        await writing
        rows = await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert [row.claims for row in rows] == [2]
    assert slack.calls_to(HISTORY) == []
