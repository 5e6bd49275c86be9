"""Socket Mode, with slack_bolt's own handler on the other end."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from otl.practice import PracticeSlack
from otl.practice.demo_data import SALES, SAM

Json = dict[str, Any]


@pytest_asyncio.fixture(loop_scope="session")
async def over_socket(slack: PracticeSlack, bolt: AsyncApp) -> AsyncIterator[PracticeSlack]:
    handler = AsyncSocketModeHandler(bolt, "xapp-practice", web_client=bolt.client)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt has no types here
    await slack.until(lambda: slack.sockets.count == 1)
    yield slack
    await handler.close_async()  # type: ignore[no-untyped-call]  # likewise


async def test_a_command_goes_over_the_socket(over_socket: PracticeSlack, bolt: AsyncApp) -> None:
    @bolt.command("/otl")
    async def listen(ack: Any, command: Json) -> None:
        await ack(f"Heard {command['text']}")

    answer = await over_socket.command(SAM, SALES, "/otl my payload")

    assert answer.ok
    assert over_socket.ephemerals(SAM)[0].text == "Heard my payload"


async def test_an_event_goes_over_the_socket(over_socket: PracticeSlack, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.event("app_home_opened")
    async def listen(event: Json) -> None:
        heard.append(event["user"])

    assert (await over_socket.open_home(SAM)).ok
    assert heard == [SAM]


async def test_what_the_app_does_not_acknowledge_times_out(over_socket: PracticeSlack) -> None:
    over_socket.courier.seconds = 0.1

    assert (await over_socket.command(SAM, SALES, "/otl help")).error == "operation_timeout"


async def test_the_app_connects_anew_when_it_is_told(
    over_socket: PracticeSlack, bolt: AsyncApp
) -> None:
    @bolt.command("/otl")
    async def listen(ack: Any) -> None:
        await ack("Heard")

    await over_socket.sockets.disconnect()
    await over_socket.until(lambda: len(over_socket.calls_to("apps.connections.open")) == 2)
    await over_socket.until(lambda: over_socket.sockets.count == 1)

    assert (await over_socket.command(SAM, SALES, "/otl help")).ok


async def test_an_address_is_good_for_one_connection(slack: PracticeSlack) -> None:
    url = f"{slack.base_url}/practice/socket?ticket={slack.sockets.issue_ticket()}"

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
