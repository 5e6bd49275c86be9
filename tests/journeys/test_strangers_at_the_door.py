"""Who is not Slack, and what Slack would never send, is turned away at the door."""

import json
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.doors.http import SIZE_LIMIT
from otl.practice.delivery import sign
from otl.practice.demo_data import SAM
from scheduling.database.models import OneTimeLink
from tests.journeys.knocking import a_command, knock, signed
from tests.journeys.running import SIGNING_SECRET, RunningProgram, read_issued

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMMAND = b"command=%2Fotl&text=issue+onboarding"


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        pytest.param(None, None, id="unsigned"),
        pytest.param("now", None, id="no-signature"),
        pytest.param(None, "right", id="no-timestamp"),
        pytest.param("now", "", id="empty-signature"),
        pytest.param("", "right", id="empty-timestamp"),
        pytest.param("now", "v0=" + "0" * 64, id="wrong-signature"),
        pytest.param("now", "v0=" + "0" * 63, id="signature-too-short"),
        pytest.param("now", "v0=" + "0" * 5000, id="signature-longer-than-any-hash"),
        pytest.param("now", "v1=" + "0" * 64, id="another-version"),
        pytest.param("now", "v0=" + "é" * 64, id="no-ASCII-in-the-signature"),
        pytest.param("now", "v0:right", id="another-sign-after-the-version"),
        pytest.param("now", "another secret", id="signed-by-somebody-else"),
        pytest.param("now", "another body", id="signed-for-another-body"),
        pytest.param("yesterday", "right", id="words-for-a-time"),
        pytest.param("1e9", "right", id="a-float"),
        pytest.param("-1", "right", id="before-1970"),
        pytest.param("9" * 5000, "right", id="more-digits-than-an-int-may-have"),
        pytest.param("٠١٢٣٤٥٦٧٨٩", "right", id="digits-that-are-not-ASCII"),
        pytest.param("nan", "right", id="not-a-number"),
        pytest.param("six minutes ago", "right", id="replayed-later"),
        pytest.param("in two minutes", "right", id="from-the-future"),
    ],
)
async def test_who_is_not_slack_is_turned_away(
    program: RunningProgram, timestamp: str | None, signature: str | None
) -> None:
    spoken = {"now": 0, "six minutes ago": -360, "in two minutes": 120}
    if timestamp in spoken:
        timestamp = str(int(time.time()) + spoken[timestamp])
    if signature in {"right", "another secret", "another body", "v0:right"}:
        secret = "not-the-secret" if signature == "another secret" else SIGNING_SECRET
        body = COMMAND + b"+for+Eve" if signature == "another body" else COMMAND
        right = sign(secret, timestamp or "", body)
        signature = right.replace("=", ":") if signature == "v0:right" else right
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    status = await knock(program, COMMAND, {k: v for k, v in headers.items() if v is not None})

    assert status == HTTPStatus.UNAUTHORIZED
    assert await program.count(OneTimeLink) == 0


@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "chunked"])
async def test_what_is_larger_than_anything_of_slacks_is_not_read(
    program: RunningProgram, *, is_declared: bool
) -> None:
    body = COMMAND + b"+" * SIZE_LIMIT

    async def in_chunks() -> AsyncIterator[bytes]:
        yield body

    status = await knock(program, body if is_declared else in_chunks(), signed(body))

    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("form", b"", id="nothing"),
        pytest.param("form", b"hello", id="words"),
        pytest.param("form", b"payload=", id="an-empty-payload"),
        pytest.param("form", b"payload=%7B", id="half-a-payload"),
        pytest.param("form", b"payload=%5B%5D", id="a-list-for-a-payload"),
        pytest.param("form", b"payload=%7B%22type%22%3A7%7D", id="a-number-for-a-type"),
        pytest.param("form", b"&".join(b"a=1" for _ in range(101)), id="too-many-fields"),
        pytest.param("form", COMMAND, id="a-command-of-nobody"),
        pytest.param("json", b"", id="no-JSON"),
        pytest.param("json", b"{", id="half-JSON"),
        pytest.param("json", b"null", id="null"),
        pytest.param("json", b"[" * 100_000, id="JSON-that-nests-too-deep"),
        pytest.param("json", b'{"type": "event_callback"}', id="an-event-without-an-event"),
        pytest.param("json", b'{"type": "event_callback", "event": 7}', id="a-number-for-an-event"),
    ],
)
async def test_what_slack_would_never_send_is_refused_though_it_is_signed(
    program: RunningProgram, kind: str, body: bytes
) -> None:
    types = {"form": "application/x-www-form-urlencoded", "json": "application/json"}

    status = await knock(program, body, signed(body) | {"Content-Type": types[kind]})

    assert status == HTTPStatus.BAD_REQUEST


async def test_a_signed_request_by_hand_is_heard(program: RunningProgram) -> None:
    delivery = a_command(program, "issue onboarding for Jane")
    body = urlencode(delivery.payload).encode()
    headers = signed(body) | {"Content-Type": "application/x-www-form-urlencoded"}

    status = await knock(program, body, headers)

    assert status == HTTPStatus.OK
    link = read_issued(await program.next_whisper(SAM, 0))
    assert "for Jane" in link.message.text


async def test_slacks_question_at_the_door_is_answered(program: RunningProgram) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "a-challenge"}).encode()
    headers = signed(body) | {"Content-Type": "application/json"}

    async with (
        aiohttp.ClientSession() as session,
        session.post(program.door, data=body, headers=headers) as response,
    ):
        answer = await response.text()

    assert response.status == HTTPStatus.OK
    assert "a-challenge" in answer
