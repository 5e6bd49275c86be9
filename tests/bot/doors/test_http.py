"""The HTTP door lets Slack in, whatever it carries, and nobody else, whatever they try."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.doors.http import SIZE_LIMIT, is_signed, parse_body
from bot.doors.payloads import Malformed
from otl.practice.faults import Fault
from tests.bot.conftest import SIGNING_SECRET, Office, in_words
from tests.given import SAM, given_calendar

FORM = "application/x-www-form-urlencoded"
TIME = 1_796_112_000


def signature(timestamp: str, body: bytes, secret: str = SIGNING_SECRET) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed(body: bytes, content_type: str = FORM, *, late: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - late)
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(timestamp, body),
    }


async def post(door: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(door, data=body, headers=headers) as response,
    ):
        return response.status, await response.text()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"X-Slack-Signature": "v0=" + "0" * 64}, id="no-timestamp"),
        pytest.param(
            {"X-Slack-Request-Timestamp": "abc", "X-Slack-Signature": "v0=" + "0" * 64},
            id="a-timestamp-that-is-none",
        ),
        pytest.param(
            {"X-Slack-Request-Timestamp": str(TIME), "X-Slack-Signature": "v0=" + "ü" * 64},
            id="a-signature-that-is-not-ascii",
        ),
        pytest.param(
            {"X-Slack-Request-Timestamp": str(TIME), "X-Slack-Signature": "v0=" + "0" * 64},
            id="a-wrong-signature",
        ),
        pytest.param(
            {"X-Slack-Request-Timestamp": "1" * 400, "X-Slack-Signature": "v0="}, id="endless"
        ),
    ],
)
async def test_whoever_is_not_slack_gets_401(
    door: str, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    status, _ = await post(door, b"command=/otl", {"Content-Type": FORM} | headers)

    assert status == 401
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_a_malformed_body_is_not_even_read_without_a_signature(door: str) -> None:
    status, _ = await post(door, b"{", {"Content-Type": "application/json"})

    assert status == 401


async def test_what_is_no_text_was_never_signed_by_slack(door: str) -> None:
    status, _ = await post(door, b"\xff\xfe", signed(b"\xff\xfe"))

    assert status == 401


@pytest.mark.parametrize(
    ("late", "accepted"),
    [(0, True), (300, True), (301, False), (-60, True), (-61, False)],
)
def test_a_signature_holds_for_five_minutes_and_one_minute_ahead(
    late: int, *, accepted: bool
) -> None:
    timestamp = str(TIME - late)
    headers = {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(timestamp, b"x=1"),
    }

    assert is_signed(SIGNING_SECRET, headers, b"x=1", now=TIME) is accepted


@settings(max_examples=200)
@given(data=st.data())
def test_a_request_that_was_tampered_with_is_refused(data: st.DataObject) -> None:
    body = b"command=%2Fotl&text=issue"
    headers = {
        "X-Slack-Request-Timestamp": str(TIME),
        "X-Slack-Signature": signature(str(TIME), body),
    }
    part = data.draw(st.sampled_from(["body", *headers]))
    original = body.decode() if part == "body" else headers[part]
    place = data.draw(st.integers(0, len(original) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda sign: sign != original[place]))
    tampered = original[:place] + other + original[place + 1 :]
    if part == "body":
        body = tampered.encode()
    else:
        headers[part] = tampered

    assert not is_signed(SIGNING_SECRET, headers, body, now=TIME)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", FORM, id="nothing"),
        pytest.param(b"payload=%7B", FORM, id="half-a-payload"),
        pytest.param(b"payload=[]", FORM, id="a-list"),
        pytest.param(b"{", "application/json", id="half-a-json"),
        pytest.param(b'"text"', "application/json", id="a-json-text"),
        pytest.param(b"[" * 100_000, "application/json", id="a-deep-json"),
        pytest.param(b"&".join([b"a=1"] * 200), FORM, id="too-many-fields"),
        pytest.param(b"command=%2Fotl", FORM, id="a-command-by-nobody"),
        pytest.param(b'{"type":"event_callback"}', "application/json", id="an-event-of-nothing"),
        pytest.param(b'payload={"type":"block_actions"}', FORM, id="a-press-of-nothing"),
        pytest.param(
            b'payload={"type":"block_actions","user":{"id":"U1"},"actions":[7],"trigger_id":"1"}',
            FORM,
            id="a-press-of-a-number",
        ),
        pytest.param(
            b'payload={"type":"block_actions","user":{"id":"U1"},"team":"T0",'
            b'"actions":[{"action_id":"x"}],"trigger_id":"1"}',
            FORM,
            id="a-team-that-is-a-word",
        ),
    ],
)
async def test_what_is_signed_but_says_nothing_gets_400(
    door: str, body: bytes, content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    status, _ = await post(door, body, signed(body, content_type))

    assert status == 400
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_more_than_slack_ever_sends_gets_413(door: str) -> None:
    body = b"x" * (SIZE_LIMIT + 1)

    status, _ = await post(door, body, signed(body))

    assert status == 413


async def test_a_body_of_unknown_length_is_cut_off_too(door: str) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 8192

    async with aiohttp.ClientSession() as session, session.post(door, data=endless()) as response:
        assert response.status == 413


async def test_slack_may_check_the_address(door: str) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c0ffee"}).encode()

    status, text = await post(door, body, signed(body, "application/json"))

    assert (status, json.loads(text)) == (200, {"challenge": "c0ffee"})


async def test_a_command_that_holds_the_word_payload_is_heard(office: Office) -> None:
    await given_calendar(office.database, slug="payload-review")

    card = await office.types(SAM, "/otl issue payload-review for payload={}")

    assert "One-time link for payload={}" in in_words(card)


async def test_a_command_is_heard_before_it_is_done(office: Office, door: str) -> None:
    office.slack.fault("users.info", Fault.DELAY, seconds=1.0)
    office.slack.courier.seconds = 0.5  # less than the work takes
    await given_calendar(office.database)

    answer = await office.slack.command(SAM, "C0SALES", "/otl calendars")

    assert answer.ok
    assert answer.body is None
    await office.bot.close()


def test_a_form_is_told_from_an_interaction_by_its_fields() -> None:
    form = urlencode({"command": "/otl", "text": "payload", "payload": "x"}).encode()
    interaction = urlencode({"payload": json.dumps({"type": "block_actions"})}).encode()

    assert parse_body(form, FORM)["text"] == "payload"
    assert parse_body(interaction, FORM) == {"type": "block_actions"}
    with pytest.raises(Malformed):
        parse_body(b"payload=nonsense", FORM)


async def test_many_at_once_are_all_heard(office: Office) -> None:
    await given_calendar(office.database)

    answers = await asyncio.gather(
        *(office.slack.command(SAM, "C0SALES", "/otl calendars") for _ in range(20))
    )

    assert all(answer.ok for answer in answers)
    await office.slack.until(lambda: len(office.slack.ephemerals(SAM)) == 20)
