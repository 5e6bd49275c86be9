"""Answers: for one person's eyes, wherever they asked, whatever went wrong on the way."""

import logging
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.commands.suggestions import form_line, suggestions
from bot.doors.invocation import Invocation
from bot.errors import BotRefusal
from bot.grammar.typed_text import as_typed
from bot.messages.message import Message
from bot.messages.notes import note
from bot.modals.shown import as_modal
from bot.slack_client import SLACK_TROUBLE, error_code, quiet_logger
from bot.text.notices import not_shown, unexpected
from bot.text.refusals import refusal
from scheduling.errors import SchedulingError

TRIES: Final = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; replaces: it takes the place of the message whose button was pressed."""

    message: Message
    replaces: bool = False


def words_for(error: Exception, *, text: str = "") -> Message:
    """Return what is said about an error; one that nobody expected is logged under a reference.

    Args:
        text: what was written after /otl; a refusal gives it back, with what may have been meant.
    """
    typed = as_typed(text)
    if isinstance(error, SchedulingError | BotRefusal):
        return note(
            refusal(error),
            typed=typed,
            suggested=suggestions(error, text),
            form_line=form_line(error, text),
        )
    return note(unexpected(log_unexpected(error)), typed=typed)


def log_unexpected(error: Exception) -> str:
    """Log an error that nobody expected, and return the reference under which it stands there."""
    reference = token_hex(4)
    log.error("unexpected error, reference %s", reference, exc_info=error)
    return reference


async def send(reply: Reply, invocation: Invocation, slack: AsyncWebClient) -> None:
    """Send an answer to where it was asked for.

    There a button in a message has a response URL; in a modal the modal is changed, or another one
    laid on it; in the App Home a modal is opened.
    """
    if invocation.response_url:
        await _send_to_url(reply, invocation, slack)
        return
    if not invocation.trigger_id and not invocation.modal_id:
        log.warning("there is nowhere to answer to")
        return
    try:
        await _show_in_modal(reply, invocation, slack)
    except SlackObjectFormationError:
        log.exception("an answer has blocks that Slack would refuse")
    except SLACK_TROUBLE as error:
        log.warning("an answer could not be shown: %s", error_code(error))
        await _say_directly(invocation, slack)


async def show_form(view: View, invocation: Invocation, slack: AsyncWebClient) -> None:
    """Show a form in the modal that was opened for it."""
    try:
        await slack.views_update(view_id=invocation.modal_id, view=view)
    except SLACK_TROUBLE as error:
        log.warning("a form could not be filled in: %s", error_code(error))


async def _show_in_modal(reply: Reply, invocation: Invocation, slack: AsyncWebClient) -> None:
    view = as_modal(reply.message, channel_id=invocation.channel_id)
    if not invocation.modal_id:
        await slack.views_open(trigger_id=invocation.trigger_id, view=view)
    elif reply.replaces:
        await slack.views_update(view_id=invocation.modal_id, view=view)
    else:
        await slack.views_push(trigger_id=invocation.trigger_id, view=view)


async def _say_directly(invocation: Invocation, slack: AsyncWebClient) -> None:
    """Say in a direct message that the answer is lost; the answer itself may hold an address."""
    try:
        await slack.chat_postMessage(channel=invocation.user_id, text=not_shown())
    except SLACK_TROUBLE as error:
        log.warning("and that could not be said: %s", error_code(error))


async def _send_to_url(reply: Reply, invocation: Invocation, slack: AsyncWebClient) -> None:
    """Send to the response URL; it may come twice, but is not lost for one broken connection."""
    message = reply.message
    webhook = AsyncWebhookClient(
        invocation.response_url,
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
