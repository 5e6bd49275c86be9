"""Whom a refusal leads to: the next place, plain text, or a wait until the token is good."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from scheduling.database import Database
from scheduling.events.deliveries import State
from scheduling.events.destinations import SLACK
from scheduling.events.health import delivery_health
from scheduling.events.refusing import refusing
from tests.given import KIM, SALES, SAM
from tests.otl.due import (
    blocks_in,
    given_due,
    names_told,
    told,
    until,
    until_told,
)
from tests.otl.working import (
    POST,
    TIMING,
    delivering,
    in_channel,
)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [("archived", "it is archived"), ("removed", "I am not a member")],
)
async def test_a_channel_that_refuses_is_told_to_the_issuer_who_reads_why(
    database: Database, slack: PracticeSlack, client: SlackClient, trouble: str, why: str
) -> None:
    name = await given_due(database, everybody=True)
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
    assert (rows[0].place, rows[0].sent_to) == (1, None)  # the host is told anyway


async def test_an_issuer_who_cannot_be_reached_leaves_it_to_the_calendars_owner(
    sqlite_database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    name = await given_due(sqlite_database, everybody=True, owner=KIM)
    slack.archive(SALES)
    in_sams = slack.direct(SAM).id
    slack.fault(POST, "user_not_found", times=None, where=in_channel(in_sams))

    async with delivering(sqlite_database, client):
        await until_told(sqlite_database)

    assert names_told(slack, [name], SALES, in_sams) == {name: 0}
    assert names_told(slack, [name], slack.direct(KIM).id) == {name: 1}
    (message,) = slack.messages(KIM)
    assert f"<@{SAM}> hosts this meeting and could not be reached." in message.text
    assert f"<#{SALES}> could not be reached: it is archived." in message.text


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
    recheck = timedelta(seconds=0.5)
    timing = replace(TIMING, recheck=recheck)
    clock = asyncio.get_running_loop().time
    slack.revoke_token()
    await given_due(sqlite_database)
    began = clock()

    async with delivering(sqlite_database, client, timing=timing):
        await slack.until(lambda: len(slack.calls_to(POST)) == 1)
        for number in range(1, 12):
            await given_due(sqlite_database, number)
        await asyncio.sleep(0.2)
        asked = len(slack.calls_to("auth.test"))
        took = clock() - began  # long, on a machine that has much to do

    assert asked <= took // recheck.total_seconds()


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
