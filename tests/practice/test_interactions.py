"""What people do reaches the app as Slack sends it; its answers do what they do in Slack."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.delivery import Delivery, Kind
from otl.practice.demo_data import ANA, SALES, SAM
from otl.practice.wire import SlackError
from tests.practice.conftest import SECRET, Clock

Json = dict[str, Any]
TITLE = {"type": "plain_text", "text": "Issue"}
BUTTONS = [
    {
        "type": "actions",
        "block_id": "tools",
        "elements": [
            {"type": "button", "action_id": "delete", "text": TITLE, "value": "L-1"},
            {
                "type": "overflow",
                "action_id": "more",
                "options": [{"text": TITLE, "value": "copy"}],
            },
        ],
    }
]


def section(text: str) -> list[Json]:
    return [{"type": "section", "text": {"type": "plain_text", "text": text}}]


async def test_requests_carry_slacks_signature(slack: PracticeSlack) -> None:
    delivery = Delivery(Kind.COMMAND, {"text": "my payload & ünïcode"})

    headers, body = slack.courier.signed_request(delivery)

    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)
    assert not SignatureVerifier(SECRET).is_valid_request(body + b" ", headers)
    assert abs(time.time() - int(headers["X-Slack-Request-Timestamp"])) < 5
    assert parse_qs(body.decode())["text"] == ["my payload & ünïcode"]


async def test_a_command_has_slacks_fields(connected: PracticeSlack, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    @bolt.command("/otl")
    async def listen(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack("Heard")

    answer = await connected.command(SAM, SALES, "/otl issue onboarding for Jane")

    assert answer.ok
    (body,) = heard
    assert (body["command"], body["text"]) == ("/otl", "issue onboarding for Jane")
    assert (body["user_id"], body["user_name"]) == (SAM, "sam")
    assert (body["channel_id"], body["channel_name"]) == (SALES, "sales")
    assert body.keys() >= {"trigger_id", "response_url", "team_id", "team_domain", "api_app_id"}
    (message,) = connected.ephemerals(SAM)
    assert message.text == "Heard"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        pytest.param("ask @ana now", f"ask <@{ANA}|ana> now", id="handle"),
        pytest.param("ask @Ana Lopes now", f"ask <@{ANA}|ana> now", id="full name"),
        pytest.param("@anabel", "@anabel", id="nobody"),
        pytest.param("in #sales.", f"in <#{SALES}|sales>.", id="channel"),
        pytest.param("for a & b <c>", "for a &amp; b &lt;c&gt;", id="entities"),
        pytest.param("for jo@x.example", "for <mailto:jo@x.example|jo@x.example>", id="address"),
        pytest.param(
            "see https://x.example/a?b=1&c.", "see <https://x.example/a?b=1&amp;c>.", id="url"
        ),
    ],
)
async def test_typed_text_is_escaped(slack: PracticeSlack, typed: str, sent: str) -> None:
    await slack.command(SAM, SALES, f"/otl {typed}")

    assert slack.courier.sent[-1].payload["text"] == sent


async def test_an_app_that_is_not_there_is_told_to_the_person(slack: PracticeSlack) -> None:
    slack.connect_http("http://127.0.0.1:9/slack/events")

    answer = await slack.command(SAM, SALES, "/otl help")

    assert answer.error == "dispatch_failed"
    (message,) = slack.ephemerals(SAM)
    assert '`/otl` failed with the error "dispatch_failed"' in message.text


async def test_an_app_that_is_late_is_told_to_the_person(
    connected: PracticeSlack, bolt: AsyncApp
) -> None:
    connected.courier.seconds = 0.1

    @bolt.command("/otl")
    async def dawdle(ack: Any) -> None:
        await asyncio.sleep(0.5)
        await ack()

    answer = await connected.command(SAM, SALES, "/otl help")

    assert answer.error == "operation_timeout"
    assert "operation_timeout" in connected.ephemerals(SAM)[0].text


async def test_a_command_that_nobody_has(slack: PracticeSlack) -> None:
    await slack.type(SAM, SALES, "/frobnicate it")

    assert slack.ephemerals(SAM)[0].text == "`/frobnicate` is not a valid command."
    assert slack.courier.sent == []


async def test_nobody_writes_in_an_archived_channel(slack: PracticeSlack) -> None:
    slack.archive(SALES)

    with pytest.raises(SlackError, match="is_archived"):
        await slack.type(SAM, SALES, "hello")
    with pytest.raises(SlackError, match="is_archived"):
        await slack.type(SAM, SALES, "/otl help")


async def test_the_app_can_be_invited(slack: PracticeSlack, client: AsyncWebClient) -> None:
    slack.remove_bot(SALES)

    await slack.type(SAM, SALES, "/invite @OTL")

    assert (await client.chat_postMessage(channel=SALES, text="a"))["ok"]


async def test_a_press_has_slacks_fields(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    heard: list[Json] = []

    @bolt.action("delete")
    async def listen(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await client.chat_postMessage(channel=SALES, text="a", blocks=BUTTONS)
    message = connected.messages(SALES)[0]

    await connected.press(SAM, message, "delete")

    (body,) = heard
    assert body["type"] == "block_actions"
    assert body["actions"][0]["value"] == "L-1"
    assert body["actions"][0]["block_id"] == "tools"
    assert body["container"]["message_ts"] == body["message"]["ts"] == message.ts
    assert (body["user"]["id"], body["channel"]["id"]) == (SAM, SALES)
    assert body["response_url"].startswith(connected.base_url)


async def test_a_choice_in_an_overflow_menu(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    heard: list[str] = []

    @bolt.action("more")
    async def listen(ack: Any, action: Json) -> None:
        heard.append(action["selected_option"]["value"])
        await ack()

    await client.chat_postMessage(channel=SALES, text="a", blocks=BUTTONS)

    await connected.press(SAM, connected.messages(SALES)[0], "more", given="copy")

    assert heard == ["copy"]


async def test_nobody_presses_what_they_cannot_see(
    connected: PracticeSlack, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel=SALES, user=SAM, text="a", blocks=BUTTONS)
    (message,) = connected.ephemerals(SAM)

    with pytest.raises(SlackError):
        await connected.press(ANA, message, "delete")
    with pytest.raises(SlackError):
        await connected.press(SAM, message, "no such action")


async def test_an_ephemeral_message_is_not_sent_along_but_can_be_replaced(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    @bolt.action("delete")
    async def listen(ack: Any, body: Json, respond: Any) -> None:
        assert "message" not in body
        assert body["container"]["is_ephemeral"]
        await ack()
        await respond("Deleted", replace_original=True)

    await client.chat_postEphemeral(channel=SALES, user=SAM, text="a", blocks=BUTTONS)
    (message,) = connected.ephemerals(SAM)

    await connected.press(SAM, message, "delete")

    (message,) = connected.ephemerals(SAM)
    assert (message.text, message.blocks) == ("Deleted", [])


async def test_a_response_url_is_good_for_five_uses_in_thirty_minutes(
    slack: PracticeSlack, clock: Clock
) -> None:
    await slack.command(SAM, SALES, "/otl help")
    url = slack.courier.sent[0].payload["response_url"]
    await slack.command(SAM, SALES, "/otl help")
    other_url = slack.courier.sent[1].payload["response_url"]
    known = len(slack.ephemerals(SAM))

    async with aiohttp.ClientSession() as session:
        statuses, last = [], {}
        for _ in range(6):
            async with session.post(url, json={"text": "a"}) as response:
                statuses.append(response.status)
                last = await response.json()
        clock.seconds += 30 * 60 + 1
        async with session.post(other_url, json={"text": "a"}) as response:
            late = await response.json()

    assert statuses == [200] * 5 + [404]
    assert (last["error"], late["error"]) == ("used_url", "expired_url")
    assert len(slack.ephemerals(SAM)) == known + 5


async def test_a_response_url_refuses_what_slack_refuses(slack: PracticeSlack) -> None:
    await slack.command(SAM, SALES, "/otl help")
    url = slack.courier.sent[0].payload["response_url"]

    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"blocks": [{"type": "divider"}] * 51}) as response:
            refused = await response.json()
        async with session.post(url, json={"text": "a", "response_type": "in_channel"}) as response:
            assert response.status == 200

    assert refused["error"] == "invalid_blocks"
    assert [message.text for message in slack.messages(SALES)] == ["a"]


async def test_a_menu_gets_its_options_from_the_app(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    @bolt.options("calendar")
    async def listen(ack: Any, payload: Json) -> None:
        text = {"type": "plain_text", "text": f"{payload['value']} Call"}
        await ack(options=[{"text": text, "value": "onboarding-call"}])

    menu = {"type": "external_select", "action_id": "calendar", "min_query_length": 0}
    blocks = [{"type": "actions", "elements": [menu]}]
    await client.chat_postMessage(channel=SALES, text="a", blocks=blocks)

    options = await connected.suggest(
        SAM, "calendar", "Onboarding", message=connected.messages(SALES)[0]
    )

    assert [option["text"]["text"] for option in options] == ["Onboarding Call"]


async def test_the_home_tab_is_published_when_opened(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    @bolt.event("app_home_opened")
    async def listen(event: Json) -> None:
        view = {"type": "home", "blocks": section("My links")}
        await client.views_publish(user_id=event["user"], view=view)

    await connected.open_home(SAM)

    home = connected.home(SAM)
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "My links"
    assert connected.home(ANA) is None


async def test_an_event_that_was_not_taken_comes_again(slack: PracticeSlack) -> None:
    await slack.open_home(SAM)

    await slack.until(lambda: len(slack.courier.sent) == 2)
    first, second = slack.courier.sent
    assert first.payload["event_id"] == second.payload["event_id"]
    headers, _ = slack.courier.signed_request(second)
    assert headers["X-Slack-Retry-Num"] == "1"


async def test_payloads_survive_the_form(slack: PracticeSlack) -> None:
    delivery = Delivery(Kind.INTERACTION, {"type": "block_actions", "text": "a&b=c+d é"})

    _, body = slack.courier.signed_request(delivery)

    assert json.loads(parse_qs(body.decode())["payload"][0]) == delivery.payload
