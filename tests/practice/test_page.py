"""The page's doors: this machine only, and nobody hears what is not for them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import ANA, SALES, SAM

Json = dict[str, Any]
SECRET_URL = "https://book.example/otl/abcdefghijkmnpqrstuvwxyz23456789"
BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Press"}}
BLOCKS = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]


@pytest_asyncio.fixture(loop_scope="session")
async def browser(slack: PracticeSlack) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(slack.base_url) as session:
        yield session


async def do(browser: aiohttp.ClientSession, verb: str, user: str, **asked: Any) -> Json:
    async with browser.post(f"/practice/do/{verb}?as={user}", json=asked) as response:
        assert response.status == 200
        answer: Json = await response.json()
        return answer


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
async def test_the_page_opens_under_the_names_of_this_machine(
    browser: aiohttp.ClientSession, host: str
) -> None:
    async with browser.get("/practice", headers={"Host": host}) as response:
        assert response.status == 200
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example"]
)
@pytest.mark.parametrize(
    "path", ["/practice", "/practice/live?as=U01SAMRIVERA", "/practice/static/dom.js"]
)
async def test_another_host_name_is_refused(
    browser: aiohttp.ClientSession, path: str, host: str
) -> None:
    async with browser.get(path, headers={"Host": host}) as response:
        assert response.status == 403


async def test_another_site_can_neither_listen_nor_act(
    slack: PracticeSlack, browser: aiohttp.ClientSession
) -> None:
    origin = {"Origin": "https://evil.example"}
    asked = {"channel": SALES, "text": "hello"}

    async with browser.post(f"/practice/do/type?as={SAM}", json=asked, headers=origin) as response:
        assert response.status == 403
    async with browser.post(f"/practice/do/type?as={SAM}", data=json.dumps(asked)) as response:
        assert response.status == 415
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await browser.ws_connect(f"/practice/live?as={SAM}", headers=origin)

    assert slack.messages(SALES) == ()


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/practice/static/..%2F..%2Froutes.py", id="outside"),
        pytest.param("/practice/static/practice.html", id="page as a file"),
        pytest.param("/practice/live?as=U404", id="nobody"),
        pytest.param("/practice/live?as=U0PRACTBOT", id="the bot"),
    ],
)
async def test_there_is_nothing_else(browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(path) as response:
        assert response.status == 404


async def test_an_unknown_verb_is_not_there(browser: aiohttp.ClientSession) -> None:
    async with browser.post(f"/practice/do/format?as={SAM}", json={}) as response:
        assert response.status == 404
    async with browser.post(f"/practice/do/type?as={SAM}", json={}) as response:
        assert response.status == 400


async def test_nobody_hears_what_is_only_for_another(
    browser: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    """Ephemeral messages, direct messages and modals, at once and to a page that opens later."""
    metadata = {"event_type": "otl", "event_payload": {"id": "hidden-metadata"}}
    async with (
        browser.ws_connect(f"/practice/live?as={SAM}") as sam,
        browser.ws_connect(f"/practice/live?as={ANA}") as ana,
    ):
        await client.chat_postEphemeral(channel=SALES, user=SAM, text=SECRET_URL)
        await client.chat_postMessage(channel=SAM, text=SECRET_URL)
        await client.chat_postMessage(channel=SALES, text="the end", metadata=metadata)

        heard_by_sam, heard_by_ana = await until_the_end(sam), await until_the_end(ana)

    async with browser.ws_connect(f"/practice/live?as={ANA}") as later:
        heard_later = await later.receive_str()

    assert heard_by_sam.count(SECRET_URL) == 2
    assert SECRET_URL not in heard_by_ana + heard_later
    assert "the end" in heard_later
    assert "hidden-metadata" not in heard_by_sam + heard_by_ana + heard_later


async def until_the_end(socket: aiohttp.ClientWebSocketResponse) -> str:
    heard = ""
    while "the end" not in heard:
        heard += await socket.receive_str(timeout=5)
    return heard


async def test_a_modal_is_shown_without_its_private_metadata(
    slack: PracticeSlack, browser: aiohttp.ClientSession
) -> None:
    title = {"type": "plain_text", "text": "Title"}
    view = {"type": "modal", "title": title, "private_metadata": "hidden", "blocks": BLOCKS}
    async with (
        browser.ws_connect(f"/practice/live?as={SAM}") as sam,
        browser.ws_connect(f"/practice/live?as={ANA}") as ana,
    ):
        await sam.receive_str()
        await ana.receive_str()
        slack.views.open(SAM, view)
        slack.say(SAM, SALES, "the end")

        heard_by_sam, heard_by_ana = await until_the_end(sam), await until_the_end(ana)

    assert '"kind": "modal"' in heard_by_sam
    assert "hidden" not in heard_by_sam
    assert "modal" not in heard_by_ana


async def test_what_one_types_is_said(slack: PracticeSlack, browser: aiohttp.ClientSession) -> None:
    assert (await do(browser, "type", SAM, channel=SALES, text="hello @ana"))["ok"]

    (message,) = slack.messages(SALES)
    assert message.text == f"hello <@{ANA}|ana>"


async def test_a_bot_that_does_not_answer_is_told(browser: aiohttp.ClientSession) -> None:
    await do(browser, "type", SAM, channel=SALES, text="/otl help")
    async with browser.ws_connect(f"/practice/live?as={SAM}") as sam:
        assert "dispatch_failed" in await sam.receive_str()

    answer = await do(browser, "home", SAM)
    assert answer["words"] == "The app could not be reached, or it refused. Is it running?"


async def test_one_dismisses_only_ones_own(
    slack: PracticeSlack, browser: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postEphemeral(channel=SALES, user=SAM, text="a"))["message_ts"]

    await do(browser, "dismiss", ANA, channel=SALES, ts=ts)
    assert len(slack.ephemerals(SAM)) == 1

    await do(browser, "dismiss", SAM, channel=SALES, ts=ts)
    assert slack.ephemerals(SAM) == []


async def test_one_presses_only_what_one_sees(
    browser: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    answer = await client.chat_postEphemeral(channel=SALES, user=SAM, text="a", blocks=BLOCKS)
    place = {"channel": SALES, "ts": answer["message_ts"], "block_id": "b", "action_id": "a"}

    assert (await do(browser, "press", ANA, **place))["error"] == "action_not_found"
    assert (await do(browser, "press", SAM, **place))["error"] == "dispatch_failed"
