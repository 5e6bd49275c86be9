"""A running stand-in, slack_sdk talking to it, and a small bot made with slack_bolt."""

from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack, running_practice

SECRET = "a signing secret of the tests"


class Clock:
    """A running clock that stands still until it is told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
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


@pytest.fixture
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
