"""The HTTP door: only Slack comes in. Verifies the raw bytes, then parses, then hands over."""

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

from bot.doors.payloads import Malformed, Payload

PATH: Final = "/slack/events"
SIZE_LIMIT: Final = 256 * 1024
FUTURE_WINDOW: Final = 60
MOST_FIELDS: Final = 100

_TIMESTAMP: Final = re.compile(r"[0-9]{10}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")

Accept = Callable[[Payload, Mapping[str, str]], Awaitable[BoltResponse]]

log = logging.getLogger(__name__)


def add_slack_door(app: web.Application, accept: Accept, signing_secret: str) -> None:
    """Mount the one address that Slack posts commands, presses and events to."""

    async def receive(request: web.Request) -> web.Response:
        try:
            # A clone, because the limit is that of the application that listens, not this one's.
            body = await request.clone(client_max_size=SIZE_LIMIT).read()
        except (web.RequestPayloadError, ConnectionError):
            # It is not encoded as it says, or the sender has gone.
            refused = web.Response(status=400, text="malformed")
            refused.force_close()
            return refused
        if not is_signed(signing_secret, request.headers, body, now=time.time()):
            return web.Response(status=401, text="not signed by Slack")
        try:
            payload = parse_body(body, request.content_type)
            answer = await accept(payload, request.headers)
        except Malformed as error:
            log.warning("Slack's request is malformed: %s", error)
            return web.Response(status=400, text="malformed")
        return _as_http(answer)

    app.router.add_post(PATH, receive)


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """Tell whether Slack signed these bytes, not long ago.

    https://docs.slack.dev/authentication/verifying-requests-from-slack. The shapes are looked at
    first: slack_sdk's verifier raises on a timestamp or a signature that is none, and lets five
    minutes ahead pass.
    """
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return False
    if int(timestamp) - now > FUTURE_WINDOW:
        return False
    try:
        return SignatureVerifier(secret, _At(now)).is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False  # Slack signs text


class _At(Clock):
    """The verifier's clock, standing still."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now


def parse_body(body: bytes, content_type: str) -> Payload:
    """Return what the bytes say: a form, the JSON in a form's `payload`, or JSON.

    Bolt's own parser is not used: it takes any form that holds the word "payload" for an
    interaction, so `/otl issue payload-review` would reach nobody.

    Raises:
        Malformed: they say nothing.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Malformed("encoding") from None
    if content_type == "application/json":
        return _parse_json(text)
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Malformed("form") from None
    if "payload" in fields and "command" not in fields:
        return _parse_json(fields["payload"][0])
    return {name: values[0] for name, values in fields.items()}


def _parse_json(text: str) -> Payload:
    try:
        parsed: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("json") from None
    if not isinstance(parsed, dict):
        raise Malformed("json")
    return parsed


def _as_http(answer: BoltResponse) -> web.Response:
    response = web.Response(status=answer.status, body=(answer.body or "").encode())
    response.content_type = answer.first_headers().get("content-type", "text/plain").split(";")[0]
    return response
