"""Brings payloads to the app: signed HTTP requests or Socket Mode; three seconds each."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from otl.practice.socket_mode import Sockets
from otl.practice.wire import Json

ACKNOWLEDGE_SECONDS: Final = 3.0


class Kind(StrEnum):
    """The three kinds of payload, as Socket Mode names them."""

    COMMAND = "slash_commands"
    INTERACTION = "interactive"
    EVENT = "events_api"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One payload that was sent to the app; it can be sent again."""

    kind: Kind
    payload: Json = field(repr=False)
    retry: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered.

    Attributes:
        error: None, or what Slack would show: dispatch_failed or operation_timeout.
        status: of HTTP; 200 for an acknowledgement over Socket Mode; None where nothing came.
        body: parsed JSON, text, or None where it was empty.
    """

    error: str | None
    status: int | None = None
    body: Any = None

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.error is None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return X-Slack-Signature: v0, HMAC-SHA256 over "v0:timestamp:body"."""
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(delivery: Delivery) -> tuple[str, bytes]:
    """Return content type and body: a form for commands and interactions, JSON for events."""
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case Kind.COMMAND:
            return form, urlencode(delivery.payload).encode()
        case Kind.INTERACTION:
            return form, urlencode({"payload": json.dumps(delivery.payload)}).encode()
        case Kind.EVENT:
            return "application/json", json.dumps(delivery.payload).encode()


class Courier:
    """Knows where the app is: at its request URL if one is set, else at its WebSockets."""

    def __init__(self, signing_secret: str, sockets: Sockets) -> None:
        self._secret = signing_secret
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None
        self.request_url: str | None = None
        self.seconds = ACKNOWLEDGE_SECONDS
        self.sent: list[Delivery] = []

    async def send(self, delivery: Delivery) -> Answer:
        """Deliver once and return the app's answer."""
        self.sent.append(delivery)
        if self.request_url is not None:
            return await self._post(self.request_url, delivery)
        if self._sockets.count == 0:
            return Answer("dispatch_failed")
        try:
            body = await self._sockets.deliver(
                delivery.kind, delivery.payload, seconds=self.seconds, retry=delivery.retry
            )
        except TimeoutError:
            return Answer("operation_timeout")
        except (ConnectionError, aiohttp.ClientError):
            return Answer("dispatch_failed")
        return Answer(None, 200, body)

    def signed_request(self, delivery: Delivery) -> tuple[dict[str, str], bytes]:
        """Return headers and body as Slack would send them now."""
        content_type, body = encode(delivery)
        timestamp = str(int(time.time()))
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (practice)"}
        headers["X-Slack-Request-Timestamp"] = timestamp
        headers["X-Slack-Signature"] = sign(self._secret, timestamp, body)
        if delivery.retry:
            headers["X-Slack-Retry-Num"] = str(delivery.retry)
            headers["X-Slack-Retry-Reason"] = "http_timeout"
        return headers, body

    async def _post(self, url: str, delivery: Delivery) -> Answer:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        headers, body = self.signed_request(delivery)
        timeout = aiohttp.ClientTimeout(total=self.seconds)
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=timeout
            ) as response:
                text = await response.text()
                kind = response.content_type
        except TimeoutError:
            return Answer("operation_timeout")
        except aiohttp.ClientError:
            return Answer("dispatch_failed")
        if response.status != 200:
            return Answer("dispatch_failed", response.status, text)
        return Answer(None, 200, _parse(text, kind))

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()


def _parse(text: str, content_type: str) -> Any:
    if not text.strip():
        return None
    if content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
