"""The bot as a whole: both doors lead to `accept`, and what has begun is finished at `close`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.lazy_listener.async_runner import AsyncLazyListenerRunner
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.context import Context
from bot.doors.invocation import Invocation
from bot.doors.payloads import Payload, request_key
from bot.doors.socket import SocketModeDoor
from bot.home.homes import Homes
from bot.listeners.errors import ErrorHandler
from bot.listeners.register import register_listeners
from bot.listeners.requests import INVOCATION
from bot.permissions import People
from bot.slack_client import quiet_logger
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import Keyring
from scheduling.workspaces import Workspace

CLOSE_SECONDS: Final = 15.0
"""How long answers that have begun may take at shutdown; a request to Slack takes ten at most."""

RETRY_HEADERS: Final = ("x-slack-retry-num", "x-slack-retry-reason")

log = logging.getLogger(__name__)


class Bot:
    """Accepts what Slack hands over, and answers it. Made by `create_bot`."""

    def __init__(
        self, bolt: AsyncApp, tasks: "LazyTasks", homes: Homes, slack: AsyncWebClient
    ) -> None:
        self._bolt = bolt
        self._tasks = tasks
        self._homes = homes
        self._slack = slack
        self._socket: SocketModeDoor | None = None

    async def accept(self, payload: Payload, headers: Mapping[str, str]) -> BoltResponse:
        """Take a payload from either door; the answer says that it was heard.

        Raises:
            Malformed: it is nothing that Slack sends.
        """
        invocation = Invocation.of(payload, request_key(payload))
        kept = {name.lower(): value for name, value in headers.items()}
        # A dict request: Bolt's own parser would lose a command that holds the word "payload".
        request = AsyncBoltRequest(
            mode="socket_mode",
            body=payload,
            headers={name: kept[name] for name in RETRY_HEADERS if name in kept},
            context={INVOCATION: invocation},
        )
        return await self._bolt.async_dispatch(request)

    async def connect_socket_mode(self, app_token: str) -> None:
        """Open the door that needs no public address; it opens itself again when it falls shut."""
        self._socket = SocketModeDoor(self.accept, app_token, self._slack)
        await self._socket.connect()

    async def close(self) -> None:
        """Close Socket Mode's door, then finish the answers that have begun."""
        if self._socket is not None:
            await self._socket.close()
        await self._tasks.finish(CLOSE_SECONDS)
        await self._homes.close()


class LazyTasks(AsyncLazyListenerRunner):
    """Runs Bolt's lazy listeners and keeps them: asyncio itself holds tasks by weak references."""

    def __init__(self, errors: ErrorHandler, on_end: Callable[[], None]) -> None:
        self._errors = errors
        self._on_end = on_end
        self._running: set[asyncio.Task[None]] = set()

    def start(self, function: Callable[..., Awaitable[None]], request: AsyncBoltRequest) -> None:
        """Run it beside the answer to Slack."""
        task = asyncio.ensure_future(self._run(function, request))
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def _run(
        self, function: Callable[..., Awaitable[None]], request: AsyncBoltRequest
    ) -> None:
        try:
            await function(request)
        except Exception as error:  # noqa: BLE001  # the top of a listener: whoever waits must hear something
            await self._errors.tell(error, request)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a person was not told what failed", exc_info=task.exception())
        self._on_end()  # what was done may show in somebody's App Home

    async def finish(self, seconds: float) -> None:
        """Wait until all have ended; those that take too long are cancelled."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            log.warning("%s answers were not finished", len(late))
            await asyncio.gather(*late, return_exceptions=True)


def create_bot(
    *,
    database: Database,
    workspace: Workspace,
    keyring: Keyring,
    urls: PublicUrls,
    client: AsyncWebClient,
) -> Bot:
    """Build the bot; `bot.doors.http.add_slack_door` or `connect_socket_mode` lets Slack in.

    Args:
        client: from `bot.slack_client.open_slack_client`, with the bot token.
    """
    context = Context(database, workspace, keyring, urls, client, People(client))
    homes = Homes(context)
    errors = ErrorHandler(context, homes)
    tasks = LazyTasks(errors, on_end=homes.wake)
    bolt = _create_bolt(workspace, client)
    bolt.listener_runner.lazy_listener_runner = tasks
    bolt.error(_answering(errors))
    register_listeners(bolt, context, homes)
    return Bot(bolt, tasks, homes, client)


def _answering(errors: ErrorHandler) -> Callable[..., Awaitable[BoltResponse]]:
    async def answer(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        return errors.answer(error, request)

    return answer


def _create_bolt(workspace: Workspace, client: AsyncWebClient) -> AsyncApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        # No network here: three seconds are short. Who asks is checked in `bot.permissions`.
        return AuthorizeResult(
            enterprise_id=None, team_id=workspace.team_id, bot_token=client.token
        )

    return AsyncApp(
        name="OTL",
        # ERROR: it would warn of SLACK_BOT_TOKEN, which is ours and not Bolt's to read.
        logger=quiet_logger("bot.bolt", logging.ERROR),
        # Without token and session: Bolt copies it for each request, and the listeners use ours.
        client=AsyncWebClient(base_url=client.base_url),
        authorize=authorize,
        request_verification_enabled=False,  # `bot.doors.http` has done it
        process_before_response=True,  # else Bolt polls, and each answer takes 11 ms
    )
