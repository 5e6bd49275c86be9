"""Whether the bot can post in a channel, asked before there is anything to post."""

from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import SLACK_TROUBLE, error_code

IS_ARCHIVED: Final = "is_archived"
NOT_IN_CHANNEL: Final = "not_in_channel"
CHANNEL_NOT_FOUND: Final = "channel_not_found"
DIRECT_MESSAGE: Final = "direct_message"
"""Between people, where the bot can never be."""


async def find_obstacle(slack: AsyncWebClient, channel_id: str, user_id: str) -> str | None:
    """Return why the bot cannot post there, as one of the words above; None if it can.

    None too where Slack does not say: a notification that cannot be posted finds another place.
    """
    if channel_id == user_id:
        return None  # from the App Home: it comes to them as a direct message
    try:
        if channel_id.startswith("D"):
            own = await slack.conversations_open(users=user_id)
            is_own = (own.get("channel") or {}).get("id") == channel_id
            return None if is_own else DIRECT_MESSAGE
        answer = await slack.conversations_info(channel=channel_id)
    except SLACK_TROUBLE as error:
        return CHANNEL_NOT_FOUND if error_code(error) == CHANNEL_NOT_FOUND else None
    channel = answer.get("channel") or {}
    if channel.get("is_archived"):
        return IS_ARCHIVED
    return None if channel.get("is_member") else NOT_IN_CHANNEL
