"""Whose turn it is: each channel at its pace, and silence everywhere while Slack asks for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from otl.turns import Turns
from otl.worker import Timing, Worker
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Outcome, State
from scheduling.events.destinations import SLACK
from tests.given import SALES
from tests.otl.due import SIDE_CHANNELS, given_due, until, until_told

ELSEWHERE: Final = SIDE_CHANNELS[0]
FOR_EVER: Final = 3600.0


def test_a_lane_waits_for_its_next_turn_and_no_other_lane_does() -> None:
    turns = Turns(2.0)

    turns.take("one", 10.0)
    turns.take("other", 11.0)

    assert turns.busy(11.0) == {"one": 12.0, "other": 13.0}
    assert turns.busy(12.0) == {"other": 13.0}
    assert turns.busy(13.0) == {}


def test_where_no_pace_is_kept_no_lane_waits() -> None:
    of_a_destination, of_a_place = Turns(0.0), Turns(2.0)

    of_a_destination.take("one", 10.0)
    of_a_place.take("", 10.0)

    assert of_a_destination.busy(10.0) == of_a_place.busy(10.0) == {}


def test_it_is_silent_for_the_longest_time_that_was_asked_for() -> None:
    turns = Turns(1.0)

    turns.keep_silent(30.0, 10.0)
    turns.keep_silent(5.0, 11.0)

    assert turns.silent_until == 40.0


def test_silence_does_not_take_a_turn_away() -> None:
    turns = Turns(50.0)

    turns.take("one", 10.0)
    turns.keep_silent(30.0, 10.0)

    assert turns.busy(10.0) == {"one": 60.0}


class Noting(Notifier):
    """Notes when it began to deliver where, by the loop's clock."""

    def __init__(self, database: Database, client: SlackClient, *, seconds_between: float) -> None:
        super().__init__(database=database, client=client, seconds_between=seconds_between)
        self.begun: dict[str, list[float]] = {}

    async def deliver(self, delivery: Delivery) -> Outcome:
        self.begun.setdefault(delivery.goes_to, []).append(asyncio.get_running_loop().time())
        return await super().deliver(delivery)


@asynccontextmanager
async def delivering(
    database: Database, client: SlackClient, *, seconds_between: float
) -> AsyncIterator[Noting]:
    """Run a worker that keeps this pace."""
    notifier = Noting(database, client, seconds_between=seconds_between)
    timing = Timing(poll=timedelta(seconds=0.1))
    worker = Worker(database, {SLACK: notifier}, workspace_id=1, timing=timing)
    running = asyncio.create_task(worker.run())
    try:
        yield notifier
    finally:
        worker.stop()
        await running


async def test_a_channel_gets_one_message_a_second_and_another_does_not_wait_for_it(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    for number, channel in enumerate((SALES, SALES, ELSEWHERE)):
        await given_due(sqlite_database, number, channel_id=channel)

    async with delivering(sqlite_database, client, seconds_between=2.0) as notifier:
        await until_told(sqlite_database, 3)

    first, second = notifier.begun[SALES]
    (elsewhere,) = notifier.begun[ELSEWHERE]
    assert second - first > 1.5
    assert elsewhere - first < 1.5
    assert (len(slack.messages(SALES)), len(slack.messages(ELSEWHERE))) == (2, 1)


async def test_what_waits_for_its_turn_is_left_in_the_queue(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    for number in range(3):
        await given_due(database, number)

    async with delivering(database, client, seconds_between=FOR_EVER):
        await until(database, lambda rows: rows[0].state is State.DONE)
        await given_due(database, 3, channel_id=ELSEWHERE)
        rows = await until(database, lambda rows: rows[3].state is State.DONE)

    assert [row.state for row in rows[:3]] == [State.DONE, State.READY, State.READY]
    assert [row.claims for row in rows] == [1, 0, 0, 1]
    assert len(slack.messages(SALES)) == 1


async def test_after_429_no_channel_is_posted_to_until_slack_said(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_due(sqlite_database)
    slack.fault("chat.postMessage", Fault.RATE_LIMITED, seconds=2)

    async with delivering(sqlite_database, client, seconds_between=0.0) as notifier:
        await until(sqlite_database, lambda rows: rows[0].reason == "ratelimited")
        await given_due(sqlite_database, 1, channel_id=ELSEWHERE)
        await until_told(sqlite_database, 2)

    limited, again = notifier.begun[SALES]
    (elsewhere,) = notifier.begun[ELSEWHERE]
    assert min(again, elsewhere) - limited >= 2
    assert (len(slack.messages(SALES)), len(slack.messages(ELSEWHERE))) == (1, 1)
