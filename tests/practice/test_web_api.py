"""The Web API as slack_sdk meets it: what it stores, what it refuses, how it goes wrong."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import Fault, PracticeSlack
from otl.practice.demo_data import ANA, MANAGERS, SALES, SAM
from tests.practice.conftest import Clock

BOT = "U0PRACTBOT"
METADATA = {"event_type": "otl_notification", "event_payload": {"id": "n-1"}}


async def refusal(call: Any) -> Any:
    """Return what the API refused a call with."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


async def test_auth_test_tells_who_the_bot_is(client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["team_id"], answer["user_id"]) == ("T0PRACTICE", BOT)


async def test_a_posted_message_is_there(slack: PracticeSlack, client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Link used"}}]

    answer = await client.chat_postMessage(channel=SALES, text="Link used", blocks=blocks)

    (message,) = slack.messages(SALES)
    assert (answer["channel"], answer["ts"]) == (SALES, message.ts)
    assert (message.user, message.text) == (BOT, "Link used")
    assert answer["message"]["blocks"][0]["block_id"]


async def test_timestamps_are_unique_and_rise(slack: PracticeSlack, client: AsyncWebClient) -> None:
    for _ in range(5):
        await client.chat_postMessage(channel=SALES, text="again")

    ts = [message.ts for message in slack.messages(SALES)]
    assert ts == sorted(set(ts))
    assert all(len(one.partition(".")[2]) == 6 for one in ts)


async def test_a_user_id_means_their_direct_conversation(
    slack: PracticeSlack, client: AsyncWebClient
) -> None:
    opened = await client.conversations_open(users=[SAM])

    first = await client.chat_postMessage(channel=SAM, text="by user")
    second = await client.chat_postMessage(channel=opened["channel"]["id"], text="by channel")

    assert first["channel"] == second["channel"] == opened["channel"]["id"]
    assert [message.text for message in slack.messages(SAM)] == ["by user", "by channel"]
    assert slack.workspace.messages_for(ANA) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param({"channel": SALES, "text": ""}, "no_text", id="empty"),
        pytest.param({"channel": SALES, "text": "a" * 40_001}, "msg_too_long", id="40,001"),
        pytest.param({"channel": "C404", "text": "a"}, "channel_not_found", id="channel"),
        pytest.param(
            {"channel": SALES, "text": "a", "blocks": "["}, "invalid_blocks_format", id="["
        ),
        pytest.param(
            {"channel": SALES, "text": "a", "blocks": [{"type": "divider"}] * 51},
            "invalid_blocks",
            id="51 blocks",
        ),
        pytest.param(
            {"channel": SALES, "text": "a", "thread_ts": "1.000001"},
            "thread_not_found",
            id="thread",
        ),
        pytest.param(
            {"channel": SALES, "text": "a", "metadata": {"event_type": "x"}},
            "invalid_metadata_schema",
            id="metadata",
        ),
    ],
)
async def test_a_message_that_slack_refuses_is_not_stored(
    slack: PracticeSlack, client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    answer = await refusal(client.api_call("chat.postMessage", json=arguments))

    assert answer["error"] == error
    assert slack.messages(SALES) == ()


async def test_invalid_blocks_are_named(client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}}]

    answer = await refusal(client.chat_postMessage(channel=SALES, text="a", blocks=blocks))

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_places_that_refuse(slack: PracticeSlack, client: AsyncWebClient) -> None:
    slack.archive(SALES)
    assert (await refusal(client.chat_postMessage(channel=SALES, text="a")))[
        "error"
    ] == "is_archived"

    slack.unarchive(SALES)
    slack.remove_bot(SALES)
    answer = await refusal(client.chat_postMessage(channel=SALES, text="a"))
    assert answer["error"] == "not_in_channel"
    answer = await refusal(client.conversations_history(channel=SALES))
    assert answer["error"] == "not_in_channel"

    slack.remove_bot(MANAGERS)
    answer = await refusal(client.chat_postMessage(channel=MANAGERS, text="a"))
    assert answer["error"] == "channel_not_found"

    slack.grant_scope("chat:write.public")
    assert (await client.chat_postMessage(channel=SALES, text="a"))["ok"]


async def test_tokens_and_scopes(slack: PracticeSlack, client: AsyncWebClient) -> None:
    def as_bearer(token: str) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=slack.api_url, retry_handlers=[])

    assert (await refusal(as_bearer("").auth_test()))["error"] == "not_authed"
    assert (await refusal(as_bearer("xoxb-other").auth_test()))["error"] == "invalid_auth"
    answer = await refusal(as_bearer("xapp-practice").auth_test())
    assert answer["error"] == "not_allowed_token_type"

    slack.drop_scope("chat:write")
    answer = await refusal(client.chat_postMessage(channel=SALES, text="a"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")

    slack.revoke_token()
    assert (await refusal(client.auth_test()))["error"] == "token_revoked"
    slack.restore_token()
    assert (await client.auth_test())["ok"]


async def test_a_method_that_the_bot_does_not_need_is_unknown(client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("chat.delete")))["error"] == "unknown_method"


async def test_people_are_described(slack: PracticeSlack, client: AsyncWebClient) -> None:
    user = (await client.users_info(user=SAM))["user"]

    assert (user["real_name"], user["tz"]) == ("Sam Rivera", "Europe/Berlin")
    assert user["profile"]["email"] == "sam@practice.example"
    assert (await refusal(client.users_info(user="U404")))["error"] == "user_not_found"

    slack.drop_scope("users:read.email")
    assert "email" not in (await client.users_info(user=SAM))["user"]["profile"]


async def test_an_update_keeps_blocks_unless_told(
    slack: PracticeSlack, client: AsyncWebClient
) -> None:
    blocks = [{"type": "divider"}]
    ts = (await client.chat_postMessage(channel=SALES, text="a", blocks=blocks))["ts"]

    await client.chat_update(channel=SALES, ts=ts, text="b")
    (message,) = slack.messages(SALES)
    assert (message.text, len(message.blocks)) == ("b", 1)

    await client.chat_update(channel=SALES, ts=ts, text="c", blocks=[])
    assert (message.text, message.blocks) == ("c", [])
    answer = await refusal(client.chat_update(channel=SALES, ts="1.000001", text="d"))
    assert answer["error"] == "message_not_found"


async def test_an_ephemeral_message_is_in_nobody_elses_answers(
    slack: PracticeSlack, client: AsyncWebClient, clock: Clock
) -> None:
    answer = await client.chat_postEphemeral(channel=SALES, user=SAM, text="secret")
    clock.seconds += 60

    history = await client.conversations_history(channel=SALES)
    update = await refusal(client.chat_update(channel=SALES, ts=answer["message_ts"], text="x"))

    assert [message.text for message in slack.ephemerals(SAM)] == ["secret"]
    assert slack.workspace.messages_for(ANA) == []
    assert history["messages"] == []
    assert update["error"] == "message_not_found"


async def test_conversations_are_described(slack: PracticeSlack, client: AsyncWebClient) -> None:
    channel = (await client.conversations_info(channel=SALES))["channel"]
    assert (channel["name"], channel["is_member"]) == ("sales", True)

    slack.remove_bot(SALES)
    assert not (await client.conversations_info(channel=SALES))["channel"]["is_member"]
    slack.remove_bot(MANAGERS)
    answer = await refusal(client.conversations_info(channel=MANAGERS))
    assert answer["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("fault", "stored", "heard"),
    [
        pytest.param(Fault.DROP, 0, aiohttp.ServerDisconnectedError, id="drop"),
        pytest.param(Fault.STORE_THEN_DROP, 1, aiohttp.ServerDisconnectedError, id="stored, drop"),
        pytest.param(Fault.HTTP_500, 0, SlackApiError, id="500"),
        pytest.param(Fault.HTTP_503, 0, SlackApiError, id="503"),
        pytest.param(Fault.STORE_THEN_HTTP_500, 1, SlackApiError, id="stored, 500"),
        pytest.param(Fault.RATE_LIMITED, 0, SlackApiError, id="429"),
        pytest.param(Fault.INTERNAL_ERROR_AFTER_STORING, 1, SlackApiError, id="internal_error"),
        pytest.param(Fault.FATAL_ERROR_AFTER_STORING, 1, SlackApiError, id="fatal_error"),
        pytest.param(Fault.CUT_JSON, 1, SlackApiError, id="cut JSON"),
        pytest.param(Fault.WRONG_CONTENT_TYPE, 1, SlackApiError, id="HTML"),
        pytest.param(Fault.TIMEOUT, 0, TimeoutError, id="timeout"),
        pytest.param(Fault.STORE_THEN_TIMEOUT, 1, TimeoutError, id="stored, timeout"),
        pytest.param("internal_error", 0, SlackApiError, id="an error code"),
    ],
)
async def test_trouble_comes_once_as_ordered(
    slack: PracticeSlack, fault: Fault | str, stored: int, heard: type[Exception]
) -> None:
    slack.fault("chat.postMessage", fault, seconds=30)

    timeout = aiohttp.ClientTimeout(total=0.3)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(
            "xoxb-practice", base_url=slack.api_url, session=session, retry_handlers=[]
        )
        with pytest.raises(heard):
            await client.chat_postMessage(channel=SALES, text="a")
        assert len(slack.messages(SALES)) == stored
        await client.chat_postMessage(channel=SALES, text="b")

    assert [message.text for message in slack.messages(SALES)][-1] == "b"


async def test_a_delayed_call_is_done_late(slack: PracticeSlack, client: AsyncWebClient) -> None:
    slack.fault("chat.postMessage", Fault.DELAY, seconds=0.1)

    posting = asyncio.create_task(client.chat_postMessage(channel=SALES, text="a"))
    await asyncio.sleep(0.05)
    assert slack.messages(SALES) == ()

    assert (await posting)["ok"]


async def test_rate_limits_say_how_long(slack: PracticeSlack, client: AsyncWebClient) -> None:
    slack.fault("chat.postMessage", Fault.RATE_LIMITED, seconds=7)

    answer = await refusal(client.chat_postMessage(channel=SALES, text="a"))

    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert answer.headers["Retry-After"] == "7"


async def test_trouble_can_be_kept_to_one_channel(
    slack: PracticeSlack, client: AsyncWebClient
) -> None:
    slack.fault(
        "*", "internal_error", times=None, where=lambda fields: fields.get("channel") == SALES
    )

    assert (await client.chat_postMessage(channel=MANAGERS, text="a"))["ok"]
    for _ in range(2):
        answer = await refusal(client.chat_postMessage(channel=SALES, text="a"))
        assert answer["error"] == "internal_error"


async def test_calls_are_kept_without_their_token(
    slack: PracticeSlack, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel=SALES, text="a", metadata=METADATA)

    (call,) = slack.calls_to("chat.postMessage")
    assert call.fields["text"] == "a"
    assert "xoxb" not in str(call.fields)
