"""The worker with the real notifier and the stand-in: told once, whatever Slack does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import pytest
from freezegun import freeze_time

from bot.notifications.look_up import MOST_PAGES
from bot.notifications.notifier import Notifier
from bot.slack_client import SlackClient, open_slack_client
from otl.practice import PracticeSlack
from otl.practice.faults import Fault, Where
from otl.worker import Timing, Worker
from scheduling.database import Database, open_database
from scheduling.events.deliveries import Delivery, Done, Outcome, State
from scheduling.events.destinations import SLACK
from scheduling.events.health import delivery_health
from scheduling.events.refusing import refusing
from tests.given import KIM, SALES, SAM
from tests.otl.due import (
    SIDE_CHANNELS,
    STUCK_SECONDS,
    blocks_in,
    given_due,
    names_told,
    told,
    until,
    until_told,
)

POST: Final = "chat.postMessage"
HISTORY: Final = "conversations.history"
TIMING: Final = Timing(
    quarantine=timedelta(seconds=0.3),
    request=timedelta(hours=1),  # no lease runs out here, unless a test is about that
    poll=timedelta(seconds=0.1),
    recheck=timedelta(seconds=0.05),
)
FOR_EVER: Final = 3600.0


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


class Scripted(Notifier):
    """The real notifier behind a function of the test's."""

    script: Callable[[Delivery], Awaitable[Outcome]]

    async def deliver(self, delivery: Delivery) -> Outcome:
        return await self.script(delivery)


def new_worker(
    database: Database,
    client: SlackClient,
    *,
    timing: Timing = TIMING,
    deliver: Callable[[Delivery], Awaitable[Outcome]] | None = None,
) -> Worker:
    notifier = Scripted(database=database, client=client, seconds_between=0.01)
    notifier.script = deliver or super(Scripted, notifier).deliver
    return Worker(database, {SLACK: notifier}, workspace_id=1, timing=timing)


@asynccontextmanager
async def delivering(
    database: Database,
    client: SlackClient,
    *,
    timing: Timing = TIMING,
    deliver: Callable[[Delivery], Awaitable[Outcome]] | None = None,
) -> AsyncIterator[Worker]:
    """Run a worker; leaving stops it as SIGTERM does."""
    worker = new_worker(database, client, timing=timing, deliver=deliver)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running


async def when_killed(worker: Worker, reached: asyncio.Event) -> None:
    """Run a worker to this point, and end it with all that it has in flight, as SIGKILL would."""
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(STUCK_SECONDS):
        await reached.wait()
    dying = {running, *worker._in_flight}
    for task in dying:
        task.cancel()
    await asyncio.gather(*dying, return_exceptions=True)


def in_channel(channel_id: str) -> Where:
    return lambda fields: fields["channel"] == channel_id


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


@pytest.mark.parametrize(
    ("trouble", "why"),
    [("archived", "it is archived"), ("removed", "I am not a member")],
)
async def test_a_channel_that_refuses_is_told_to_the_issuer_who_reads_why(
    database: Database, slack: PracticeSlack, client: SlackClient, trouble: str, why: str
) -> None:
    name = await given_due(database)
    if trouble == "archived":
        slack.archive(SALES)
    else:
        slack.remove_bot(SALES)

    async with delivering(database, client):
        rows = await until_told(database)

    direct = slack.direct(SAM).id
    assert names_told(slack, [name], SALES, direct) == {name: 1}
    (message,) = slack.messages(direct)
    assert f"<#{SALES}> could not be reached: {why}" in message.text
    assert (rows[0].place, rows[0].sent_to) == (1, direct)


async def test_an_issuer_who_cannot_be_reached_leaves_it_to_the_calendars_owner(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(sqlite_database, owner=KIM)
    slack.archive(SALES)
    in_sams = slack.direct(SAM).id
    slack.fault(POST, "user_not_found", times=None, where=in_channel(in_sams))

    async with delivering(sqlite_database, client):
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES, in_sams) == {name: 0}
    assert names_told(slack, [name], slack.direct(KIM).id) == {name: 1}


async def test_refused_by_every_place_it_waits_with_its_reason_and_is_tried_again_in_an_hour(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_due(database)
    slack.fault(POST, "restricted_action", times=None)
    now = datetime.now(UTC)

    async with delivering(database, client):
        rows = await until(
            database, lambda rows: rows[0].claims == 3 and rows[0].state is State.READY
        )

    assert rows[0].reason == "restricted_action"
    assert timedelta(minutes=59) < rows[0].not_before - now < timedelta(minutes=61)
    assert rows[0].place == 0
    assert len(slack.calls_to(POST)) == 0


async def test_a_revoked_token_holds_all_back_and_a_new_one_lets_each_go_once(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    slack.revoke_token()

    async with delivering(database, client):
        names = [await given_due(database, number) for number in range(10)]
        await until(database, lambda rows: any(row.reason == "token_revoked" for row in rows))
        refusal = (await database.read(refusing))[SLACK].reason
        waiting = await told(database)
        health = await database.read(delivery_health, workspace_id=1, now=datetime.now(UTC))
        slack.restore_token()
        await until_told(database, 10)

    assert refusal == "token_revoked"
    assert [row.state for row in waiting if row.state is State.DONE] == []
    assert (health.slack_refusal, sum(one.number for one in health.waiting)) == (refusal, 10)
    assert names_told(slack, names, SALES) == dict.fromkeys(names, 1)
    assert await database.read(refusing) == {}
    after = await database.read(delivery_health, workspace_id=1, now=datetime.now(UTC))
    assert (after.slack_refusal, after.waiting, after.delivered) == (None, (), 10)


async def test_while_the_token_is_refused_only_the_token_is_tried(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_due(sqlite_database)
    slack.revoke_token()

    async with delivering(sqlite_database, client):
        await slack.until(lambda: len(slack.calls_to("auth.test")) >= 5)

    assert len(slack.calls_to(POST)) == 1
    assert (await told(sqlite_database))[0].claims == 1


async def test_a_refused_token_is_asked_about_when_it_is_time_and_not_at_each_wake_up(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    timing = replace(TIMING, recheck=timedelta(seconds=0.5))
    slack.revoke_token()
    await given_due(sqlite_database)

    async with delivering(sqlite_database, client, timing=timing):
        await slack.until(lambda: len(slack.calls_to("auth.test")) >= 1)
        asked_before = len(slack.calls_to("auth.test"))
        for number in range(1, 12):
            await given_due(sqlite_database, number)
        await asyncio.sleep(0.2)
        asked_after = len(slack.calls_to("auth.test"))

    assert asked_after - asked_before <= 1


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


async def test_blocks_that_slack_refuses_are_sent_as_plain_text(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(database)
    slack.fault(POST, "invalid_blocks", times=None, where=blocks_in)

    async with delivering(database, client):
        rows = await until_told(database)

    (message,) = slack.messages(SALES)
    assert message.blocks == []
    assert f"{name} booked Onboarding Call" in message.text
    assert (rows[0].place, rows[0].plain) == (0, True)


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
