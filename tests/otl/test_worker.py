"""The outbox's loop with the real notifier and the stand-in: told once, whatever Slack does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.notifications.notifier import Notifier
from bot.slack_client import open_slack_client
from otl.practice import PracticeSlack
from otl.practice.faults import Fault, Where
from otl.slack_workspace import token_is_taken
from otl.worker import OutboxLoop, Timing
from scheduling.database import Database, open_database
from scheduling.events.deliveries import Deliverer, Delivery, Done, Kind, Outcome, State
from scheduling.events.health import delivery_health
from scheduling.workspaces import slack_refusal
from tests.given import KIM, SALES, SAM
from tests.otl.due import (
    SIDE_CHANNELS,
    STUCK_SECONDS,
    blocks_in,
    deeds,
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
    Fault.CUT_JSON,
    Fault.WRONG_CONTENT_TYPE,
    "internal_error",
    "service_unavailable",
)


def new_loop(
    database: Database,
    client: AsyncWebClient,
    *,
    timing: Timing = TIMING,
    deliver: Deliverer | None = None,
) -> OutboxLoop:
    notifier = Notifier(database=database, client=client, seconds_between=0.01)
    return OutboxLoop(
        database,
        dict.fromkeys(Kind, deliver or notifier.deliver),
        workspace_id=1,
        slack_answers=lambda: token_is_taken(client),
        timing=timing,
    )


@asynccontextmanager
async def delivering(
    database: Database,
    client: AsyncWebClient,
    *,
    timing: Timing = TIMING,
    deliver: Deliverer | None = None,
) -> AsyncIterator[OutboxLoop]:
    """Run a loop; leaving stops it as SIGTERM does."""
    loop = new_loop(database, client, timing=timing, deliver=deliver)
    running = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        loop.stop()
        await running


async def when_killed(loop: OutboxLoop, reached: asyncio.Event) -> None:
    """Run a loop to this point, and end it with all that it has in flight, as SIGKILL would."""
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(STUCK_SECONDS):
        await reached.wait()
    dying = {running, *loop._in_flight}
    for task in dying:
        task.cancel()
    await asyncio.gather(*dying, return_exceptions=True)


def in_channel(channel_id: str) -> Where:
    return lambda fields: fields["channel"] == channel_id


async def test_a_booking_is_told_once_whatever_becomes_of_the_first_try(
    database: Database, slack: PracticeSlack, hasty_client: AsyncWebClient
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
    assert [row.sent_channel for row in rows] == list(channels.values())
    assert min(row.attempts for row in rows) == 2


async def test_a_booking_is_told_once_though_one_trouble_follows_the_other(
    database: Database, slack: PracticeSlack, hasty_client: AsyncWebClient
) -> None:
    name = await given_due(database)
    for fault in (Fault.DROP, Fault.HTTP_503, "internal_error", Fault.STORE_THEN_TIMEOUT):
        slack.fault(POST, fault)

    async with delivering(database, hasty_client):
        rows = await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert rows[0].attempts == 5


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.HTTP_500, Fault.DROP, "fatal_error"])
async def test_history_that_does_not_answer_is_asked_again_before_anything_is_sent(
    sqlite_database: Database, slack: PracticeSlack, client: AsyncWebClient, fault: Fault | str
) -> None:
    name = await given_due(sqlite_database)
    slack.fault(POST, Fault.STORE_THEN_DROP)
    slack.fault(HISTORY, fault)

    async with delivering(sqlite_database, client):
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES) == {name: 1}


async def test_what_slack_asks_to_wait_is_waited(
    sqlite_database: Database, slack: PracticeSlack, client: AsyncWebClient
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
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    name = await given_due(database)
    slack.history_lag = 0.25
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(database, client):
        await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 1}
    assert len(slack.calls_to(HISTORY)) == 1


async def test_an_answer_that_got_lost_is_found_behind_many_other_messages(
    sqlite_database: Database, slack: PracticeSlack, client: AsyncWebClient
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


async def test_without_the_history_scope_it_comes_twice_rather_than_never(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    name = await given_due(database)
    slack.drop_scope("channels:history")
    slack.fault(POST, Fault.STORE_THEN_DROP)

    async with delivering(database, client):
        await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 2}


async def test_while_slack_cannot_be_reached_it_waits_and_nothing_needs_looking_up(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
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
    database: Database, slack: PracticeSlack, client: AsyncWebClient, trouble: str, why: str
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
    assert (rows[0].place, rows[0].sent_channel) == (1, direct)
    assert ("notified", direct) in await deeds(database)
    assert any(deed == "rerouted" for deed, _ in await deeds(database))


async def test_an_issuer_who_cannot_be_reached_leaves_it_to_the_calendars_owner(
    sqlite_database: Database, slack: PracticeSlack, client: AsyncWebClient
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
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    await given_due(database)
    slack.fault(POST, "restricted_action", times=None)
    now = datetime.now(UTC)

    async with delivering(database, client):
        rows = await until(
            database, lambda rows: rows[0].attempts == 3 and rows[0].state is State.READY
        )

    assert rows[0].reason == "restricted_action"
    assert timedelta(minutes=59) < rows[0].not_before - now < timedelta(minutes=61)
    assert rows[0].place == 0
    assert len(slack.calls_to(POST)) == 0
    assert await deeds(database) != []


async def test_a_revoked_token_holds_all_back_and_a_new_one_lets_each_go_once(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    slack.revoke_token()

    async with delivering(database, client):
        names = [await given_due(database, number) for number in range(10)]
        await until(database, lambda rows: any(row.reason == "token_revoked" for row in rows))
        refusal = await database.read(slack_refusal)
        waiting = await told(database)
        health = await database.read(delivery_health, workspace_id=1, now=datetime.now(UTC))
        slack.restore_token()
        await until_told(database, 10)

    assert refusal == "token_revoked"
    assert [row.state for row in waiting if row.state is State.DONE] == []
    assert (health.slack_refusal, sum(one.number for one in health.waiting)) == (refusal, 10)
    assert names_told(slack, names, SALES) == dict.fromkeys(names, 1)
    assert await database.read(slack_refusal) is None
    after = await database.read(delivery_health, workspace_id=1, now=datetime.now(UTC))
    assert (after.slack_refusal, after.waiting, after.delivered) == (None, (), 10)


async def test_while_the_token_is_refused_only_the_token_is_tried(
    sqlite_database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    await given_due(sqlite_database)
    slack.revoke_token()

    async with delivering(sqlite_database, client):
        await slack.until(lambda: len(slack.calls_to("auth.test")) >= 5)

    assert len(slack.calls_to(POST)) == 1
    assert (await told(sqlite_database))[0].attempts == 1


async def test_blocks_that_slack_refuses_are_sent_as_plain_text(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    name = await given_due(database)
    slack.fault(POST, "invalid_blocks", times=None, where=blocks_in)

    async with delivering(database, client):
        rows = await until_told(database)

    (message,) = slack.messages(SALES)
    assert message.blocks == []
    assert f"{name} booked Onboarding Call" in message.text
    assert (rows[0].place, rows[0].plain) == (0, True)


async def test_a_loop_that_dies_between_slacks_storing_and_our_recording_tells_once_all_the_same(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
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

    await when_killed(new_loop(database, client, timing=timing, deliver=deliver_and_hang), stored)
    left = await told(database)
    async with delivering(database, client):
        rows = await until_told(database)

    assert left[0].state is State.SENDING
    assert names_told(slack, [name], SALES) == {name: 1}
    assert rows[0].attempts == 2


async def test_a_loop_that_dies_before_slack_was_asked_tells_all_the_same(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    name = await given_due(database)
    timing = replace(TIMING, request=timedelta(seconds=1))
    claimed = asyncio.Event()

    async def hang(_: Delivery) -> Outcome:
        claimed.set()
        await asyncio.sleep(FOR_EVER)
        raise AssertionError

    await when_killed(new_loop(database, client, timing=timing, deliver=hang), claimed)
    async with delivering(database, client):
        await until_told(database)

    assert names_told(slack, [name], SALES) == {name: 1}


async def test_two_loops_over_one_postgresql_database_tell_each_booking_once(
    postgresql_url: str, slack: PracticeSlack, client: AsyncWebClient
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
    assert [row.attempts for row in rows] == [1] * len(names)


async def test_stopping_finishes_what_is_in_flight_and_takes_nothing_new(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    name = await given_due(database)
    posting = asyncio.Event()

    def notice(_: Mapping[str, Any]) -> bool:
        posting.set()
        return True

    slack.fault(POST, Fault.DELAY, seconds=0.3, where=notice)

    async with delivering(database, client) as loop:
        await posting.wait()
        loop.stop()
        later = await given_due(database, 1)

    rows = await told(database)
    assert [row.state for row in rows] == [State.DONE, State.READY]
    assert names_told(slack, [name, later], SALES) == {name: 1, later: 0}


async def test_a_commit_wakes_the_loop_at_once(
    database: Database, slack: PracticeSlack, client: AsyncWebClient
) -> None:
    patient = replace(TIMING, poll=timedelta(minutes=10))
    first = await given_due(database)

    async with asyncio.timeout(STUCK_SECONDS), delivering(database, client, timing=patient):
        await until_told(database)
        second = await given_due(database, 1)
        await until_told(database, 2)

    assert names_told(slack, [first, second], SALES) == {first: 1, second: 1}


async def test_a_commit_of_another_process_wakes_the_loop_on_postgresql(
    postgresql_url: str, slack: PracticeSlack, client: AsyncWebClient
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
    postgresql_url: str, slack: PracticeSlack, client: AsyncWebClient
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
    client: AsyncWebClient,
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
    sqlite_database: Database, slack: PracticeSlack, client: AsyncWebClient
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
            if delivery.attempts == 0:
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
