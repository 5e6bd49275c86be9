"""A running stand-in, slack_sdk talking to it, and a small bot made with slack_bolt.

All tests of this folder share the session's event loop, because a browser takes half a second to
start.
"""

import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    async_playwright,
    expect,
)
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack, running_practice
from otl.practice.people import Channel
from tests.practice.visitors import CHROMIUM_ARGUMENTS, Opener

HERE = Path(__file__).parent
SECRET = "a signing secret of the tests"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


class Clock:
    """A running clock that stands still until it is told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def slack(clock: Clock) -> AsyncIterator[PracticeSlack]:
    slack = PracticeSlack(signing_secret=SECRET, elapsed=clock)
    async with running_practice(slack):
        yield slack


@pytest.fixture
def client(slack: PracticeSlack) -> AsyncWebClient:
    return AsyncWebClient("xoxb-practice", base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def bolt(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app that answers what the test registers; the door below checks signatures."""
    return AsyncApp(
        client=client,
        token="xoxb-practice",
        signing_secret=SECRET,
        request_verification_enabled=False,
        process_before_response=True,
    )


@pytest_asyncio.fixture(loop_scope="session")
async def connected(slack: PracticeSlack, bolt: AsyncApp) -> AsyncIterator[PracticeSlack]:
    """The stand-in with the Bolt app at its request URL."""
    verifier = SignatureVerifier(SECRET)

    async def accept(request: web.Request) -> web.Response:
        body = await request.text()
        if not verifier.is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        headers: dict[str, str | Sequence[str]] = {k: [v] for k, v in request.headers.items()}
        answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        kind = answer.headers.get("content-type", ["text/plain"])[0].split(";")[0]
        return web.Response(status=answer.status, text=answer.body, content_type=kind)

    app = web.Application()
    app.router.add_post("/slack/events", accept)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.connect_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield slack
    await runner.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_as(slack: PracticeSlack, chromium: Browser) -> AsyncIterator[Opener]:
    """Opens the page as somebody; an error in any page fails the test."""
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def note_error(said: ConsoleMessage) -> None:
        if said.type == "error" and "WebSocket" not in said.text:  # a lost line is no error
            errors.append(said.text)

    async def open_page(user: str, *, channel: str = "sales", **settings: Any) -> Page:
        settings.setdefault("viewport", {"width": 1280, "height": 800})
        context = await chromium.new_context(reduced_motion="reduce", **settings)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", note_error)
        place = _find_channel(slack, channel)
        await page.goto(f"{slack.base_url}/practice?as={user}&in={place.id}")
        await expect(page.get_by_role("textbox", name=f"Message #{channel}")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert errors == []


def _find_channel(slack: PracticeSlack, name: str) -> Channel:
    return next(one for one in slack.workspace.channels.values() if one.name == name)
