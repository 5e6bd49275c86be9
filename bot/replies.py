"""Answers: sent to the response URL, for one person's eyes, whatever went wrong on the way."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import BotRefusal
from bot.invocation import Invocation
from bot.messages.message import Message
from bot.messages.notes import note
from bot.slack_client import quiet_logger
from bot.text.notices import unexpected
from bot.text.refusals import refusal
from scheduling.errors import SchedulingError

TRIES: Final = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; replaces: it takes the place of the message whose button was pressed."""

    message: Message
    replaces: bool = False


async def answer(
    work: Awaitable[Reply], asked: Invocation, slack: AsyncWebClient, *, typed: str = ""
) -> None:
    """Do the work and send what came of it: the one place that knows what to do with an error.

    Args:
        typed: what was written after /otl; a refusal gives it back.
    """
    try:
        reply = await work
    except (SchedulingError, BotRefusal) as error:
        reply = Reply(note(refusal(error), typed=typed))
    except Exception:  # the top of a listener: whoever waits must hear something
        reference = token_hex(4)
        log.exception("unexpected error, reference %s", reference)
        reply = Reply(note(unexpected(reference), typed=typed))
    await send(reply, asked, slack)


async def send(reply: Reply, asked: Invocation, slack: AsyncWebClient) -> None:
    """Send an answer; it may come twice, but it is not lost for one broken connection."""
    if not asked.response_url:
        log.warning("there is no response URL to answer to")
        return
    message = reply.message
    webhook = AsyncWebhookClient(
        asked.response_url,
        session=slack.session,
        retry_handlers=[],
        logger=quiet_logger("bot.slack_sdk"),
    )
    webhook.proxy = slack.proxy
    trouble = ""
    for _ in range(TRIES):
        try:
            response = await webhook.send(
                text=message.text,
                blocks=_blocks(message),
                response_type="ephemeral",
                replace_original=reply.replaces,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            trouble = type(error).__name__
            continue
        if response.status_code < 500:
            if response.status_code != 200:
                log.warning("Slack refused an answer: HTTP %s", response.status_code)
            return
        trouble = f"HTTP {response.status_code}"
    log.warning("an answer did not reach Slack: %s", trouble)


def _blocks(message: Message) -> list[dict[str, Any]]:
    try:
        return message.block_json()
    except SlackObjectFormationError:
        log.exception("an answer has blocks that Slack would refuse; sending its text")
        return []
