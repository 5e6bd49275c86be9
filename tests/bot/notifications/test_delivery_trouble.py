"""A notification when Slack is unwell: never lost, twice only where nobody can tell."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.notifications.notifier import Notifier
from bot.slack_client import open_slack_client
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.database import Database
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    StillUnsure,
    TextRefused,
    Unsure,
    Window,
)
from tests.bot.deliveries import a_delivery
from tests.given import ANA, NOW, SALES, SAM

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param(Fault.RATE_LIMITED, NotSent("ratelimited", timedelta(seconds=3)), id="429"),
        pytest.param(Fault.HTTP_500, Unsure("http_500"), id="500"),
        pytest.param(Fault.HTTP_503, Unsure("http_503"), id="503"),
        pytest.param(Fault.STORE_THEN_HTTP_500, Unsure("http_500"), id="stored-then-500"),
        pytest.param(Fault.DROP, Unsure("ServerDisconnectedError"), id="dropped"),
        pytest.param(
            Fault.STORE_THEN_DROP, Unsure("ServerDisconnectedError"), id="stored-then-dropped"
        ),
        pytest.param(Fault.STORE_THEN_TIMEOUT, Unsure("TimeoutError"), id="stored-then-silent"),
        pytest.param(
            Fault.INTERNAL_ERROR_AFTER_STORING, Unsure("internal_error"), id="internal-error"
        ),
        pytest.param(Fault.FATAL_ERROR_AFTER_STORING, Unsure("fatal_error"), id="fatal-error"),
        pytest.param(Fault.CUT_JSON, Unsure("http_200"), id="half-an-answer"),
        pytest.param(Fault.WRONG_CONTENT_TYPE, Unsure("http_200"), id="a-page"),
        pytest.param(Fault.NULL_ERROR_AFTER_STORING, Unsure("http_200"), id="an-error-of-null"),
        pytest.param(
            Fault.OK_ALONE_AFTER_STORING, Unsure("an answer without a message"), id="ok-alone"
        ),
        pytest.param("service_unavailable", Unsure("service_unavailable"), id="unavailable"),
        pytest.param("token_revoked", DestinationRefused("token_revoked"), id="revoked"),
        pytest.param("invalid_auth", DestinationRefused("invalid_auth"), id="no-such-token"),
        pytest.param("account_inactive", DestinationRefused("account_inactive"), id="uninstalled"),
        pytest.param("missing_scope", DestinationRefused("missing_scope"), id="no-scope"),
        pytest.param("msg_too_long", TextRefused("msg_too_long"), id="too-long"),
        pytest.param("restricted_action", PlaceRefused("restricted_action", SALES), id="read-only"),
        pytest.param("of_next_year", PlaceRefused("of_next_year", SALES), id="unheard-of"),
        pytest.param("ratelimited", NotSent("ratelimited"), id="limited-without-a-time"),
    ],
)
async def test_what_slack_answers_is_told_as_what_it_means(
    slack: PracticeSlack,
    sqlite_database: Database,
    fault: Fault | str,
    outcome: Outcome,
) -> None:
    async with open_slack_client("xoxb-practice", base_url=slack.api_url, seconds=0.5) as client:
        notifier = Notifier(database=sqlite_database, client=client, seconds_between=0.0)
        delivery = await a_delivery(sqlite_database)
        slack.fault("chat.postMessage", fault, seconds=3)

        assert await notifier.deliver(delivery) == outcome


async def test_a_slack_that_nobody_reaches_has_received_nothing(sqlite_database: Database) -> None:
    delivery = await a_delivery(sqlite_database)
    async with open_slack_client("xoxb-x", base_url="http://127.0.0.1:9/api") as client:
        notifier = Notifier(database=sqlite_database, client=client)

        assert await notifier.deliver(delivery) == NotSent("ClientConnectorError")


async def test_a_database_that_is_gone_sends_nothing(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database)
    await sqlite_database.close()

    assert isinstance(await notifier.deliver(delivery), NotSent)
    assert slack.messages(SALES) == ()


def unsure(delivery: Delivery, *, since: datetime = NOW) -> Delivery:
    return replace(delivery, window=Window(since, None))


async def test_what_arrived_after_all_is_found_and_not_sent_again(
    slack: PracticeSlack,
    notifier: Notifier,
    sqlite_database: Database,
    clock: Any,
) -> None:
    delivery = await a_delivery(sqlite_database)
    slack.fault("chat.postMessage", Fault.STORE_THEN_DROP)
    first = await notifier.deliver(delivery)
    for number in range(20):  # history comes in pages of 15
        slack.say(SAM, SALES, f"chatter {number}")

    second = await notifier.deliver(unsure(delivery))

    stored = [one for one in slack.messages(SALES) if one.by_app]
    assert isinstance(first, Unsure)
    assert second == Done(SALES, stored[0].ts)
    assert len(stored) == 1
    assert len(slack.calls_to("conversations.history")) == 2


async def test_what_did_not_arrive_is_sent_again(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database)
    slack.fault("chat.postMessage", Fault.DROP)
    await notifier.deliver(delivery)

    second = await notifier.deliver(unsure(delivery))

    assert isinstance(second, Done)
    assert len(slack.messages(SALES)) == 1


async def test_what_was_said_long_before_or_after_the_attempts_is_not_read(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database, clock: Any
) -> None:
    delivery = await a_delivery(sqlite_database)
    clock.move_to(NOW - timedelta(hours=1))
    for number in range(40):  # history comes in pages of 15
        slack.say(SAM, SALES, f"before {number}")
    clock.move_to(NOW)
    slack.fault("chat.postMessage", Fault.DROP)
    await notifier.deliver(delivery)
    clock.move_to(NOW + timedelta(hours=1))
    for number in range(40):
        slack.say(SAM, SALES, f"after {number}")

    tried = replace(delivery, window=Window(NOW, NOW + timedelta(minutes=1)))
    outcome = await notifier.deliver(tried)

    assert isinstance(outcome, Done)
    assert len(slack.calls_to("conversations.history")) == 1


async def test_another_notification_is_not_taken_for_it(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database)
    await notifier.deliver(replace(delivery, notification_id="of another booking"))

    outcome = await notifier.deliver(unsure(delivery))

    assert isinstance(outcome, Done)
    assert len(slack.messages(SALES)) == 2


async def test_a_direct_message_is_looked_up_too(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = replace(await a_delivery(sqlite_database), place=1)
    slack.fault("chat.postMessage", Fault.STORE_THEN_DROP)
    await notifier.deliver(delivery)

    outcome = await notifier.deliver(unsure(delivery))

    (message,) = slack.messages(ANA)
    assert outcome == Done(slack.direct(ANA).id, message.ts)


async def test_where_history_may_not_be_read_twice_is_better_than_never(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database)
    slack.drop_scope("channels:history")
    slack.fault("chat.postMessage", Fault.STORE_THEN_DROP)
    await notifier.deliver(delivery)

    outcome = await notifier.deliver(unsure(delivery))

    assert isinstance(outcome, Done)
    assert len(slack.messages(SALES)) == 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.DROP, StillUnsure("ServerDisconnectedError", None)),
        (Fault.HTTP_503, StillUnsure("http_503", None)),
        (Fault.RATE_LIMITED, StillUnsure("ratelimited", None, timedelta(seconds=7))),
        ("internal_error", StillUnsure("internal_error", None)),
        (Fault.CUT_JSON, StillUnsure("http_200", None)),
        (Fault.NULL_ERROR_AFTER_STORING, StillUnsure("http_200", None)),
        (Fault.OK_ALONE_AFTER_STORING, StillUnsure("an answer without messages", None)),
    ],
)
async def test_while_history_does_not_answer_nothing_is_sent(
    slack: PracticeSlack,
    notifier: Notifier,
    sqlite_database: Database,
    fault: Fault | str,
    outcome: Outcome,
) -> None:
    delivery = await a_delivery(sqlite_database)
    slack.fault("conversations.history", fault, times=None, seconds=7)

    assert await notifier.deliver(unsure(delivery)) == outcome
    assert slack.messages(SALES) == ()


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HTTP_500, Fault.RATE_LIMITED])
async def test_a_direct_message_that_cannot_be_opened_now_waits(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database, fault: Fault
) -> None:
    delivery = replace(await a_delivery(sqlite_database), place=1)
    slack.fault("conversations.open", fault)

    assert isinstance(await notifier.deliver(delivery), NotSent)
    assert slack.messages(ANA) == ()


async def test_a_direct_message_needs_no_scope_of_its_own(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = replace(await a_delivery(sqlite_database), place=1)
    slack.drop_scope("im:write")

    assert isinstance(await notifier.deliver(delivery), Done)
    assert len(slack.messages(ANA)) == 1
