"""Requests to the door as Slack makes them, signed."""

import time
from collections.abc import AsyncIterator

import aiohttp

from otl.practice.delivery import Delivery, Kind, sign
from otl.practice.demo_data import SALES, SAM
from otl.practice.payloads import action_on_message, command_payload
from tests.journeys.running import SIGNING_SECRET, RunningProgram


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
