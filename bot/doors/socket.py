"""Socket Mode: the door that needs no public address. A WebSocket to Slack brings the payloads."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.doors.payloads import Malformed, Payload
from bot.slack_client import quiet_logger

Accept = Callable[[Payload, Mapping[str, str]], Awaitable[BoltResponse]]

log = logging.getLogger(__name__)


class SocketModeDoor:
    """Hands each envelope's payload to `accept` and acknowledges it."""

    def __init__(self, accept: Accept, app_token: str, slack: AsyncWebClient) -> None:
        self._accept = accept
        # Of its own, because the app-level token is another one; the session is shared.
        caller = AsyncWebClient(
            base_url=slack.base_url,
            session=slack.session,
            retry_handlers=[],
            logger=quiet_logger("bot.slack_sdk"),
        )
        caller.proxy = slack.proxy
        self._client = SocketModeClient(
            app_token=app_token, web_client=caller, logger=quiet_logger("bot.doors.socket")
        )
        self._client.proxy = slack.proxy
        self._client.socket_mode_request_listeners.append(self._take)

    async def connect(self) -> None:
        """Connect, and keep trying until it works."""
        await self._client.connect()  # type: ignore[no-untyped-call]  # slack_sdk

    async def close(self) -> None:
        """Take nothing more."""
        await self._client.close()  # type: ignore[no-untyped-call]  # slack_sdk

    async def _take(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        try:
            answer = await self._accept(envelope.payload, _retry_headers(envelope))
        except Malformed as error:
            # Acknowledged all the same: Slack would only send it again.
            log.warning("Slack's envelope is malformed: %s", error)
            answer = BoltResponse(status=200)
        if answer.status != 200:
            log.warning("nobody listens for this envelope: %s", envelope.type)
        body: dict[str, Any] | None = json.loads(answer.body) if answer.body else None
        await client.send_socket_mode_response(
            SocketModeResponse(envelope_id=envelope.envelope_id, payload=body)
        )


def _retry_headers(envelope: SocketModeRequest) -> dict[str, str]:
    if envelope.retry_attempt is None:
        return {}
    return {
        "x-slack-retry-num": str(envelope.retry_attempt),
        "x-slack-retry-reason": envelope.retry_reason or "",
    }
