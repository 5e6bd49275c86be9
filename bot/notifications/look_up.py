"""Whether a message arrived, asked of a conversation's history by the id that it carries."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import SLACK_TROUBLE, error_code, is_refusal, retry_after
from scheduling.events.deliveries import Delivery, Done, StillUnsure, Window

MARGIN: Final = timedelta(minutes=5)
"""Slack's clock is known to a few seconds; so much more is looked through on either side."""

PAGE: Final = 100
MOST_PAGES: Final = 20
"""In one go; the next go begins where this one stopped."""

log = logging.getLogger(__name__)


async def look_up(
    slack: AsyncWebClient,
    delivery: Delivery,
    conversation: str,
    window: Window,
    *,
    thread: str | None = None,
) -> Done | StillUnsure | None:
    """Read a conversation's history from the window's end to its beginning, a thread's onwards.

    Args:
        thread: ts of the message that it replies to; None: it stands in the conversation itself.

    Returns:
        Done if it has the delivery's message; None if it was read to the end and has not, or may
        not be read at all: then it is sent again; StillUnsure otherwise.
    """
    oldest, latest = _ts(window.since, -MARGIN), _ts(window.until, MARGIN)
    read_to = window.read_to
    for _ in range(MOST_PAGES):
        try:
            if thread is None:
                answer = await slack.conversations_history(
                    channel=conversation,
                    oldest=oldest,
                    latest=read_to or latest,
                    include_all_metadata=True,
                    limit=PAGE,
                )
            else:
                answer = await slack.conversations_replies(
                    channel=conversation,
                    ts=thread,
                    oldest=read_to or oldest,
                    latest=latest,
                    include_all_metadata=True,
                    limit=PAGE,
                )
        except SLACK_TROUBLE as error:
            if is_refusal(error):
                log.warning("history cannot be read: %s; sending again", error_code(error))
                return None
            return StillUnsure(error_code(error), read_to, retry_after(error))
        messages = answer.get("messages")
        has_more = bool(answer.get("has_more"))
        if not isinstance(messages, list) or (has_more and not messages):
            return StillUnsure("an answer without messages", read_to)
        for message in messages:
            if _is_of(message, delivery):
                return Done(conversation, str(message["ts"]))
        if not has_more:
            return None
        # A conversation is read newest first (docs.slack.dev/reference/methods/
        # conversations.history), a thread oldest first (conversations.replies); the last one
        # itself is left out of the next page.
        read_to = str(messages[-1]["ts"])
    return StillUnsure("much was said since", read_to)


def _is_of(message: dict[str, Any], delivery: Delivery) -> bool:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return bool(payload.get("notification_id") == delivery.notification_id)


def _ts(at: datetime | None, margin: timedelta) -> str | None:
    return None if at is None else f"{(at + margin).timestamp():.6f}"
