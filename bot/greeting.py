"""The first message in a channel that the bot was added to: three lines and one button, once."""

import logging
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.next_steps import arrival
from bot.slack_client import SLACK_TROUBLE, error_code

MOST_REMEMBERED: Final = 5000

log = logging.getLogger(__name__)


def is_about_us(payload: dict[str, Any]) -> bool:
    """Tell whether the one who joined is the bot that the event was sent to."""
    user_id = payload["event"]["user"]
    authorizations = payload.get("authorizations") or []
    return any(isinstance(one, dict) and one.get("user_id") == user_id for one in authorizations)


class Greeter:
    """Greets each channel once; Slack may hand an event over again, or the bot be added again.

    It remembers in this process only, and tries once: a greeting that is lost hurts nobody, one
    that comes with every visit does.
    """

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._greeted: set[str] = set()

    async def greet(self, channel_id: str) -> None:
        """Post the greeting, unless the channel had it."""
        if channel_id in self._greeted:
            return
        if len(self._greeted) >= MOST_REMEMBERED:
            self._greeted.clear()
        self._greeted.add(channel_id)
        message = arrival()
        try:
            await self._slack.chat_postMessage(
                channel=channel_id,
                text=message.text,
                blocks=message.block_json(),
                unfurl_links=False,
                unfurl_media=False,
            )
        except SLACK_TROUBLE as error:
            log.warning("a channel was not greeted: %s", error_code(error))
