"""The HTTP door: who knocks must be Slack. Verifies the raw bytes, then parses, then hands over."""

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.doors.payloads import Malformed, Payload

PATH: Final = "/slack/events"
SIZE_LIMIT: Final = 256 * 1024
PAST_WINDOW: Final = 300
FUTURE_WINDOW: Final = 60
MOST_FIELDS: Final = 100

_TIMESTAMP: Final = re.compile(r"[0-9]{10}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")

Accept = Callable[[Payload, Mapping[str, str]], Awaitable[BoltResponse]]

log = logging.getLogger(__name__)


def add_slack_door(app: web.Application, accept: Accept, signing_secret: str) -> None:
    """Mount the one address that Slack posts commands, presses and events to."""

    async def knock(request: web.Request) -> web.Response:
        try:
            body = await _read(request)
        except (web.RequestPayloadError, ConnectionError):
            # It is not encoded as it says, or whoever knocked has gone.
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

    app.router.add_post(PATH, knock)


async def _read(request: web.Request) -> bytes:
    """Read the body.

    Raises:
        HTTPRequestEntityTooLarge: it is longer than anything that Slack sends.
    """
    declared = request.content_length or 0
    body = b"" if declared > SIZE_LIMIT else await request.content.read(SIZE_LIMIT + 1)
    while declared <= SIZE_LIMIT and len(body) <= SIZE_LIMIT and not request.content.at_eof():
        body += await request.content.read(SIZE_LIMIT + 1 - len(body))
    if declared > SIZE_LIMIT or len(body) > SIZE_LIMIT:
        raise web.HTTPRequestEntityTooLarge(max_size=SIZE_LIMIT, actual_size=declared or len(body))
    return body


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """Tell whether Slack signed these bytes, not long ago.

    https://docs.slack.dev/authentication/verifying-requests-from-slack. The shapes are looked at
    first: slack_sdk's verifier raises on a timestamp or a signature that is none.
    """
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return False
    if not -FUTURE_WINDOW <= now - int(timestamp) <= PAST_WINDOW:
        return False
    base = b":".join((b"v0", timestamp.encode(), body))
    expected = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


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
