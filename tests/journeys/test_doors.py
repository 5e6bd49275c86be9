"""The journey through both of Slack's doors without a browser, and who is turned away at them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio

from bot.doors.http import SIZE_LIMIT
from otl.practice.delivery import Delivery, Kind, sign
from otl.practice.demo_data import ANA, KIM, SALES, SAM
from otl.practice.payloads import action_on_message, command_payload
from scheduling.database.models import OneTimeLink
from tests.journeys.contact import Contact
from tests.journeys.running import (
    SIGNING_SECRET,
    STUCK_SECONDS,
    RunningProgram,
    public_id_in,
    read_issued,
    running_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

REPEATS = 5  # a response URL can be used so often
DEAD = (
    "Uh-oh! The link is no longer active.",
    "Please reach out to the event owner for a new link.",
)
COMMAND = b"command=%2Fotl&text=issue+onboarding"


@pytest_asyncio.fixture(loop_scope="session", params=["HTTP", "Socket Mode"])
async def entered(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[RunningProgram]:
    """The program, once with each door."""
    async with running_program(sqlite_url, by_socket=request.param == "Socket Mode") as program:
        yield program


async def test_a_link_goes_from_the_command_to_the_booking_to_the_news_in_the_channel(
    entered: RunningProgram, contact: Contact
) -> None:
    link = await entered.issues(SAM, "onboarding for Acme")
    form = await contact.fetches(link.url)

    booked = await contact.sends(link.url, form.filled(form.starts[0], name="Jane Doe"))

    assert booked.status == HTTPStatus.SEE_OTHER
    confirmation = await contact.opens(entered.base + booked.location)
    assert "You're booked." in confirmation.text
    news = await entered.channel_reads("Link used: Jane Doe booked Onboarding Call")
    assert link.public_id in news.text
    dead = await contact.opens(link.url)
    assert dead.status == HTTPStatus.GONE
    assert all(sentence in dead.text for sentence in DEAD)
    status = await entered.types(SAM, f"/otl status {link.public_id}")
    assert status.text.startswith(f"`{link.public_id}` for Acme: Used")
    everything = await entered.types(KIM, "/otl status")
    assert everything.text.startswith("All links: 1 used")


async def test_every_button_does_what_it_says(entered: RunningProgram, contact: Contact) -> None:
    calendars = await entered.types(SAM, "/otl calendars onboarding")
    first = read_issued(await entered.presses(SAM, calendars, "issue_link"))

    card = first.message
    answer = await entered.slack.press(SAM, card, "regenerate_link")
    assert answer.ok
    await entered.slack.until(lambda: card.text.startswith("New one-time link"))
    second = read_issued(card)
    assert (await contact.opens(first.url)).status == HTTPStatus.GONE
    booked = await contact.books(second.url)
    news = await entered.channel_reads("Link used")
    another = read_issued(await entered.presses(ANA, news, "issue_another"))
    status = await entered.presses(ANA, news, "show_status")
    await entered.slack.press(ANA, another.message, "delete_link")
    await entered.slack.until(lambda: another.message.text.startswith("Deleted"))

    assert booked.status == HTTPStatus.SEE_OTHER
    assert status.text.startswith(f"`{second.public_id}`: Used")
    assert (await contact.opens(another.url)).status == HTTPStatus.GONE
    assert len({first.url, second.url, another.url}) == 3


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("issue onboarding for payload=review", id="as-a-field"),
        pytest.param('issue onboarding for {"payload": {}}', id="as-JSON"),
        pytest.param("issue onboarding for payload", id="alone"),
    ],
)
async def test_a_command_may_hold_the_word_payload(entered: RunningProgram, words: str) -> None:
    issued = read_issued(await entered.types(SAM, f"/otl {words}"))

    assert "payload" in issued.message.text


async def test_a_command_delivered_five_times_at_once_makes_one_link_and_one_answer(
    entered: RunningProgram,
) -> None:
    delivery = a_command(entered, "issue onboarding for Jane")

    answers = await asyncio.gather(*(entered.slack.repeat(delivery) for _ in range(REPEATS)))

    assert all(answer.ok for answer in answers)
    whispers = await entered.slack.until(
        lambda: (now := entered.slack.ephemerals(SAM))[REPEATS - 1 :] and now,
        seconds=STUCK_SECONDS,
    )
    assert len({read_issued(whisper).url for whisper in whispers}) == 1
    assert await entered.count(OneTimeLink) == 1


async def test_a_press_delivered_five_times_at_once_regenerates_once(
    entered: RunningProgram,
) -> None:
    link = await entered.issues(SAM, "onboarding for Jane")
    delivery = a_press(entered, link.message.ts, "regenerate_link")

    answers = await asyncio.gather(*(entered.slack.repeat(delivery) for _ in range(REPEATS)))

    assert all(answer.ok for answer in answers)
    await entered.slack.until(
        lambda: len(entered.slack.calls_to("response_url")) == 1 + REPEATS, seconds=STUCK_SECONDS
    )
    said = {call.fields["text"] for call in entered.slack.calls_to("response_url")[1:]}
    assert len(said) == 1, said
    assert await entered.count(OneTimeLink) == 2
    assert len((await entered.facts(link.public_id)).replacements) == 1


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


async def test_several_people_at_once_get_links_of_their_own(entered: RunningProgram) -> None:
    people = (SAM, ANA, KIM)

    await asyncio.gather(
        *(entered.slack.command(user, SALES, "/otl issue onboarding for Acme") for user in people)
    )
    links = [read_issued(await entered.next_whisper(user, 0)) for user in people]

    assert len({link.url for link in links}) == len(people)
    for user, link in zip(people, links, strict=True):
        status = await entered.types(user, f"/otl status @{handle_of(entered, user)}")
        assert public_id_in(status) == link.public_id


def handle_of(program: RunningProgram, user: str) -> str:
    return program.slack.workspace.person(user).name


def a_command(program: RunningProgram, text: str) -> Delivery:
    """Make what a typed command sends, without sending it."""
    slack = program.slack
    payload = command_payload(
        slack.envelope,
        slack.workspace.person(SAM),
        slack.workspace.channels[SALES],
        command="/otl",
        text=text,
        trigger_id=slack.tickets.issue_trigger(SAM),
        response_url=response_url(program, None),
    )
    return Delivery(Kind.COMMAND, payload)


def a_press(program: RunningProgram, ts: str, action_id: str) -> Delivery:
    """Make what a pressed button sends, without sending it."""
    slack = program.slack
    message = slack.workspace.find_message(SALES, ts)
    assert message is not None
    elements = [element for block in message.blocks for element in block.get("elements", ())]
    button = next(element for element in elements if element.get("action_id") == action_id)
    payload = action_on_message(
        slack.envelope,
        slack.workspace.person(SAM),
        channel=slack.workspace.channels[SALES],
        message=message,
        action=button | {"block_id": "b1", "action_ts": ts},
        trigger_id=slack.tickets.issue_trigger(SAM),
        response_url=response_url(program, ts),
        values={},
    )
    return Delivery(Kind.INTERACTION, payload)


def response_url(program: RunningProgram, original_ts: str | None) -> str:
    ticket = program.slack.tickets.issue_response_url(SAM, SALES, original_ts)
    return f"{program.slack.base_url}/practice/response/{ticket}"


def signed(body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    return {
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": sign(SIGNING_SECRET, now, body),
    }


async def knock(
    program: RunningProgram, body: bytes | AsyncIterator[bytes], headers: dict[str, str]
) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(program.door, data=body, headers=headers) as response,
    ):
        return response.status
